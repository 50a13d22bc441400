"""Exercise 4b: sampling a time step, note by note.

Check your solution with

    lstmviz check 4b_sample_notes.py
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def sample_notes(y, step, dice):
    """Sample one time step from the lowest note up: return chosen (N, 2), P (N, 2).

    y (N, H) is the output of the time layers for each note. `step` runs the note layers
    for one note:

        z, state = step(x, state)

    x (H + 2,) is the note's row of y, followed by the two choices made for the note
    below (0, 0 for the lowest note). state is what `step` returned for the note below
    (None for the lowest note). z (2,) are the log-odds of play and articulate.

    P = sigmoid(z) are the probabilities. dice (N, 2) are uniform random numbers. A note
    is played if its first die, dice[n, 0], is less than P(play); it is articulated if
    it is played and its second die, dice[n, 1], is less than P(articulate). chosen is 1
    for yes and 0 for no.
    """
    N = len(y)
    chosen, P = np.zeros((N, 2)), np.zeros((N, 2))
    below, state = np.zeros(2), None
    for n in range(N):
        z, state = step(np.concatenate([y[n], below]), state)
        P[n] = sigmoid(z)
        played, struck = dice[n] < P[n]
        chosen[n] = below = played, played and struck
    return chosen, P
