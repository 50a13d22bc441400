"""Exercise 4b: deciding a time step, note by note.

Check what you have written with

    lstmviz check 4b_sample_notes.py
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def sample_notes(y, step, dice):
    """Decide one time step from the lowest note up: return chosen (N, 2), P (N, 2).

    y (N, H) is what the time layers say about each note. `step` is a step of the note
    layers, one note upwards:

        z, state = step(x, state)

    x (H + 2,) is the note's row of y, and after it the two choices made for the note
    below (0, 0 for the lowest). state is what `step` returned for the note below, None
    for the lowest. z (2,) are the log-odds of play and articulate.

    P = sigmoid(z) are the probabilities. A note is played if its first die, dice[n, 0],
    is less than P(play); it is articulated if it is played and its second die,
    dice[n, 1], is less than P(articulate). chosen holds 1 for yes and 0 for no.
    """
    N = len(y)
    chosen, P = np.zeros((N, 2)), np.zeros((N, 2))
    # For each note from the lowest up: put x together, take a step, throw the dice,
    # and remember what the note above will ask for.
    raise NotImplementedError
    return chosen, P
