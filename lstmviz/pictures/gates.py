"""The gates of one neuron: all its gates and states on one sheet."""

import numpy as np

from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.pictures.colours import with_notes
from lstmviz.pictures.gallery import lay_rows
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import (
    PART_NAMES,
    SMALL,
    keyboard,
    pair_legend,
    part_legend,
)
from lstmviz.pictures.neuron import neuron
from lstmviz.pictures.sheet import Sheet, make_style

__all__ = ["gates"]

TEXT = 12  # pixels of text for every pixel of zoom


def gates(trace, layer, index, palette="green-blue", **style):
    """Draw all gates and states of one neuron on one sheet.

    A row shows a gate and what it multiplies or gives. The cell is drawn as tanh(c):

        the notes heard      the neuron, h and c
        i, input gate        g, candidate         the cell adds i g
        f, forget gate       c, cell state        and keeps f c
        o, output gate       h, hidden state      h' = o tanh(c')

    Parameters
    ----------
    trace : Trace
    layer : str
        One of `trace.names`.
    index : int
        Which neuron of the layer, counted from 0.
    palette : {"green-blue", "colour-blind"}
        Of the picture of h and c; the scales of the gates are the same in both.
    **style
        zoom (2 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        The trace has no such layer or neuron, or an option is unknown.
    """
    style = make_style({"zoom": 2} | style)
    whole = neuron(trace, layer, index, palette=palette)
    # A layer up the notes follows the choices for the notes below, at the step after.
    upward = layer in trace.note_names
    heard = "the notes chosen" if upward else "the notes heard"
    notes = music(trace.chosen if upward else trace.heard)
    rows = [[(heard, notes), ("the neuron, h and c", whole)]]
    for pair in "ig", "fc", "oh":
        images = [neuron(trace, layer, index, only=part) for part in pair]
        names = [f"{part}, {PART_NAMES[part]}" for part in pair]
        names = [f"{name}: tanh(c)" if name[0] == "c" else name for name in names]
        rows.append(list(zip(names, images, strict=True)))
    rows = [[(*tile, trace.position) for tile in row] for row in rows]

    zoom = style.zoom
    sheet = Sheet(style, TEXT * zoom)
    tops = lay_rows(sheet, rows, zoom, names=True)
    x, size = sheet.right + sheet.size, sheet.size
    for y in tops:
        keyboard(sheet, 0, y, trace.low, len(whole), zoom)
    # Legends can be taller than the rows beside them.
    y = pair_legend(sheet, x, tops[0], palette)
    y = part_legend(sheet, x, max(y, tops[1]), "i", "i, f, o")
    y = part_legend(sheet, x, y + size // 2, "g", "g, h, tanh(c)")
    for top, equation in (tops[2], "c' = f c + i g"), (tops[3], "h' = o tanh(c')"):
        y = max(y, top)
        sheet.text(x, y, equation, "lt", SMALL)
        y += 1.5 * size
    add_title(sheet, style.title or f"Neuron {index} of {layer}, part by part")
    return sheet.finish()


def music(states):
    """Draw note states: (N, S, 3), white if struck, grey if held, else black."""
    played, struck = states[..., PLAYED], states[..., ARTICULATED]
    black = np.zeros((*played.shape, 3), np.uint8)
    return with_notes(black, played, struck, "colour-blind").swapaxes(0, 1)[::-1]
