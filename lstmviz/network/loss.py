"""The loss: minus the log likelihood of what happened next, in nats."""

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.music.notes import ARTICULATED, PLAYED

__all__ = ["negative_log_likelihood"]


def negative_log_likelihood(z, chosen):
    """Return the nats of each choice, and their gradient by the log-odds.

    For a yes-or-no choice y with log-odds z: -log P = log(1 + exp(z)) - y z.

    Parameters
    ----------
    z : ndarray (S, N, 2)
        Log-odds of play and articulate.
    chosen : ndarray, uint8 (S, N, 2)
        What happened.

    Returns
    -------
    nats, dz : ndarray (S, N, 2)
    """
    counts = np.ones_like(z)  # articulation counts only where a note is played
    counts[..., ARTICULATED] = chosen[..., PLAYED]
    nats = counts * (np.logaddexp(0, z) - chosen * z)
    dz = counts * (sigmoid(z) - chosen)
    return nats, dz
