"""Exercise 4a: the input of the note layers.

Check your solution with

    lstmviz check 4a_note_inputs.py
"""

import numpy as np


def note_inputs(h, states):
    """Return the input of the note layers: h (S, N, H) -> (N, S, H + 2).

    h is the output of the time layers: h[s, n] is for note n, after the music up to
    time step s. The music is states (S + 1, N, 2), which says for each step and note
    whether it is played and whether it is articulated. The network has heard step s and
    decides step s + 1.

    The note layers run up the notes, so notes are the first axis: the input [n, s]
    consists of, in this order,

        h[s, n]                     H numbers
        states[s + 1, n - 1]        2 numbers: the choices for the note below, at the
                                    step that is decided

    There is no note below the lowest: for n = 0 these two numbers are 0.
    """
    below = np.zeros_like(states[1:])
    below[:, 1:] = states[1:, :-1]
    return np.concatenate([h, below], axis=2).swapaxes(0, 1)
