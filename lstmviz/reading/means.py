"""The mean hidden state of every neuron: the value to which neurons are clamped."""

from functools import partial

import numpy as np

from lstmviz.checks import check_kind, check_list
from lstmviz.fast.buffers import buffers
from lstmviz.music.piece import Piece
from lstmviz.network.biaxial import Biaxial
from lstmviz.progress import progress_bar
from lstmviz.reading.passages import passages

__all__ = ["check_pieces", "mean_h"]


def mean_h(net, pieces, progress=False):
    """Return the mean hidden state of every neuron, over all steps and notes.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    dict of str -> ndarray (H,)
        By layer, float64.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> means = mean_h(load("tiny"), [song("musette")[:33]])
    >>> {name: mean.shape for name, mean in means.items()}
    {'time1': (64,), 'time2': (64,), 'note1': (32,), 'note2': (16,)}
    """
    pieces = check_pieces(net, pieces)
    sums = net.functions.map(partial(sum_of_h, net), pieces)
    total = {name: np.zeros(H) for name, H in net.sizes.items()}
    for of_piece in progress_bar(sums, "listening", "piece", progress, len(pieces)):
        for name in total:
            total[name] += of_piece[name]
    count = net.notes * sum(len(piece) - 1 for piece in pieces)
    return {name: array / count for name, array in total.items()}


def sum_of_h(net, piece):
    """Return h summed over the steps and notes of a piece: layer -> (H,)."""
    total = {name: np.zeros(H) for name, H in net.sizes.items()}
    with buffers.reuse():
        for passage in passages(net, piece):
            for name, h in passage.h.items():
                total[name] += h.sum(axis=(0, 1), dtype=np.float64)
    return total


def check_pieces(net, pieces):
    """Return pieces that a network can hear, at least one, or raise a ValueError."""
    check_kind("net", net, Biaxial)
    alone = isinstance(pieces, Piece)
    pieces = [] if alone else check_list("pieces", pieces, "pieces of music")
    if not pieces:
        raise ValueError("a sequence of one or more pieces is needed")
    return [net.check(piece) for piece in pieces]
