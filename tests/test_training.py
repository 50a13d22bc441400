"""Statements about learning."""

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.network.optimizers import Adam
from lstmviz.network.training import clipped, draw_batch, draw_masks


def test_adams_first_steps_are_those_worked_out_by_hand():
    weights = {"w": np.array([1.0, 1.0, 1.0])}
    adam = Adam(learning_rate=0.1)
    adam.step(weights, {"w": np.array([5.0, -0.01, 0.0])})
    np.testing.assert_allclose(weights["w"], [0.9, 1.1, 1.0], atol=1e-6)
    adam.step(weights, {"w": np.array([-5.0, -0.01, 0.0])})
    # m = 0.9 * 0.5 - 0.5 = -0.05 -> m_hat = -0.05 / 0.19, v_hat = 25
    np.testing.assert_allclose(
        weights["w"], [0.9 + 0.1 * 0.05 / 0.19 / 5, 1.2, 1.0], atol=1e-6
    )


def test_segments_start_on_bar_lines():
    piece = np.zeros((80, 78, 2), np.uint8)
    for bar in range(5):
        piece[16 * bar, bar] = 1  # the first step of each bar has a note of its own
    batch = draw_batch([piece], 40, 32, np.random.default_rng(0))
    assert batch.shape == (40, 32, 78, 2)
    begun = {int(np.flatnonzero(segment[0, :, 0])[0]) for segment in batch}
    assert begun == {0, 1, 2, 3}  # a segment of two bars cannot start in the last


def test_longer_pieces_are_drawn_from_more_often():
    short, long = np.zeros((32, 5, 2), np.uint8), np.ones((32 + 16 * 8, 5, 2), np.uint8)
    batch = draw_batch([short, long], 2000, 32, np.random.default_rng(0))
    assert batch[:, 0, 0, 0].mean() == pytest.approx(0.9, abs=0.03)


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
    short = clipped(gradients, 1)
    np.testing.assert_allclose(short["a"], [0.6, 0])
    np.testing.assert_allclose(short["b"], [[0.8]])
    assert clipped(gradients, 5) is gradients


def test_the_same_seed_learns_the_same():
    def learn(seed):
        net = lv.Biaxial((4,), (3,), low=60, high=70)
        pieces = [random_music(0, T=64, N=10)]
        history = lv.train(net, pieces, 5, batch=2, length=32, seed=seed)
        return history, net.parameters

    (one, weights), (same, same_weights), (other, _) = map(learn, (1, 1, 2))
    np.testing.assert_array_equal(one, same)
    for name in weights:
        np.testing.assert_array_equal(weights[name], same_weights[name])
    assert (one != other).any()


@pytest.mark.slow
def test_it_learns_a_song_by_heart():
    """The loss falls tenfold, and it then goes on with the song by itself."""
    piece = lv.song("prelude-in-c")[:128]
    net = lv.Biaxial((64,), (32,), seed=1)
    history = lv.train(
        net, [piece], 250, batch=1, length=128, learning_rate=0.01, dropout=0
    )
    assert history[-1] < history[0] / 10

    def likeness(seed):
        """Return the share of the next bar, of what sounds in either, that agrees."""
        bar = lv.compose(net, 16, seed, prompt=piece[:64], temperature=0.5)[64:]
        return (bar * piece[64:80]).sum() / np.maximum(bar, piece[64:80]).sum()

    assert np.median([likeness(seed) for seed in range(7)]) > 0.9


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (dict(pieces=[]), "no pieces"),
        (dict(length=65), "64 time steps, fewer than the segments' 65"),
        (dict(length=1), "length must be"),
        (dict(steps=0), "steps must be"),
        (dict(batch=0), "batch must be"),
        (dict(dropout=1), "dropout must be"),
        (dict(learning_rate=0), "learning_rate must be"),
        (dict(clip=0), "clip must be"),
        (dict(optimizer="magic"), "unknown optimizer 'magic'"),
        (dict(pieces=[np.zeros((64, 78, 2))]), "78 notes, but 10"),
    ],
)
def test_training_that_cannot_be_is_refused(settings, said):
    net = lv.Biaxial((4,), (3,), low=60, high=70)
    defaults = dict(pieces=[random_music(0, T=64, N=10)], steps=1, batch=1, length=32)
    with pytest.raises(ValueError, match=said):
        lv.train(net, **(defaults | settings))
