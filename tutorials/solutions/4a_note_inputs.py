"""Exercise 4a: from along time to up the notes.

Check what you have written with

    lstmviz check 4a_note_inputs.py
"""

import numpy as np


def note_inputs(h, states):
    """Return what the note layers are given: h (S, N, H) -> (N, S, H + 2).

    h is what the time layers say: h[s, n] about note n, having heard the music up to
    time step s. The music is states (S + 1, N, 2), at each step and note: is it played,
    is it articulated? Knowing step s, the network decides on step s + 1.

    The note layers run up the notes, so notes come first: at [n, s] stands, in this
    order,

        h[s, n]                     H numbers
        states[s + 1, n - 1]        2 numbers: what was decided, at the step in
                                    question, on the note below

    The lowest note has no note below: for n = 0 these two are 0.
    """
    below = np.zeros_like(states[1:])
    below[:, 1:] = states[1:, :-1]
    return np.concatenate([h, below], axis=2).swapaxes(0, 1)
