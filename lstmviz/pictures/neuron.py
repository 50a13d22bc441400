"""The per-neuron picture: one neuron at every note and every step."""

import numpy as np

from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.pictures.colours import neuron_colours

__all__ = ["neuron"]

STRUCK, HELD = 255, 128  # red of the music, where it is shown


def neuron(trace, layer, index, notes=False):
    """Draw one neuron over time (columns) and notes (rows, the highest on top).

    Parameters
    ----------
    trace : Trace
    layer : str
        One of `trace.names`.
    index : int
        Which neuron of the layer, counted from 0.
    notes : bool
        Show the music that the neuron hears in red: brighter where a note is
        struck than where it is held.

    Returns
    -------
    ndarray, uint8 (N, S, 3)

    Raises
    ------
    ValueError
        The trace has no such layer or neuron.
    """
    h, c = trace[layer].h, trace[layer].c
    if not 0 <= index < h.shape[-1]:
        last = h.shape[-1] - 1
        raise ValueError(f"no neuron {index}; {layer} has neurons 0 up to {last}")
    image = neuron_colours(h[..., index], c[..., index])
    if notes:
        played, struck = trace.heard[..., PLAYED], trace.heard[..., ARTICULATED]
        image[..., 0] = np.where(struck, STRUCK, HELD * played)
    return image.swapaxes(0, 1)[::-1]
