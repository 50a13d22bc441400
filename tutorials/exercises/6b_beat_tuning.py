"""Exercise 6b: the tuning of neurons to the place in the bar.

Check your solution with

    lstmviz check 6b_beat_tuning.py
"""

import numpy as np


def beat_tuning(h, start=0):
    """Return each neuron's mean hidden state at each of the 16 steps of a bar: (16, H).

    h (S, N, H) are the hidden states of S steps and N notes. Step s of h is step
    start + s of the piece, at place (start + s) mod 16 of its bar. Row b of the result
    is the mean over all notes and over all steps at place b. The last bar need not be
    complete.
    """
    # Compute the place of each step in its bar.
    # For each of the 16 places, average over the steps at that place, and the notes.
    raise NotImplementedError
