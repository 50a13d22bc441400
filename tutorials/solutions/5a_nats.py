"""Exercise 5a: the loss, in nats per time step.

Check your solution with

    lstmviz check 5a_nats.py
"""

import numpy as np


def nats(z, chosen):
    """Return minus the log likelihood of what was chosen, in nats per time step.

    z (S, N, 2) are log-odds, so that sigmoid(z) are probabilities: [..., 0] that a note
    is played, [..., 1] that it is articulated, given that it is played. chosen
    (S, N, 2), uint8, is what happened, 1 for yes and 0 for no. The surprise of a choice
    y with log-odds z is

        -log sigmoid(z)  if y = 1        -log (1 - sigmoid(z))  if y = 0

    In one formula, this is log(1 + exp(z)) - y z. Articulation is a choice, and counts,
    only where a note is played. Surprises are summed over the notes and averaged over
    the S steps: the result is one number. It must be right for large z as well:
    exp(1000) is more than a float can hold, but np.logaddexp(a, b) computes
    log(exp(a) + exp(b)) without it.
    """
    surprise = np.logaddexp(0, z) - chosen * z
    played = chosen[..., 0]
    return (surprise[..., 0] + played * surprise[..., 1]).sum() / len(z)
