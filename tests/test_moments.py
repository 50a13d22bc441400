"""Moments: a neuron whose place is known is found there, and so are its companions."""

import numpy as np
import pytest
from helpers import random_music, random_positions
from hypothesis import given
from hypothesis import strategies as st

import lstmviz as lv
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.reading.matching import activity, alone, mean_of_notes, select
from lstmviz.reading.moments import strongest

LOW, N = 55, 18
OWN = 13 + 2 * 12  # the feature that says whether the note itself sounds


def listener(**features):
    """Return a network without memory whose neurons each follow one feature.

    `neuron0=5` is a neuron of time1 that follows feature 5.
    """
    H = len(features)
    net = lv.Biaxial((H,), (1,), low=LOW, high=LOW + N)
    for weights in net.parameters.values():
        weights[:] = 0
    i, f, g, o = np.split(net.parameters["time1.b"], 4)
    i[:], f[:], g[:], o[:] = 20, -20, 0, 20
    for k, feature in enumerate(features.values()):
        net.parameters["time1.W"][feature, 2 * H + k] = 1
    return net


def memoryless(seed=0):
    """Return a network to which only the notes around a note matter, and only now."""
    net = lv.Biaxial((7,), (1,), low=LOW, high=LOW + N, seed=seed)
    net.parameters["time1.U"][:] = 0
    net.parameters["time1.b"][7:14] = -50  # forget gates
    for rows in slice(0, 13), slice(75, 80):  # place on the keyboard and in the bar
        net.parameters["time1.W"][rows] = 0
    return net


def silence(steps):
    return np.zeros((steps, N, 2), np.uint8)


def test_a_neuron_is_found_where_it_is_planted():
    net, music = listener(neuron0=OWN), silence(50)
    music[20, 7] = music[44, 3] = 1
    pieces = [lv.Piece(silence(30), low=LOW), lv.Piece(music, low=LOW, name="second")]
    first, other, *rest = lv.moments(net, pieces, "time1", 0, length=10)
    assert (first.piece, first.name, first.step, first.note) == (1, "second", 20, 62)
    assert first.value == pytest.approx(np.tanh(np.tanh(1)), abs=1e-5)
    assert (other.piece, other.step, other.note) == (1, 44, 58)
    assert all(abs(moment.value) < 1e-5 for moment in rest)
    assert repr(first) == "<Moment: second, step 20, D4: +0.642>"


def test_of_two_notes_the_one_is_named():
    net = lv.Biaxial((3,), (2,), low=60, high=62)
    (found,) = lv.moments(net, [random_music(0, 20, 2)], "time1", 0, count=1)
    assert found.note in (60, 61)


def test_eight_moments_are_searched_unless_told_otherwise():
    net, piece = memoryless(), lv.Piece(random_music(0, 100, N), low=LOW)
    searched = [piece], piece, 14, "time1"
    assert len(lv.moments(net, [piece], "time1", 0, length=8)) == 8
    assert len(lv.similar(net, *searched, length=8).moments) == 8


def test_least_is_where_a_neuron_is_lowest():
    net, music = listener(neuron0=OWN), silence(40)
    net.parameters["time1.W"] *= -1
    music[20, 7] = 1
    (found,) = lv.moments(net, [lv.Piece(music, low=LOW)], "time1", 0, 1, least=True)
    assert (found.step, found.note) == (20, 62)
    assert found.value == pytest.approx(-np.tanh(np.tanh(1)), abs=1e-5)


@pytest.mark.parametrize("layer", ["time1", "note1"])
def test_an_excerpt_is_a_part_of_its_piece_with_its_bars(layer):
    net = lv.Biaxial((4,), (3,), low=LOW, high=LOW + N, seed=1)
    pieces = [
        lv.Piece(random_music(k, T, N), random_positions(k, T), low=LOW)
        for k, T in enumerate((90, 70, 9))
    ]
    found = lv.moments(net, pieces, layer, 2, count=5, length=16)
    assert [m.value for m in found] == sorted((m.value for m in found), reverse=True)
    for m in found:
        h = lv.trace(net, pieces[m.piece])[layer].h[..., 2]
        stop = m.start + len(m.excerpt)
        assert m.excerpt == pieces[m.piece][m.start : stop]
        assert m.start <= m.step < stop
        assert m.value == pytest.approx(h[m.step, m.note - LOW], abs=1e-6)
        np.testing.assert_allclose(m.values, h[m.start : stop], atol=1e-6)
    assert found[0].value == pytest.approx(
        max(lv.trace(net, piece)[layer].h[..., 2].max() for piece in pieces)
    )


def test_an_excerpt_is_whole_at_both_ends_of_a_piece():
    net, music = listener(neuron0=OWN), silence(40)
    music[0, 7] = music[38, 3] = 1
    found = lv.moments(net, [lv.Piece(music, low=LOW)], "time1", 0, 2, length=16)
    shown = {(m.step, m.start, len(m.excerpt)) for m in found}
    assert shown == {(0, 0, 16), (38, 24, 16)}


@given(st.integers(0, 1000), st.integers(1, 9), st.integers(1, 20))
def test_the_strongest_places_are_apart_and_none_is_missed(seed, apart, count):
    rng = np.random.default_rng(seed)
    values = [rng.normal(size=(steps, 2)) for steps in rng.integers(1, 40, 3)]
    found = strongest(values, count, apart)
    height = [values[p][s, w] for p, s, w in found]
    assert height == sorted(height, reverse=True)
    for k, (p, s, _) in enumerate(found):
        assert all(p != q or abs(s - t) >= apart for q, t, _ in found[:k])
    free = [
        values[p][s].max()
        for p in range(3)
        for s in range(len(values[p]))
        if all(p != q or abs(s - t) >= apart for q, t, _ in found)
    ]
    assert len(found) == count or not free
    assert not free or max(free) <= min(height)


def repeated(seed, shift=0):
    """Return a piece in which steps 40 to 49 are steps 10 to 19, `shift` higher."""
    music = random_music(seed, 60, N, density=0.4)
    music[:, : max(shift, 0)] = music[:, N - shift :] = 0
    music[10:20, N - shift - 1 :] = 0
    music[40:50] = np.roll(music[10:20], shift, axis=1)
    return lv.Piece(music, low=LOW)


def test_a_repeated_step_has_a_similar_state():
    net, piece = memoryless(), repeated(3)
    found = lv.similar(net, [piece], piece, 14, "time1", count=3, length=8)
    assert found.moments[0].step == 44
    assert found.moments[0].value == pytest.approx(1, abs=1e-5)
    assert found.moments[1].value < 0.99
    assert found.moments[0].note is None
    assert all(abs(moment.step - 14) >= 8 for moment in found.moments)
    assert found.control.shape == (20,)
    assert found.control.max() < 0.9


def test_the_control_mixes_neurons_and_not_notes():
    """All notes are in the same state: if notes were mixed, it would stay as it is."""
    net = listener(eighth=75, quarter=76, half=77)  # bits of the position in the bar
    piece = lv.Piece(silence(60), low=LOW)
    found = lv.similar(net, [piece], piece, 1, "time1", count=1, length=8)
    assert found.moments[0].step == 9
    assert found.moments[0].value == pytest.approx(1, abs=1e-5)
    assert found.control.max() < 0.8


def test_the_same_music_is_similar_where_it_is_higher():
    net, piece = memoryless(), repeated(4, shift=2)
    other = lv.Piece(random_music(5, 40, N, density=0.2), low=LOW)
    n = int(np.flatnonzero(piece[14, :, PLAYED])[0])
    found = lv.similar(net, [other, piece], piece, 14, "time1", note=LOW + n, length=8)
    best = found.moments[0]
    assert (best.piece, best.step, best.note) == (1, 44, LOW + n + 2)
    assert best.value == pytest.approx(1, abs=1e-5)


def test_a_layer_of_a_single_neuron_can_be_searched():
    piece = repeated(3)
    (found,) = lv.similar(memoryless(), [piece], piece, 14, "note1", count=1).moments
    assert 0 < found.value <= 1.0001


def test_in_another_piece_nothing_is_left_out():
    net, piece = memoryless(), repeated(3)
    twin = lv.Piece(piece.states.copy(), low=LOW, bpm=99)
    found = lv.similar(net, [twin], piece, 14, "time1", count=2, length=8)
    assert {moment.step for moment in found.moments} == {14, 44}


def test_neurons_on_together_are_selected_and_found_again():
    """Two neurons: one for a note itself, one for the note a third above it."""
    third = 13 + 2 * (12 + 4)
    net, music = listener(own=OWN, third=third, beat=75), silence(120)
    rng = np.random.default_rng(0)
    for step in range(0, 120, 5):
        music[step, rng.integers(12, 18)] = 1
    for step in 30, 97:
        music[step : step + 3, [4, 8], PLAYED] = 1
        music[step, [4, 8], ARTICULATED] = 1
    piece = lv.Piece(music, low=LOW)
    found = lv.match(net, [piece], piece, 30, 33, "time1", notes=(59, 59), length=12)
    assert [s.neuron for s in found.neurons] == [1, 0] or [
        s.neuron for s in found.neurons
    ] == [0, 1]
    assert all(s.sign == 1 and s.inside > 0.5 > s.around for s in found.neurons)
    best, *others = found.moments
    assert (best.step, best.note) == (97, 59)
    assert best.value == pytest.approx(1)
    assert all(other.value < 0.9 for other in others)
    assert found.control[0] < 1


def test_in_the_control_neurons_are_no_longer_on_together():
    """Each is moved in time by itself, also where all notes are one place."""
    net, piece = memoryless(), lv.Piece(random_music(5, 200, N, density=0.2), low=LOW)
    twin = piece.replace(bpm=99)  # another piece, so the span itself is found
    found = lv.match(net, [twin], piece, 124, 125, "time1", length=8)
    assert len(found.neurons) == 7
    assert found.moments[0].step == 124
    assert found.control[0] < found.moments[0].value - 0.2


def test_selection_knows_on_from_off():
    series = np.zeros((9, 5))
    series[3:5, 0] = 2  # on there
    series[:, 1] = 2  # always on
    series[3, 2] = 2  # on at one step only
    series[3:5, 3] = -3  # low there
    series[2:5, 4] = 2  # on, but for one step around it
    found = select(series, 3, 5, threshold=1, around=2)
    assert [(s.neuron, s.sign) for s in found] == [(3, -1), (0, 1), (4, 1)]
    assert [s.around for s in found] == [0, 0, 0.5]


def test_activity_is_counted_from_the_mean_in_deviations():
    """Of means over any three neighbouring notes, at all steps."""
    net, piece = memoryless(), lv.Piece(random_music(1, 40, N), low=LOW)
    series, mean, deviation = activity(net, piece, "time1", 4, 3)
    means = mean_of_notes(lv.trace(net, piece)["time1"].h, 3)
    np.testing.assert_allclose(series, means[:, 4], atol=1e-5)
    np.testing.assert_allclose(mean, means.mean(axis=(0, 1)), atol=1e-5)
    np.testing.assert_allclose(deviation, means.std(axis=(0, 1)) + 1e-3, atol=1e-4)


def test_a_span_is_compared_with_what_is_around_it():
    share = np.array([0, 0, 1, 1, 0, 0, 1.0])[:, None]
    result = alone(share, 2, 2)[:, 0]
    np.testing.assert_allclose(result[:6], [-1, 1 / 6, 1, 0, -1, 0])
    assert result[6] == -np.inf
    assert (alone(share[:1], 2, 2) == -np.inf).all()  # shorter than the span


@given(st.integers(1, 6), st.integers(0, 100))
def test_means_of_notes_are_means(width, seed):
    h = np.random.default_rng(seed).normal(size=(3, 6, 2))
    found = mean_of_notes(h, width)
    assert found.shape == (3, 6 - width + 1, 2)
    for n in range(6 - width + 1):
        np.testing.assert_allclose(found[:, n], h[:, n : n + width].mean(axis=1))


def test_a_sheet_shows_the_notes_and_the_values():
    net, music = listener(neuron0=OWN), silence(40)
    music[20, 7] = 1
    found = lv.moments(net, [lv.Piece(music, low=LOW)], "time1", 0, 1, length=8)
    image = lv.pictures.excerpts.excerpt(found[0])
    assert image.shape == (N + 2, 18, 3)
    row, column = N + 1 - 7, 20 - found[0].start
    assert image[row, column].tolist() == [255, 255, 255]
    assert image[2:, :8].sum() == 3 * 255
    red, green, blue = image[row, 10 + column]
    assert red > green > blue  # orange
    assert image[0, [column, 10 + column]].any(axis=1).all()
    sheet = lv.excerpts(found, zoom=2, title="one")
    assert min(sheet.shape[:2]) > 30


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n, p: lv.moments(n, [p], "time9", 0), "no layer 'time9'"),
        (lambda n, p: lv.moments(n, [p], "time1", 7), "neurons 0 to 6"),
        (lambda n, p: lv.moments(n, [], "time1", 0), "one or more pieces"),
        (lambda n, p: lv.similar(n, [p], p, 59, "time1"), "no step 59; .* 0 to 58"),
        (lambda n, p: lv.similar(n, [p], p, 3, "time1", note=20), "no note G#0"),
        (lambda n, p: lv.match(n, [p], p, 9, 9, "time1"), "no steps 9 up to 9"),
        (lambda n, p: lv.match(n, [p], p, 5, 9, "time1", (50, 60)), "notes 50 to 60"),
        (lambda n, p: lv.match(n, [p], p, 5, 9, "time1", threshold=99), "no neuron of"),
        (lambda n, p: lv.excerpts([]), "no moment to draw"),
    ],
)
def test_errors_say_what_would_be_right(call, message):
    with pytest.raises(ValueError, match=message):
        call(memoryless(), repeated(0))
