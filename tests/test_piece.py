"""A piece: note states that know their bars, their tempo and their name."""

import re
import wave

import numpy as np
import pytest
from helpers import random_music, tiny_trace

import lstmviz as lv
from lstmviz.music.bars import positions_of_bars
from lstmviz.music.notes import LOW, PLAYED, states_from_notes
from lstmviz.music.piece import as_piece
from lstmviz.music.synth import RELEASE


@pytest.fixture
def waltz():
    """Three bars of 3/4 after a quarter note, for the notes E3 to C4."""
    return lv.Piece(
        random_music(0, T=40, N=9),
        positions_of_bars(40, bar=12, pickup=4),
        bpm=160,
        low=52,
        name="waltz",
    )


# Like an array


def test_a_piece_is_as_long_as_its_states(waltz):
    assert len(waltz) == 40
    assert waltz.shape == (40, 9, 2)
    assert np.asarray(waltz) is waltz.states
    assert np.asarray(waltz, float).dtype == float
    copy = np.array(waltz)
    copy[:] = 0
    assert waltz.states.any()


def test_plain_states_are_in_four_four_at_120(waltz):
    piece = lv.Piece(waltz.states)
    assert piece.position.tolist() == [*range(16), *range(16), *range(8)]
    assert (piece.bpm, piece.low, piece.name) == (120, LOW, "")


def test_states_of_any_type_become_bytes():
    piece = lv.Piece([[[1, 1], [0, 0]]])
    assert piece.states.dtype == np.uint8
    assert piece.states.tolist() == [[[1, 1], [0, 0]]]


def test_a_slice_keeps_its_place_in_the_bars(waltz):
    part = waltz[10:20]
    assert isinstance(part, lv.Piece)
    assert part.position.tolist() == [*range(6, 12), *range(4)]
    assert (part.bpm, part.low, part.name) == (160, 52, "waltz")
    assert np.array_equal(part.states, waltz.states[10:20])
    assert np.array_equal(waltz[-3:].position, waltz.position[-3:])
    assert np.array_equal(waltz[::1].position, waltz.position)
    assert waltz[:] == waltz


def test_four_bars_of_a_song():
    part = lv.song("prelude-in-c")[64:128]
    assert part.position.tolist() == list(range(16)) * 4
    assert part.bars.tolist() == [bar for bar in (1, 2, 3, 4) for _ in range(16)]


def test_any_other_index_gives_an_array(waltz):
    states = waltz.states
    assert np.array_equal(waltz[5], states[5])
    assert np.array_equal(waltz[5:9, 3], states[5:9, 3])
    assert np.array_equal(waltz[..., PLAYED], states[..., PLAYED])
    assert np.array_equal(waltz[[1, 4]], states[[1, 4]])
    assert np.array_equal(waltz[states[:, 0, 0] == 1], states[states[:, 0, 0] == 1])
    with pytest.raises(IndexError):
        waltz[40]


def test_iteration_goes_over_the_steps(waltz):
    assert np.array_equal(np.stack(list(waltz)), waltz.states)


def test_music_is_not_sliced_by_more_than_a_step(waltz):
    for step in 2, -1:
        with pytest.raises(ValueError, match=f"step by step, not by {step}$"):
            waltz[::step]


def test_pieces_are_equal_if_notes_bars_and_tempo_are(waltz):
    assert waltz == waltz.replace(name="another name")
    assert waltz != waltz.replace(bpm=161)
    assert waltz != waltz.replace(low=53)
    assert waltz != waltz.replace(position=positions_of_bars(40))
    assert waltz != waltz.replace(states=1 - waltz.states[..., :1] * [1, 1])
    assert waltz != waltz[:39]
    assert waltz != "waltz"
    assert waltz != waltz.states.tolist()


def test_pieces_cannot_be_keys_as_their_arrays_may_change(waltz):
    with pytest.raises(TypeError, match="unhashable"):
        hash(waltz)


# In one line


@pytest.mark.parametrize(
    ("piece", "shown"),
    [
        (
            lv.Piece(np.zeros((32, 78, 2))),
            "<Piece: 32 steps, 2 bars of 16 steps, 120 bpm, C1 to F7, 0 notes>",
        ),
        (
            lv.song("minuet-in-g"),
            "<Piece 'minuet-in-g': 384 steps, 32 bars of 12 steps, 116 bpm, "
            "C1 to F7, 203 notes>",
        ),
        (
            lv.song("fuer-elise")[:10],
            "<Piece 'fuer-elise': 10 steps, pickup + 2 bars of 6 steps, 72 bpm, "
            "C1 to F7, 11 notes>",
        ),
        (
            lv.song("fuer-elise")[:7],
            "<Piece 'fuer-elise': 7 steps, pickup + 1 bar of 5 steps, 72 bpm, "
            "C1 to F7, 7 notes>",
        ),
        (
            lv.song("fuer-elise")[:2],
            "<Piece 'fuer-elise': 2 steps, pickup + 0 bars, 72 bpm, C1 to F7, 2 notes>",
        ),
        (
            lv.song("fuer-elise")[:0],
            "<Piece 'fuer-elise': 0 steps, 0 bars, 72 bpm, C1 to F7, 0 notes>",
        ),
        (
            lv.Piece(np.zeros((7, 3, 2)), bpm=71.25, low=60),
            "<Piece: 7 steps, 1 bar of 7 steps, 71.25 bpm, C4 to D4, 0 notes>",
        ),
        (
            lv.Piece(np.zeros((3, 1, 2)), [0, 0, 0]),
            "<Piece: 3 steps, 3 bars of 1 step, 120 bpm, C1 to C1, 0 notes>",
        ),
        (
            lv.Piece(np.zeros((9, 1, 2)), [0, 1, 0, 1, 2, 0, 0, 1, 2]),
            "<Piece: 9 steps, 4 bars of 1 or 2 or 3 steps, 120 bpm, C1 to C1, 0 notes>",
        ),
        (
            lv.Piece(np.zeros((11, 1, 2)), [0, 0, 1, 0, 1, 2, 0, 1, 2, 3, 0]),
            "<Piece: 11 steps, 5 bars, 120 bpm, C1 to C1, 0 notes>",
        ),
    ],
)
def test_a_piece_is_shown_in_one_line(piece, shown):
    assert repr(piece) == shown


# In a notebook


def lines_and_numbers(html):
    """Return the x of the bar lines, and {x: number} of the numbers, of a drawing."""
    lines = re.findall(r'<line x1="(\d+)" x2="\1"', html)
    numbers = re.findall(r'<text x="(\d+)"[^>]*>(\d+)</text>', html)
    return [int(x) for x in lines], {int(x) - 2: int(n) for x, n in numbers}


def test_a_notebook_shows_notes_bar_lines_and_a_player():
    notes = [(60, 0, 4), (64, 4, 6), (67, 16, 32)]
    html = lv.Piece(states_from_notes(notes, steps=40))._repr_html_()
    assert html.count("<svg") == html.count("</svg>") == 1
    assert html.count('<audio controls src="data:audio/wav;base64,') == 1
    assert lines_and_numbers(html) == ([0, 64, 128], {0: 1, 64: 2, 128: 3})
    rects = re.findall(r'<rect x="(\d+)" y="(\d+)" width="(\d+)"', html)
    assert [(int(x), int(w)) for x, _, w in rects] == [(0, 15), (16, 7), (64, 63)]
    heights = [int(y) for _, y, _ in rects]
    assert heights == sorted(heights, reverse=True)  # higher notes stand higher
    assert "<title>C4, step 0</title>" in html
    assert 'width="160"' in html  # 40 steps of four pixels
    assert 'height="62"' in html  # 12 notes of four pixels, and the bar numbers
    assert heights == [36, 20, 8]  # room for two notes above and below


def test_bar_lines_stand_where_the_bars_begin(waltz):
    lines, numbers = lines_and_numbers(waltz._repr_html_())
    assert lines == [16, 64, 112]  # a quarter note, then bars of twelve sixteenths
    assert numbers == {16: 1, 64: 2, 112: 3}


def test_numbers_of_short_bars_do_not_touch():
    html = lv.Piece(np.zeros((12, 4, 2)), positions_of_bars(12, bar=2))._repr_html_()
    lines, numbers = lines_and_numbers(html)
    assert lines == [0, 8, 16, 24, 32, 40]
    assert numbers == {0: 1, 24: 4}


def test_silence_and_nothing_are_shown_too():
    for piece in lv.Piece(np.zeros((20, 78, 2))), lv.song("musette")[:0]:
        html = piece._repr_html_()
        assert "<svg" in html
        assert "<audio" in html
        assert "<rect" not in html


def test_of_a_long_piece_the_beginning_is_shown():
    long = lv.Piece(np.tile([1, 0], (5000, 1, 1)), bpm=1000)
    assert long._repr_html_() == long[:1024]._repr_html_()
    assert lines_and_numbers(long._repr_html_())[0][-1] == 4 * (1024 - 16)


@pytest.mark.parametrize("bpm", [0.01, 6e7])
def test_a_tempo_that_nobody_can_hear_is_shown_all_the_same(bpm):
    assert "<audio" in lv.Piece(np.zeros((1, 4, 2)), bpm=bpm)._repr_html_()


# Changed


def test_parts_of_a_piece_are_replaced_and_checked(waltz):
    faster = waltz.replace(bpm=200, name="fast")
    assert (faster.bpm, faster.name, faster.low) == (200, "fast", 52)
    assert np.array_equal(faster.position, waltz.position)
    assert waltz.bpm == 160
    with pytest.raises(ValueError, match="position must have shape"):
        waltz.replace(states=waltz.states[:5])
    with pytest.raises(TypeError, match="tempo"):
        waltz.replace(tempo=100)


def test_a_transposed_piece_keeps_all_but_its_notes():
    notes = [(60, 0, 4), (64, 4, 8)]
    piece = lv.Piece(states_from_notes(notes, 8), range(4, 12), bpm=90, name="two")
    higher = piece.transposed(3)
    moved = [(pitch + 3, start, stop) for pitch, start, stop in notes]
    assert np.array_equal(higher.states, states_from_notes(moved, 8))
    assert higher.position.tolist() == list(range(4, 12))
    assert (higher.bpm, higher.low, higher.name) == (90, LOW, "two")
    assert higher.transposed(-3) == piece
    assert piece.transposed(37).states.any()
    with pytest.raises(ValueError, match="a note leaves the range"):
        piece.transposed(38)


def test_an_extended_piece_continues_its_bars_in_silence(waltz):
    longer = waltz[:9].extended(20)
    assert len(longer) == 29
    assert longer[:9] == waltz[:9]
    assert not longer.states[9:].any()
    assert np.array_equal(longer.position, waltz.position[:29])
    longer.states[9:] = 1  # it may be written to
    assert not np.shares_memory(longer.states, waltz.states)
    assert lv.song("musette")[:0].extended(20).position.tolist() == [
        *range(16),
        *range(4),
    ]


def test_bars_are_numbered_from_the_first_full_one(waltz):
    assert waltz.bars.tolist() == [0] * 4 + [1] * 12 + [2] * 12 + [3] * 12


# Music in any form


def test_what_takes_music_takes_it_in_any_form(waltz):
    assert as_piece(waltz) is waltz
    assert as_piece(waltz, low=60).low == 60
    assert as_piece(waltz.states) == lv.Piece(waltz.states)
    assert as_piece(waltz.states, low=52).low == 52
    assert as_piece(waltz.states.tolist()) == lv.Piece(waltz.states)
    trace = tiny_trace(S=20, N=3)
    assert as_piece(trace) == lv.Piece(trace.states, low=60)


# What cannot be


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (dict(states=np.zeros((4, 78))), r"shape \(T, N, 2\), not \(4, 78\)"),
        (dict(states=np.zeros((5, 4, 78, 2))), r"one piece \(T, N, 2\) is needed"),
        (dict(states=np.full((4, 3, 2), 7)), "neither 0 nor 1"),
        (dict(states=np.full((4, 3, 2), (0, 1))), "articulate a note that is not"),
        (dict(position=[0, 1]), r"position must have shape \(4,\), not \(2,\)"),
        (dict(position=[0, 1, 3, 4]), "position 3 at step 2 follows 1: 0 or 2"),
        (dict(position=[0, 1, 2, -1]), "whole numbers from 0 up"),
        (dict(bpm=0), "number above 0 and up to 6e.07, not 0"),
        (dict(bpm=-60), "number above 0 and up to 6e.07, not -60"),
        (
            dict(bpm=float("nan")),
            "number above 0 and up to 6e.07, not nan",
        ),
        (
            dict(bpm=float("inf")),
            "number above 0 and up to 6e.07, not inf",
        ),
    ],
)
def test_pieces_that_cannot_be_are_refused_in_one_line(arguments, said):
    with pytest.raises(ValueError, match=said) as error:
        lv.Piece(**(dict(states=np.zeros((4, 3, 2))) | arguments))
    assert "\n" not in str(error.value)


# Sound


def frames(path):
    with wave.open(str(path)) as file:
        return file.getnframes()


@pytest.mark.parametrize("bpm", [160, 40])
def test_a_piece_sounds_at_its_own_tempo_or_at_one_that_is_given(waltz, tmp_path, bpm):
    piece, rate = waltz.replace(bpm=bpm), 8000
    path = tmp_path / "waltz.wav"
    for arguments, tempo in ({}, bpm), ({"bpm": 100}, 100):
        samples = round(40 * 15 / tempo * rate) + round(RELEASE * rate)
        assert len(lv.synthesise(piece, **arguments, rate=rate)) == samples
        assert len(lv.hear(piece, **arguments, rate=rate).samples) == samples
        lv.write_wav(piece, path, **arguments, rate=rate)
        assert frames(path) == samples


def test_a_piece_sounds_at_its_own_pitch(waltz):
    here, higher = (lv.synthesise(waltz, low=low, rate=8000) for low in (None, 53))
    plain = lv.synthesise(waltz.states, bpm=160, low=52, rate=8000)
    assert np.array_equal(here, plain)
    assert not np.array_equal(here, higher)
