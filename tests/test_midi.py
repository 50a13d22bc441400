"""What a MIDI file says, and what of it becomes music on the sixteenth grid."""

import os
import re
import struct
import warnings
from fractions import Fraction
from itertools import pairwise
from math import floor

import mido
import numpy as np
import pretty_midi
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import lstmviz as lv
from lstmviz.music.bars import bar_length, bar_lines, positions_of_bars
from lstmviz.music.midi import MAX_STEPS, read_midi, read_with_report
from lstmviz.music.notes import (
    ARTICULATED,
    LOW,
    PLAYED,
    notes_from_states,
    states_from_notes,
)
from lstmviz.music.writing import write_midi

TPB = 480
STEP = TPB // 4
C = 60


# Files to read. A track is written as [(tick, message), ...]: absolute times.


def on(note=C, channel=0, velocity=64):
    return mido.Message("note_on", note=note, channel=channel, velocity=velocity)


def off(note=C, channel=0):
    return mido.Message("note_off", note=note, channel=channel)


def metre(numerator, denominator):
    return mido.MetaMessage(
        "time_signature", numerator=numerator, denominator=denominator
    )


def tempo(bpm):
    return mido.MetaMessage("set_tempo", tempo=round(60e6 / bpm))


def end():
    return mido.MetaMessage("end_of_track")


def midi_file(path, *tracks, type=1, tpb=TPB):
    """Write tracks of (tick, message) to `path`, and return it."""
    midi = mido.MidiFile(type=type, ticks_per_beat=tpb)
    for events in tracks:
        track, now = mido.MidiTrack(), 0
        for tick, message in events:
            track.append(message.copy(time=tick - now))
            now = tick
        midi.tracks.append(track)
    midi.save(path)
    return path


def raw_file(path, *tracks, type=1, division=TPB, header=b"MThd"):
    """Write a file from the bytes of its tracks, end of track included."""
    data = header + struct.pack(">LHHH", 6, type, len(tracks), division)
    for track in tracks:
        data += b"MTrk" + struct.pack(">L", len(track)) + track
    path.write_bytes(data)
    return path


def notes_in(states, low=LOW):
    """Return the notes of music as [(note, start, stop)], the inverse of laying out."""
    notes = []
    for n in range(states.shape[1]):
        starts = np.flatnonzero(states[:, n, ARTICULATED])
        for start, limit in pairwise([*starts, len(states)]):
            stop = start
            while stop < limit and states[stop, n, PLAYED]:
                stop += 1
            notes.append((low + n, int(start), int(stop)))
    return sorted(notes, key=lambda note: (note[1], note[0]))


def read_silently(path):
    """Read a file of which notes may be left out, or which may be off the grid."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return read_midi(path)


def says(path, **arguments):
    """Return what is said about a file that cannot be read; it is one line."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        read_midi(path, **arguments)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


def metres(path):
    """Return the time signatures of a file."""
    signatures = [m for m in mido.MidiFile(path).tracks[0] if m.type[:4] == "time"]
    return [(m.numerator, m.denominator) for m in signatures]


@pytest.fixture
def piece(tmp_path):
    return tmp_path / "piece.mid"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A file that hypothesis may write again and again."""
    return tmp_path_factory.mktemp("midi") / "scratch.mid"


@st.composite
def music(draw):
    """Note states in which every note begins with being struck, and one note is."""
    shape = draw(st.integers(1, 40)), draw(st.integers(1, 12))
    played = draw(arrays(np.uint8, shape, elements=st.integers(0, 1)))
    again = draw(arrays(np.uint8, shape, elements=st.integers(0, 1)))
    assume(played.any())
    before = np.vstack([np.zeros((1, shape[1]), np.uint8), played[:-1]])
    return np.stack([played, played & (again | (1 - before))], axis=-1)


@st.composite
def pieces(draw):
    """Pieces in any metres, with or without a pickup, that MIDI files can express.

    A bar that is longer than all the music before it cannot be told from one that has
    a pickup, so that only the first full bar may be: the second is not longer than the
    first. This includes the last bar, which may not be complete: it is taken to be like
    the one before or, where it is longer, to last whole quarters.
    """
    states = draw(music())
    steps, bar = len(states), draw(st.integers(1, 20))
    pickup = draw(st.integers(0, min(bar, steps) - 1))
    position = list(range(bar - pickup, bar))
    while len(position) < steps:
        start = len(position)
        position += range(bar)
        bar = draw(st.just(bar) | st.integers(1, len(position)))
    position = np.array(position[:steps])
    assume(start == pickup or bar_length(position) <= start)
    bpm = draw(st.integers(2000, 40000)) / 100
    return lv.Piece(states, position, bpm, draw(st.integers(0, 116)))


# There and back


@given(pieces())
def test_a_piece_written_and_read_is_the_same_piece(scratch, piece):
    write_midi(piece, scratch)
    again = read_midi(scratch, piece.low, piece.low + piece.shape[1])
    assert again == piece
    assert again.states.dtype == np.uint8
    assert again.name == scratch.stem


@given(music(), st.integers(0, 116))
def test_plain_states_are_written_in_four_four_at_120(scratch, states, low):
    write_midi(states, scratch, low=low)
    again = read_midi(scratch, low, low + states.shape[1])
    assert again == lv.Piece(states, low=low)
    assert np.array_equal(again.position, positions_of_bars(len(states)))


@pytest.mark.parametrize("name", lv.songbook())
def test_every_song_is_written_and_read(piece, name):
    song = lv.song(name)
    write_midi(song, piece)
    assert read_midi(piece) == song


def test_a_tempo_that_is_given_is_written_instead_of_the_music_s_own(piece):
    song = lv.song("musette")
    write_midi(song, piece, bpm=71.25)
    assert read_midi(piece) == song.replace(bpm=71.25)


def test_a_part_that_begins_within_a_bar_is_written_with_a_pickup(piece):
    part = lv.song("minuet-in-g")[5:40]
    write_midi(part, piece)
    again = read_midi(piece)
    assert again.position.tolist() == [*range(5, 12), *range(12), *range(12), *range(4)]
    assert np.array_equal(again[..., PLAYED], part[..., PLAYED])
    assert metres(piece) == [(7, 16), (3, 4)]


def test_a_part_of_a_single_bar_is_written_in_the_metre_of_a_whole_one(piece):
    write_midi(lv.song("prelude-in-c")[4:8], piece)
    assert metres(piece) == [(4, 4)]


@pytest.mark.parametrize(
    ("steps", "metre"),
    [
        *((1, (1, 16)), (6, (3, 8)), (16, (4, 4)), (18, (9, 8)), (24, (6, 4))),
        *((255, (255, 16)), (510, (255, 8)), (1020, (255, 4))),
        *((1024, (128, 2)), (4080, (255, 1))),
    ],
)
def test_bars_of_every_length_that_midi_knows_are_written(piece, steps, metre):
    music = lv.Piece(np.ones((2 * steps, 1, 2)), positions_of_bars(2 * steps, steps))
    write_midi(music, piece)
    assert read_midi(piece, high=LOW + 1) == music
    assert metres(piece) == [metre]


@pytest.mark.parametrize("steps", [257, 1022, 4081])
def test_bars_that_midi_does_not_know_are_refused(piece, steps):
    music = lv.Piece(np.ones((2 * steps, 1, 2)), positions_of_bars(2 * steps, steps))
    with pytest.raises(ValueError, match=f"a bar of {steps} sixteenths is too long"):
        write_midi(music, piece)
    assert not piece.exists()


@given(music(), st.integers(0, 116))
def test_notes_picked_out_and_laid_back_are_the_same_music(states, low):
    notes = notes_from_states(states, low)
    assert sorted(notes, key=lambda note: (note[1], note[0])) == notes_in(states, low)
    again = states_from_notes(notes, len(states), low, low + states.shape[1])
    assert np.array_equal(again, states)


def test_all_128_midi_notes_make_the_journey(piece):
    states = np.ones((3, 128, 2), np.uint8)
    write_midi(states, piece, low=0)
    assert np.array_equal(read_midi(piece, low=0, high=128), states)


def test_silence_can_be_written_but_is_no_music_to_read(piece):
    write_midi(np.zeros((37, 78, 2)), piece)
    assert mido.MidiFile(piece).length == pytest.approx(37 / 8)
    assert says(piece).endswith(
        "holds no notes in this range (0 drum notes, 0 outside C1 to F7)"
    )


def test_silence_around_the_notes_keeps_its_length(piece):
    states = states_from_notes([(C, 20, 21)], steps=57)
    write_midi(states, piece)
    assert np.array_equal(read_midi(piece), states)


def test_the_longest_music_that_is_read_can_be_written(piece):
    states = states_from_notes([(LOW, 0, 1)], MAX_STEPS, high=LOW + 1)
    write_midi(states, piece)
    assert read_midi(piece, high=LOW + 1) == lv.Piece(states)


def test_a_note_held_from_nowhere_is_struck_in_the_file(piece):
    held = np.zeros((4, 2, 2), np.uint8)
    held[0:2, 0, PLAYED] = 1  # held from before the piece
    held[2:4, 1, PLAYED] = 1  # held out of a silence
    write_midi(held, piece)
    assert notes_in(read_midi(piece)) == [(LOW, 0, 2), (LOW + 1, 2, 4)]


def test_the_default_range_is_the_same_both_ways(piece):
    states = states_from_notes([(24, 0, 3), (60, 1, 2), (101, 2, 4)], steps=4)
    write_midi(states, piece)
    assert np.array_equal(read_midi(piece), states)


# What another program hears


def stretches(piece):
    """Return (step, sixteenths) of each bar, with the pickup as a bar of its own."""
    starts = bar_lines(piece.position).tolist()
    if starts[0] > 0:
        starts.insert(0, 0)
    lengths = np.diff([*starts, len(piece)]).tolist()
    lengths[-1] = bar_length(piece.position)  # it may not be complete
    return list(zip(starts, lengths, strict=True))


@given(pieces())
def test_pretty_midi_hears_the_same_notes_tempo_and_bars(scratch, piece):
    piece.states[-1, 0] = 1  # for pretty_midi, bars end with the last note
    write_midi(piece, scratch)
    heard = pretty_midi.PrettyMIDI(str(scratch))
    _, tempi = heard.get_tempo_changes()
    assert tempi == pytest.approx([piece.bpm], rel=1e-5)
    step = 60 / tempi[0] / 4

    played = [note for track in heard.instruments for note in track.notes]
    played = sorted(played, key=lambda note: (note.start, note.pitch))
    expected = notes_in(piece, piece.low)
    assert [note.pitch for note in played] == [note for note, _, _ in expected]
    times = [(note.start / step, note.end / step) for note in played]
    assert np.allclose(times, [(a, b) for _, a, b in expected], atol=1e-6)

    bars = stretches(piece)
    changes = [bars[0]] + [b for a, b in pairwise(bars) if a[1] != b[1]]
    found = [
        (sign.time / step, 16 * sign.numerator / sign.denominator)
        for sign in heard.time_signature_changes
    ]
    assert np.allclose(found, changes, atol=1e-6)
    downbeats = heard.get_downbeats() / step
    inside = downbeats < len(piece) - 0.5  # rounding may leave one at the very end
    assert np.allclose(downbeats[inside], [start for start, _ in bars], atol=1e-3)


def test_at_the_default_tempo_a_beat_lasts_half_a_second(piece):
    write_midi(states_from_notes([(C, 4, 8)], steps=8), piece)
    (note,) = pretty_midi.PrettyMIDI(str(piece)).instruments[0].notes
    assert (note.start, note.end) == (0.5, 1.0)


def test_a_note_struck_again_is_let_go_first(piece):
    write_midi(states_from_notes([(C, 0, 1), (C, 1, 2)], steps=2), piece)
    track = mido.MidiFile(piece).tracks[0]
    strokes = [(m.type[5:], m.time) for m in track if not m.is_meta]
    assert strokes == [("on", 0), ("off", 120), ("on", 0), ("off", 120)]


# The sixteenth grid


@pytest.mark.parametrize("tpb", [24, 25, 30, 96, 97, 101, 120, 384, 479, 1023, 15360])
def test_a_note_goes_to_the_nearest_step_at_every_resolution(piece, tpb):
    for tick in range(0, 2 * tpb, max(1, tpb // 48)):
        midi_file(piece, [(tick, on()), (tick + 2 * tpb, off())], tpb=tpb)
        nearest = floor(Fraction(4 * tick, tpb) + Fraction(1, 2))
        assert notes_in(read_silently(piece)) == [(C, nearest, nearest + 8)]


@pytest.mark.parametrize("tpb", [24, 96, 120, 480, 15360])
def test_halfway_between_two_steps_belongs_to_the_later(piece, tpb):
    half = tpb // 8
    midi_file(piece, [(half, on()), (9 * half, off())], tpb=tpb)
    assert notes_in(read_silently(piece)) == [(C, 1, 5)]
    midi_file(piece, [(half - 1, on()), (9 * half - 1, off())], tpb=tpb)
    assert notes_in(read_silently(piece)) == [(C, 0, 4)]


def test_rounding_never_drifts_over_a_long_piece(piece):
    tpb = 97  # a sixteenth is 24.25 ticks
    starts = [round(97 * step / 4) for step in range(0, 4000, 3)]
    events = [(start, on()) for start in starts]
    events += [(start + 24, off()) for start in starts]
    midi_file(piece, sorted(events, key=lambda e: e[0]), tpb=tpb)
    heard = notes_in(read_midi(piece))
    assert [start for _, start, _ in heard] == list(range(0, 4000, 3))


def test_the_shortest_note_still_sounds_for_one_step(piece):
    midi_file(piece, [(0, on()), (1, off()), (8 * STEP, on()), (8 * STEP, off())])
    assert notes_in(read_midi(piece)) == [(C, 0, 1), (C, 8, 9)]


def test_music_lasts_until_its_last_track_ends(piece):
    midi_file(
        piece,
        [(0, on()), (STEP, off()), (2 * STEP, end())],
        [(int(20.5 * STEP), end())],
        [],
    )
    assert len(read_midi(piece)) == 21


def test_music_lasts_at_least_as_long_as_its_last_note(piece):
    midi_file(piece, [(3 * STEP, on()), (3 * STEP + 1, off())])
    assert len(read_midi(piece)) == 4


# Notes


def test_a_note_on_without_velocity_is_a_note_off(piece):
    midi_file(piece, [(0, on()), (2 * STEP, on(velocity=0)), (4 * STEP, end())])
    assert notes_in(read_midi(piece)) == [(C, 0, 2)]


def test_running_status_saves_the_repeated_status_byte(piece):
    strokes = b"\x00\x90\x3c\x40\x78\x3c\x00\x00\x3e\x40\x78\x3e\x00"
    raw_file(piece, strokes + b"\x00\xff\x2f\x00", type=0)
    assert notes_in(read_midi(piece)) == [(60, 0, 1), (62, 1, 2)]


def test_an_off_ends_the_earliest_of_two_overlapping_notes(piece):
    midi_file(
        piece,
        [(0, on()), (2 * STEP, on()), (4 * STEP, off()), (12 * STEP, off())],
    )
    states = read_midi(piece)[:, C - LOW]
    assert states[:, PLAYED].tolist() == [1] * 12
    assert np.flatnonzero(states[:, ARTICULATED]).tolist() == [0, 2]


def test_a_note_let_go_and_struck_at_once_is_struck_twice(piece):
    midi_file(piece, [(0, on()), (480, on()), (480, off()), (960, off())])
    assert notes_in(read_midi(piece)) == [(C, 0, 4), (C, 4, 8)]


def test_a_note_never_let_go_ends_with_its_track(piece):
    midi_file(piece, [(0, on()), (6 * STEP, end())], [(9 * STEP, end())])
    assert notes_in(read_midi(piece)) == [(C, 0, 6)]


def test_a_note_struck_twice_and_let_go_once_does_not_sound_on_for_ever(piece):
    midi_file(piece, [(0, on()), (STEP, on()), (3 * STEP, off()), (50 * STEP, end())])
    assert notes_in(read_midi(piece)) == [(C, 0, 1), (C, 1, 3)]


def test_an_off_for_a_silent_note_means_nothing(piece):
    midi_file(piece, [(0, off()), (STEP, on()), (2 * STEP, off()), (480, off())])
    assert notes_in(read_midi(piece)) == [(C, 1, 2)]


def test_tracks_and_channels_sound_together(piece):
    midi_file(
        piece,
        [(0, on(60)), (0, on(64, channel=1)), (480, off(64, 1)), (960, off(60))],
        [(0, on(67, channel=0)), (480, off(67))],
    )
    assert notes_in(read_midi(piece)) == [(60, 0, 8), (64, 0, 4), (67, 0, 4)]


def test_each_channel_and_each_track_lets_go_of_its_own_notes(piece):
    midi_file(
        piece,
        [
            (0, on(channel=0)),
            (480, on(channel=1)),
            (960, off(channel=1)),
            (1920, end()),
        ],
        [(1440, off()), (2400, end())],
    )
    # nobody lets go of the first channel's note, so it ends with its track
    assert notes_in(read_midi(piece)) == [(C, 0, 4), (C, 4, 16)]
    midi_file(
        piece,
        [(0, on()), (960, off())],
        [(480, on()), (600, off()), (1920, end())],
    )
    assert notes_in(read_midi(piece)) == [(C, 0, 4), (C, 4, 8)]


def test_drums_are_no_notes(piece):
    midi_file(
        piece,
        [(0, on(36, channel=9)), (480, off(36, 9)), (480, on()), (960, off())],
    )
    with pytest.warns(UserWarning, match=r"piece\.mid: 1 drum note left out$"):
        assert notes_in(read_midi(piece)) == [(C, 4, 8)]


def test_notes_out_of_range_are_left_out(piece):
    chord = [59, 60, 71, 72]
    events = [(0, on(n)) for n in chord] + [(480, off(n)) for n in chord]
    midi_file(piece, events)
    with pytest.warns(UserWarning, match="2 notes outside C4 to B4 left out$"):
        states = read_midi(piece, low=60, high=72)
    assert states.shape == (4, 12, 2)
    assert states.low == 60
    assert notes_in(states, low=60) == [(60, 0, 4), (71, 0, 4)]
    assert [n for n, _, _ in notes_in(read_midi(piece))] == chord


def test_a_file_without_notes_in_the_range_says_what_it_holds(piece):
    drums = [(tick, on(36 + tick, channel=9)) for tick in range(8)]
    midi_file(piece, drums, [(0, on(20)), (0, on(110)), (480, end())])
    assert says(piece).endswith(
        "holds no notes in this range (8 drum notes, 2 outside C1 to F7)"
    )
    assert "0 drum notes, 1 outside A-1 to A-1)" in says(
        midi_file(piece, [(0, on())]), low=9, high=10
    )


@pytest.mark.parametrize(("distance", "warns"), [(0.14, False), (0.16, True)])
def test_music_that_was_played_freely_is_read_with_a_warning(piece, distance, warns):
    ticks = [
        round(1000 * step + 1000 * distance * (-1) ** step) for step in range(1, 9)
    ]
    strokes = [(tick, message()) for tick in ticks for message in (on, off)]
    midi_file(piece, strokes, tpb=4000)
    music, report = read_with_report(piece)
    assert report.distance == pytest.approx(distance)
    assert report.unaligned == warns
    assert len(report.lines()) == warns
    assert [start for _, start, _ in notes_in(music)] == list(range(1, 9))
    if warns:
        with pytest.warns(
            UserWarning, match="onsets are 0.16 steps from the sixteenth"
        ):
            assert read_midi(piece) == music


def test_only_notes_that_are_kept_tell_how_music_was_played(piece):
    midi_file(
        piece,
        [(0, on()), (480, off())],
        [(60, on(127)), (60, on(36, channel=9)), (480, off(127))],
    )
    _, report = read_with_report(piece)
    assert report == (1, 1, 1, 0.0, "C1 to F7")
    assert len(report.lines()) == 2
    with pytest.warns(UserWarning, match="left out") as caught:
        read_midi(piece)
    assert [str(warning.message) for warning in caught] == [
        f"{piece}: {line}" for line in report.lines()
    ]
    assert caught[0].filename == __file__  # of the line that reads


# Types of files


def test_a_type_0_file_is_one_track(piece):
    midi_file(piece, [(0, on()), (480, off())], type=0)
    assert notes_in(read_midi(piece)) == [(C, 0, 4)]


def test_the_patterns_of_a_type_2_file_follow_each_other_from_bar_lines(piece):
    midi_file(
        piece,
        [(0, on(60)), (480, off(60)), (17 * STEP, end())],
        [(0, on(62)), (480, off(62)), (16 * STEP, end())],
        [(STEP, on(64)), (480, off(64))],
        type=2,
    )
    states = read_midi(piece)
    assert notes_in(states) == [(60, 0, 4), (62, 32, 36), (64, 49, 52)]
    assert len(states) == 52


def test_a_type_2_pattern_has_its_own_metres(piece):
    midi_file(
        piece,
        [(0, metre(3, 4)), (0, on(60)), (480, off(60)), (14 * STEP, end())],
        [(0, on(61)), (480, off(61))],
        [],
        [(0, metre(5, 8)), (0, on(62)), (480, off(62))],
        type=2,
    )
    music = read_midi(piece)
    # 14 steps of 3/4 are filled up to 24, four steps of 4/4 to 16
    assert notes_in(music) == [(60, 0, 4), (61, 24, 28), (62, 40, 44)]
    bars = [*range(12), *range(12), *range(16), *range(4)]
    assert music.position.tolist() == bars


def test_a_pattern_shorter_than_a_bar_is_filled_up_to_its_own_bar_line(piece):
    note = [(0, on()), (480, off())]
    midi_file(piece, [(0, metre(3, 4)), *note], [(0, metre(5, 4)), *note], note, type=2)
    music = read_midi(piece)
    assert notes_in(music) == [(C, 0, 4), (C, 12, 16), (C, 32, 36)]
    assert music.position.tolist() == [*range(12), *range(20), *range(4)]


def test_only_the_first_pattern_of_a_type_2_file_has_a_pickup(piece):
    pattern = [
        *((0, metre(1, 4)), (0, on()), (480, off())),
        *((480, metre(3, 4)), (16 * STEP, end())),
    ]
    midi_file(piece, pattern, pattern, type=2)
    music = read_midi(piece)
    assert notes_in(music) == [(C, 0, 4), (C, 16, 20)]
    bars = [*range(8, 12), *range(12), *range(4), *range(12)]
    assert music.position.tolist() == bars


def test_the_tracks_of_type_1_share_their_metres(piece):
    midi_file(
        piece,
        [(16 * STEP, metre(3, 4))],
        [(0, on(60)), (480, off(60)), (16 * STEP, on(62)), (32 * STEP, off(62))],
    )
    music = read_midi(piece)
    assert notes_in(music) == [(60, 0, 4), (62, 16, 32)]
    assert music.position.tolist() == [*range(16), *range(12), *range(4)]


# Bars: more about them is in test_bars.py


def scale(*changes, steps=64):
    """Return two tracks: the metres as (step, metre), and a note on every step."""
    notes = [(t * STEP, on(36 + t)) for t in range(steps)]
    notes += [((t + 1) * STEP, off(36 + t)) for t in range(steps)]
    return (
        [(step * STEP, metre(*name)) for step, name in changes],
        sorted(notes, key=lambda event: event[0]),
    )


@pytest.mark.parametrize(
    "name", [(4, 4), (2, 4), (2, 2), (3, 4), (6, 8), (5, 4), (12, 8), (7, 16), (3, 2)]
)
def test_music_is_read_whole_in_every_metre(piece, name):
    midi_file(piece, *scale((0, name)))
    music = read_midi(piece)
    assert notes_in(music) == [(36 + t, t, t + 1) for t in range(64)]
    count, unit = name
    assert np.array_equal(music.position, positions_of_bars(64, 16 * count // unit))


def test_music_is_read_whole_through_all_changes_of_metre(piece):
    midi_file(piece, *scale((0, (4, 4)), (32, (3, 4)), (44, (5, 8)), (54, (6, 8))))
    music = read_midi(piece)
    assert notes_in(music) == [(36 + t, t, t + 1) for t in range(64)]
    bars = [range(16), range(16), range(12), range(10), range(10)]
    assert music.position.tolist() == [step for bar in bars for step in bar]


def test_a_note_may_be_held_over_a_change_of_metre(piece):
    midi_file(
        piece, [(14 * STEP, on()), (20 * STEP, off())], [(16 * STEP, metre(3, 4))]
    )
    assert notes_in(read_midi(piece)) == [(C, 14, 20)]


def test_a_metre_after_the_last_step_changes_nothing(piece):
    midi_file(piece, [(0, on()), (480, off()), (480, metre(3, 4))])
    music = read_midi(piece)
    assert notes_in(music) == [(C, 0, 4)]
    assert music.position.tolist() == [0, 1, 2, 3]


def test_of_two_metres_at_once_the_last_counts(piece):
    midi_file(piece, *scale((0, (3, 4)), (0, (5, 4)), (40, (3, 4)), (40, (2, 4))))
    expected = [*range(20), *range(20), *range(8), *range(8), *range(8)]
    assert read_midi(piece).position.tolist() == expected
    midi_file(piece, [(0, metre(3, 4))], [(0, metre(5, 4))], scale(steps=40)[1])
    assert read_midi(piece).position.tolist() == expected[:40]


def test_the_order_of_metres_is_that_of_time_not_of_tracks(piece):
    notes = scale(steps=36)[1]
    midi_file(piece, [(28 * STEP, metre(4, 4))], [(16 * STEP, metre(3, 4))], notes)
    bars = [*range(16), *range(12), *range(8)]
    assert read_midi(piece).position.tolist() == bars


def test_a_short_first_bar_is_a_pickup(piece):
    midi_file(piece, *scale((0, (3, 8)), (6, (2, 2)), steps=30))
    music = read_midi(piece)
    assert music.position.tolist() == [*range(10, 16), *range(16), *range(8)]
    assert music.bars.tolist() == [0] * 6 + [1] * 16 + [2] * 8


# Tempo


def bpm_of(path, *changes, steps=32, other=()):
    """Return the tempo that is read of a note with changes of tempo: (beat, bpm)."""
    changes = [(TPB * beat, tempo(bpm)) for beat, bpm in changes]
    midi_file(path, changes, [(0, on()), (steps * STEP, off())], *other)
    return read_midi(path).bpm


def test_the_tempo_is_that_of_the_file(piece):
    assert bpm_of(piece) == 120  # MIDI's own where nothing is said
    assert bpm_of(piece, (0, 72)) == 72
    assert bpm_of(piece, (0, 96.3)) == 96.3
    assert bpm_of(piece, (0, 50), (0, 80)) == 80  # of two at once the last one


def test_of_several_tempos_the_mean_is_read(piece):
    # 4 quarters at 120 and 4 at 60 last 2 s + 4 s: 8 quarters in 6 s
    assert bpm_of(piece, (0, 120), (4, 60)) == 80
    # 2 quarters at 120, 4 at 240, 2 at 30: 1 s + 1 s + 4 s
    assert bpm_of(piece, (2, 240), (6, 30)) == 80
    # 1 quarter at 100, 7 at 70: 0.6 s + 6 s
    assert bpm_of(piece, (0, 100), (1, 70)) == 72.73


def test_a_tempo_after_the_music_does_not_count(piece):
    assert bpm_of(piece, (0, 90), (8, 300)) == 90


def test_tempos_count_in_the_order_of_time_whatever_their_track(piece):
    other = [(0, tempo(60)), (2 * TPB, tempo(120))]
    # 2 quarters at 60, 2 at 120, 4 at 240: 2 s + 1 s + 1 s
    assert bpm_of(piece, (4, 240), other=[other]) == 120


def test_every_pattern_of_a_type_2_file_has_its_own_tempo(piece):
    note = [(0, on()), (4 * TPB, off())]
    midi_file(piece, note, [(0, tempo(240)), *note], [], type=2)
    assert read_midi(piece).bpm == 160  # 4 quarters in 2 s, and 4 in 1 s


def test_the_mean_tempo_leaves_the_length_of_the_music_as_it_was(piece):
    bpm_of(piece, (0, 120), (4, 60), (5, 180), (7, 45), steps=32)
    music = read_midi(piece)
    assert len(music) * 15 / music.bpm == pytest.approx(
        mido.MidiFile(piece).length, rel=1e-4
    )


# Files that are no music


@pytest.mark.parametrize("division", [0xE728, 0xE250, 0x8000, 0])
def test_smpte_time_has_no_beats_and_is_refused(piece, division):
    raw_file(piece, b"\x00\xff\x2f\x00", division=division)
    assert "SMPTE" in says(piece)


@pytest.mark.parametrize("type", [3, 7, 0xFFFF])
def test_there_are_three_types_of_files(piece, type):
    raw_file(piece, b"\x83\x60\xff\x2f\x00", type=type)
    assert f"MIDI files are of type 0, 1 or 2, not {type}" in says(piece)


def test_a_file_of_no_length_holds_no_notes(piece):
    midi_file(piece, [(0, end())])
    assert "holds no notes" in says(piece)
    midi_file(piece)
    assert "holds no notes" in says(piece)


def test_a_broken_time_does_not_ask_for_years_of_silence(piece):
    raw_file(piece, b"\xff\xff\xff\x7f\xff\x2f\x00")
    assert str(MAX_STEPS) in says(piece)
    midi_file(piece, [((MAX_STEPS + 1) * STEP, end())])
    assert str(MAX_STEPS) in says(piece)


def test_many_patterns_may_not_add_up_to_years_either(piece):
    pattern = [(0, on()), (STEP, off()), (MAX_STEPS // 2 * STEP, end())]
    midi_file(piece, pattern, pattern, type=2)
    assert len(read_midi(piece)) == MAX_STEPS
    midi_file(piece, pattern, pattern, [(STEP, end())], type=2)
    assert str(MAX_STEPS) in says(piece)


@pytest.mark.parametrize(
    "data", [b"", b"M", b"MThd", b"RIFF\0\0\0\0WAVE", b"Dear diary,\n" * 9, b"\0" * 99]
)
def test_what_is_not_midi_is_refused(piece, data):
    piece.write_bytes(data)
    assert "MIDI" in says(piece)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "there is no such file" in says(tmp_path / "nothing.mid")
    assert "is a folder" in says(tmp_path)


def test_paths_may_be_strings(piece):
    write_midi(np.ones((1, 1, 2)), str(piece))
    assert read_midi(str(piece)).shape == (1, 78, 2)


@pytest.mark.parametrize(("low", "high"), [(60, 60), (61, 60), (0, 129)])
def test_a_range_has_notes_in_it_that_midi_knows(piece, low, high):
    write_midi(np.ones((1, 1, 2)), piece)
    assert "0 ... 127" in says(piece, low=low, high=high)


def example(path):
    """Write a small file with all kinds of messages, and return its bytes."""
    text = mido.MetaMessage("text", text="na\xefve")
    program = mido.Message("program_change", program=3)
    midi_file(
        path,
        [(0, text), (0, metre(4, 4)), (0, mido.MetaMessage("key_signature", key="D"))],
        [(0, program), (0, on()), (480, on(64)), (960, off()), (1440, off(64))],
        [(0, mido.Message("sysex", data=(1, 2, 3))), (0, on(40)), (1000, on(40, 0, 0))],
    )
    return path.read_bytes()


def assert_read_or_refused(path):
    try:
        assert read_silently(path).shape[1:] == (78, 2)
    except ValueError:
        says(path)


def test_a_file_cut_off_in_a_chunk_is_refused(piece):
    whole = example(piece)
    assert len(read_midi(piece)) == 12
    starts = [track.start() for track in re.finditer(b"MTrk", whole)]
    between = {start + n for start in starts for n in range(4)}
    for length in set(range(len(whole))) - between:
        piece.write_bytes(whole[:length])
        assert "too early" in says(piece) or length < 4


def test_of_a_broken_file_the_byte_is_named(piece):
    raw_file(piece, b"\x00\x3c\x40\x00\xff\x2f\x00")
    assert "byte 23: a data byte where an event must begin" in says(piece)


@settings(max_examples=4 * settings.default.max_examples)
@given(st.lists(st.tuples(st.integers(0, 999), st.integers(0, 255)), max_size=5))
def test_a_damaged_file_is_read_or_refused_in_one_line(scratch, damage):
    data = bytearray(example(scratch))
    for place, byte in damage:
        data[place % len(data)] = byte
    scratch.write_bytes(data)
    assert_read_or_refused(scratch)


@given(st.binary(max_size=60))
def test_a_track_of_any_bytes_is_read_or_refused_in_one_line(scratch, track):
    raw_file(scratch, track)
    assert_read_or_refused(scratch)


# Files that are only odd

STROKE = b"\x00\x90\x3c\x40\x78\x80\x3c\x00\x00\xff\x2f\x00"  # one step of middle C


@pytest.mark.parametrize("text", [b"\xff\xfe\x00", b"\x83\x65\x83\x7d", "夜".encode()])
def test_text_in_any_alphabet_is_passed_over(piece, text):
    raw_file(piece, b"\x00\xff\x03" + bytes([len(text)]) + text + STROKE)
    assert notes_in(read_midi(piece)) == [(C, 0, 1)]


@pytest.mark.parametrize("key", [b"\x08\x00", b"\xf7\x02", b"\x00\xff"])
def test_an_impossible_key_signature_is_passed_over(piece, key):
    raw_file(piece, b"\x78\xff\x59\x02" + key + STROKE)
    assert notes_in(read_midi(piece)) == [(C, 1, 2)]


@pytest.mark.parametrize("kind", [0x08, 0x0A, 0x4B, 0x60])
def test_an_unknown_meta_event_takes_its_time(piece, kind):
    event = b"\x78\xff" + bytes([kind]) + b"\x03abc"
    raw_file(piece, event + event + STROKE)
    assert notes_in(read_midi(piece)) == [(C, 2, 3)]


def test_in_a_metre_of_0_4_the_metre_before_goes_on(piece):
    zero = b"\x78\xff\x58\x04\x00\x02\x18\x08"
    raw_file(piece, zero + STROKE)
    assert read_midi(piece).position.tolist() == [0, 1]
    third = b"\x00\xff\x58\x02\x01\x04"  # 1/16; two bytes are enough
    raw_file(piece, third + zero + zero + STROKE)
    assert read_midi(piece).position.tolist() == [0, 0, 0]


@pytest.mark.parametrize("name", ["piece.rmi", "piece.mid"])
def test_a_midi_file_in_a_riff_file_is_read(tmp_path, name):
    midi = raw_file(tmp_path / name, STROKE).read_bytes()
    size = struct.pack("<L", len(midi))
    (tmp_path / name).write_bytes(b"RIFF\x2e\x00\x00\x00RMIDdata" + size + midi)
    assert notes_in(read_midi(tmp_path / name)) == [(C, 0, 1)]


def test_data_bytes_beyond_127_do_no_harm(piece):
    raw_file(piece, b"\x00\x90\x3c\xff\x78\x80\x3c\xff\x00\xff\x2f\x00")
    assert notes_in(read_midi(piece)) == [(C, 0, 1)]


# Writing what cannot be written

GOOD = np.ones((2, 3, 2), np.uint8)


@pytest.mark.parametrize(
    ("states", "arguments", "word"),
    [
        (np.zeros((0, 78, 2)), {}, "at least one step"),
        (np.zeros((4, 0, 2)), {}, "0 ... 127"),
        (np.zeros((5, 4, 78, 2)), {}, "(5, 4, 78, 2)"),
        (np.zeros((4, 78)), {}, "(T, N, 2)"),
        (np.full((4, 3, 2), 7), {}, "neither 0 nor 1"),
        (np.full((4, 3, 2), (0, 1)), {}, "not played"),
        (GOOD, {"low": -1}, "low must be"),
        (GOOD, {"low": 126}, "0 ... 127"),
        (GOOD, {"bpm": 0}, "bpm"),
        (GOOD, {"bpm": -120}, "bpm"),
        (GOOD, {"bpm": float("nan")}, "bpm"),
        (GOOD, {"bpm": float("inf")}, "bpm"),
        (GOOD, {"bpm": 3}, "bpm"),  # 20 seconds a beat: more than 24 bits
        (GOOD, {"bpm": 1e9}, "bpm"),
    ],
)
def test_what_cannot_be_written_leaves_the_old_file_as_it_was(
    piece, states, arguments, word
):
    piece.write_bytes(b"old")
    with pytest.raises(ValueError, match=r"piece\.mid: .*") as caught:
        write_midi(states, piece, **arguments)
    assert word in str(caught.value)
    assert "\n" not in str(caught.value)
    assert piece.read_bytes() == b"old"
    assert os.listdir(piece.parent) == ["piece.mid"]


@pytest.mark.parametrize("bpm", [3.58, 4, 59.99, 6e7, np.float32(90)])
def test_every_tempo_of_24_bits_can_be_written(piece, bpm):
    write_midi(GOOD, piece, bpm=bpm)
    assert mido.MidiFile(piece).tracks[0][0].tempo == round(60e6 / float(bpm))


def test_a_disk_that_fails_midway_leaves_the_old_file(piece, monkeypatch):
    def fail(self, file):
        file.write(b"MThd")
        raise OSError("no space left on device")

    piece.write_bytes(b"old")
    monkeypatch.setattr(mido.MidiFile, "_save", fail)
    with pytest.raises(ValueError, match=r"written .no space left"):
        write_midi(GOOD, piece)
    assert piece.read_bytes() == b"old"
    assert os.listdir(piece.parent) == ["piece.mid"]


def test_music_needs_a_folder_to_be_written_into(tmp_path):
    with pytest.raises(ValueError, match="folder"):
        write_midi(GOOD, tmp_path / "nowhere" / "piece.mid")
    with pytest.raises(ValueError, match="folder"):
        write_midi(GOOD, tmp_path)


def test_writing_does_not_touch_the_music(piece):
    states = GOOD.copy()
    write_midi(states, piece)
    assert np.array_equal(states, GOOD)


# Files that are large on purpose. If time or memory were quadratic in what they are
# full of, reading them would take minutes or gigabytes.


def test_ten_thousand_changes_of_metre(piece):
    change = b"\x78\xff\x58\x04%c\x04\x18\x08"  # a step later: 1/16, 2/16, 1/16 ...
    changes = b"".join(change % (1 + n % 2) for n in range(10_000))
    raw_file(piece, changes + STROKE)
    music = read_midi(piece)
    assert len(music) == 10_001
    assert music.position[0] == 0
    assert not music.position[2:].any()  # each bar of 2/16 is cut off after a step
    assert notes_in(music) == [(C, 10_000, 10_001)]


@pytest.mark.slow
def test_a_type_2_file_of_32767_patterns(piece):
    bar = b"\x00\xff\x58\x04\x01\x04\x18\x08"  # 1/16
    raw_file(piece, *[bar + STROKE] * 32767, type=2)
    music = read_midi(piece)
    assert len(music) == 32767
    assert music[:, C - LOW].all()
    assert not music.position.any()


@pytest.mark.slow
def test_a_type_2_file_of_32767_patterns_that_fill_up_bars_of_4_4(piece):
    raw_file(piece, *[STROKE] * 32767, type=2)  # half a million steps, nearly silent
    assert "lasts over 65536 sixteenths" in says(piece)


def test_65000_events_of_an_unknown_kind(piece):
    raw_file(piece, b"\x01\xff\x60\x01x" * 65_000 + STROKE)
    start = round(65_000 / STEP)
    with pytest.warns(UserWarning, match="played freely"):
        assert notes_in(read_midi(piece)) == [(C, start, start + 1)]


@pytest.mark.parametrize("notes", [20_000, pytest.param(10**5, marks=pytest.mark.slow)])
def test_notes_that_overlap(piece, notes):
    ons, offs = b"\x00\x90\x3c\x40" * notes, b"\x01\x80\x3c\x00" * notes
    raw_file(piece, ons + offs + b"\x00\xff\x2f\x00")
    assert notes_in(read_midi(piece)) == [(C, 0, round(notes / STEP))]
    raw_file(piece, ons + b"\x78\xff\x2f\x00")  # none of them ends
    assert notes_in(read_midi(piece)) == [(C, 0, 1)]
