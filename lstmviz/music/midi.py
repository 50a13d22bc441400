"""MIDI files read: from the ticks of a file to a piece on the sixteenth grid.

A MIDI file is a list of tracks, a track a list of messages ("note 60 on", "60 off"),
and each message says how many ticks it comes after the one before. We add the ticks
up, round them to sixteenth notes, and lay the notes onto the grid of note states. Bars
and tempo come from the file, too. Loudness and pedals are left behind: the network
hears only which notes sound, and when they are struck.
"""

import warnings
from collections import defaultdict, deque
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

import numpy as np

from lstmviz.files import check_input
from lstmviz.music.bars import (
    STEPS_PER_BEAT,
    nearest_step,
    positions_of_signatures,
)
from lstmviz.music.notes import (
    HIGH,
    LOW,
    PLAYED,
    check_range,
    counted,
    note_range,
    states_from_notes,
)
from lstmviz.music.parsing import parse_midi
from lstmviz.music.piece import MAX_STEPS, Piece

__all__ = ["MAX_STEPS", "Report", "read_midi", "read_with_report"]

UNALIGNED = 0.15  # mean distance of onsets from the grid, in steps, above which to warn

_TEMPO = 500_000  # microseconds a quarter note, which MIDI means by saying nothing
_DRUMS = 9  # MIDI's channel 10, counted from 0


class Report(NamedTuple):
    """What became of the notes of a MIDI file."""

    kept: int  # notes within the range
    outside: int  # notes below or above the range
    drums: int  # notes of channel 10
    distance: float  # mean distance of onsets from the nearest step, in steps
    range: str  # such as "C1 to F7"

    @property
    def unaligned(self):
        """Whether the music does not follow the grid: it was played freely."""
        return self.distance > UNALIGNED

    def lines(self):
        """Return what a user should know, in sentences; mostly none."""
        lines = []
        if self.outside:
            notes = counted(self.outside, "note")
            lines.append(f"{notes} outside {self.range} left out")
        if self.drums:
            lines.append(f"{counted(self.drums, 'drum note')} left out")
        if self.unaligned:
            lines.append(
                f"its onsets are {self.distance:.2f} steps from the sixteenth grid on "
                "average (0.06 in scores, 0.25 by chance): it was probably played "
                "freely, so its rhythms and bars are blurred"
            )
        return lines


def read_midi(path, low=LOW, high=HIGH):
    """Read a MIDI file as a piece, one step a sixteenth note.

    Times are rounded to the nearest step (halves up), and each note sounds for at
    least one. All tracks and channels are united except channel 10, the drums. An off
    ends the earliest note of its pitch still sounding in its track and channel; a note
    without one ends at the last off of its pitch, or else with its track. The sustain
    pedal is not read: a note ends where its key is released. The patterns of a type 2
    file follow one another, each from a bar line on. Silence at the end is kept.

    Bar lines come from the time signatures, see `bars.positions_of_signatures`; the
    tempo is the mean tempo. The name is that of the file.

    Parameters
    ----------
    path : str or path
        A standard MIDI file of type 0, 1 or 2, also within a RIFF file (.rmi).
    low, high : int
        The MIDI notes covered, `low` up to but not including `high`; notes outside
        are left out.

    Returns
    -------
    Piece

    Raises
    ------
    ValueError
        The file cannot be read as MIDI, counts time in SMPTE frames, holds no notes in
        this range, or is longer than `MAX_STEPS`.

    Warns
    -----
    UserWarning
        Notes were left out, or the music is not aligned to the grid.
    """
    piece, report = read_with_report(path, low, high)
    for line in report.lines():
        warnings.warn(f"{path}: {line}", stacklevel=2)
    return piece


def read_with_report(path, low=LOW, high=HIGH):
    """Read a MIDI file as `read_midi` does; return the piece and a `Report`."""
    check_input(path)
    try:
        check_range(low, high)
        midi = parse_midi(Path(path).read_bytes())
        return _piece(midi, low, high, Path(path).stem)
    except OSError as error:
        raise ValueError(f"{path}: {error.strerror}; a MIDI file is needed") from None
    except ValueError as error:
        raise ValueError(f"{path}: {error}") from error


# From messages to a piece -------------------------------------------------------


class _Pattern(NamedTuple):
    """Tracks that sound together, with what is needed of their messages."""

    notes: list  # (pitch, start, stop) in ticks, without drums
    drums: int  # how many notes are drums
    signatures: dict  # tick -> (numerator, denominator)
    tempos: dict  # tick -> microseconds a quarter note
    end: int  # the tick at which the last track or note ends


def _piece(midi, low, high, name):
    """Return the piece of a MIDI file, and the report on it."""
    tracks = [
        list(zip(accumulate(m.time for m in track), track, strict=True))
        for track in midi.tracks
    ]
    patterns = [[track] for track in tracks] if midi.type == 2 else [tracks]
    patterns = [_pattern(pattern) for pattern in patterns]
    b = midi.ticks_per_beat
    notes, position = _in_steps(patterns, b)
    states = states_from_notes(notes, len(position), low, high)
    report = _report(patterns, b, low, high)
    if not states[..., PLAYED].any():
        raise ValueError(
            f"holds no notes in this range ({counted(report.drums, 'drum note')}, "
            f"{report.outside} outside {report.range})"
        )
    bpm = _mean_tempo(patterns, b)
    return Piece(states, position, bpm, low, name), report


def _pattern(tracks):
    """Return what is needed of tracks of (tick, message) that sound together."""
    notes, drums, signatures, tempos = [], 0, {}, {}
    for track in tracks:
        found, drum_notes = _notes(track)
        notes += found
        drums += drum_notes
        for tick, message in track:
            if message.type == "time_signature":
                signatures[tick] = message.numerator, message.denominator
            elif message.type == "set_tempo":
                tempos[tick] = message.tempo
    ends = [track[-1][0] for track in tracks if track]
    return _Pattern(notes, drums, signatures, tempos, max(ends, default=0))


def _notes(track):
    """Return the notes of a track of (tick, message), in ticks, and count the drums."""
    notes, drums, sounding, last_off = [], 0, defaultdict(deque), {}
    for tick, message in track:
        if message.type not in ("note_on", "note_off"):
            continue
        begins = message.type == "note_on" and message.velocity > 0
        if message.channel == _DRUMS:
            drums += begins
            continue
        key = message.channel, message.note
        if begins:
            sounding[key].append(tick)
            continue
        last_off[key] = tick
        if sounding[key]:
            notes.append((message.note, sounding[key].popleft(), tick))
    for key, starts in sounding.items():
        for start in starts:
            stop = last_off.get(key, start)
            notes.append((key[1], start, stop if stop > start else track[-1][0]))
    return notes, drums


def _in_steps(patterns, ticks_per_beat):
    """Return the notes of patterns that follow one another, and all positions.

    Returns
    -------
    notes : ndarray, int (K, 3)
        Pitch, start and stop in steps.
    position : ndarray, int (T,)
    """
    b = ticks_per_beat
    notes = _on_grid([note for pattern in patterns for note in pattern.notes], b)
    of = np.repeat(np.arange(len(patterns)), [len(p.notes) for p in patterns])
    lengths = np.array([nearest_step(p.end, b) for p in patterns], np.int64)
    np.maximum.at(lengths, of, notes[:, 2])  # a note lasts at least one step

    positions, starts = [np.zeros(0, np.int64)], np.zeros_like(lengths)
    start = end = 0
    for k, steps in enumerate(lengths.tolist()):
        if steps == 0:
            continue
        starts[k], end = start, start + steps
        if end > MAX_STEPS:  # a single wrong byte can ask for years of silence
            raise ValueError(
                f"lasts over {MAX_STEPS} sixteenths, the most that is read"
            )
        positions.append(_whole_bars(patterns[k].signatures, steps, b, start == 0))
        start += len(positions[-1])  # the next pattern begins on a bar line
    notes[:, 1:] += starts[of, None]
    return notes, np.concatenate(positions)[:end]


def _on_grid(notes, ticks_per_beat):
    """Round notes in ticks to steps, of which each lasts at least one: int (K, 3)."""
    pitch, start, stop = np.array(notes, np.int64).reshape(-1, 3).T
    first = nearest_step(start, ticks_per_beat)
    last = np.maximum(nearest_step(stop, ticks_per_beat), first + 1)
    return np.stack([pitch, first, last], axis=1)


def _whole_bars(signatures, steps, ticks_per_beat, pickup):
    """Return the positions of at least so many steps, up to the next bar line."""
    signatures = {
        tick: signature
        for tick, signature in signatures.items()
        if STEPS_PER_BEAT * tick < steps * ticks_per_beat
    }
    count, unit = signatures[max(signatures)] if signatures else (4, 4)
    bar = nearest_step(4 * ticks_per_beat * count, ticks_per_beat * unit)
    position = positions_of_signatures(
        signatures, steps + bar + 1, ticks_per_beat, pickup
    )
    return position[: steps + np.argmax(position[steps:] == 0)]


def _report(patterns, ticks_per_beat, low, high):
    """Return what became of the notes of all patterns."""
    notes = [note for pattern in patterns for note in pattern.notes]
    pitch, start, _ = np.array(notes, np.int64).reshape(-1, 3).T
    inside = (pitch >= low) & (pitch < high)
    steps = STEPS_PER_BEAT * start[inside] / ticks_per_beat
    distance = np.abs(steps - np.rint(steps)).mean() if inside.any() else 0.0
    return Report(
        int(inside.sum()),
        int((~inside).sum()),
        sum(pattern.drums for pattern in patterns),
        float(distance),
        note_range(low, high - low),
    )


def _mean_tempo(patterns, ticks_per_beat):
    """Return the mean tempo in quarter notes a minute, to a hundredth."""
    ticks, microseconds = 0, 0
    for pattern in patterns:
        tempos = sorted(({0: _TEMPO} | pattern.tempos).items())
        for (tick, tempo), (stop, _) in pairwise([*tempos, (pattern.end, None)]):
            ticks += stop - tick
            microseconds += (stop - tick) * tempo / ticks_per_beat
    return round(60e6 * (ticks / ticks_per_beat) / microseconds, 2) if ticks else 120
