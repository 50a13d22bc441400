"""The network in one file, tutorials/minimal.py, computes what the library computes."""

import importlib.util
import os
import re
import subprocess
import sys
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest
from helpers import TUTORIALS, random_music

import lstmviz as lv
from lstmviz.cells.sampling import sample_notes as library_sample_notes
from lstmviz.network.optimizers import Adam

PATH = TUTORIALS / "minimal.py"
spec = importlib.util.spec_from_file_location("minimal", PATH)
minimal = importlib.util.module_from_spec(spec)
spec.loader.exec_module(minimal)


def network(dtype=np.float64, seed=0):
    """Return a small network of the library that plays and articulates often.

    With its initial output biases it would hardly play at all.
    """
    net = lv.Biaxial(time_layers=(7,), note_layers=(5,), seed=seed, dtype=dtype)
    net.parameters["out.b"][:] = -0.5, 0.3
    return net


def music(T=24, seed=0):
    return random_music(seed, T=T, N=minimal.N, density=0.1)


def test_it_has_at_most_200_lines():
    assert len(PATH.read_text().splitlines()) <= 200


@pytest.mark.parametrize("states", [music(), lv.song("prelude-in-c")])
def test_note_features_equal_those_of_the_library(states):
    expected = lv.note_features(states)
    states = np.asarray(states)
    x = minimal.note_features(states)
    assert x.dtype == expected.dtype
    np.testing.assert_array_equal(x, expected)
    np.testing.assert_array_equal(minimal.note_features(states[5:], 5), expected[5:])


def test_initial_weights_equal_those_of_the_library():
    expected = lv.Biaxial(time_layers=(96,), note_layers=(32,), seed=3).parameters
    weights = minimal.initial_weights(96, 32, seed=3)
    assert weights.keys() == expected.keys()
    for name, array in weights.items():
        assert array.dtype == np.float32
        np.testing.assert_allclose(array, expected[name], 1e-6, err_msg=name)


@pytest.mark.parametrize("seed", [0, 1])
def test_probabilities_loss_and_gradients_equal_those_of_the_library(seed):
    net, states = network(seed=seed), music(seed=seed)
    z = minimal.forward(net.parameters, states)[2]
    np.testing.assert_allclose(minimal.sigmoid(z), net.probabilities(states), 1e-9)

    loss, gradients = minimal.loss_and_gradients(net.parameters, states)
    expected_loss, expected = net.loss_and_gradients([states])
    assert loss == pytest.approx(expected_loss, rel=1e-9)
    assert gradients.keys() == expected.keys()
    for name, gradient in gradients.items():
        np.testing.assert_allclose(gradient, expected[name], 1e-7, 1e-9, err_msg=name)


def test_it_computes_in_the_dtype_of_its_weights():
    p = network(np.float32).parameters
    time, note, z = minimal.forward(p, music())
    _, gradients = minimal.loss_and_gradients(p, music())
    arrays = [*time, *note, z, *gradients.values()]
    assert {array.dtype for array in arrays} == {np.dtype(np.float32)}


def test_adam_equals_that_of_the_library():
    p, expected = network(seed=4).parameters, network(seed=4).parameters
    m, v = ({name: np.zeros_like(w) for name, w in p.items()} for _ in range(2))
    adam, rng = Adam(), np.random.default_rng(0)
    for k in range(1, 6):
        gradients = {name: rng.normal(size=w.shape) for name, w in p.items()}
        minimal.adam_step(p, gradients, m, v, k, rate=0.01 / k)
        adam.step(expected, gradients, 0.01 / k)
    for name, array in p.items():
        np.testing.assert_allclose(array, expected[name], 1e-12, err_msg=name)


def test_the_same_dice_choose_the_same_notes_as_in_the_library():
    p, rng = network().parameters, np.random.default_rng(0)
    for _ in range(5):
        y, dice = rng.normal(size=(minimal.N, 7)), rng.random((minimal.N, 2))
        chosen = minimal.sample_notes(p, y, dice)
        expected, _, _ = library_sample_notes(p, ["note1"], y, dice)
        np.testing.assert_array_equal(chosen, expected)
        played, articulated = chosen.mean(axis=0)
        assert 0 < articulated < played < 1  # the dice did decide something


def test_composed_music_heard_again_has_the_probabilities_it_was_sampled_from():
    net, prompt = network(), music(T=19)  # ends in the middle of a bar
    composed = minimal.sample(net.parameters, prompt, 14, np.random.default_rng(1))
    np.testing.assert_array_equal(composed[:19], prompt)
    dice = np.random.default_rng(1).random((14, minimal.N, 2))
    play, articulate = np.moveaxis(dice < net.probabilities(composed)[18:], 2, 0)
    np.testing.assert_array_equal(composed[19:, :, 0], play)
    np.testing.assert_array_equal(composed[19:, :, 1], play & articulate)


@pytest.mark.parametrize(
    ("step", "past"),
    [
        pytest.param(0, 128, id="first step"),
        pytest.param(9, 4, id="layers wider than the score"),
        pytest.param(22, 22, id="last step"),
    ],
)
def test_the_snapshot_equals_that_of_the_library_pixel_for_pixel(step, past):
    trace = lv.trace(network(np.float32), music())
    until = slice(step + 1)
    time, note = (minimal.Layer(None, *trace[name]) for name in ("time1", "note1"))
    time = time._replace(h=time.h[until], c=time.c[until])
    note = note._replace(h=note.h[until].swapaxes(0, 1), c=note.c[until].swapaxes(0, 1))
    image = minimal.snapshot(
        time, note, trace.probability[until], trace.chosen[until], past
    )
    expected = np.asarray(lv.snapshot(trace, step, past=past))
    assert image.dtype == expected.dtype
    np.testing.assert_array_equal(image, expected)


def test_the_text_roll_shows_onsets_and_held_notes_with_the_highest_on_top():
    states = np.zeros((4, minimal.N, 2), np.uint8)
    states[:2, 30] = [1, 1], [1, 0]
    states[1:, 50] = [1, 1], [1, 1], [1, 0]
    assert minimal.text_roll(states) == ".OO-\nO-.."


@pytest.mark.slow
def test_run_from_another_folder_it_learns_a_song_and_plays_it(tmp_path):
    root = str(Path(lv.__file__).parents[1])
    run = subprocess.run(
        [sys.executable, str(PATH)],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": root},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    untrained, trained = (
        float(re.search(rf"^{what}: (.*) nats per time step$", run.stdout, re.M)[1])
        for what in ("untrained", "trained")
    )
    assert trained < untrained / 10
    losses = [float(x) for x in re.findall(r"^step \d+: (.*) nats", run.stdout, re.M)]
    assert len(losses) == 12
    assert np.mean(losses[-3:]) < np.mean(losses[:3]) / 10
    share = int(re.search(r"^(\d+)% of the composed steps", run.stdout, re.M)[1])
    assert share > 30  # about 1 before learning

    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "minimal.mid",
        "minimal.png",
    ]
    image = imageio.imread(tmp_path / "minimal.png")
    assert image.shape == (4 * (3 * 78 + 2 * 5), 4 * (128 + 14), 3)
    song, heard = (
        np.asarray(states)
        for states in (lv.song("prelude-in-c"), lv.read_midi(tmp_path / "minimal.mid"))
    )
    np.testing.assert_array_equal(heard[:16], song[:16])
    assert len(heard) > 200
