"""Statements about learning."""

import numpy as np
import pytest
from helpers import random_music, random_positions

import lstmviz as lv
from lstmviz.music.features import FEATURES
from lstmviz.network.optimizers import Adadelta, Adam
from lstmviz.network.settings import Settings, learning_rate
from lstmviz.network.training import (
    clip_gradients,
    draw_batch,
    draw_masks,
    gradient_norm,
    segment_starts,
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


def test_each_optimizer_has_its_own_learning_rate():
    assert Settings(optimizer="adam").learning_rate == 0.002
    assert Settings(optimizer="adadelta").learning_rate == 1


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


def draw(pieces, batch, length=32, transpose=0):
    """Return segments of pieces, drawn at random."""
    return draw_batch(pieces, batch, length, transpose, np.random.default_rng(0))


def numbered(position):
    """Return a piece in which each step has a note of its own."""
    steps = len(position)
    return lv.Piece(np.eye(steps)[..., None] * [1, 1], position, bpm=90, name="steps")


def first_steps(batch):
    """Return on which steps of a numbered piece the segments start."""
    return {int(np.flatnonzero(segment[0, :, 0])[0]) for segment in batch}


def test_segments_start_on_bar_lines():
    batch = draw([numbered(np.arange(80) % 16)], 40)
    assert {segment.shape for segment in batch} == {(32, 80, 2)}
    # a segment of two bars cannot start in the last
    assert first_steps(batch) == {0, 16, 32, 48}


def test_segments_start_at_the_beginning_too_if_it_is_a_pickup():
    position = [*range(8, 12), *range(12), *range(12), *range(10), *range(10)]
    batch = draw([numbered(position)], 60, length=20)
    assert first_steps(batch) == {0, 4, 16, 28}


@pytest.mark.parametrize(
    ("position", "length", "starts"),
    [
        ([0, 1, 2, 0, 1, 2, 0, 1, 2], 3, [0, 3, 6]),
        ([0, 1, 2, 0, 1, 2, 0, 1, 2], 4, [0, 3]),
        ([0, 1, 2, 0, 1, 2, 0, 1, 2], 9, [0]),
        ([0, 1, 2, 0, 1, 2, 0, 1, 2], 10, [0]),  # shorter: taken whole
        ([2, 0, 1, 2, 0, 1, 0, 0, 1], 3, [0, 1, 4, 6]),
        ([5, 6, 7, 8], 2, [0]),  # no bar line at all
        ([0], 2, [0]),
    ],
)
def test_where_segments_can_start(position, length, starts):
    assert segment_starts(np.array(position), length).tolist() == starts


def test_a_segment_keeps_its_bars_and_tempo_when_it_is_moved():
    piece = lv.Piece(np.zeros((60, 30, 2), np.uint8), random_positions(3, 60), bpm=90)
    piece.states[:, 15] = 1
    piece = piece.replace(position=[*range(4, 12), *range(20), *range(20), *range(12)])
    batch = draw([piece], 40, length=16, transpose=5)
    assert {int(np.flatnonzero(s[0, :, 0])[0]) for s in batch} == set(range(10, 21))
    assert {tuple(s.position) for s in batch} == {
        (*range(4, 12), *range(8)),
        tuple(range(16)),
    }
    for segment in batch:
        assert isinstance(segment, lv.Piece)
        assert (segment.bpm, segment.low) == (90, piece.low)


def test_longer_pieces_are_drawn_from_more_often():
    short, long = lv.Piece(np.zeros((32, 5, 2))), lv.Piece(np.ones((32 + 16 * 8, 5, 2)))
    batch = draw([short, long], 2000)
    drawn = [segment[0, 0, 0] for segment in batch]
    assert np.mean(drawn) == pytest.approx(0.9, abs=0.03)


def test_pieces_with_shorter_bars_have_more_places_to_start():
    slow, fast = lv.Piece(np.zeros((128, 5, 2))), lv.Piece(np.ones((128, 5, 2)))
    fast = fast.replace(position=np.arange(128) % 4)  # 25 places; the other has 7
    drawn = [segment[0, 0, 0] for segment in draw([slow, fast], 2000)]
    assert np.mean(drawn) == pytest.approx(25 / 32, abs=0.03)


def test_a_piece_shorter_than_a_segment_is_taken_whole():
    pieces = [lv.Piece(random_music(seed, T, N=5)) for seed, T in ((0, 21), (1, 40))]
    batch = draw(pieces, 20)
    assert {len(segment) for segment in batch} == {21, 32}


def test_segments_are_moved_up_and_down_as_far_as_they_fit():
    states = np.zeros((16, 10, 2), np.uint8)
    states[:, [1, 7]] = 1  # room for one semitone down, two up
    batch = draw([lv.Piece(states)], 60, 16, transpose=5)
    lowest = [int(np.flatnonzero(segment[0, :, 0])[0]) for segment in batch]
    assert set(lowest) == {0, 1, 2, 3}
    for segment, place in zip(batch, lowest, strict=True):
        np.testing.assert_array_equal(segment, np.roll(states, place - 1, axis=1))
    (silence,) = draw([lv.Piece(np.zeros_like(states))], 1, 16, transpose=5)
    assert not silence.states.any()


def test_dropout_silences_its_share_and_keeps_the_mean():
    net = lv.Biaxial((300, 300), (100, 50))
    masks = draw_masks(net, 20, 0.25, np.random.default_rng(0))
    assert list(masks) == ["time1", "time2", "note1", "note2"]
    assert masks["time1"].shape == (20, 300)
    assert set(np.unique(masks["time1"])) == {0, np.float32(1 / 0.75)}
    assert masks["time1"].mean() == pytest.approx(1, abs=0.05)
    assert draw_masks(net, 20, 0, None) is None


def test_weight_decay_takes_its_share_at_the_learning_rate_of_the_step():
    """A weight that no gradient reaches shrinks by (1 - rate decay) at every step."""
    piece = np.zeros((33, 10, 2), np.uint8)  # silence: no note is ever heard
    net = lv.Biaxial((4,), (3,), low=60, high=70, seed=0)
    before = {name: weights.copy() for name, weights in net.parameters.items()}
    settings = dict(steps=3, batch=1, length=32, dropout=0, schedule="constant")
    lv.train(net, [piece], learning_rate=0.5, weight_decay=0.2, **settings)
    heard = FEATURES["vicinity"]
    np.testing.assert_allclose(
        net.parameters["time1.W"][heard], 0.9**3 * before["time1.W"][heard], rtol=1e-6
    )


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


def test_plain_states_are_learned_from_like_pieces_in_four_four():
    def learn(music):
        net = lv.Biaxial((4,), (3,), low=60, high=70)
        return lv.train(net, [music], steps=3, batch=2, length=32, seed=0)["loss"]

    states = random_music(0, T=64, N=10)
    plain = learn(states)
    np.testing.assert_array_equal(plain, learn(lv.Piece(states, low=60)))
    waltz = lv.Piece(states, np.arange(64) % 12, low=60)
    assert (plain != learn(waltz)).any()


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
        music = lv.compose(net, 16, seed, prompt=piece[:64], temperature=0.5)
        bar, right = music.states[64:], piece.states[64:80]
        return (bar * right).sum() / np.maximum(bar, right).sum()

    assert np.median([likeness(seed) for seed in range(7)]) > 0.9


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (dict(pieces=[]), "no pieces"),
        (dict(length=1), "length must be"),
        (dict(steps=0), "steps must be"),
        (dict(batch=0), "batch must be"),
        (dict(dropout=1), "dropout must be"),
        (dict(weight_decay=1), "weight_decay must be"),
        (dict(learning_rate=0), "learning_rate must be"),
        (dict(clip=0), "clip must be"),
        (dict(optimizer="magic"), "'adam' or 'adadelta', not 'magic'"),
        (dict(schedule="lunar"), "'cosine' or 'constant', not 'lunar'"),
        (dict(warmup=-1), "warmup must be a whole number from 0"),
        (dict(transpose=-1), "transpose must be a whole number from 0"),
        (dict(validation=[np.zeros((64, 78, 2))]), "78 notes .* the network covers 10"),
        (dict(pieces=[np.zeros((64, 78, 2))]), "78 notes .* the network covers 10"),
        (
            dict(pieces=[lv.Piece(np.zeros((64, 10, 2)))]),
            "C1 to A1.* but the network covers 10 ",
        ),
    ],
)
def test_training_that_cannot_be_is_refused(settings, said):
    net = lv.Biaxial((4,), (3,), low=60, high=70)
    defaults = dict(pieces=[random_music(0, T=64, N=10)], steps=1, batch=1, length=32)
    with pytest.raises(ValueError, match=said):
        lv.train(net, **(defaults | settings))
