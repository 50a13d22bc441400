"""Hidden states over any amount of music: a piece is heard passage by passage.

All gates and states of the shipped network `classical` take 1.4 MB a time step. Whoever
wants a statistic of a whole folder of music adds it up over short passages, so that
memory does not grow with the music.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.music.piece import Piece
from lstmviz.network.biaxial import swap_axes

__all__ = ["PASSAGE", "Passage", "passages"]

PASSAGE = 64  # time steps heard at once


class Passage(NamedTuple):
    """What a network hears and computes in S steps of a piece."""

    start: int  # the step of the piece on which the passage starts
    heard: Piece  # the S steps that it hears
    chosen: Piece  # the S steps that it predicts: those one step later
    h: dict  # name of each layer -> hidden states (S, N, H)
    z: np.ndarray  # (S, N, 2) log-odds of play and articulate


def passages(net, piece, length=PASSAGE):
    """Yield the passages of a piece; the network hears it whole, from its beginning.

    Parameters
    ----------
    net : Biaxial
    piece : Piece, or array_like (T, N, 2)
    length : int
        Time steps of a passage; the last one can be shorter.

    Yields
    ------
    Passage

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> heard = passages(load("tiny"), song("musette")[:101], length=64)
    >>> [(p.start, p.h["time2"].shape) for p in heard]
    [(0, (64, 78, 64)), (64, (36, 78, 64))]
    """
    piece = net.check(piece)
    for start, (time, note, z) in net.forward_passages(piece, length):
        passage = piece[start : start + length + 1]
        h = {name: layer.h for name, layer in time.layers.items()}
        h |= {name: swap_axes(layer.h) for name, layer in note.layers.items()}
        yield Passage(start, passage[:-1], passage[1:], h, z)
