"""Exercise 3b: which notes sound around a note.

Check your solution with

    lstmviz check 3b_vicinity.py
"""

import numpy as np


def vicinity(states):
    """Return the states of the notes around each note: states (T, N, 2) -> (T, N, 50).

    states is 0 or 1: [t, n, 0] says whether note n is played at time step t, [t, n, 1]
    whether it is articulated. The vicinity of note n are the notes from an octave
    below, n - 12, to an octave above, n + 12, at the same time step. For each of these
    25 intervals, -12 first, there are two numbers: played, articulated. So

        [t, n, 2 * k] = states[t, n - 12 + k, 0]          k = 0 ... 24
        [t, n, 2 * k + 1] = states[t, n - 12 + k, 1]

    Below the lowest and above the highest note there is silence: 0.
    """
    T, N, _ = states.shape
    heard = np.zeros((T, N, 25, 2), states.dtype)
    silence = np.zeros((T, 12, 2), states.dtype)
    padded = np.concatenate([silence, states, silence], axis=1)
    for k in range(25):
        heard[:, :, k] = padded[:, k : k + N]
    return heard.reshape(T, N, 50)
