"""The per-neuron picture: one neuron at every step and every note."""

import numpy as np

from lstmviz.checks import check_count, check_flag, check_kind
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.network.trace import Trace
from lstmviz.pictures.colours import layer_colours, with_notes
from lstmviz.pictures.labels import label_neuron
from lstmviz.pictures.picture import Picture
from lstmviz.pictures.sheet import style_of

__all__ = ["neuron"]


def neuron(
    trace,
    layer,
    index,
    notes=False,
    only=None,
    palette="green-blue",
    labels=False,
    **style,
):
    """Draw one neuron over time (columns) and notes (rows, the highest on top).

    Parameters
    ----------
    trace : Trace
    layer : str
        One of `trace.names`.
    index : int
        Which neuron of the layer, counted from 0.
    notes : bool
        Also show the music that the network hears. In "green-blue", red is 255
        where a note is struck and 128 where it is held; in "colour-blind", the
        pixels of notes are lighter.
    only : {"i", "f", "g", "o", "c", "h"}, optional
        Show this gate or state of the neuron instead of h and c.
    palette : {"green-blue", "colour-blind"}
        See `lstmviz.pictures.colours`.
    labels : bool
        Put pitches, bars and a legend around the picture.
    **style
        zoom, theme, title, source of a picture with labels
        (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (N, S, 3)
        Without labels.

    Raises
    ------
    ValueError
        The trace has no such layer or neuron, or an option is unknown.
    """
    check_kind("trace", trace, Trace)
    check_count(f"the neuron of {layer}", index, 0, trace[layer].h.shape[-1] - 1)
    check_flag("notes", notes)
    if notes and only:
        raise ValueError("notes and only cannot be combined; leave one of them out")
    style = style_of(labels, style)

    image = layer_colours(trace[layer], np.s_[..., index], only, palette)
    if notes:
        played, struck = trace.heard[..., PLAYED], trace.heard[..., ARTICULATED]
        image = with_notes(image, played, struck, palette)
    image = image.swapaxes(0, 1)[::-1]
    if labels:
        return label_neuron(image, trace, layer, index, notes, only, palette, style)
    return Picture(image)
