"""Statements about how surprising music is."""

import numpy as np
import pytest
from helpers import random_music, random_positions

import lstmviz as lv
from lstmviz.network import biaxial
from lstmviz.network.loss import negative_log_likelihood


@pytest.fixture
def net():
    return lv.Biaxial((6, 5), (4, 3), low=40, high=64, seed=1)


@pytest.mark.parametrize("backend", ["numba", "numpy"])
def test_passages_add_up_to_the_whole(net, backend, monkeypatch):
    net.backend = backend
    piece = lv.Piece(random_music(0, T=50, N=24), random_positions(0, T=50), low=40)
    nats, _ = negative_log_likelihood(net.forward(piece).z, piece.states[1:])
    for passage in 7, 49, 200:
        monkeypatch.setattr(biaxial, "PASSAGE", passage)
        found = lv.evaluate(net, [piece])
        assert found.play == pytest.approx(nats[..., 0].sum() / 49, rel=1e-5)
        assert found.articulate == pytest.approx(nats[..., 1].sum() / 49, rel=1e-5)
        assert found.total == pytest.approx(found.play + found.articulate)


def test_every_step_of_every_piece_counts_the_same(net):
    short, long = random_music(0, T=3, N=24), random_music(1, T=30, N=24)
    alone = [lv.evaluate(net, [piece]).total for piece in (short, long)]
    together = lv.evaluate(net, [short, long]).total
    assert together == pytest.approx((2 * alone[0] + 29 * alone[1]) / 31, rel=1e-5)


def test_music_is_heard_in_its_own_bars(net):
    states = random_music(0, T=30, N=24)
    waltz = lv.Piece(states, np.arange(30) % 12, low=40)
    assert lv.evaluate(net, [waltz]) != lv.evaluate(net, [states])
    in_four_four = waltz.replace(position=np.arange(30) % 16)
    assert lv.evaluate(net, [in_four_four]) == lv.evaluate(net, [states])


def test_it_is_the_loss_without_dropout(net):
    batch = [random_music(seed, T=20, N=24) for seed in range(3)]
    loss, _ = net.loss_and_gradients(batch)
    assert lv.evaluate(net, batch).total == pytest.approx(loss, rel=1e-5)


def test_a_network_that_knows_nothing_halves_every_chance(net):
    for name in net.parameters:
        net.parameters[name][:] = 0
    piece = np.zeros((11, 24, 2), np.uint8)
    piece[5, 3] = 1
    nats = lv.evaluate(net, [piece])
    assert nats.play == pytest.approx(24 * np.log(2), rel=1e-5)
    assert nats.articulate == pytest.approx(np.log(2) / 10, rel=1e-5)


def test_no_pieces_are_refused(net):
    with pytest.raises(ValueError, match="no pieces"):
        lv.evaluate(net, [])
