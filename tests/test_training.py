"""Statements about learning."""

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.network.optimizers import Adadelta, Adam
from lstmviz.network.settings import Settings, learning_rate
from lstmviz.network.training import (
    clip_gradients,
    draw_batch,
    draw_masks,
    gradient_norm,
)


def test_adams_first_steps_are_those_worked_out_by_hand():
    weights = {"w": np.array([1.0, 1.0, 1.0])}
    adam = Adam()
    adam.step(weights, {"w": np.array([5.0, -0.01, 0.0])}, learning_rate=0.1)
    np.testing.assert_allclose(weights["w"], [0.9, 1.1, 1.0], atol=1e-6)
    adam.step(weights, {"w": np.array([-5.0, -0.01, 0.0])}, learning_rate=0.1)
    # m = 0.9 * 0.5 - 0.5 = -0.05 -> m_hat = -0.05 / 0.19, v_hat = 25
    np.testing.assert_allclose(
        weights["w"], [0.9 + 0.1 * 0.05 / 0.19 / 5, 1.2, 1.0], atol=1e-6
    )


def test_adadeltas_first_steps_are_those_worked_out_by_hand():
    weights = {"w": np.array([1.0])}
    adadelta = Adadelta()
    adadelta.step(weights, {"w": np.array([2.0])}, learning_rate=1)
    # v = 0.05 * 4, move = sqrt(1e-6 / (0.2 + 1e-6)) * 2
    move = 2 * np.sqrt(1e-6 / 0.200001)
    np.testing.assert_allclose(weights["w"], 1 - move)
    adadelta.step(weights, {"w": np.array([2.0])}, learning_rate=1)
    move_again = 2 * np.sqrt((0.05 * move**2 + 1e-6) / (0.95 * 0.2 + 0.2 + 1e-6))
    np.testing.assert_allclose(weights["w"], 1 - move - move_again)


def test_the_learning_rate_rises_then_sinks_along_a_cosine():
    settings = Settings(steps=110, learning_rate=2, warmup=10)
    rates = [learning_rate(settings, step) for step in range(110)]
    np.testing.assert_allclose(rates[:10], np.arange(1, 11) * 0.2)
    assert rates[10] == 2
    assert rates[60] == pytest.approx(1)
    assert 0 < rates[-1] < 0.001
    assert (np.diff(rates[10:]) < 0).all()
    steady = Settings(steps=110, learning_rate=2, schedule="constant")
    assert {learning_rate(steady, step) for step in range(110)} == {2}


def test_segments_start_on_bar_lines():
    piece = np.zeros((80, 78, 2), np.uint8)
    for bar in range(5):
        piece[16 * bar, bar] = 1  # the first step of each bar has a note of its own
    batch = draw_batch([piece], 40, 32, 0, np.random.default_rng(0))
    assert {segment.shape for segment in batch} == {(32, 78, 2)}
    begun = {int(np.flatnonzero(segment[0, :, 0])[0]) for segment in batch}
    assert begun == {0, 1, 2, 3}  # a segment of two bars cannot start in the last


def test_longer_pieces_are_drawn_from_more_often():
    short, long = np.zeros((32, 5, 2), np.uint8), np.ones((32 + 16 * 8, 5, 2), np.uint8)
    batch = draw_batch([short, long], 2000, 32, 0, np.random.default_rng(0))
    drawn = [segment[0, 0, 0] for segment in batch]
    assert np.mean(drawn) == pytest.approx(0.9, abs=0.03)


def test_a_piece_shorter_than_a_segment_is_taken_whole():
    pieces = [random_music(0, T=21, N=5), random_music(1, T=40, N=5)]
    batch = draw_batch(pieces, 20, 32, 0, np.random.default_rng(0))
    assert {len(segment) for segment in batch} == {21, 32}


def test_segments_are_moved_up_and_down_as_far_as_they_fit():
    piece = np.zeros((16, 10, 2), np.uint8)
    piece[:, [1, 7]] = 1  # room for one semitone down, two up
    batch = draw_batch([piece], 60, 16, 5, np.random.default_rng(0))
    lowest = [int(np.flatnonzero(segment[0, :, 0])[0]) for segment in batch]
    assert set(lowest) == {0, 1, 2, 3}
    for segment, place in zip(batch, lowest, strict=True):
        np.testing.assert_array_equal(segment, np.roll(piece, place - 1, axis=1))
    assert not draw_batch([np.zeros_like(piece)], 1, 16, 5, np.random.default_rng(0))[
        0
    ].any()


def test_dropout_silences_its_share_and_keeps_the_mean():
    net = lv.Biaxial((300, 300), (100, 50))
    masks = draw_masks(net, 20, 0.25, np.random.default_rng(0))
    assert list(masks) == ["time1", "time2", "note1", "note2"]
    assert masks["time1"].shape == (20, 300)
    assert set(np.unique(masks["time1"])) == {0, np.float32(1 / 0.75)}
    assert masks["time1"].mean() == pytest.approx(1, abs=0.05)
    assert draw_masks(net, 20, 0, None) is None


def test_long_gradients_are_shortened_together():
    gradients = {"a": np.array([3.0, 0.0]), "b": np.array([[4.0]])}  # 5 long
    assert gradient_norm(gradients) == 5
    short = clip_gradients(gradients, 5, longest=1)
    np.testing.assert_allclose(short["a"], [0.6, 0])
    np.testing.assert_allclose(short["b"], [[0.8]])
    assert clip_gradients(gradients, 5, longest=5) is gradients


def test_the_same_seed_learns_the_same():
    def learn(seed):
        net = lv.Biaxial((4,), (3,), low=60, high=70)
        pieces = [random_music(0, T=64, N=10)]
        history = lv.train(net, pieces, steps=5, batch=2, length=32, seed=seed)
        return history, net.parameters

    (one, weights), (same, same_weights), (other, _) = map(learn, (1, 1, 2))
    np.testing.assert_array_equal(one["loss"], same["loss"])
    for name in weights:
        np.testing.assert_array_equal(weights[name], same_weights[name])
    assert (one["loss"] != other["loss"]).any()


@pytest.mark.parametrize("optimizer", ["adam", "adadelta"])
def test_both_optimizers_learn(optimizer):
    net = lv.Biaxial((8,), (8,), low=60, high=70, seed=0)
    pieces = [np.tile(random_music(0, T=8, N=10), (8, 1, 1))]
    settings = dict(batch=2, length=32, dropout=0, schedule="constant")
    rate = 0.01 if optimizer == "adam" else 1
    history = lv.train(
        net, pieces, steps=60, optimizer=optimizer, learning_rate=rate, **settings
    )
    assert history["loss"][-1] < 0.8 * history["loss"][0]


@pytest.mark.slow
def test_it_learns_a_song_by_heart():
    """The loss falls tenfold, and it then goes on with the song by itself."""
    piece = lv.song("prelude-in-c")[:128]
    net = lv.Biaxial((64,), (32,), seed=1)
    settings = dict(batch=1, learning_rate=0.01, dropout=0, schedule="constant")
    loss = lv.train(net, [piece], steps=250, **settings)["loss"]
    assert loss[-1] < loss[0] / 10

    def likeness(seed):
        """Return the share of the next bar, of what sounds in either, that agrees."""
        bar = lv.compose(net, 16, seed, prompt=piece[:64], temperature=0.5)[64:]
        return (bar * piece[64:80]).sum() / np.maximum(bar, piece[64:80]).sum()

    assert np.median([likeness(seed) for seed in range(7)]) > 0.9


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (dict(pieces=[]), "no pieces"),
        (dict(length=1), "length must be"),
        (dict(steps=0), "steps must be"),
        (dict(batch=0), "batch must be"),
        (dict(dropout=1), "dropout must be"),
        (dict(learning_rate=0), "learning_rate must be"),
        (dict(clip=0), "clip must be"),
        (dict(optimizer="magic"), "adam or adadelta, not 'magic'"),
        (dict(schedule="lunar"), "cosine or constant, not 'lunar'"),
        (dict(warmup=-1), "warmup must be at least 0"),
        (dict(transpose=-1), "transpose must be at least 0"),
        (dict(validation=[np.zeros((64, 78, 2))]), "78 notes, but 10"),
        (dict(pieces=[np.zeros((64, 78, 2))]), "78 notes, but 10"),
    ],
)
def test_training_that_cannot_be_is_refused(settings, said):
    net = lv.Biaxial((4,), (3,), low=60, high=70)
    defaults = dict(pieces=[random_music(0, T=64, N=10)], steps=1, batch=1, length=32)
    with pytest.raises(ValueError, match=said):
        lv.train(net, **(defaults | settings))
