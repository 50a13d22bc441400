"""Exercise 3c: which pitch classes sound, seen from each note.

Check your solution with

    lstmviz check 3c_context.py
"""

import numpy as np


def context(played, low):
    """Return how many notes of each pitch class sound: played (T, N) -> (T, N, 12).

    played is 1 where a note sounds, else 0. Note n is MIDI note low + n, and its pitch
    class is (low + n) % 12: C is 0, C sharp 1, and so on up to B.

    [t, n, k] is how many notes of the pitch class k semitones above that of note n
    sound at time step t, in any octave, below note n or above it; k = 0 ... 11. For
    k = 0 this is the pitch class of note n; the note itself counts if it sounds.
    """
    pitch_class = (low + np.arange(played.shape[1])) % 12
    count = played @ np.eye(12)[pitch_class]
    return count[:, (pitch_class[:, None] + np.arange(12)) % 12]
