"""Note features: the input of the network, for each note at each time step.

Every note hears the music from its own place: which notes sound around it, which
pitch classes sound at all, where in the bar the step stands. As everything is relative
to the note, one set of weights serves all notes: a chord that is moved up by a third
looks the same to the notes a third higher.

The 80 numbers of a note, in order (after the 2015 code, whose last number is always 0):

    FEATURES["position"]      1   the note's index, 0 for the lowest
    FEATURES["pitch class"]  12   one-hot, C first
    FEATURES["vicinity"]     50   for each interval -12 ... +12: played, articulated
    FEATURES["context"]      12   how many notes of each pitch class sound,
                                  starting from this note's own pitch class
    FEATURES["beat"]          4   the bits of the position in the bar mod 16, lowest
                                  first, as -1 or +1
    FEATURES["long bar"]      1   1 from the 17th sixteenth of a bar on (9/8, 12/8,
                                  5/4 ...), else 0
"""

import numpy as np

from lstmviz.checks import check_count
from lstmviz.music.bars import STEPS_PER_BAR, check_positions, positions_of_bars
from lstmviz.music.notes import ARTICULATED, LOW, PLAYED, check_states
from lstmviz.music.piece import Piece

__all__ = [
    "FEATURES",
    "FEATURE_COUNT",
    "REACH",
    "note_features",
    "note_features_transposed",
]

REACH = 12  # semitones of vicinity to either side: an octave
FEATURES = {
    "position": slice(0, 1),
    "pitch class": slice(1, 13),
    "vicinity": slice(13, 63),
    "context": slice(63, 75),
    "beat": slice(75, 79),
    "long bar": slice(79, 80),
}
FEATURE_COUNT = 80


def note_features(music, low=None, position=None):
    """Return the input of the network: 80 numbers for each note at each time step.

    Parameters
    ----------
    music : Piece, or array_like (..., T, N, 2)
        Note states; leading axes, such as a batch, are carried along.
    low : int, optional
        MIDI number of the lowest note, which decides the pitch classes. If not given,
        the piece's own, or else 24.
    position : array_like (T,), optional
        Sixteenths since the bar line. If not given, the piece's own, or else 4/4 from
        the first step.

    Returns
    -------
    ndarray, float32 (..., T, N, 80)
        The features in the order of `FEATURES`.

    Raises
    ------
    ValueError
        It is no music, or the positions do not count from bar line to bar line.

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
    states, low, position = feature_arguments(music, low, position)
    N = states.shape[-2]
    pitch_class = (low + np.arange(N)) % 12

    x = np.zeros((*states.shape[:-1], FEATURE_COUNT), np.float32)
    x[..., FEATURES["position"]] = np.arange(N)[:, None]
    x[..., FEATURES["pitch class"]] = np.eye(12)[pitch_class]
    x[..., FEATURES["vicinity"]] = _vicinity(states)
    x[..., FEATURES["context"]] = _context(states[..., PLAYED], pitch_class)
    x[..., FEATURES["beat"]] = _beat(position)[:, None, :]
    x[..., FEATURES["long bar"]] = (position >= STEPS_PER_BAR)[:, None, None]
    return x


def note_features_transposed(gradient, low=LOW):
    """Carry a gradient by the note features back to the note states.

    At given positions in the bar, the features are linear in the states:
    x = A states + x_silence. This returns Aᵀ gradient. A note affects the vicinity of
    all notes up to an octave away, and the context of all notes.

    Parameters
    ----------
    gradient : ndarray (..., T, N, 80)
        Gradient of anything by the note features.
    low : int
        MIDI number of the lowest note.

    Returns
    -------
    ndarray (..., T, N, 2)
        Gradient of the same by the note states.

    Examples
    --------
    C4 lies four semitones below E4; what E4 does with that entry of its vicinity, it
    does with C4:

    >>> gradient = np.zeros((1, 78, FEATURE_COUNT))
    >>> of_e4 = gradient[0, 64 - LOW, FEATURES["vicinity"]].reshape(25, 2)
    >>> of_e4[REACH - 4] = 5, 7
    >>> note_features_transposed(gradient)[0, 60 - LOW].tolist()
    [5.0, 7.0]
    """
    *lead, N, _ = gradient.shape
    vicinity = gradient[..., FEATURES["vicinity"]].reshape(*lead, N, 2 * REACH + 1, 2)
    padded = np.zeros((*lead, N + 2 * REACH, 2), gradient.dtype)
    for k in range(2 * REACH + 1):  # entry k of note n is note n + k - REACH
        padded[..., k : k + N, :] += vicinity[..., k, :]
    states = padded[..., REACH : REACH + N, :]

    pitch_class = (low + np.arange(N)) % 12
    counted = np.eye(12, dtype=gradient.dtype)[
        (pitch_class[:, None] + np.arange(12)) % 12
    ]  # (N, 12, 12): which pitch class each entry of a note's context counts
    context = gradient[..., FEATURES["context"]]
    of_class = np.tensordot(context, counted, axes=((-2, -1), (0, 1)))  # (..., T, 12)
    states[..., PLAYED] += of_class[..., pitch_class]
    return states


def feature_arguments(music, low, position):
    """Return states, low and position of music in any form, checked."""
    if isinstance(music, Piece):
        states, own_low, own_position = music.states, music.low, music.position
    else:
        states = check_states(music)
        own_low, own_position = LOW, positions_of_bars(states.shape[-3])
    if position is not None:
        own_position = check_positions(position, states.shape[-3])
    low = own_low if low is None else check_count("low", low, 0, 127)
    return states, low, own_position


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
