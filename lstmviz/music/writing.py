"""MIDI files written: a piece becomes messages, with its bars and its tempo."""

import numpy as np
from mido import Message, MetaMessage, MidiFile, MidiTrack

from lstmviz.checks import check_real
from lstmviz.files import write_whole
from lstmviz.music.bars import STEPS_PER_BEAT, bar_length, bar_lines
from lstmviz.music.notes import check_range, notes_from_states
from lstmviz.music.piece import as_piece

__all__ = ["write_midi"]

_TICKS_PER_BEAT = 480
_VELOCITY = 80  # how hard every note is struck: note states do not say


def write_midi(music, path, bpm=None, low=None):
    """Write music as a MIDI file, to be heard or to be read again.

    `read_midi(path, low, low + N)` returns the same piece if there is a note in it,
    and every note begins with an onset. MIDI has no other way to begin a note: one
    that is held from the first step on is struck in the file. A piece that begins
    within a bar is written with a short first bar.

    Parameters
    ----------
    music : Piece, Trace or array_like (T, N, 2)
        T is at least 1.
    path : str or path
        The file to write; an existing one is replaced, as a whole or not at all.
    bpm : float, optional
        Quarter notes a minute; if not given, the music's own.
    low : int, optional
        The MIDI note of index 0; if not given, what the music says, or else 24.

    Raises
    ------
    ValueError
        `music` is no music or has no steps, a note lies outside MIDI's 0 ... 127,
        MIDI cannot express the tempo or a metre, or there is no folder to write into.
    """
    try:
        piece = as_piece(music, low)
        track = _track(piece, piece.bpm if bpm is None else bpm)
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error
    midi = MidiFile(type=0, ticks_per_beat=_TICKS_PER_BEAT, tracks=[track])
    write_whole(lambda file: midi.save(file=file), path)


# From a piece to messages -------------------------------------------------------


def _track(piece, bpm):
    """Return one MIDI track that plays a piece."""
    if len(piece) == 0:
        raise ValueError("music of at least one step is needed")
    check_range(piece.low, piece.low + piece.shape[1])
    slowest, fastest = 60e6 / 0xFFFFFF, 60e6  # 24 bits of microseconds a quarter
    check_real("bpm", bpm, slowest, fastest)
    events = [(0, MetaMessage("set_tempo", tempo=round(60e6 / float(bpm))))]
    events += _signatures(piece.position)
    events += _strokes(piece)
    events.append((len(piece), MetaMessage("end_of_track")))
    events.sort(key=lambda event: event[0])  # stable: signatures before notes
    ticks_per_step = _TICKS_PER_BEAT // STEPS_PER_BEAT
    before = 0
    for step, message in events:
        message.time = (step - before) * ticks_per_step
        before = step
    return MidiTrack(message for _, message in events)


def _signatures(position):
    """Return the time signatures of a piece as (step, message), where they change."""
    lines = bar_lines(position).tolist()
    starts = lines if position[0] == 0 else [0, *lines]
    lengths = np.diff([*starts, len(position)]).tolist()
    lengths[-1] = bar_length(position)  # the last bar may not be complete
    events, before = [], None
    for step, length in zip(starts, lengths, strict=True):
        if length != before:
            count, unit = _metre(length)
            message = MetaMessage("time_signature", numerator=count, denominator=unit)
            events.append((step, message))
        before = length
    return events


def _metre(steps):
    """Return a metre whose bar lasts so many sixteenths, in quarters if possible.

    >>> _metre(16), _metre(6), _metre(5)
    ((4, 4), (3, 8), (5, 16))
    """
    for unit in 4, 8, 16, 2, 1:
        count, rest = divmod(steps * unit, 16)
        if rest == 0 and count <= 255:
            return count, unit
    raise ValueError(f"a bar of {steps} sixteenths is too long for MIDI")


def _strokes(piece):
    """Return the notes of a piece as (step, message) in order, offs before ons."""
    notes = notes_from_states(piece.states, piece.low)
    offs = [(stop, "note_off", note) for note, _, stop in notes]
    ons = [(start, "note_on", note) for note, start, _ in notes]
    return [  # by step, then kind, where f comes before n
        (step, Message(kind, note=note, velocity=_VELOCITY))
        for step, kind, note in sorted(offs + ons)
    ]
