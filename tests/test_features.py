"""What each note hears of the music: each of the 80 features in its place."""

import numpy as np
import pytest
from helpers import random_music, random_positions
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.music.features import FEATURE_COUNT, FEATURES, note_features
from lstmviz.music.notes import LOW, check_states, states_from_roll, transposed
from lstmviz.music.piece import Piece


def features_one_by_one(states, low, position):
    """The definition as plain loops, one number at a time, in the order promised."""
    T, N, _ = states.shape
    x = []
    for t in range(T):
        for n in range(N):
            x.append(n)
            x += [float((low + n) % 12 == k) for k in range(12)]
            for interval in range(-12, 13):
                for kind in (0, 1):
                    inside = 0 <= n + interval < N
                    x.append(states[t, n + interval, kind] if inside else 0)
            for k in range(12):
                alike = [m for m in range(N) if (m - n - k) % 12 == 0]
                x.append(sum(int(states[t, m, 0]) for m in alike))
            x += [1 if position[t] % 16 & bit else -1 for bit in (1, 2, 4, 8)]
            x.append(1 if position[t] >= 16 else 0)
    return np.array(x, np.float32).reshape(T, N, 80)


@given(
    seed=st.integers(0, 10**6),
    N=st.integers(1, 90),
    low=st.integers(0, 60),
)
def test_features_are_the_definition_number_by_number(seed, N, low):
    states, position = random_music(seed, T=3, N=N), random_positions(seed, T=3)
    expected = features_one_by_one(states, low, position)
    np.testing.assert_array_equal(note_features(states, low, position), expected)


def test_a_piece_brings_its_own_bars_and_its_lowest_note():
    states, position = random_music(0, T=50, N=9), random_positions(1, T=50)
    x = note_features(Piece(states, position, bpm=70, low=53))
    np.testing.assert_array_equal(x, note_features(states, 53, position))
    # and what is given goes before what it brings
    other = note_features(Piece(states, position, low=53), 40, np.arange(50))
    np.testing.assert_array_equal(other, note_features(states, 40, np.arange(50)))


def test_plain_states_are_in_four_four_from_c1():
    states = random_music(0, T=40, N=9)
    x = note_features(states)
    np.testing.assert_array_equal(x, note_features(states, 24, np.arange(40) % 16))
    np.testing.assert_array_equal(x, note_features(Piece(states)))


def test_shape_and_type_are_as_promised():
    x = note_features(random_music(0, T=7, N=78))
    assert x.shape == (7, 78, 80)
    assert x.dtype == np.float32


def test_the_named_slices_cover_all_80_features_once():
    covered = [n for part in FEATURES.values() for n in range(80)[part]]
    assert covered == list(range(FEATURE_COUNT))


def test_middle_c_is_told_it_is_a_c():
    x = note_features(np.zeros((1, 78, 2), np.uint8))
    assert x[0, 60 - LOW, FEATURES["pitch class"]].tolist() == [1] + [0] * 11
    assert x[0, 60 - LOW, FEATURES["position"]] == 36


def test_the_beat_counts_sixteenths_in_binary():
    beat = note_features(np.zeros((18, 1, 2), np.uint8))[:, 0, FEATURES["beat"]]
    assert beat[0].tolist() == [-1, -1, -1, -1]
    assert beat[1].tolist() == [1, -1, -1, -1]
    assert beat[15].tolist() == [1, 1, 1, 1]
    np.testing.assert_array_equal(beat[16:], beat[:2])


def test_the_beat_follows_the_bars_of_the_music():
    beat = FEATURES["beat"]
    waltz = Piece(np.zeros((28, 1, 2)), [*range(8, 12), *range(12), *range(12)])
    x = note_features(waltz)[:, 0]
    assert x[0, beat].tolist() == [-1, -1, -1, 1]  # 8, lowest bit first
    np.testing.assert_array_equal(x[4:16, beat], x[16:, beat])
    plain = note_features(np.zeros((12, 1, 2)))[:, 0, beat]
    np.testing.assert_array_equal(x[4:16, beat], plain)


def test_in_a_long_bar_the_17th_sixteenth_is_told_from_the_first():
    x = note_features(np.zeros((40, 1, 2)), position=[*range(24), *range(16)])[:, 0]
    beat, long_bar = FEATURES["beat"], FEATURES["long bar"]
    np.testing.assert_array_equal(x[16:24, beat], x[:8, beat])
    assert x[:, long_bar][:, 0].tolist() == [0] * 16 + [1] * 8 + [0] * 16


def test_in_four_four_the_last_feature_is_always_0():
    assert not note_features(random_music(0, T=100, N=30))[..., 79].any()


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ([0, 1], r"position must have shape \(3,\), not \(2,\)"),
        ([0, 2, 3], "position 2 at step 1 follows 0: 0 or 1 would be right"),
        ([-1, 0, 1], "whole numbers from 0 up"),
    ],
)
def test_positions_that_do_not_count_are_refused(position, said):
    with pytest.raises(ValueError, match=said):
        note_features(np.zeros((3, 5, 2)), position=position)


def test_silence_has_no_vicinity_and_no_context():
    x = note_features(np.zeros((4, 78, 2), np.uint8))
    assert not x[..., FEATURES["vicinity"]].any()
    assert not x[..., FEATURES["context"]].any()


def test_a_chord_moved_up_looks_the_same_to_the_notes_moved_up():
    states = random_music(3, T=4, N=78)
    states[:, :13] = states[:, -13:] = 0
    moved = np.roll(states, 5, axis=1)
    here, there = note_features(states), note_features(moved)
    for part in ("vicinity", "context", "beat"):
        np.testing.assert_array_equal(
            here[:, 13:60, FEATURES[part]], there[:, 18:65, FEATURES[part]]
        )


def test_a_batch_is_its_pieces_side_by_side():
    pieces = [random_music(seed, T=5, N=40) for seed in (1, 2, 3)]
    batch = note_features(np.stack(pieces))
    for x, piece in zip(batch, pieces, strict=True):
        np.testing.assert_array_equal(x, note_features(piece))


@pytest.mark.parametrize(
    ("states", "said"),
    [
        (np.zeros((4, 78)), "shape"),
        (np.full((4, 78, 2), 2), "neither 0 nor 1"),
        (np.stack([np.zeros((1, 4, 5)), np.ones((1, 4, 5))], -1), "articulate"),
    ],
)
def test_what_is_no_music_is_refused_in_one_line(states, said):
    with pytest.raises(ValueError, match=said) as error:
        note_features(states)
    assert "\n" not in str(error.value)


def test_a_piano_roll_is_struck_where_a_note_was_not_sounding():
    states = states_from_roll([[0, 1], [1, 1], [0, 1], [1, 0]])
    assert states[..., 0].tolist() == [[0, 1], [1, 1], [0, 1], [1, 0]]
    assert states[..., 1].tolist() == [[0, 1], [1, 0], [0, 0], [1, 0]]
    check_states(states)


def test_transposing_there_and_back_changes_nothing():
    states = np.zeros((2, 10, 2), np.uint8)
    states[:, 4] = 1
    np.testing.assert_array_equal(transposed(transposed(states, 3), -3), states)
    assert transposed(states, 5)[0, 9].all()
    for semitones in 6, -5:
        with pytest.raises(ValueError, match="a note leaves the range"):
            transposed(states, semitones)
