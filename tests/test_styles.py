"""Styles finds the neuron that does something else in other music, and no other."""

import csv

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.music.features import FEATURES
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.reading.styles import COMPARED, curves_of, furthest, sums_of_pieces

WHITE, ONSET = 0, 1
OWN = FEATURES["vicinity"].start + 2 * 12  # the note's own place in the vicinity
SONGS = "musette", "minuet-in-g", "ode-to-joy", "prelude-in-c", "greensleeves"
SONGS = (*SONGS, "sonata-facile", "korobeiniki", "jesu-meine-freude")


def planted():
    """Return a network with a neuron for white keys, and one for onsets on any key."""
    net = lv.Biaxial((2,), (2,), seed=1)
    W, U, b = (net.parameters[f"time1.{part}"] for part in "WUb")
    W[:], U[:], b[:] = 0, 0, 0
    input_gate, forget_gate, _, output_gate = np.split(b, 4)  # views of b
    input_gate[:], forget_gate[:], output_gate[:] = 9, -9, 9
    W, b = (np.split(a, 4, axis=-1)[2] for a in (W, b))  # of the candidate g
    white = FEATURES["pitch class"].start + np.array([0, 2, 4, 5, 7, 9, 11])
    W[OWN + PLAYED, WHITE], W[white, WHITE], b[WHITE] = 4, 4, -6
    W[OWN + ARTICULATED, ONSET], b[ONSET] = 3, -1
    return net


@pytest.fixture(scope="module")
def found():
    """The same music on white keys and, half an octave higher, on black ones."""
    songs = [lv.song(name)[:97] for name in SONGS]
    keys = {"white": songs, "black": [song.transposed(6) for song in songs]}
    return lv.styles(planted(), keys, deals=100)


def test_the_planted_neuron_differs_and_the_other_does_not(found):
    q = found["time1"].q["interval"]
    assert q[WHITE] <= 0.05 < q[ONSET]
    assert found.most_different("time1") == [WHITE]
    curves = found["time1"].curves["interval"][:, 12, WHITE]  # at its own note
    assert curves[0] > 2 * curves[1] > 0


def test_it_differs_more_than_the_halves_of_one_style(found):
    layer = found["time1"]
    difference, halves = layer.difference["interval"], layer.halves["interval"]
    assert difference[WHITE] > 2 * halves[WHITE]


@pytest.mark.slow
def test_pieces_dealt_at_random_seldom_differ():
    """Of music without styles, 5 % of the neurons at most are expected to be found."""
    net, songs = lv.load("tiny"), [lv.song(name)[:97] for name in lv.songbook()]
    order, wrong = np.random.default_rng(2), []
    for _ in range(2):
        order.shuffle(songs)
        found = lv.styles(net, {"a": songs[:12], "b": songs[12:24]}, deals=60)
        wrong += [differ / n for differ, n in found.counts().values()]
    assert np.mean(wrong) <= 0.05


def test_curves_of_a_collection_are_those_of_its_music():
    """Mean h and onsets of two pieces together, computed from their traces."""
    net, songs = lv.Biaxial((5, 4), (3,), seed=2), [lv.song(n)[:65] for n in SONGS[:2]]
    curves = curves_of(sums_of_pieces(net, songs, False), np.zeros(2, int))
    traces = [lv.trace(net, song) for song in songs]
    h = np.concatenate(
        [np.concatenate([t[name].h for name in t], axis=-1) for t in traces]
    )
    heard = np.concatenate([t.heard for t in traces])
    np.testing.assert_allclose(curves["mean"][0, 0], h.mean(axis=(0, 1)), atol=1e-5)
    struck = heard[..., ARTICULATED] == 1
    held = (heard[..., PLAYED] == 1) & ~struck
    expected = h[struck].mean(axis=0) - h[held].mean(axis=0)
    np.testing.assert_allclose(curves["onset"][0, 0], expected, atol=1e-5)


def test_the_curves_furthest_apart_count():
    curves = np.zeros((3, 4, 2))
    curves[2, :, 1] = 3
    assert furthest(curves).tolist() == [0, 3]


def test_what_cannot_be_compared_is_said_in_a_line(found):
    net, song = lv.Biaxial((4,), (3,)), lv.song("musette")[:20]
    with pytest.raises(ValueError, match="at least two collections"):
        lv.styles(net, {"a": [song, song]})
    with pytest.raises(ValueError, match="b: at least two pieces"):
        lv.styles(net, {"a": [song, song], "b": [song]})
    with pytest.raises(ValueError, match="deals must be a whole number from 20"):
        lv.styles(net, {"a": [song, song], "b": [song, song]}, deals=3)
    with pytest.raises(ValueError, match="no curve 'x'; there are mean, beat"):
        found.most_different("time1", "x")
    with pytest.raises(ValueError, match="no layer 'x'"):
        found["x"]


@pytest.mark.parametrize("what", COMPARED)
def test_the_picture_shows_every_collection(found, what):
    picture = lv.styles_chart(found, what, each=2)
    for colour in (0, 114, 178), (230, 159, 0):
        assert (picture == colour).all(axis=-1).sum() > 20


def test_the_command_compares_folders(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lv.Biaxial((5, 4), (4, 3), seed=0).save("net.npz")
    for composer, names in {"a": SONGS[:2], "b": SONGS[2:4]}.items():
        (tmp_path / composer).mkdir()
        for name in names:
            lv.write_midi(lv.song(name)[:64], f"{composer}/{name}.mid")
    options = "--network", "net.npz", "--deals", "20", "--csv", "s.csv"
    assert main(["styles", "a", "b", *options]) == 0
    assert "pieces: a (2), b (2)" in capsys.readouterr().out
    assert (tmp_path / "styles.png").exists()
    with open("s.csv", newline="") as file:
        assert len(list(csv.DictReader(file))) == 16
