"""Evaluating: how surprising music is to a network, in nats per time step.

The lower, the better the network predicted what came. One nat is the surprise of an
event of probability 1/e; the surprise of a step is the sum over its notes.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from lstmviz.checks import check_flag, check_kind, check_list
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.progress import progress_bar

__all__ = ["Nats", "evaluate", "nats_of_pieces"]


class Nats(NamedTuple):
    """Minus the log likelihood, in nats per time step."""

    total: float  # play and articulate together
    play: float  # which notes sound
    articulate: float  # which of those are struck


def evaluate(net, pieces, progress=False):
    """Return how surprising pieces are to the network, averaged over all their steps.

    Each piece is heard whole and from its beginning, whatever its length.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
        At least two time steps each; the first is heard, but not predicted.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    Nats
        total, play, articulate.

    Raises
    ------
    ValueError
        There are no pieces, or one of them is no music for this network.

    Examples
    --------
    To a network whose weights are all zero, each note of each step is as surprising as
    the toss of a coin, log 2 nats:

    >>> from lstmviz.network.biaxial import Biaxial
    >>> net = Biaxial((4,), (4,))
    >>> for weights in net.parameters.values():
    ...     weights[:] = 0
    >>> silence = np.zeros((9, net.notes, 2))
    >>> round(float(evaluate(net, [silence]).play / np.log(2)), 3)
    78.0
    """
    check_kind("net", net, Biaxial)
    check_flag("progress", progress)
    pieces = check_list("pieces", pieces, "pieces of music")
    if not pieces:
        raise ValueError("there are no pieces to evaluate")
    nats = nats_of_pieces(net, pieces, progress).sum(axis=0)
    play, articulate = nats / sum(len(piece) - 1 for piece in pieces)
    return Nats(float(play + articulate), float(play), float(articulate))


def nats_of_pieces(net, pieces, progress=False):
    """Return the nats of each piece, summed over its steps.

    Parameters
    ----------
    net, pieces, progress : as in `evaluate`

    Returns
    -------
    ndarray (P, 2)
        play and articulate of each of the P pieces.
    """
    pieces = [net.check(piece) for piece in pieces]
    steps = sum(len(piece) - 1 for piece in pieces)
    with progress_bar(None, "evaluating", "time step", progress, steps) as bar:
        work = partial(nats_of_piece, net, heard=bar.update)
        return np.array(list(net.functions.map(work, pieces)))


def nats_of_piece(net, piece, heard=None):
    """Return the nats of play and articulate of one piece, summed over its steps.

    `heard` is called with the number of steps after each passage.
    """
    z = net.log_odds(piece, heard)
    nats, _ = negative_log_likelihood(z, piece.states[1:])
    return nats.sum(axis=(0, 1), dtype=float)
