"""Note states: music as an array, the form that everything in this package works with.

Music is an array `uint8 (T, N, 2)`: T time steps of a sixteenth note each, N notes from
the lowest to the highest. `[t, n, PLAYED]` is 1 while the note sounds, and
`[t, n, ARTICULATED]` is 1 on the step where it is struck. One long note is a single 1
in ARTICULATED and a row of 1s in PLAYED. A note that is struck again while it sounds
has a 1 in both.
"""

import re

import numpy as np

from lstmviz.checks import check_count

__all__ = [
    "ARTICULATED",
    "HIGH",
    "LOW",
    "PLAYED",
    "check_range",
    "check_states",
    "counted",
    "note_number",
    "note_range",
    "notes_from_states",
    "pitch_name",
    "states_from_notes",
    "states_from_roll",
    "transposed",
]

LOW = 24  # the lowest note, C1, as a MIDI number
HIGH = 102  # one above the highest note, so N = HIGH - LOW = 78
PLAYED, ARTICULATED = 0, 1  # the last axis of note states

_NAME = re.compile("([A-G])([#b]?)(-?[0-9]+)", re.IGNORECASE)
_PITCH_CLASSES = ("C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B")


def pitch_name(note):
    """Return the name of a MIDI note, with C4 for middle C (60).

    >>> pitch_name(60), pitch_name(70)
    ('C4', 'A#4')
    """
    return f"{_PITCH_CLASSES[note % 12]}{note // 12 - 1}"


def note_number(name):
    """Return the MIDI note of a name such as C4, F#3 or Bb2, or of a number.

    >>> note_number("C4"), note_number("Bb2"), note_number("61"), note_number(62)
    (60, 46, 61, 62)

    Raises
    ------
    ValueError
        It is neither, or MIDI has no such note.
    """
    text = str(name)
    match = _NAME.fullmatch(text)
    if match:
        letter, accidental, octave = match.groups()
        shift = {"": 0, "#": 1, "b": -1}[accidental.lower()]
        note = _PITCH_CLASSES.index(letter.upper()) + shift + 12 * (int(octave) + 1)
    elif text.isdecimal():
        note = int(text)
    else:
        text = " ".join(text.split())[:40]
        raise ValueError(f"note {text}: a name such as C4, F#3, Bb2 or a MIDI number")
    if not 0 <= note < 128:
        raise ValueError(f"note {text}: MIDI has the notes 0 ... 127 only, not {note}")
    return note


def note_range(low, notes):
    """Return the names of the lowest and the highest of so many notes.

    >>> note_range(24, 78)
    'C1 to F7'
    """
    return f"{pitch_name(low)} to {pitch_name(low + notes - 1)}"


def counted(number, word):
    """Return a number of things in words.

    >>> counted(1, "note"), counted(2, "note")
    ('1 note', '2 notes')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"


def check_range(low, high):
    """Raise a ValueError if `low` up to but not including `high` are no MIDI notes."""
    low, high = check_count("low", low), check_count("high", high)
    if not low < high <= 128:
        raise ValueError(
            f"notes {low} up to but not including {high} are needed, "
            "but MIDI has the notes 0 ... 127 only"
        )


def states_from_notes(notes, steps, low=LOW, high=HIGH):
    """Lay single notes onto the grid of note states.

    Where notes of one pitch overlap, the pitch sounds as long as any of them
    does and is struck at the beginning of each. Notes outside `low ... high`
    and beyond the last step are left out.

    Parameters
    ----------
    notes : sequence of (pitch, start, stop)
        MIDI note, the step it is struck on, the step it no longer sounds on.
    steps : int
        T, the length of the result in time steps.
    low, high : int
        The MIDI notes covered: `low` up to but not including `high`.

    Returns
    -------
    ndarray, uint8 (steps, high - low, 2)

    Examples
    --------
    >>> states = states_from_notes([(60, 0, 3)], steps=4)
    >>> states[:, 60 - LOW].tolist()
    [[1, 1], [1, 0], [1, 0], [0, 0]]
    """
    states = np.zeros((steps, high - low, 2), np.uint8)
    pitch, start, stop = np.array(notes, np.int64).reshape(-1, 3).T
    inside = (low <= pitch) & (pitch < high) & (start >= 0) & (start < steps)
    index, start, stop = (a[inside] for a in (pitch - low, start, stop))
    states[start, index, ARTICULATED] = 1
    # One more note sounds from each start on, one less from each stop on.
    change = np.zeros((steps + 1, high - low), np.int32)
    np.add.at(change, (start, index), 1)
    np.add.at(change, (np.minimum(stop, steps), index), -1)
    np.cumsum(change, axis=0, out=change)
    states[..., PLAYED] = change[:-1] > 0
    return states


def notes_from_states(states, low=LOW):
    """Return the single notes of note states: the inverse of `states_from_notes`.

    A note lasts until it is struck again or no longer sounds. A note that sounds
    without having been struck counts as struck on its first step.

    Parameters
    ----------
    states : ndarray, uint8 (T, N, 2)
    low : int
        The MIDI note of index 0.

    Returns
    -------
    list of (pitch, start, stop)
        MIDI note, the step it is struck on, the first step it no longer sounds on;
        sorted by pitch, then by time.

    Examples
    --------
    >>> notes_from_states(states_from_notes([(60, 0, 3), (60, 2, 5)], steps=4))
    [(60, 0, 2), (60, 2, 4)]
    """
    played = np.pad(states[..., PLAYED] == 1, ((1, 1), (0, 0)))
    struck = np.pad(states[..., ARTICULATED] == 1, ((0, 1), (0, 0)))
    before, now = played[:-1], played[1:]  # (T + 1, N), with silence around the piece
    begins = now & (struck | ~before)
    ends = before & (begins | ~now)
    # Beginnings and ends of a pitch alternate: the k-th end is that of the k-th note.
    pitch, start = np.nonzero(begins.T)
    _, stop = np.nonzero(ends.T)
    return list(zip((low + pitch).tolist(), start.tolist(), stop.tolist(), strict=True))


def states_from_roll(roll):
    """Return note states from a piano roll, which holds only what sounds.

    A note counts as articulated where it sounds and did not at the step before.

    Parameters
    ----------
    roll : array_like (T, N)
        1 where a note sounds.

    Returns
    -------
    ndarray, uint8 (T, N, 2)

    Examples
    --------
    >>> states_from_roll([[1, 0], [1, 1]]).tolist()
    [[[1, 1], [0, 0]], [[1, 0], [1, 1]]]
    """
    played = np.asarray(roll, np.uint8)
    before = np.zeros_like(played)
    before[1:] = played[:-1]
    return np.stack([played, played & ~before], axis=-1)


def transposed(states, semitones):
    """Move music (T, N, 2) up by so many semitones, or down if negative.

    Raises
    ------
    ValueError
        A note would leave the range.
    """
    moved = np.roll(states, semitones, axis=1)
    wrapped = moved[:, :semitones] if semitones > 0 else moved[:, semitones:]
    if semitones != 0 and wrapped.any():
        raise ValueError(f"moved by {semitones} semitones, a note leaves the range")
    return moved


def check_states(states, notes=None):
    """Return `states` as a uint8 array, or raise a ValueError if it is not music.

    Parameters
    ----------
    states : array_like (..., T, N, 2)
        Note states; there may be leading axes, such as a batch.
    notes : int, optional
        N, where the number of notes is known beforehand.

    Raises
    ------
    ValueError
        The shape is not `(..., T, N, 2)`, a value is neither 0 nor 1, or a
        note is articulated that is not played.
    """
    try:
        states = np.asarray(states)
    except ValueError:  # lists that differ in length
        raise ValueError(
            "note states have shape (T, N, 2), not lists of lists"
        ) from None
    if states.ndim < 3 or states.shape[-1] != 2:
        raise ValueError(f"note states have shape (T, N, 2), not {states.shape}")
    if notes is not None and states.shape[-2] != notes:
        raise ValueError(
            f"these note states cover {states.shape[-2]} notes, but {notes} are needed"
        )
    if states.dtype.kind not in "biuf" or ((states != 0) & (states != 1)).any():
        raise ValueError("note states hold a value that is neither 0 nor 1")
    if (states[..., ARTICULATED] > states[..., PLAYED]).any():
        raise ValueError("note states articulate a note that is not played")
    return states.astype(np.uint8, copy=False)
