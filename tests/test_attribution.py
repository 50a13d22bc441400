"""Why a note was played: contributions of notes, which add up."""

import numpy as np
import pytest
from helpers import central_differences, random_music, random_positions
from hypothesis import given
from hypothesis import strategies as st

import lstmviz as lv
from lstmviz.fast import features as fast_features
from lstmviz.music.features import note_features, note_features_transposed
from lstmviz.music.notes import ARTICULATED, PLAYED, note_number, pitch_name
from lstmviz.reading.decision import Decision
from lstmviz.reading.integral import integrate


def net64(seed=0, scale=2.0):
    """Return a network of float64 whose weights are large enough to bend."""
    net = lv.Biaxial((6, 5), (5, 4), low=55, high=73, seed=seed, dtype=np.float64)
    for weights in net.parameters.values():
        weights *= scale
    return net


def piece_of(seed, T=14, N=18, low=55):
    music = random_music(seed, T, N)
    return lv.Piece(music, random_positions(seed, T), low=low)


@given(st.integers(0, 1000), st.integers(1, 40), st.integers(0, 60))
def test_the_transpose_of_the_features_is_their_adjoint(seed, N, low):
    rng, T = np.random.default_rng(seed), 3
    music, position = random_music(seed, T, N), random_positions(seed, T)
    silence = note_features(np.zeros_like(music), low, position)
    for features in note_features, fast_features.note_features:
        change = features(music, low, position).astype(float) - silence
        g = rng.normal(size=change.shape)
        there = (change * g).sum()
        assert np.isclose(there, (music * note_features_transposed(g, low)).sum())


@pytest.mark.parametrize("start", [0, 6])
def test_the_rates_are_gradients_by_each_note_state(start):
    """Also where the network has heard more than is attributed."""
    net, piece = net64(), piece_of(1)
    decision = Decision(net, piece, step=12, n=11, past=13 - start, kind=PLAYED)
    assert decision.start == start
    z, heard, below = decision.values_and_shares([1.0])
    assert z[0] == pytest.approx(net.forward(piece).z[12, 11, PLAYED])

    music, told = decision.heard.astype(float), decision.below.astype(float)
    decision.below = told
    held, struck = features_of_single_notes(music.shape[1], net.low)

    def value():
        change = np.tensordot(music[..., PLAYED], held, axes=1)
        change += np.tensordot(music[..., ARTICULATED], struck, axes=1)
        decision.change[decision.unscaled :] = change[:, : decision.rows]
        return float(decision.values([1.0])[0])

    of_music = central_differences(value, music, where=decision.heard > 0)
    of_told = central_differences(value, told, where=told > 0)
    np.testing.assert_allclose(heard[0], of_music, atol=1e-7)
    np.testing.assert_allclose(below[0], of_told, atol=1e-7)


def features_of_single_notes(N, low):
    """Return what each of N notes adds to the features (N, N, 80): held, then struck.

    With them, features are defined for states between 0 and 1, too.
    """
    silence, held, struck = np.zeros((3, N, 1, N, 2), np.uint8)
    for n in range(N):
        held[n, 0, n, PLAYED] = struck[n, 0, n] = 1
    silence, held, struck = (
        np.concatenate([note_features(states, low) for states in kind])
        for kind in (silence, held, struck)
    )
    return held - silence, struck - held


@pytest.mark.parametrize("choice", ["play", "articulate"])
@pytest.mark.parametrize("past", [1, 5, 64])
def test_contributions_add_up_to_the_change_in_log_odds(choice, past):
    net, piece = net64(scale=3), piece_of(2)
    why = lv.attribution(net, piece, 12, 66, past, choice)
    kind = ["play", "articulate"].index(choice)
    z = net.forward(piece).z[12, 11, kind]
    assert why.log_odds == pytest.approx(z)
    silent = piece.states.copy()
    silent[max(0, 13 - past) : 13] = 0
    silent[13, :11] = 0
    z0 = net.forward(piece.replace(states=silent)).z[12, 11, kind]
    assert why.baseline == pytest.approx(z0)
    assert abs(why.error) <= 0.02 * max(abs(z - z0), 1)
    assert why.heard.shape == (min(past, 13), 18, 2)
    together = why.heard.sum() + why.below.sum()
    assert together == pytest.approx(z - z0 + why.error)
    assert sum(note.value for note in why.notes()) == pytest.approx(together)


def test_a_stricter_tolerance_gives_a_smaller_error():
    net, piece = net64(scale=4), piece_of(3)
    errors = []
    for tolerance in 0.5, 1e-6:
        why = lv.attribution(net, piece, 12, 66, tolerance=tolerance)
        errors.append((abs(why.error), why.points))
    (rough, few), (fine, many) = errors
    assert few == 17
    assert many > few
    assert fine < 1e-5 < rough


def test_silence_contributes_nothing_and_notes_above_have_no_say():
    net, piece = net64(), piece_of(4)
    why = lv.attribution(net, piece, 12, 66)
    assert not why.heard[why.window.states == 0].any()
    assert not why.below[66 - 55 :].any()
    assert why.below.any()
    above = piece.states.copy()
    above[13, 66 - 55 :] ^= 1
    above[13, :, ARTICULATED] &= above[13, :, PLAYED]
    other = lv.attribution(net, piece.replace(states=above), 12, 66)
    np.testing.assert_array_equal(why.heard, other.heard)


def planted(feature, weight):
    """Return a network that adds `weight` to the log-odds of a note for one feature.

    All others of its weights are 0. A unit of each layer copies its input to the layer
    above, roughly linearly.
    """
    net = lv.Biaxial((1,), (1,), low=55, high=73)
    for weights in net.parameters.values():
        weights[:] = 0
    p = net.parameters
    p["time1.b"][:] = p["note1.b"][:] = 20, -20, 0, 20  # i open, f closed, o open
    p["time1.W"][feature, 2] = 0.1
    p["note1.W"][0, 2] = 0.1
    p["out.W"][0, 0] = 100 * weight
    return net


def test_a_network_that_listens_to_a_third_below_names_that_note():
    vicinity = 13 + 2 * (12 - 4)  # played, four semitones below
    states = np.zeros((6, 18, 2), np.uint8)
    states[3:5, [3, 7, 11]] = 1  # 58, 62, 66
    states[4, :, ARTICULATED] = 0
    piece = lv.Piece(states, low=55, bpm=120)
    why = lv.attribution(planted(vicinity, 2.0), piece, 4, 66)
    best, *others = why.top()
    assert best.text == f"{pitch_name(62)} struck 2 steps ago, still sounding"
    assert best.value == pytest.approx(2, abs=0.05)
    assert (best.start, best.stop, best.below) == (3, 5, False)
    assert all(abs(note.value) < 1e-6 for note in others)
    assert np.argwhere(abs(why.heard) > 1e-6).tolist() == [[4, 7, PLAYED]]


def test_a_network_that_follows_the_note_below_names_the_note_below():
    net = planted(0, 0)
    net.parameters["time1.W"][:] = 0
    net.parameters["note1.W"][1, 2] = 0.1  # played below
    net.parameters["out.W"][0, 0] = -30
    states = np.zeros((6, 18, 2), np.uint8)
    states[5, 10] = 1
    states[2:4, 5, PLAYED] = 1
    piece = lv.Piece(states, low=55)
    best, other = lv.attribution(net, piece, 4, 66, past=2).top()
    assert best.text == f"{pitch_name(65)} struck below it"
    assert best.value == pytest.approx(-3, abs=0.05)
    assert best.below
    assert other.text == f"{pitch_name(60)} held from before"
    assert other.value == 0


def test_a_held_note_is_one_note_and_a_repeated_one_is_two():
    states = np.zeros((8, 18, 2), np.uint8)
    states[1:7, 4, PLAYED] = 1
    states[[1, 4], 4, ARTICULATED] = 1
    why = lv.attribution(net64(), lv.Piece(states, low=55), 6, 60)
    assert [(n.start, n.stop, n.struck) for n in why.notes()] == [
        *((1, 4, True), (4, 7, True))
    ]
    assert why.notes()[0].text == "B3 struck 6 steps ago"
    np.testing.assert_allclose(
        [n.value for n in why.notes()],
        [why.heard[1:4, 4].sum(), why.heard[4:7, 4].sum()],
    )


def test_the_fast_version_is_the_gradient_at_the_piece():
    net, piece = net64(), piece_of(5)
    why = lv.attribution(net, piece, 12, 66, fast=True)
    decision = Decision(net, piece, 12, 11, 64, PLAYED)
    _, heard, below = decision.values_and_shares([1.0])
    np.testing.assert_array_equal(why.heard, heard[0])
    np.testing.assert_array_equal(why.below, below[0])
    full = lv.attribution(net, piece, 12, 66)
    assert (why.log_odds, why.baseline) == pytest.approx((full.log_odds, full.baseline))
    assert why.points == 1


def test_for_a_linear_network_both_versions_are_the_same():
    net, piece = net64(scale=1e-3), piece_of(6)
    full, fast = (lv.attribution(net, piece, 12, 66, fast=f) for f in (False, True))
    size = np.abs(full.below).max()
    np.testing.assert_allclose(full.heard, fast.heard, atol=0.02 * size)
    np.testing.assert_allclose(full.below, fast.below, atol=0.02 * size)


def test_both_backends_agree():
    net, piece = lv.load("tiny"), lv.song("musette")
    found = []
    for backend in "numba", "numpy":
        net.backend = backend
        found.append(lv.attribution(net, piece, 40, "C5", past=8))
    ours, theirs = found
    assert ours.log_odds == pytest.approx(theirs.log_odds, abs=1e-4)
    np.testing.assert_allclose(ours.heard, theirs.heard, atol=2e-3)


def test_a_slice_is_explained_without_what_came_before():
    net, piece = net64(), piece_of(7)
    cut = lv.attribution(net, piece[5:], 7, 66)
    z = net.forward(piece[5:]).z[7, 11, PLAYED]
    assert cut.log_odds == pytest.approx(z)
    assert cut.log_odds != pytest.approx(lv.attribution(net, piece, 12, 66).log_odds)


def test_an_attribution_says_in_one_line_what_it_explains():
    why = lv.attribution(net64(), piece_of(8), 12, "F#4")
    assert repr(why).startswith("<Attribution: F#4 played at step 13: log-odds ")
    assert "\n" not in repr(why)
    assert 0 < why.probability < 1


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (dict(step=13), "no step 13; .* 0 to 12"),
        (dict(step=-1), "no step -1"),
        (dict(note=20), "no note G#0; the network covers G3 to C5"),
        (dict(note="H4"), "note H4: a name such as C4"),
        (dict(past=0), "past must be a whole number from 1"),
        (dict(choice="sing"), "choice must be 'play' or 'articulate'"),
    ],
)
def test_errors_say_what_would_be_right(change, message):
    with pytest.raises(ValueError, match=message):
        lv.attribution(net64(), piece_of(9), **({"step": 3, "note": 60} | change))


def test_the_integral_is_refined_where_the_function_bends():
    points = []

    def step(x):
        points.extend(x)
        x = np.array(x)
        bent = np.tanh(80 * (x - 0.37))
        return bent, (80 * (1 - bent**2))[:, None]

    (low, high), (integral,), count = integrate(step, 1e-4)
    assert integral[0] == pytest.approx(high - low, abs=1e-4 * 2)
    assert count == len(points) == len(set(points))
    near = [abs(x - 0.37) < 0.1 for x in points]
    assert np.mean(near) > 0.7


@given(st.integers(0, 127))
def test_a_note_is_read_from_its_name_or_number(note):
    assert note_number(pitch_name(note)) == note_number(str(note)) == note
    assert note_number(note) == note


def test_names_of_notes_have_sharps_and_flats():
    assert [note_number(n) for n in ("Bb2", "A#2", "Cb4", "e5", "B#3")] == [
        *(46, 46, 59, 76, 60)
    ]
    for wrong in "C", "C99", "H4", "C4 ", "-3", "128":
        with pytest.raises(ValueError, match="note"):
            note_number(wrong)
