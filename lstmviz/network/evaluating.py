"""Evaluating: how surprising a network finds music, in nats per time step.

The fewer nats, the better the network expected what came. A nat is the
surprise of an event of probability 1/e; a step has the surprise of its notes
added up.
"""

from typing import NamedTuple

import numpy as np
from tqdm import tqdm

from lstmviz.network import backends, stack
from lstmviz.network.biaxial import negative_log_likelihood
from lstmviz.network.memory import memory

__all__ = ["Nats", "evaluate", "nats_of_pieces"]

PASSAGE = 128  # time steps heard at once: memory does not grow with a piece's length


class Nats(NamedTuple):
    """Minus the log likelihood, in nats per time step."""

    total: float  # play and articulate together
    play: float  # which notes sound
    articulate: float  # which of those are struck


def evaluate(net, pieces, backend="numba", progress=False):
    """Return how surprising the network finds pieces, averaged over all their steps.

    Each piece is heard whole and from its beginning, whatever its length.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of array_like (T, N, 2)
        At least two time steps each, of which the first is only heard.
    backend : {"numba", "numpy"}
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
    To a network for which every note is as likely as not, each note of each step
    is a coin that was tossed, log 2 nats:

    >>> from lstmviz.network.biaxial import Biaxial
    >>> net = Biaxial((4,), (4,))
    >>> for weights in net.parameters.values():
    ...     weights[:] = 0
    >>> silence = np.zeros((9, net.notes, 2))
    >>> round(float(evaluate(net, [silence]).play / np.log(2)), 3)
    78.0
    """
    if not len(pieces):
        raise ValueError("there are no pieces to evaluate")
    nats = nats_of_pieces(net, pieces, backend, progress).sum(axis=0)
    play, articulate = nats / sum(len(piece) - 1 for piece in pieces)
    return Nats(float(play + articulate), float(play), float(articulate))


def nats_of_pieces(net, pieces, backend="numba", progress=False):
    """Return the nats of each piece, added up over its steps.

    Parameters
    ----------
    net, pieces, backend, progress : as in `evaluate`

    Returns
    -------
    ndarray (P, 2)
        play and articulate of each of the P pieces.
    """
    pieces = [net.check(piece) for piece in pieces]
    each = backends.named(backend).each
    bar = {"desc": "evaluating", "unit": "piece", "delay": 2, "disable": not progress}
    return np.array(
        list(
            tqdm(
                each(lambda piece: _nats_of(net, piece, backend), pieces),
                total=len(pieces),
                **bar,
            )
        )
    )


def _nats_of(net, states, backend):
    """Return play and articulate nats of one piece, heard passage by passage."""
    nats, before = np.zeros(2), None
    for start in range(0, len(states) - 1, PASSAGE):
        passage = states[start : start + PASSAGE + 1]
        with memory.recycled():
            thought = net.think(passage, start, before, backend=backend)
            surprise, _ = negative_log_likelihood(thought.z, passage[1:])
            nats += surprise.sum(axis=(0, 1))
            before = stack.ending(thought.time)
    return nats
