"""The page finds: neurons of a span, spans and moments that are alike, pinned neurons.

In the planted trace, most hidden states are small noise. Neuron 2 of time2 is on in
steps 8 to 11 at the notes 5 to 9, again in steps 24 to 27, and in steps 32 to 35 three
notes higher; neuron 1 of note1 is off there.
"""

import numpy as np
import pytest
from browsing import LOW, SIZES, N, S, at, column, pixels, row, settle, until
from helpers import random_music, trace_of

import lstmviz as lv
from lstmviz.cells.lstm import Layer
from lstmviz.pictures.colours import to_bytes
from lstmviz.pictures.packing import VALUES


@pytest.fixture(scope="module")
def planted(files):
    rng = np.random.default_rng(5)
    layers = {}
    for name, H in SIZES.items():
        h = 0.1 * rng.normal(size=(S, N, H)).astype(np.float32)
        layers[name] = Layer(*[np.full_like(h, 0.5)] * 4, h, h)
    for start, note in (8, 5), (24, 5), (32, 8):
        layers["time2"].h[start : start + 4, note : note + 5, 2] = 0.8
        layers["note1"].h[start : start + 4, note : note + 5, 1] = -0.7
    music = random_music(7, T=S + 1, N=N, density=0.2)
    probability = rng.random((S, N, 2)).astype(np.float32)
    found = trace_of(layers, music, probability, LOW)
    lv.page(found, files / "planted.html", step=30)
    return found


def texts(tab, selector):
    settle(tab)
    return tab.locator(selector).all_text_contents()


def drag(tab, start, stop):
    """Drag the pointer from one place of the window to another."""
    tab.mouse.move(*start)
    tab.mouse.down()
    for share in 0.3, 0.7, 1:
        between = [a + share * (b - a) for a, b in zip(start, stop, strict=True)]
        tab.mouse.move(*between)
    tab.mouse.up()
    settle(tab)


def select_with_mouse(tab):
    """Drag over steps 8 to 11 and notes 5 to 9 of the score at step 30."""
    drag(
        tab,
        at(tab, column("score", 127 - 22), row("score", 9)),
        at(tab, column("score", 127 - 19), row("score", 5)),
    )


def select_with_keys(tab):
    """Select steps with S, and the notes in their fields."""
    tab.evaluate("location.hash = '#step=8'")
    until(tab, "document.getElementById('scrub').value === '8'")
    tab.keyboard.press("s")
    for _ in range(3):
        tab.keyboard.press("ArrowRight")
    tab.keyboard.press("s")
    settle(tab)
    for field, note in ("select-low", 5), ("select-high", 9):
        tab.locator(f"#{field}").focus()
        tab.locator(f"#{field}").select_option(index=note)
    settle(tab)


@pytest.mark.parametrize("window", [(390, 844), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize("select", [select_with_mouse, select_with_keys])
def test_a_span_shows_its_neurons_and_where_else_they_are_so(
    visit, planted, window, select
):
    tab = visit("planted.html", window=window)
    select(tab)
    assert f"select=8-12&notes={LOW + 5}-{LOW + 10}" in tab.url
    assert tab.locator("#panel-alike").is_visible()
    assert texts(tab, "#ranked .name")[:2] == ["time2 2", "note1 1"]
    words = texts(tab, "#ranked .words")
    inside = planted["time2"].h[8:12, 5:10, 2].mean()
    around = planted["time2"].h[[4, 5, 6, 7, 12, 13, 14, 15], 5:10, 2].mean()
    numbers = [float(n) for n in words[0].replace("−", "-").split() if n[0] in "+-"]
    assert numbers == pytest.approx([inside, around], abs=0.02)

    elsewhere = texts(tab, "#elsewhere .name")
    assert elsewhere[0].startswith("step 24, bar 2")
    tab.locator("#elsewhere .name").first.click()
    settle(tab)
    assert "step=24&" in tab.url
    tab.locator("#elsewhere .hear").first.click()
    tab.wait_for_selector("#play[aria-label=Pause]")
    tab.wait_for_selector("#play[aria-label=Play]")  # it stops after the span
    assert int(tab.locator("#scrub").input_value()) in range(24, 28)


def test_a_span_is_found_again_at_other_pitches(visit, planted):
    tab = visit("planted.html", f"#step=8&select=8-12&notes={LOW + 5}-{LOW + 10}")
    names, words = texts(tab, "#elsewhere .name"), texts(tab, "#elsewhere .words")
    assert names[0].startswith("step 24,")
    assert names[1].startswith("step 32,")
    assert words[:2] == ["2 of 2", "2 of 2, +3 semitones"]
    told = tab.locator("#timeline").get_attribute("aria-label")
    assert "steps 8 to 11 are selected" in told
    assert "other spans with the same neurons" in told


def test_neurons_are_ranked_as_numpy_ranks_them(visit, trace):
    tab = visit(address=f"#step=30&select=12-20&notes={LOW + 3}-{LOW + 15}")
    scores = {}
    for name in SIZES:
        h = VALUES[to_bytes(1 / (1 + np.exp(-trace[name].h)))][:, 3:15].mean(axis=1)
        around = np.r_[4:12, 20:28]
        difference = h[12:20].mean(axis=0) - h[around].mean(axis=0)
        for k, score in enumerate(difference / (h.std(axis=0) + 0.1)):
            scores[f"{name} {k}"] = abs(score)
    expected = sorted(scores, key=scores.get, reverse=True)[:12]
    assert texts(tab, "#ranked .name") == expected


def test_moments_like_this_one_have_the_largest_cosine(visit, trace):
    tab = visit(address="#step=13&neuron=time1-0")
    tab.keyboard.press("f")
    settle(tab)
    assert "like=time1-13" in tab.url
    h = VALUES[to_bytes(1 / (1 + np.exp(-trace["time1"].h)))].reshape(S, -1)
    h = h - h.mean(axis=0)
    h /= np.linalg.norm(h, axis=1, keepdims=True)
    cosine = h @ h[13]
    assert texts(tab, "#moments .name") == []  # random states are all unlike
    assert np.sort(cosine)[-2] < 0.3

    tab = visit("planted.html", "#step=9&like=time2-9&tab=alike")
    like = texts(tab, "#moments .name")
    assert like[0].startswith(("step 24", "step 25", "step 26", "step 27"))
    tab.locator("#moments .name").first.click()
    settle(tab)
    assert f"{like[0].split(',')[0].replace(' ', '=')}&" in tab.url


def test_a_drag_over_the_picture_selects_too_and_escape_clears(visit, planted):
    tab = visit("planted.html", "#step=30&neuron=time2-2")
    drag(
        tab,
        at(tab, 8, N - 1 - 5, "neuron"),
        at(tab, 11, N - 1 - 9, "neuron"),
    )
    assert f"step=30&neuron=time2-2&note={tab.url.split('note=')[1][:2]}" in tab.url
    assert f"select=8-12&notes={LOW + 5}-{LOW + 10}" in tab.url
    tab.keyboard.press("Escape")
    settle(tab)
    assert "select" not in tab.url
    assert not tab.locator("#selected").is_visible()


# The list -----------------------------------------------------------------------


def test_the_list_shows_the_liveliest_neurons_of_a_layer(visit, trace):
    tab = visit()
    tab.locator("#tab-list").click()
    tab.locator("#list-layer").select_option("time1")
    shown = [int(name.split(" ")[1]) for name in texts(tab, "#list-rows .name")]
    assert len(shown) == 20
    variance = trace["time1"].h.var(axis=(0, 1))
    # The page's own are those of rounded h, so neurons that are as lively can swap.
    assert variance[shown].min() >= 0.98 * np.sort(variance)[-20]
    assert (np.diff(variance[shown]) < 0.02 * variance.max()).all()
    assert "tab=list" in tab.url
    assert "only=time1" in tab.url
    tab.locator("#list-more").click()
    assert len(texts(tab, "#list-rows .name")) == 40
    tab.locator("#list-rows .name").nth(3).click()
    settle(tab)
    assert f"neuron=time1-{shown[3]}&" in tab.url
    assert tab.locator("#neuron-card").is_visible()


def test_search_understands_layers_notes_and_columns(visit):
    tab = visit()

    def search(text):
        tab.locator("#wanted").fill(text)
        tab.keyboard.press("Enter")
        settle(tab)

    search("note1")
    assert set(texts(tab, "#list-rows .name")) == {f"note1 {k}" for k in range(5)}
    search("C5")
    assert "note=72" in tab.url
    search("bb3")
    assert "note=58" in tab.url
    search("time2 neuron 3")
    assert "neuron=time2-3&" in tab.url
    search("time2 lively")
    assert len(texts(tab, "#list-rows .name")) == 4
    search("C9")
    assert "Type a layer and a number" in tab.locator("#not-found").text_content()


# Pins ---------------------------------------------------------------------------


def test_up_to_eight_neurons_are_pinned_on_the_same_time(visit, trace):
    tab = visit()
    tab.keyboard.press("p")
    for _ in range(9):
        tab.keyboard.press(".")
        tab.keyboard.press("p")
    settle(tab)
    tab.locator("#tab-pins").click()
    names = texts(tab, "#pinned .name")
    assert len(names) == 8
    again = visit(address=tab.url[tab.url.index("#") :])
    assert texts(again, "#pinned .name") == names
    canvases = again.locator("#pinned canvas")
    name, index = names[0].split(" ")
    canvases.first.evaluate("canvas => (canvas.id = 'first')")
    expected = lv.neuron(trace, name, int(index))
    np.testing.assert_array_equal(pixels(again, "first"), expected)
    again.keyboard.press("i")  # time is zoomed in all pictures
    settle(again)
    boxes = [canvases.nth(k).bounding_box() for k in range(8)]
    assert len({(box["x"], box["width"]) for box in boxes}) == 1
    again.locator("#pinned .remove").first.click()
    assert texts(again, "#pinned .name") == names[1:]
