"""Exercise 5a: how surprising music is, in nats per time step.

Check what you have written with

    lstmviz check 5a_nats.py
"""

import numpy as np


def nats(z, chosen):
    """Return minus the log likelihood of what was chosen, in nats per time step.

    z (S, N, 2) holds log-odds, so that sigmoid(z) are probabilities: [..., 0] that a
    note is played, [..., 1] that it is articulated, should it be played. chosen
    (S, N, 2), uint8, holds what happened, 1 for yes and 0 for no. The surprise of a
    choice y of log-odds z is

        -log sigmoid(z)  if y = 1        -log (1 - sigmoid(z))  if y = 0

    and both together are log(1 + exp(z)) - y z. Whether a note is articulated is a
    choice, and counts, only where it is played. Surprises are summed over the notes
    and averaged over the S steps: the result is one number. It is right however large
    z is: exp(1000) is more than a float can hold, but np.logaddexp(a, b) works out
    log(exp(a) + exp(b)) without it.
    """
    # Work out the surprise of every choice.
    # Leave out articulation where no note is played, then sum and average.
    raise NotImplementedError
