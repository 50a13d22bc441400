"""The picture of styles: the neurons that differ most between collections of music."""

import numpy as np

from lstmviz.checks import check_count, check_kind, check_known
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import SMALL
from lstmviz.pictures.plots import COLOURS, Plot, line_legend
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.reading.gathering import INTERVALS
from lstmviz.reading.styles import COMPARED, Styles

__all__ = ["styles_chart"]

TEXT = 8  # pixels of text for every pixel of zoom
AXES = {
    "mean": (np.zeros(1), {0: ""}, "mean h"),
    "beat": (np.arange(4), {q: str(q) for q in range(4)}, "place in the beat"),
    "onset": (np.zeros(1), {0: ""}, "struck minus held"),
    "interval": (
        INTERVALS,
        {k: f"{k:+d}" if k else "0" for k in (-12, -7, 0, 7, 12)},
        "semitones to a note",
    ),
}


def styles_chart(styles, what="interval", each=3, **style):
    """Draw the neurons of each layer that differ most between collections of music.

    Under every panel: how far its curves are apart, the distance that 5 % of the
    pieces dealt at random reach, and the mean distance of the halves of a collection.

    Parameters
    ----------
    styles : Styles
    what : {"interval", "beat", "onset", "mean"}
        Which curves.
    each : int
        How many neurons of each layer.
    **style
        zoom (2 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        There are no such curves, more collections than colours, or an option is
        unknown.
    """
    check_kind("styles", styles, Styles)
    check_known("curve", what, COMPARED)
    check_count("each", each, 1)
    names = list(styles.collections)
    if len(names) > len(COLOURS):
        raise ValueError(
            f"{len(names)} collections are too many for the {len(COLOURS)} colours"
        )
    style = make_style({"zoom": 2} | style)
    sheet = Sheet(style, TEXT * style.zoom)
    wide, high = 70 * style.zoom, 50 * style.zoom
    places, marks, below = AXES[what]
    for row, layer in enumerate(styles):
        found, top = styles[layer], row * (high + 6 * sheet.size)
        for column, neuron in enumerate(styles.most_different(layer, what, each)):
            left = column * (wide + 5 * sheet.size)
            curves = found.curves[what][..., neuron]
            plot = curves_of_styles(curves, places, (wide, high), sheet.theme)
            plot.place(sheet, left, top, f"{layer} · {neuron}", marks, below=below)
            difference, dealt, halves = (
                part[what][neuron]
                for part in (found.difference, found.dealt, found.halves)
            )
            numbers = f"{difference:.3f}; dealt {dealt:.3f}, halves {halves:.3f}"
            y = top + high + 3 * sheet.size
            sheet.text(left, y, numbers, "lt", SMALL, faint=True)
    legend = list(zip(COLOURS, names, strict=False))
    line_legend(sheet, sheet.right + sheet.size, 0, legend)
    both = " and ".join([", ".join(names[:-1]), names[-1]])
    title = f"The neurons that differ most between {both}: {what}"
    add_title(sheet, style.title or title)
    return sheet.finish()


def curves_of_styles(curves, places, size, theme):
    """Return a plot with a curve (P,) for each collection, or a bar if P is 1."""
    low, high = min(curves.min(), 0), max(curves.max(), 0)
    margin = 0.08 * max(high - low, 1e-6)
    y = low - margin, high + margin
    if len(places) == 1:
        plot = Plot(*size, (-0.5, 0.5), y, theme)
        width = 0.7 / len(curves)
        for k, (value,) in enumerate(curves):
            plot.bar(width * (k + 0.5) - 0.35, 0.9 * width, value, COLOURS[k])
        return plot
    edge = 0.04 * (places[-1] - places[0])
    plot = Plot(*size, (places[0] - edge, places[-1] + edge), y, theme)
    plot.level(0)
    for curve, colour in zip(curves, COLOURS, strict=False):
        plot.line(places, curve, colour, dots=True)
    return plot
