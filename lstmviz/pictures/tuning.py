"""Pictures of tuning: one neuron, all neurons of a layer, and how many follow what."""

import numpy as np

from lstmviz.checks import check_kind, is_count, shown
from lstmviz.music.notes import pitch_name
from lstmviz.pictures.colours import diverging
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import SMALL
from lstmviz.pictures.plots import COLOURS, Plot, line_legend
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.reading.gathering import INTERVALS
from lstmviz.reading.tuned import FOLLOWED, Tuning

__all__ = ["tuning_counts", "tuning_curves", "tuning_layer"]

TEXT = 8  # pixels of text for every pixel of zoom
SOME_INTERVALS = {k: f"{k:+d}" if k else "0" for k in (-12, -7, 0, 7, 12)}
WORDS = {
    "bar": "place in the bar",
    "beat": "beat",
    "onset": "onset",
    "interval": "interval",
    "note": "place on the keyboard",
}


# One neuron ---------------------------------------------------------------------


def tuning_curves(tuning, layer, neuron, **style):
    """Draw the tuning curves of one neuron beside their controls.

    The grey band holds 95 % of the curves for shifted music. Under every panel are
    the value of the measure, the value that 5 % of the shifts reach, and the largest
    one of a neuron of this layer in an untrained network.

    Parameters
    ----------
    tuning : Tuning
    layer : str
    neuron : int
        Which neuron of the layer, counted from 0.
    **style
        zoom (2 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        There is no such layer or neuron, or an option is unknown.
    """
    found = check_kind("tuning", tuning, Tuning)[layer]
    check_neuron(found, layer, neuron)
    style = make_style({"zoom": 2} | style)
    sheet = Sheet(style, TEXT * style.zoom)
    gap, x = 5 * sheet.size, 0
    wide, high = 70 * style.zoom, 60 * style.zoom

    P, N = len(found.curves["bar"]), tuning.notes
    quarters = {q: str(q) for q in range(4)}
    own, moved, real = COLOURS[0], COLOURS[2], COLOURS[1]
    octaves = {
        n: pitch_name(tuning.low + n) for n in range(N) if octave(tuning.low + n)
    }
    panels = [
        ("mean h by place", np.arange(P), some_places(P), "place in the bar",
         [("bar", own)], ["bar"]),
        ("in the beat", np.arange(4), quarters, "place in the beat",
         [("beat", own), ("beat_moved", moved), ("rhythm_moved", real)],
         ["beat", "beat_moved", "rhythm_moved"]),
        ("at sounding notes", np.arange(2), {0: "struck", 1: "held"}, "",
         [("onset", own)], ["onset", "onset_moved"]),
        ("by interval", INTERVALS, SOME_INTERVALS, "semitones to a note",
         [("interval", own), ("interval_alone", real)],
         ["interval", "interval_alone"]),
        ("by note", np.arange(N), octaves, "", [("note", own)], ["note"]),
    ]  # fmt: skip
    for title, places, x_marks, below, lines, measures in panels:
        plot = curve_plot(found, neuron, places, lines, (wide, high), sheet.theme)
        plot.place(sheet, x, 0, title, x_marks, below=below)
        y = high + 3 * sheet.size
        for measure in measures:
            y = write_values(sheet, x, y, found, measure, neuron)
        x += wide + gap
    legend = [
        (own, "music as it is written"),
        (moved, "bar lines moved: by the bars that the network was told"),
        (real, "bar lines moved: by the music's own; intervals: by regression"),
        (sheet.theme.faint, "grey band: 95 % of the shifts"),
    ]
    line_legend(sheet, 0, sheet.bottom + sheet.size, legend)
    what = ", ".join(tuning.follows(layer, neuron)) or "nothing by all controls"
    add_title(sheet, style.title or f"Neuron {neuron} of {layer} follows: {what}")
    return sheet.finish()


def curve_plot(found, neuron, places, lines, size, theme):
    """Return the plot of some curves of a neuron, with the bands of their shifts."""
    curves = [(found.curves[name][:, neuron], colour) for name, colour in lines]
    bands = [found.chance[name][:, :, neuron] for name, _ in lines]
    numbers = np.concatenate([a.ravel() for a in [*bands, *(c for c, _ in curves)]])
    low, high = np.nanmin([*numbers, 0]), np.nanmax([*numbers, 0])
    margin = 0.08 * max(high - low, 1e-6)
    edge = 0.04 * (places[-1] - places[0]) or 0.5  # also of one place
    plot = Plot(
        *size,
        (places[0] - edge, places[-1] + edge),
        (low - margin, high + margin),
        theme,
    )
    for band in bands:
        plot.band(places, *band)
    plot.level(0)
    for curve, colour in curves:
        plot.line(places, curve, colour, dots=len(places) < 30)
    return plot


def write_values(sheet, x, y, found, measure, neuron):
    """Write the value of a measure beside its controls; return the y below it."""
    value, shifted = found.value[measure][neuron], found.shifted[measure][neuron]
    highest = np.abs(found.untrained[measure]).max(initial=0.0)
    sheet.text(x, y, f"{measure.replace('_', ' ')}: {value:.2f}", "lt", SMALL)
    controls = f"shifts {shifted:.2f}, untrained {highest:.2f}"
    sheet.text(x, y + 1.1 * sheet.size, controls, "lt", SMALL, faint=True)
    return y + 2.5 * sheet.size


# All neurons of a layer ---------------------------------------------------------


def tuning_layer(tuning, layer, **style):
    """Draw the tuning curves of all neurons of a layer, one row for each neuron.

    In every panel the neurons are sorted: by the interval of the peak, otherwise by
    the value of the measure, the largest on top. A line marks how many exceed all
    neurons of the layer in untrained networks. Colours run from blue (low) through
    white (0) to orange (high). Each row is scaled to its own largest magnitude; only
    those of onsets have one scale, that of Cohen's d.

    Parameters
    ----------
    tuning : Tuning
    layer : str
    **style
        zoom (3 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        There is no such layer, or an option is unknown.
    """
    found = check_kind("tuning", tuning, Tuning)[layer]
    style = make_style({"zoom": 3} | style)
    zoom, x = style.zoom, 0
    sheet = Sheet(style, 5 * zoom)
    low, N = tuning.low, tuning.notes
    octaves = {n: pitch_name(low + n) for n in range(0, N) if octave(low + n)}
    for name, column, x_marks, title in (
        ("bar", 3, some_places(len(found.curves["bar"])), "place in the bar"),
        ("beat", 4, {q: str(q) for q in range(4)}, "beat"),
        ("onset", 4, {0: "s", 1: "h"}, "onset"),
        (
            *("interval", 3),
            {k + 12: words for k, words in SOME_INTERVALS.items()},
            "interval",
        ),
        ("note", 1, octaves, "keyboard"),
    ):
        order = np.argsort(-np.abs(found.value[name]), kind="stable")
        learned = int(found.learned(name).sum())
        if name == "interval":  # those that were learned by interval, then the others
            at = found.at[name][order[:learned]]
            order[:learned] = order[:learned][np.argsort(at, kind="stable")]
        curves = found.curves[name].T
        if name == "onset":  # two numbers: their distance says more than their shape
            away = found.value[name] / max(np.abs(found.value[name]).max(), 1e-9)
            image = diverging(np.stack([away, -away], axis=1)[order])
        else:
            image = diverging(scaled(curves[order]))
        image = image.repeat(column, axis=1)
        sheet.picture(x, 0, image, zoom)
        sheet.text(x, -sheet.size // 2, title, "ls")
        height, width = len(image) * zoom, image.shape[1] * zoom
        for place, words in x_marks.items():
            middle = x + (place + 0.5) * column * zoom
            sheet.line((middle, height), (middle, height + sheet.size * 0.3))
            sheet.text(middle, height + sheet.size * 0.5, words, "mt", SMALL)
        y = learned * zoom
        sheet.line((x - sheet.size * 0.6, y), (x + width, y), width=max(1, zoom // 2))
        sheet.text(x - sheet.size * 0.7, y, str(learned), "rm", SMALL)
        x += width + int(3 * sheet.size)
    words = (
        "One row for each neuron. Line and number: the neurons above it exceed every "
        "neuron of this layer in untrained networks."
    )
    sheet.text(0, sheet.bottom + sheet.size, words, "lt", SMALL, faint=True)
    add_title(
        sheet, style.title or f"What the {len(found.slope)} neurons of {layer} follow"
    )
    return sheet.finish()


def scaled(curves):
    """Return curves (H, P) without their mean, each with largest magnitude 1."""
    curves = curves - np.nanmean(curves, axis=1, keepdims=True)
    curves = np.nan_to_num(curves)
    return curves / np.maximum(np.abs(curves).max(axis=1, keepdims=True), 1e-9)


# How many -----------------------------------------------------------------------


def tuning_counts(tuning, **style):
    """Draw how many neurons of each layer follow what, beside the controls.

    Parameters
    ----------
    tuning : Tuning
    **style
        zoom (2 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        An option is unknown.
    """
    check_kind("tuning", tuning, Tuning)
    style = make_style({"zoom": 2} | style)
    sheet = Sheet(style, TEXT * style.zoom)
    counts, names, x = tuning.counts(), tuning.names, 0
    wide, high = 28 * style.zoom * max(len(names), 2), 60 * style.zoom
    shown = {
        "more_than_chance": "#b8b8bd",
        "in_both": COLOURS[1],
        "follows": COLOURS[0],
        "untrained": COLOURS[3],
    }
    for what in FOLLOWED:
        plot = Plot(wide, high, (-0.6, len(names) - 0.4), (0, 100), sheet.theme)
        for place, name in enumerate(names):
            entry = counts[name, what]
            for number, (key, colour) in enumerate(shown.items()):
                share = 100 * entry[key] / entry["neurons"]
                plot.bar(place - 0.3 + 0.2 * number, 0.18, share, colour)
        marks = dict(enumerate(names))
        plot.place(sheet, x, 0, WORDS[what], marks, [0, 50, 100] if x == 0 else [])
        x += wide + 2 * sheet.size
    sheet.text(sheet.left, -2 * sheet.size, "neurons of the layer (%)", "ls", SMALL)
    legend = [
        (shown["more_than_chance"], "more than shifted music"),
        (shown["in_both"], "also with bar lines moved, or with chords taken apart"),
        (shown["follows"], "follows: and more than any untrained neuron of the layer"),
        (shown["untrained"], "an untrained network, compared with the others"),
    ]
    line_legend(sheet, 0, sheet.bottom + sheet.size, legend)
    add_title(sheet, style.title or "What neurons follow")
    return sheet.finish()


def check_neuron(found, layer, neuron):
    """Raise a ValueError unless the layer has this neuron."""
    H = len(found.slope)
    if not is_count(neuron, H):
        raise ValueError(f"no neuron {shown(neuron)}; {layer} has neurons 0 to {H - 1}")


def some_places(places):
    """Return marks at every beat of a bar, or at every other one in a long bar.

    >>> list(some_places(12)), list(some_places(24))
    ([0, 4, 8], [0, 8, 16])
    """
    return {place: str(place) for place in range(0, places, 4 if places <= 16 else 8)}


def octave(pitch):
    """Return whether a pitch is a C of every other octave."""
    return pitch % 24 == 0
