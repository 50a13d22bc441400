"""MIDI files: from the ticks of a file to the sixteenth grid, and back.

A MIDI file is a list of tracks, a track a list of messages ("note 60 on", "60
off"), and each message says how many ticks it comes after the one before. We
add the ticks up, round them to sixteenth notes, and lay the notes onto the
grid of note states. Tempo and loudness are left behind: the network hears
only which notes sound, and when they are struck.

The beat is part of what the network hears, as the step counted modulo 16. So
music is usable where its bars fit into that count: where a bar lasts a power
of two of sixteenths, as in 2/4, 4/4 and 2/2 but not in 3/4.
"""

from collections import defaultdict, deque
from itertools import accumulate, pairwise
from pathlib import Path

import numpy as np
from mido import Message, MetaMessage, MidiFile, MidiTrack

from lstmviz.files import write_whole
from lstmviz.music.notes import (
    HIGH,
    LOW,
    STEPS_PER_BAR,
    notes_from_states,
    states_from_notes,
    states_of,
)
from lstmviz.music.parsing import parse_midi

__all__ = ["MAX_STEPS", "read_midi", "write_midi"]

MAX_STEPS = 65536  # the longest music read, over two hours at 120 beats a minute

_STEPS_PER_BEAT = 4  # a beat is a quarter note
_TICKS_PER_BEAT = 480  # in the files written here
_DRUMS = 9  # MIDI's channel 10, counted from 0
_VELOCITY = 80  # how hard every note is struck: note states do not tell
_USABLE = "a bar must last 1, 2, 4, 8, 16 ... sixteenths, as in 2/4, 4/4 and 2/2"


def read_midi(path, low=LOW, high=HIGH, other_metre="stop"):
    """Read a MIDI file as note states, one step a sixteenth note.

    Times are rounded to the nearest step (halves up), and each note sounds for
    at least one. All tracks and channels are united except channel 10, the
    drums. An off ends the earliest note of its pitch still sounding in its track
    and channel; a note without one ends at the last off of its pitch, or else
    with its track. The patterns of a type 2 file follow one another, each
    from a bar line on. Silence at the end is kept.

    Parameters
    ----------
    path : str or path
        A standard MIDI file of type 0, 1 or 2.
    low, high : int
        The MIDI notes covered, `low` up to but not including `high`; notes
        outside are left out.
    other_metre : {"stop", "skip", "refuse"}
        What to do where a bar is not a power of two of sixteenths long: end
        the music there, leave that passage out and go on after it, or raise
        an error. No note sounds across the cut. Each pattern of a type 2 file
        is treated on its own.

    Returns
    -------
    ndarray, uint8 (T, high - low, 2)

    Raises
    ------
    ValueError
        The file cannot be read as MIDI, counts time in SMPTE frames, holds no
        music or none in a usable metre, or is longer than `MAX_STEPS`; or
        an argument is none of those above.
    """
    try:
        _check_range(low, high)
        if other_metre not in ("stop", "skip", "refuse"):
            raise ValueError(
                f'other_metre is "stop", "skip" or "refuse", not {other_metre!r}'
            )
        passages = _passages(_read_file(path), other_metre)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    return np.concatenate(
        [states_from_notes(notes, steps, low, high) for notes, steps in passages]
    )


def write_midi(music, path, bpm=120, low=None):
    """Write music as a MIDI file, to be heard or to be read again.

    `read_midi(path, low, low + N)` returns exactly the same states if every note
    in them begins with an onset. MIDI has no other way to begin a note: one that is
    held from the first step on is struck in the file.

    Parameters
    ----------
    music : array_like (T, N, 2), or Trace
        Note states; T is at least 1.
    path : str or path
        The file to write; an existing one is replaced, as a whole or not at all.
    bpm : float
        The tempo in beats (quarter notes, four steps) a minute.
    low : int, optional
        The MIDI note of index 0; if not given, what a Trace says, or else 24.

    Raises
    ------
    ValueError
        `states` are no note states or have no steps, a note lies outside
        MIDI's 0 ... 127, MIDI cannot express the tempo, or there is no
        folder to write into.
    """
    try:
        track = _track_from_states(*states_of(music, low), bpm)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    midi = MidiFile(type=0, ticks_per_beat=_TICKS_PER_BEAT, tracks=[track])
    write_whole(lambda file: midi.save(file=file), path)


def _check_range(low, high):
    """Say so if `low` up to but not including `high` are not MIDI notes."""
    if not 0 <= low < high <= 128:
        raise ValueError(
            f"notes {low} up to but not including {high} are needed, "
            "but MIDI has the notes 0 ... 127 only"
        )


# From the file to messages


def _read_file(path):
    """Return the file as a `mido.MidiFile` of the messages that are needed."""
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise ValueError(f"{error.strerror}; a MIDI file is needed") from error
    return parse_midi(data)


def _step(tick, ticks_per_beat):
    """Return the nearest step, halves up, in exact integers: floor(4 t / b + 1/2).

    >>> [_step(tick, ticks_per_beat=24) for tick in (0, 2, 3, 8, 9)]
    [0, 0, 1, 1, 2]
    """
    return (2 * _STEPS_PER_BEAT * tick + ticks_per_beat) // (2 * ticks_per_beat)


# From messages to passages of music


def _passages(midi, other_metre):
    """Return the usable music as a list of (notes, steps), to be put in a row."""
    tracks = []
    for track in midi.tracks:
        ticks = accumulate(message.time for message in track)
        steps = [_step(tick, midi.ticks_per_beat) for tick in ticks]
        tracks.append(list(zip(steps, track, strict=True)))
    patterns = [[track] for track in tracks] if midi.type == 2 else [tracks]
    passages, total = [], 0
    for pattern in patterns:
        if new := _usable_passages(pattern, other_metre):
            passages += [([], -total % STEPS_PER_BAR), *new]  # from a bar line on
            total = sum(steps for _, steps in passages)
    if total == 0:
        _refuse_other_metres(_metres(tracks))
        raise ValueError("holds no music; at least a sixteenth is needed")
    if total > MAX_STEPS:  # a single broken byte can ask for years of silence
        raise ValueError(f"lasts {total} sixteenths; at most {MAX_STEPS} are read")
    return passages


def _usable_passages(tracks, other_metre):
    """Return a list of (notes, steps), notes counted from the passage's start."""
    notes = [note for track in tracks for note in _notes(track)]
    ends = [track[-1][0] for track in tracks if track]
    steps = max(ends + [stop for _, _, stop in notes], default=0)
    metres = _metres(tracks)
    if other_metre == "refuse":
        _refuse_other_metres(metres)
    spans = _usable_spans(metres, steps)
    if other_metre == "stop":
        spans = [span for span in spans if span[0] == 0]
    return [
        ([(pitch, on - start, off - start) for pitch, on, off in notes], stop - start)
        for start, stop in spans
    ]


def _notes(track):
    """Return the notes of a track of (step, message) as (pitch, start, stop)."""
    notes, sounding, last_off = [], defaultdict(deque), {}
    for step, message in track:
        if message.type not in ("note_on", "note_off") or message.channel == _DRUMS:
            continue
        key = message.channel, message.note
        if message.type == "note_on" and message.velocity > 0:
            sounding[key].append(step)
            continue
        last_off[key] = step
        if sounding[key]:
            notes.append((message.note, sounding[key].popleft(), step))
    for key, starts in sounding.items():
        for start in starts:
            stop = last_off.get(key, start)
            notes.append((key[1], start, stop if stop > start else track[-1][0]))
    return [(pitch, start, max(stop, start + 1)) for pitch, start, stop in notes]


# Metres


def _metres(tracks):
    """Return {step: (numerator, denominator)} in order: which metre starts where."""
    metres = {0: (4, 4)}  # what MIDI means by saying nothing
    for track in tracks:
        for step, message in track:
            if message.type == "time_signature":
                metres[step] = message.numerator, message.denominator
    return dict(sorted(metres.items()))


def _is_usable(metre):
    """Say whether a bar lasts a power of two of sixteenths.

    >>> [_is_usable(metre) for metre in ((4, 4), (2, 2), (4, 8), (3, 4), (5, 32))]
    [True, True, True, False, False]
    """
    sixteenths, rest = divmod(16 * metre[0], metre[1])
    return rest == 0 and sixteenths.bit_count() == 1


def _refuse_other_metres(metres):
    """Say so if there is a metre whose bars do not fit."""
    for step, metre in metres.items():
        if not _is_usable(metre):
            name = f"{metre[0]}/{metre[1]}"
            raise ValueError(f"is in {name} from step {step} on; {_USABLE}")


def _usable_spans(metres, steps):
    """Return the longest unbroken stretches of usable metres as (start, stop)."""
    changes = [step for step in metres if step < steps]
    spans = []
    for start, stop in pairwise([*changes, steps]):
        if not _is_usable(metres[start]):
            continue
        if spans and spans[-1][1] == start:  # from 4/4 to 2/4, the music goes on
            start, _ = spans.pop()
        spans.append((start, stop))
    return spans


# From note states to messages


def _track_from_states(states, low, bpm):
    """Return one MIDI track that plays `states` (T, N, 2)."""
    if states.ndim != 3 or len(states) == 0:
        raise ValueError(f"one piece (T, N, 2) of T > 0 is needed, not {states.shape}")
    _check_range(low, low + states.shape[1])
    slowest, fastest = 60e6 / 0xFFFFFF, 60e6  # MIDI has 24 bits of microseconds a beat
    if not slowest <= bpm <= fastest:
        raise ValueError(f"bpm lies between {slowest:.2f} and {fastest:.0f}, not {bpm}")
    track = MidiTrack(
        [
            MetaMessage("set_tempo", tempo=round(60e6 / float(bpm))),
            MetaMessage("time_signature", numerator=4, denominator=4),
        ]
    )
    ticks_per_step = _TICKS_PER_BEAT // _STEPS_PER_BEAT
    before = 0
    for step, kind, note in _strokes(states):
        ticks = (step - before) * ticks_per_step
        track.append(Message(kind, note=low + note, velocity=_VELOCITY, time=ticks))
        before = step
    ticks = (len(states) - before) * ticks_per_step
    track.append(MetaMessage("end_of_track", time=ticks))
    return track


def _strokes(states):
    """Return (step, "note_off" or "note_on", note) in order, offs before ons."""
    notes = notes_from_states(states, low=0)
    offs = [(stop, "note_off", note) for note, _, stop in notes]
    ons = [(start, "note_on", note) for note, start, _ in notes]
    return sorted(offs + ons)  # by step, then kind, where f comes before n
