"""What the tests of the page need: what it shows, and where to point."""

import base64
import re

import imageio.v3 as imageio
import numpy as np
from helpers import random_music

import lstmviz as lv
from lstmviz.cells.lstm import Layer

S, N, LOW = 40, 24, 55
SIZES = {"time1": 150, "time2": 4, "note1": 5, "note2": 3}


# Names that would run a script, or end an element or a part of the address, if they
# were written as they are. `Trace.load` refuses them, but a trace in memory has any.
SCRIPT = 'document.title="owned"'
HOSTILE = [
    f'x"></script><script>{SCRIPT}</script>',
    f"<img src=x onerror='{SCRIPT}'>&amp; {{{{arrays}}}}",
    "Großer Rand\r\n\0 <!-- #step=1&note=60 % +",
]
HOSTILE_TITLE = f"</title></h1><script>{SCRIPT}</script>{{{{about}}}} é"


def hostile_trace(names=HOSTILE):
    """Return a trace with a layer of each name; the last layer runs up the notes."""
    rng = np.random.default_rng(2)
    layers = [Layer(*rng.uniform(0, 1, (6, 4, 5, 3)).astype(np.float32)) for _ in names]
    time_layers = dict(zip(names, layers, strict=True))
    note_layers = {names[-1]: time_layers.pop(names[-1])}
    music = random_music(3, T=5, N=5)
    probability = rng.random((4, 5, 2)).astype(np.float32)
    return lv.Trace(time_layers, note_layers, music[:-1], probability, music[1:], LOW)


def pixels(tab, canvas="snapshot"):
    """Return the pixels of a canvas, independent of its size on the screen."""
    url = tab.evaluate(f"document.getElementById('{canvas}').toDataURL()")
    image = imageio.imread(base64.b64decode(url.split(",")[1]), extension=".png")
    assert (image[..., 3:] == 255).all()
    return image[..., :3]


def settle(tab):
    """Wait until the page is drawn."""
    tab.evaluate(
        "() => new Promise(done =>"
        " requestAnimationFrame(() => requestAnimationFrame(done)))"
    )


def until(tab, expression):
    """Wait until an expression of the page is true."""
    for _ in range(200):  # wait_for_function is forbidden by the page's policy
        if tab.evaluate(expression):
            return settle(tab)
        tab.wait_for_timeout(50)
    raise AssertionError(f"never true: {expression}")


def wait_for_step(tab, step):
    """Wait until the page shows this step or a later one."""
    until(tab, f"Number(document.getElementById('scrub').value) >= {step}")


def at(tab, x, y, canvas="snapshot"):
    """Scroll to a pixel of a picture, and return its place on the screen."""
    return tab.evaluate(
        """([id, x, y]) => {
          const canvas = document.getElementById(id);
          const place = () => {
            const box = canvas.getBoundingClientRect();
            return [
              box.left + (box.width * (x + 0.5)) / canvas.width,
              box.top + (box.height * (y + 0.5)) / canvas.height,
            ];
          };
          canvas.scrollIntoView({ block: "nearest" });
          const [, down] = place();
          if (down < 60 || down > innerHeight - 110) scrollBy(0, down - 300);
          return place();
        }""",
        [canvas, int(x), int(y)],
    )


def column(layer, k):
    """Return the column of the snapshot of a neuron, or of a step of the score."""
    return 150 - SIZES.get(layer, 128) + k


def row(layer, note):
    band = ["score", *SIZES].index(layer)
    return band * (N + 5) + N - 1 - note


def point(tab, x, y, canvas="snapshot"):
    tab.mouse.move(*at(tab, x, y, canvas))
    settle(tab)
    return readout(tab)


def readout(tab):
    """Return the text of the readout, and its values by name."""
    words = tab.locator("#readout").inner_text()
    values = tab.locator("#readout .number").evaluate_all(
        "all => all.map(e => [e.dataset.value, e.textContent])"
    )
    return words, dict(values)


def check(text, value):
    """Fail unless the text agrees with the value, within the error that it states."""
    text = text.replace("−", "-")
    if found := re.fullmatch(r"(-?[\d.]+) ±([\d.]+)", text):
        assert abs(float(found[1]) - value) <= float(found[2]) + 1e-6
    elif found := re.fullmatch(r"> ([\d.]+)", text):
        assert value > float(found[1])
    else:
        found = re.fullmatch(r"< (-?[\d.]+)", text)
        assert value < float(found[1])


def contrasts(tab):
    """Return the contrast of every visible text to what is behind it, by WCAG."""
    pairs = tab.evaluate(
        """() => [...document.querySelectorAll(
            'h1, h2, h3, p, button, output, dt, dd, li, td, label, figcaption, select')]
          .filter((e) => e.textContent.trim() && e.checkVisibility() && !e.disabled)
          .map((e) => {
            let under = e;
            while (getComputedStyle(under).backgroundColor === 'rgba(0, 0, 0, 0)')
              under = under.parentElement;
            return [getComputedStyle(e).color, getComputedStyle(under).backgroundColor];
          })"""
    )
    found = []
    for pair in pairs:
        low, high = sorted(luminance(colour) for colour in pair)
        found.append((high + 0.05) / (low + 0.05))
    return found


def luminance(colour):
    """Return the relative luminance of a colour such as rgb(1, 2, 3)."""
    x = np.array([int(n) for n in re.findall(r"\d+", colour)[:3]]) / 255
    linear = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])
