"""What a MIDI file says, and what of it becomes music on the sixteenth grid."""

import os
import re
import struct
from fractions import Fraction
from itertools import pairwise
from math import floor

import mido
import numpy as np
import pretty_midi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from lstmviz.music.midi import MAX_STEPS, read_midi, write_midi
from lstmviz.music.notes import (
    ARTICULATED,
    LOW,
    PLAYED,
    notes_from_states,
    states_from_notes,
)

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
    """Return note states as [(note, start, stop)], the inverse of laying out."""
    notes = []
    for n in range(states.shape[1]):
        starts = np.flatnonzero(states[:, n, ARTICULATED])
        for start, limit in pairwise([*starts, len(states)]):
            stop = start
            while stop < limit and states[stop, n, PLAYED]:
                stop += 1
            notes.append((low + n, int(start), int(stop)))
    return sorted(notes, key=lambda note: (note[1], note[0]))


def says(path, **arguments):
    """Return what is said about a file that cannot be read; it is one line."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        read_midi(path, **arguments)
    message = str(caught.value)
    assert str(path) in message
    assert "\n" not in message
    return message


@pytest.fixture
def piece(tmp_path):
    return tmp_path / "piece.mid"


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A file that hypothesis may write again and again."""
    return tmp_path_factory.mktemp("midi") / "scratch.mid"


@st.composite
def music(draw):
    """Note states in which every note begins with being struck."""
    shape = draw(st.integers(1, 40)), draw(st.integers(1, 12))
    played = draw(arrays(np.uint8, shape, elements=st.integers(0, 1)))
    again = draw(arrays(np.uint8, shape, elements=st.integers(0, 1)))
    before = np.vstack([np.zeros((1, shape[1]), np.uint8), played[:-1]])
    return np.stack([played, played & (again | (1 - before))], axis=-1)


# There and back


@given(music(), st.integers(0, 116))
def test_music_written_and_read_is_the_same_music(scratch, states, low):
    write_midi(states, scratch, low=low)
    again = read_midi(scratch, low=low, high=low + states.shape[1])
    assert again.dtype == np.uint8
    assert np.array_equal(again, states)


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


def test_silence_is_music_and_keeps_its_length(piece):
    write_midi(np.zeros((37, 78, 2)), piece)
    assert np.array_equal(read_midi(piece), np.zeros((37, 78, 2)))


def test_the_longest_music_that_is_read_can_be_written(piece):
    write_midi(np.zeros((MAX_STEPS, 1, 2)), piece)
    assert read_midi(piece, high=LOW + 1).shape == (MAX_STEPS, 1, 2)


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


@given(music(), st.floats(20, 400))
def test_pretty_midi_hears_the_same_notes_times_and_tempo(scratch, states, bpm):
    write_midi(states, scratch, bpm=bpm, low=C)
    heard = pretty_midi.PrettyMIDI(str(scratch))
    _, tempi = heard.get_tempo_changes()
    assert tempi == pytest.approx([bpm], rel=1e-5)
    assert [
        (s.numerator, s.denominator, s.time) for s in heard.time_signature_changes
    ] == [(4, 4, 0)]
    step = 60 / tempi[0] / 4
    played = [note for track in heard.instruments for note in track.notes]
    played = sorted(played, key=lambda note: (note.start, note.pitch))
    expected = notes_in(states, low=C)
    assert [note.pitch for note in played] == [note for note, _, _ in expected]
    times = [(note.start / step, note.end / step) for note in played]
    assert np.allclose(
        np.reshape(times, (-1, 2)),
        np.reshape([(a, b) for _, a, b in expected], (-1, 2)),
        atol=1e-6,
    )


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
    for tick in range(0, 2 * tpb, max(1, tpb // 97)):
        midi_file(piece, [(tick, on()), (tick + 2 * tpb, off())], tpb=tpb)
        nearest = floor(Fraction(4 * tick, tpb) + Fraction(1, 2))
        assert notes_in(read_midi(piece)) == [(C, nearest, nearest + 8)]


@pytest.mark.parametrize("tpb", [24, 96, 120, 480, 15360])
def test_halfway_between_two_steps_belongs_to_the_later(piece, tpb):
    half = tpb // 8
    midi_file(piece, [(half, on()), (9 * half, off())], tpb=tpb)
    assert notes_in(read_midi(piece)) == [(C, 1, 5)]
    midi_file(piece, [(half - 1, on()), (9 * half - 1, off())], tpb=tpb)
    assert notes_in(read_midi(piece)) == [(C, 0, 4)]


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


def test_where_the_earliest_note_is_skipped_its_off_is_skipped_with_it(piece):
    # The first note lies in 3/4 and ends in 4/4 at 14; the second, struck at 12,
    # ends at 20. Only the second is read, and only its own off may end it.
    midi_file(
        piece,
        [(0, metre(3, 4)), (12 * STEP, metre(4, 4)), (32 * STEP, end())],
        [(10 * STEP, on()), (12 * STEP, on()), (14 * STEP, off()), (20 * STEP, off())],
    )
    assert notes_in(read_midi(piece, other_metre="skip")) == [(C, 0, 8)]


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
    assert notes_in(read_midi(piece)) == [(C, 4, 8)]


def test_notes_out_of_range_are_left_out(piece):
    chord = [59, 60, 71, 72]
    events = [(0, on(n)) for n in chord] + [(480, off(n)) for n in chord]
    midi_file(piece, events)
    states = read_midi(piece, low=60, high=72)
    assert states.shape == (4, 12, 2)
    assert notes_in(states, low=60) == [(60, 0, 4), (71, 0, 4)]
    assert [n for n, _, _ in notes_in(read_midi(piece))] == chord


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
        [(0, on(60)), (480, off(60)), (4 * STEP, metre(3, 4)), (16 * STEP, end())],
        [(0, metre(3, 4)), (0, on(61)), (480, off(61))],
        [],
        [(0, on(62)), (480, off(62))],
        [],
        type=2,
    )
    assert len(read_midi(piece)) == 20
    expected = [(60, 0, 4), (62, 16, 20)]
    assert notes_in(read_midi(piece)) == expected
    assert notes_in(read_midi(piece, other_metre="skip")) == expected
    assert "3/4" in says(piece, other_metre="refuse")


def test_the_tracks_of_type_1_share_their_metres(piece):
    midi_file(
        piece,
        [(16 * STEP, metre(3, 4))],
        [(0, on(60)), (480, off(60)), (16 * STEP, on(62)), (20 * STEP, off(62))],
    )
    assert notes_in(read_midi(piece)) == [(60, 0, 4)]


# Metres


def scale(*changes, steps=64):
    """Return two tracks: the metres as (step, metre), and a note on every step."""
    notes = [(t * STEP, on(36 + t)) for t in range(steps)]
    notes += [((t + 1) * STEP, off(36 + t)) for t in range(steps)]
    return (
        [(step * STEP, metre(*name)) for step, name in changes],
        sorted(notes, key=lambda event: event[0]),
    )


@pytest.mark.parametrize(
    "name", [(4, 4), (2, 4), (1, 4), (2, 2), (8, 8), (4, 8), (8, 4), (4, 2), (16, 16)]
)
def test_metres_of_a_power_of_two_sixteenths_are_usable(piece, name):
    midi_file(piece, *scale((0, name)))
    for other_metre in ("stop", "skip", "refuse"):
        assert len(read_midi(piece, other_metre=other_metre)) == 64


@pytest.mark.parametrize(
    "name", [(3, 4), (6, 8), (5, 4), (12, 8), (3, 2), (7, 16), (1, 32), (5, 32)]
)
def test_other_metres_are_named_and_refused(piece, name):
    midi_file(piece, *scale((0, name)))
    for other_metre in ("stop", "skip", "refuse"):
        message = says(piece, other_metre=other_metre)
        assert f"{name[0]}/{name[1]}" in message
        assert "4/4" in message.split(";")[1]


def test_without_a_word_the_metre_is_four_four(piece):
    midi_file(piece, *scale())
    assert len(read_midi(piece, other_metre="refuse")) == 64


def test_music_goes_on_from_one_usable_metre_to_the_next(piece):
    midi_file(
        piece,
        [(0, metre(4, 4)), (16 * STEP, metre(2, 4)), (24 * STEP, metre(4, 4))],
        [(0, on()), (40 * STEP, off())],
    )
    for other_metre in ("stop", "skip", "refuse"):
        states = read_midi(piece, other_metre=other_metre)
        assert notes_in(states) == [(C, 0, 40)]


def test_stop_ends_the_music_where_another_metre_starts(piece):
    midi_file(piece, *scale((0, (4, 4)), (32, (3, 4)), (44, (4, 4))))
    states = read_midi(piece)
    assert notes_in(states) == [(36 + t, t, t + 1) for t in range(32)]
    assert len(states) == 32


def test_stop_cuts_the_notes_that_still_sound(piece):
    midi_file(
        piece, [(14 * STEP, on()), (20 * STEP, off())], [(16 * STEP, metre(3, 4))]
    )
    states = read_midi(piece)
    assert notes_in(states) == [(C, 14, 16)]
    assert len(states) == 16


def test_a_metre_after_the_last_step_changes_nothing(piece):
    midi_file(piece, [(0, on()), (480, off()), (480, metre(3, 4))])
    assert notes_in(read_midi(piece)) == [(C, 0, 4)]


def test_of_two_metres_at_once_the_last_counts(piece):
    midi_file(piece, *scale((0, (3, 4)), (0, (4, 4))))
    assert len(read_midi(piece, other_metre="refuse")) == 64


def test_skip_leaves_a_passage_out_and_goes_on(piece):
    midi_file(piece, *scale((0, (2, 4)), (16, (3, 4)), (28, (4, 4)), (60, (6, 8))))
    states = read_midi(piece, other_metre="skip")
    heard = [*range(16), *range(28, 60)]
    assert notes_in(states) == [(36 + t, i, i + 1) for i, t in enumerate(heard)]
    assert len(states) == len(heard)


def test_the_order_of_metres_is_that_of_time_not_of_tracks(piece):
    notes = scale()[1]
    midi_file(piece, [(32 * STEP, metre(4, 4))], [(16 * STEP, metre(3, 4))], notes)
    assert len(read_midi(piece)) == 16
    heard = [note for note, _, _ in notes_in(read_midi(piece, other_metre="skip"))]
    assert heard == [36 + t for t in (*range(16), *range(32, 64))]


def test_skip_may_skip_the_beginning(piece):
    midi_file(piece, *scale((0, (3, 4)), (12, (4, 4))))
    states = read_midi(piece, other_metre="skip")
    assert notes_in(states) == [(36 + t, t - 12, t - 11) for t in range(12, 64)]


def test_no_note_crosses_a_skipped_passage(piece):
    long = [(12, 20, 60), (12, 40, 61), (20, 40, 62), (20, 24, 63), (28, 40, 64)]
    events = [(a * STEP, on(n)) for a, _, n in long]
    events += [(b * STEP, off(n)) for _, b, n in long]
    midi_file(
        piece,
        [(16 * STEP, metre(3, 4)), (28 * STEP, metre(4, 4))],
        sorted(events, key=lambda event: event[0]),
    )
    states = read_midi(piece, other_metre="skip")
    assert notes_in(states) == [(60, 12, 16), (61, 12, 16), (64, 16, 28)]
    assert states[..., PLAYED].sum() == 4 + 4 + 12


def test_refuse_says_which_metre_and_where(piece):
    midi_file(piece, *scale((0, (4, 4)), (32, (6, 8))))
    message = says(piece, other_metre="refuse")
    assert "6/8" in message
    assert "step 32" in message


def test_there_are_three_things_to_do_about_other_metres(piece):
    midi_file(piece, *scale())
    message = says(piece, other_metre="waltz")
    assert all(word in message for word in ("stop", "skip", "refuse", "waltz"))


# Files that are no music


@pytest.mark.parametrize("division", [0xE728, 0xE250, 0x8000, 0])
def test_smpte_time_has_no_beats_and_is_refused(piece, division):
    raw_file(piece, b"\x00\xff\x2f\x00", division=division)
    assert "SMPTE" in says(piece)


@pytest.mark.parametrize("type", [3, 7, 0xFFFF])
def test_there_are_three_types_of_files(piece, type):
    raw_file(piece, b"\x83\x60\xff\x2f\x00", type=type)
    assert "0, 1 or 2" in says(piece)


def test_a_file_of_no_length_holds_no_music(piece):
    midi_file(piece, [(0, end())])
    assert "no music" in says(piece)
    midi_file(piece)
    assert "no music" in says(piece)


def test_a_broken_time_does_not_ask_for_years_of_silence(piece):
    raw_file(piece, b"\xff\xff\xff\x7f\xff\x2f\x00")
    assert str(MAX_STEPS) in says(piece)
    midi_file(piece, [((MAX_STEPS + 1) * STEP, end())])
    assert str(MAX_STEPS) in says(piece)


def test_many_patterns_may_not_add_up_to_years_either(piece):
    pattern = [(MAX_STEPS // 2 * STEP, end())]
    midi_file(piece, pattern, pattern, type=2)
    assert len(read_midi(piece, high=LOW + 1)) == MAX_STEPS
    midi_file(piece, pattern, pattern, [(STEP, end())], type=2)
    assert str(MAX_STEPS) in says(piece)


@pytest.mark.parametrize(
    "data", [b"", b"M", b"MThd", b"RIFF\0\0\0\0WAVE", b"Dear diary,\n" * 9, b"\0" * 99]
)
def test_what_is_not_midi_is_refused(piece, data):
    piece.write_bytes(data)
    assert "MIDI" in says(piece)


def test_a_missing_file_and_a_folder_are_refused(tmp_path):
    assert "No such file" in says(tmp_path / "nothing.mid")
    assert "directory" in says(tmp_path)


def test_paths_may_be_strings(piece):
    write_midi(np.ones((1, 1, 2)), str(piece))
    assert read_midi(str(piece)).shape == (1, 78, 2)


@pytest.mark.parametrize(("low", "high"), [(60, 60), (61, 60), (-1, 60), (0, 129)])
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
        assert read_midi(path).shape[1:] == (78, 2)
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


@settings(max_examples=400)
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
    zero = b"\x00\xff\x58\x04\x00\x02\x18\x08"
    raw_file(piece, zero + STROKE)
    assert notes_in(read_midi(piece, other_metre="refuse")) == [(C, 0, 1)]
    waltz = b"\x00\xff\x58\x02\x03\x02"  # two bytes are enough
    raw_file(piece, waltz + zero + STROKE)
    assert "3/4" in says(piece, other_metre="refuse")


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
        (np.zeros((0, 78, 2)), {}, "T > 0"),
        (np.zeros((4, 0, 2)), {}, "0 ... 127"),
        (np.zeros((5, 4, 78, 2)), {}, "(5, 4, 78, 2)"),
        (np.zeros((4, 78)), {}, "(T, N, 2)"),
        (np.full((4, 3, 2), 7), {}, "neither 0 nor 1"),
        (np.full((4, 3, 2), (0, 1)), {}, "not played"),
        (GOOD, {"low": -1}, "0 ... 127"),
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
    with pytest.raises(OSError, match="no space left"):
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
