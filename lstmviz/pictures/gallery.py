"""The gallery: the pictures of many neurons on one sheet, each with its name."""

import numpy as np

from lstmviz.cells.lstm import Layer
from lstmviz.checks import check_count, check_flag, check_kind, check_list, check_text
from lstmviz.music.notes import pitch_name
from lstmviz.network.trace import Trace
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import SMALL, bars, colour_legend, note_legend
from lstmviz.pictures.neuron import neuron
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.progress import progress_bar

__all__ = ["gallery", "lay_rows", "liveliest", "liveliest_of_each"]

TEXT = 16  # pixels of text for every pixel of zoom


def gallery(
    traces,
    neurons=None,
    columns=5,
    notes=False,
    only=None,
    palette="green-blue",
    progress=False,
    **style,
):
    """Draw the pictures of many neurons on one sheet, all at one scale.

    Parameters
    ----------
    traces : Trace or dict of str -> Trace
        The trace of one piece; or several traces by name, to show the same neurons
        for each of them.
    neurons : dict of str -> sequence of int, optional
        The neurons to show, by layer; each layer begins a new row. The default is
        that of the 2015 post, `liveliest_of_each`, for the first trace.
    columns : int
        Largest number of pictures in a row.
    notes, only, palette
        As in `neuron`.
    progress : bool
        Show a progress bar when it takes more than two seconds.
    **style
        zoom (2 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        There is no such layer or neuron, there is nothing to show, or an option is
        unknown.

    Examples
    --------
    One neuron over two pieces::

        gallery({"Bach": bach, "Joplin": joplin}, {"time1": [17]})
    """
    check_count("columns", columns, 1)
    check_flag("progress", progress)
    pieces = traces if isinstance(traces, dict) else {"": traces}
    if not pieces:
        raise ValueError("a gallery needs at least one trace")
    for name, trace in pieces.items():
        check_text("the name of a trace", name)
        check_kind("trace", trace, Trace)
    first = next(iter(pieces.values()))
    if neurons is not None:
        check_kind("neurons", neurons, dict)
        neurons = {n: check_list("neurons", k, "numbers") for n, k in neurons.items()}
    neurons = liveliest_of_each(first) if neurons is None else neurons
    rows = []
    layers = progress_bar(neurons.items(), "drawing", "layer", progress)
    for layer, indices in layers:
        tiles = [
            (
                f"{layer} · {index}" + (f", {piece}" if piece else ""),
                neuron(trace, layer, index, notes, only, palette),
                trace.position,
            )
            for index in indices
            for piece, trace in pieces.items()
        ]
        rows += [tiles[k : k + columns] for k in range(0, len(tiles), columns)]
    if not rows:
        raise ValueError("a gallery needs at least one neuron")

    style = make_style({"zoom": 2} | style)
    sheet = Sheet(style, TEXT * style.zoom)
    lay_rows(sheet, rows, style.zoom)
    x, y = sheet.right + sheet.size, 0
    y = colour_legend(sheet, x, y, only, palette)
    if notes:
        note_legend(sheet, x, y + sheet.size, palette)
    low, high = (pitch_name(first.low + n) for n in (0, first.heard.shape[1] - 1))
    scale = f"Notes from {low} up to {high}; long marks are bars"
    sheet.text(0, sheet.bottom + sheet.size, scale, "lt", SMALL, faint=True)
    add_title(sheet, style.title or "Neurons over time and notes")
    return sheet.finish()


def lay_rows(sheet, rows, zoom, names=False):
    """Place rows of pictures with captions on a sheet, with bars and beats below.

    Parameters
    ----------
    sheet : Sheet
    rows : list of list of (caption, image (N, S, 3), position (S,))
    zoom : int
    names : bool
        Write the numbers of the bars below each picture.

    Returns
    -------
    list of int
        The y of the upper edge of the pictures of each row.
    """
    size = sheet.size
    tiles = [tile for row in rows for tile in row]
    step = size + max(
        max(image.shape[1] * zoom, int(sheet.width(caption, SMALL)))
        for caption, image, _ in tiles
    )
    tops = [0]
    for row in rows:
        y = tops[-1]
        for place, (caption, image, position) in enumerate(row):
            x = place * step
            sheet.text(x, y - size // 2, caption, "ls", SMALL)
            sheet.picture(x, y, image, zoom)
            bars(sheet, x, y + len(image) * zoom, position, zoom, names=names)
        gap = round((3.2 if names else 2) * size)
        tops.append(y + max(len(image) for _, image, _ in row) * zoom + gap)
    return tops[:-1]


def liveliest(layer, count=1):
    """Return the neurons whose hidden states have the largest variance.

    The variance is that of h over all steps and notes.

    Parameters
    ----------
    layer : Layer
        Such as `trace["time1"]`.
    count : int
        How many neurons to return; all of them if the layer has fewer.

    Returns
    -------
    list of int
        The neuron with the largest variance first.
    """
    check_kind("layer", layer, Layer)
    check_count("count", count, 1)
    variance = layer.h.var(axis=(0, 1))
    return np.argsort(-variance, kind="stable")[:count].tolist()


def liveliest_of_each(trace, time=4, note=5):
    """Return the liveliest neurons of each layer.

    The defaults give as many as the 2015 post shows: 4 of each of its two time layers
    and 5 of each of its two note layers.

    Parameters
    ----------
    trace : Trace
    time, note : int
        How many neurons of each time layer, and of each note layer.

    Returns
    -------
    dict of str -> list of int
        Layer -> its neurons, as in `liveliest`.
    """
    check_kind("trace", trace, Trace)
    return {
        name: liveliest(trace[name], note if name in trace.note_names else time)
        for name in trace
    }
