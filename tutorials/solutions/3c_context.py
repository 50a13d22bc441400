"""Exercise 3c: which harmony is a note in?

Check what you have written with

    lstmviz check 3c_context.py
"""

import numpy as np


def context(played, low):
    """Return how many notes of each pitch class sound: played (T, N) -> (T, N, 12).

    played is 1 where a note sounds, else 0. Note n is MIDI note low + n, and its pitch
    class is (low + n) % 12: C is 0, C sharp 1, and so on up to B.

    At time step t, note n is told, for k = 0 ... 11, how many notes of the pitch class
    k semitones above its own sound at t, in whatever octave, below it or above. For
    k = 0 this is its own pitch class, and counts the note itself if it sounds.
    """
    pitch_class = (low + np.arange(played.shape[1])) % 12
    count = played @ np.eye(12)[pitch_class]
    return count[:, (pitch_class[:, None] + np.arange(12)) % 12]
