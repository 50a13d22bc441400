"""Note features: what the network is told about each note at each time step.

Every note hears the music from where it stands: who sounds around it, which
pitch classes sound in all, where in the bar we are. Because everything is
relative to the note, one set of weights serves all notes, and a chord moved
up a third looks the same to the notes moved up a third.

The 80 numbers of a note, in order (after the 2015 code):

    FEATURES["position"]      1   the note's index, 0 for the lowest
    FEATURES["pitch class"]  12   one-hot, C first
    FEATURES["vicinity"]     50   for each interval -12 ... +12: played, articulated
    FEATURES["context"]      12   how many notes of each pitch class sound,
                                  starting from this note's own pitch class
    FEATURES["beat"]          4   the bits of t mod 16, lowest first, as -1 or +1
    FEATURES["zero"]          1   always 0
"""

import numpy as np

from lstmviz.music.notes import (
    ARTICULATED,
    LOW,
    PLAYED,
    STEPS_PER_BAR,
    check_states,
)

__all__ = ["FEATURES", "FEATURE_COUNT", "REACH", "note_features"]

REACH = 12  # semitones of vicinity to either side: an octave
FEATURES = {
    "position": slice(0, 1),
    "pitch class": slice(1, 13),
    "vicinity": slice(13, 63),
    "context": slice(63, 75),
    "beat": slice(75, 79),
    "zero": slice(79, 80),
}
FEATURE_COUNT = 80


def note_features(states, low=LOW, start=0):
    """Return what each note is told at each time step: the network's input.

    Parameters
    ----------
    states : array_like (..., T, N, 2)
        Note states; leading axes, such as a batch, are carried along.
    low : int
        MIDI number of the lowest note, which decides the pitch classes.
    start : int
        The time step that `states` begins at, for the beat.

    Returns
    -------
    ndarray, float32 (..., T, N, 80)
        The features in the order of `FEATURES`.

    Raises
    ------
    ValueError
        `states` are not note states.

    Examples
    --------
    The note C4 sounds alone; the E above it finds it four semitones below:

    >>> states = np.zeros((1, 78, 2), np.uint8)
    >>> states[0, 60 - LOW] = 1
    >>> e4 = note_features(states)[0, 64 - LOW]
    >>> vicinity = e4[FEATURES["vicinity"]].reshape(25, 2)
    >>> vicinity[REACH - 4].tolist()
    [1.0, 1.0]
    """
    states = check_states(states)
    *_, T, N, _ = states.shape
    pitch_class = (low + np.arange(N)) % 12

    x = np.zeros((*states.shape[:-1], FEATURE_COUNT), np.float32)
    x[..., FEATURES["position"]] = np.arange(N)[:, None]
    x[..., FEATURES["pitch class"]] = np.eye(12)[pitch_class]
    x[..., FEATURES["vicinity"]] = _vicinity(states)
    x[..., FEATURES["context"]] = _context(states[..., PLAYED], pitch_class)
    x[..., FEATURES["beat"]] = _beat(start + np.arange(T))[:, None, :]
    return x


def _vicinity(states):
    """Return each note's neighbours from an octave below to an octave above.

    Shapes (..., T, N, 2) -> (..., T, N, 50). Outside the range all is silent.
    """
    N = states.shape[-2]
    padding = [(0, 0)] * (states.ndim - 2) + [(REACH, REACH), (0, 0)]
    padded = np.pad(states, padding)
    window = np.lib.stride_tricks.sliding_window_view(padded, 2 * REACH + 1, axis=-2)
    played, articulated = window[..., PLAYED, :], window[..., ARTICULATED, :]
    return np.stack([played, articulated], axis=-1).reshape(*states.shape[:-2], N, 50)


def _context(played, pitch_class):
    """Count the sounding notes of each pitch class, from each note's own upwards.

    Shapes (..., T, N) -> (..., T, N, 12).
    """
    count = played @ np.eye(12, dtype=np.float32)[pitch_class]  # (..., T, 12)
    return count[..., (pitch_class[:, None] + np.arange(12)) % 12]


def _beat(t):
    """Return the four bits of `t mod 16`, lowest first, as -1 or +1: (T,) -> (T, 4)."""
    bits = (t % STEPS_PER_BAR)[:, None] >> np.arange(4) & 1
    return 2 * bits - 1
