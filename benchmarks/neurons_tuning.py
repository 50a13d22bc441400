"""What neurons follow: the tables and figures of tuning and styles, for neurons.py."""

import resource
import time
from collections import Counter
from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.reading.styles import COMPARED
from lstmviz.reading.tuned import FOLLOWED

ROWS = {
    "bar": "the place in the bar",
    "beat": "the beat",
    "onset": "onsets: struck or held",
    "interval": "an interval",
    "note": "the place on the keyboard",
}
LARGE = {"beat": 0.25, "rhythm": 0.25, "onset": 1}  # η², η², |d|: the tutorial's
COMPOSERS, EACH, STEPS = 4, 16, 256  # of the comparison of styles


def write(net, options, pieces, validation):
    """Draw the figures, and return the tables by the names of their marks."""
    heard = [pieces[name] for name in validation]
    if options.steps:
        heard = [piece[: options.steps + 1] for piece in heard]
    began = time.perf_counter()
    tuning = lv.tuning(net, heard, progress=True)
    seconds = time.perf_counter() - began
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(f"{tuning}: {seconds:.0f} s, largest memory {gigabytes:.2f} GB")

    folder, source = Path(options.page).parent, options.network
    draw(tuning, folder, source)
    styles = compare_styles(net, pieces)
    image = lv.styles_chart(styles, "interval", source=source)
    lv.write_image(image, folder / "neurons-styles.png")
    return {
        "tuning music": music(tuning),
        "tuning counts": counts(tuning),
        "tuning moved": moved(tuning),
        "tuning intervals": intervals(tuning),
        "tuning strongest": strongest(tuning),
        "styles": differing(styles),
    }


def draw(tuning, folder, source):
    """Draw how many neurons follow what, a layer, and one neuron for each guess."""
    images = {
        "counts": lv.tuning_counts(tuning, source=source),
        "layer": lv.tuning_layer(tuning, "time2", zoom=2, source=source),
    }
    for name, layer, measure in (
        ("beat", "time2", "beat_moved"),
        ("onset", "time2", "onset_moved"),
        ("interval", "note1", "interval_alone"),
    ):
        neuron = tuning.strongest(layer, measure)[0]
        images[name] = lv.tuning_curves(tuning, layer, neuron, source=source)
    for name, image in images.items():
        lv.write_image(image, folder / f"neurons-{name}.png")


def compare_styles(net, pieces):
    """Compare the composers with the most pieces: the folders of the collection."""
    of = Counter(name.rpartition("/")[0] for name in pieces)
    chosen = [composer for composer, _ in of.most_common(COMPOSERS)]
    collections = {
        composer: [
            piece[: STEPS + 1]
            for name, piece in pieces.items()
            if name.rpartition("/")[0] == composer
        ][:EACH]
        for composer in sorted(chosen)
    }
    return lv.styles(net, collections, progress=True)


# Tables -------------------------------------------------------------------------


def markdown(heading, rows):
    """Return a table in Markdown."""
    lines = [heading, ["---"] * len(heading), *rows]
    return "\n".join(f"| {' | '.join(map(str, row))} |" for row in lines)


def music(tuning):
    """Say in a sentence what was heard."""
    return (
        f"The network heard {tuning.pieces} validation pieces, {tuning.steps:,} time "
        f"steps. There are {tuning.shifts} shifts of each kind and "
        f"{tuning.untrained} untrained networks."
    )


def counts(tuning):
    """Return how many neurons follow what, beside the controls."""
    found, rows = tuning.counts(), []
    for what, words in ROWS.items():
        for key, how in (
            ("more_than_chance", f"{words}: more than chance"),
            ("follows", f"**{words}: by all controls**"),
            ("untrained", "*an untrained network, compared with the others*"),
        ):
            cells = [found[name, what][key] for name in tuning]
            if key == "untrained":
                cells = [f"*{cell:.1f}*" for cell in cells]
            if key == "follows":
                cells = [f"**{cell}**" for cell in cells]
            rows.append([how, *cells])
    sizes = [f"{name} ({H})" for name, H in tuning.sizes.items()]
    return markdown(["neurons that follow", *sizes], rows)


def moved(tuning):
    """Return how many neurons have large values as written, and bar lines moved."""
    rows = []
    for words, measure, limit in (
        ("η² of the beat, as written", "beat", LARGE["beat"]),
        ("η² of the beat that it is told", "beat_moved", LARGE["beat"]),
        ("η² of the beat that the music has", "rhythm_moved", LARGE["rhythm"]),
        ("struck or held, as written: d", "onset", LARGE["onset"]),
        ("struck or held, bar lines moved: d", "onset_moved", LARGE["onset"]),
    ):
        large = [
            np.abs(layer.value[measure]) > limit for layer in tuning.layers.values()
        ]
        medians = [np.median(np.abs(x.value[measure])) for x in tuning.layers.values()]
        cells = [f"{a.sum()} ({m:.2f})" for a, m in zip(large, medians, strict=True)]
        rows.append([f"{words} above {limit:g}", *cells])
    return markdown(["neurons with (median of the layer)", *tuning], rows)


def intervals(tuning):
    """Return at which intervals the neurons have their peaks that follow one."""
    rows = []
    for name, layer in tuning.layers.items():
        at = Counter(layer.at["interval"][layer.follows("interval")].tolist())
        total = sum(at.values())
        groups = [
            at[0],
            sum(at[k] for k in (-2, -1, 1, 2)),
            sum(at[k] for k in (-7, -5, 5, 7)),
            sum(at[k] for k in (-12, 12)),
        ]
        rows.append([name, total, *groups, total - sum(groups)])
    kinds = "0 (its own note)", "±1, ±2", "±5, ±7", "±12", "others"
    return markdown(["layer", "follow an interval", *kinds], rows)


def strongest(tuning):
    """Return for each layer the neuron that follows most by each measure."""
    rows = []
    for name, layer in tuning.layers.items():
        cells = []
        for measures in FOLLOWED.values():
            neuron = tuning.strongest(name, measures[-1])[0]
            cells.append(f"{neuron} ({layer.value[measures[-1]][neuron]:.2f})")
        rows.append([name, *cells])
    return markdown(["neuron (value)", *FOLLOWED], rows)


def differing(styles):
    """Return how many neurons differ between composers."""
    found, rows = styles.counts(), []
    for name in styles:
        cells = [
            f"{found[name, what][0]} of {found[name, what][1]}" for what in COMPARED
        ]
        rows.append([name, *cells])
    words = [
        f"{name.rpartition('/')[2]} ({n})" for name, n in styles.collections.items()
    ]
    table = markdown(["neurons that differ", *COMPARED], rows)
    return f"{table}\n\n*Composers and pieces: {', '.join(words)}.*"
