"""Statements about runs that stop and go on."""

import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.network.checkpoints import BEST, CHECKPOINT

SETTINGS = dict(batch=3, length=32, dropout=0.3, transpose=2, save_every=5, seed=1)
PIECES = [random_music(seed, T=64, N=10) for seed in (0, 1)]


def small_net():
    return lv.Biaxial((6, 5), (4,), low=60, high=70, seed=0)


def learn(folder=None, net=None, **settings):
    net = net or small_net()
    settings = dict(steps=20, validate_every=4) | SETTINGS | settings
    history = lv.train(net, PIECES, [PIECES[0]], folder, **settings)
    return net.parameters, history


def equal(one, other):
    for name in one:
        if name != "seconds":
            np.testing.assert_array_equal(one[name], other[name])


def test_a_run_that_was_killed_goes_on_as_if_it_had_not_been(tmp_path):
    """20 steps without a break equal 12 steps, kill -9, and 8 more."""
    wait = "if len(history['loss']) == 12: print('now', flush=True); time.sleep(60)"
    with start(tmp_path / "run", wait) as process:
        process.kill()
    saved = np.load(tmp_path / "run" / CHECKPOINT)
    assert len(saved["log/loss"]) == 12
    weights, history = learn(tmp_path / "run", resume=True)
    straight_weights, straight_history = learn()
    equal(weights, straight_weights)
    equal(history, straight_history)


def test_ctrl_c_finishes_the_step_and_saves(tmp_path):
    before = signal.getsignal(signal.SIGINT)  # ignored, if in the background

    def press(net, history):
        if len(history["loss"]) == 8:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(0.01)  # the signal is on its way

    _, stopped = learn(tmp_path, watch=press)
    assert len(stopped["loss"]) == 9
    weights, history = learn(tmp_path, resume=True)
    straight_weights, straight_history = learn()
    equal(weights, straight_weights)
    equal(history, straight_history)
    assert signal.getsignal(signal.SIGINT) is before


def test_more_steps_can_be_asked_for(tmp_path):
    learn(tmp_path, steps=4, schedule="constant")
    _, history = learn(tmp_path, steps=8, schedule="constant", resume=True)
    assert len(history["loss"]) == 8


def test_resuming_keeps_every_setting(tmp_path):
    learn(tmp_path, steps=4, learning_rate=0.0005, schedule="constant")
    _, history = learn(
        tmp_path, steps=8, schedule=None, learning_rate=None, resume=True
    )
    assert (history["learning_rate"] == 0.0005).all()


def test_an_unknown_setting_is_refused(tmp_path):
    learn(tmp_path, steps=2)
    with pytest.raises(ValueError, match="no setting 'speed'"):
        learn(tmp_path, resume=True, speed=3)


def test_resuming_needs_a_folder(tmp_path, monkeypatch):
    learn(tmp_path, steps=2)
    monkeypatch.chdir(tmp_path)  # a checkpoint.npz that was not asked for
    with pytest.raises(ValueError, match="needs the folder"):
        learn(resume=True)


def test_the_best_network_on_validation_is_kept_apart(tmp_path):
    silence = np.zeros((20, 10, 2), np.uint8)  # known best at the beginning
    settings = SETTINGS | dict(steps=12, validate_every=3, save_every=7, warmup=12)
    history = lv.train(small_net(), PIECES, [silence], tmp_path, **settings)
    assert np.nanargmin(history["total"]) == 2
    best = lv.evaluate(lv.load(tmp_path / BEST), [silence])
    assert best.total == pytest.approx(np.nanmin(history["total"]))


def test_what_is_not_finite_stops_training_and_leaves_the_checkpoint(tmp_path):
    net = small_net()
    count, healthy = iter(range(20)), net.loss_and_gradients

    def spoiled(*arguments):
        loss, gradients = healthy(*arguments)
        return (np.nan if next(count) == 8 else loss), gradients

    net.loss_and_gradients = spoiled
    with pytest.raises(
        FloatingPointError, match=r"at step 8, loss is no longer finite.* is intact"
    ):
        learn(tmp_path, net)
    weights, _ = learn(tmp_path, resume=True)
    equal(weights, learn()[0])


@pytest.mark.filterwarnings("ignore::RuntimeWarning")  # what it is about
def test_weights_that_are_not_finite_are_never_saved(tmp_path):
    with pytest.raises(FloatingPointError, match="is no longer finite") as raised:
        learn(tmp_path / "run", learning_rate=1e39, save_every=1)
    assert "intact" not in str(raised.value)  # there is no checkpoint yet
    assert not (tmp_path / "run").exists()


def test_a_weight_that_is_nan_stops_training(tmp_path):
    """Kernels may turn nan into any number, so that the loss need not show it."""
    net = small_net()
    net.parameters["time1.W"][30, 5] = np.nan
    with pytest.raises(FloatingPointError, match="is no longer finite"):
        learn(net=net, steps=1)


def test_a_watch_that_fails_loses_no_step(tmp_path):
    def fail(net, history):
        raise OSError("no space left for a sample")

    with pytest.raises(OSError, match="no space left"):
        learn(tmp_path, watch=fail)
    weights, _ = learn(tmp_path, resume=True)
    assert len(np.load(tmp_path / CHECKPOINT)["log/loss"]) == 20
    equal(weights, learn()[0])


def test_an_existing_folder_stays_when_training_fails(tmp_path):
    with pytest.raises(FloatingPointError):
        learn(tmp_path, learning_rate=1e39)
    assert tmp_path.exists()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (dict(net=lv.Biaxial((6,), (4,), low=60, high=70)), "has other layers"),
        (dict(batch=4), "begun with batch 3, not 4; only steps can change"),
        (dict(resume=False), "holds a training run already"),
    ],
)
def test_a_run_goes_on_only_as_it_was_begun(tmp_path, change, said):
    learn(tmp_path, steps=2)
    with pytest.raises(ValueError, match=said):
        learn(tmp_path, **(dict(resume=True) | change))


def test_a_run_goes_on_only_with_the_music_it_was_begun_with(tmp_path):
    learn(tmp_path, steps=2)
    with pytest.raises(ValueError, match="begun with other music"):
        lv.train(small_net(), PIECES[:1], checkpoint=tmp_path, resume=True)


def test_without_a_checkpoint_there_is_nothing_to_go_on_with(tmp_path):
    with pytest.raises(ValueError, match="there is no such file"):
        learn(tmp_path, resume=True)
    np.savez(tmp_path / CHECKPOINT, a=np.zeros(1))
    with pytest.raises(ValueError, match="cannot be resumed"):
        learn(tmp_path, resume=True)


# Stopping, and two runs in one folder -------------------------------------------


def start(folder, watch):
    """Start `learn` in another process, and wait until its watch prints a line."""
    code = (
        "import os, signal, sys, time; sys.path.insert(0, sys.argv[2])\n"
        "import test_checkpoints as t\n"
        f"def watch(net, history):\n    {watch}\n"
        "print(len(t.learn(sys.argv[1], watch=watch)[1]['loss']))\n"
    )
    command = [sys.executable, "-c", code, folder, os.path.dirname(__file__)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "now\n"
    return process


WAIT = "if len(history['loss']) == 8: print('now', flush=True); time.sleep(60)"


def test_sigterm_ends_training_as_ctrl_c_does(tmp_path):
    waits = "if len(history['loss']) == 8: print('now', flush=True); time.sleep(1)"
    with start(tmp_path, waits) as process:
        process.terminate()
        assert process.stdout.read() == "9\n"
    assert process.returncode == 0
    weights, _ = learn(tmp_path, resume=True)
    equal(weights, learn()[0])
    assert sorted(os.listdir(tmp_path)) == [BEST, CHECKPOINT]


def test_two_runs_cannot_be_at_work_in_one_folder(tmp_path):
    with start(tmp_path, WAIT) as process:
        for resume in True, False:
            with pytest.raises(ValueError, match="a training run is at work there"):
                learn(tmp_path, resume=resume)
        process.kill()
    weights, _ = learn(tmp_path, resume=True)  # the lock has died with its process
    equal(weights, learn()[0])
    assert sorted(os.listdir(tmp_path)) == [BEST, CHECKPOINT]


def test_a_run_that_cannot_begin_leaves_no_folders(tmp_path):
    with pytest.raises(ValueError, match="there is no such file"):
        learn(tmp_path / "a" / "b", resume=True)
    (tmp_path / "file").touch()
    with pytest.raises(ValueError, match="file/run: cannot be a folder"):
        learn(tmp_path / "file" / "run")
    assert os.listdir(tmp_path) == ["file"]
