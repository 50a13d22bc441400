"""Numbers that must not change when code is moved: computed by version 0.1.0.

They hold for both backends and on every processor, so floats are compared within
rounding. Music is compared exactly: no probability comes that close to its die.
"""

import zlib

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.network.training import draw_masks


@pytest.fixture(params=["numpy", "numba"])
def net(request):
    """An untrained network that plays now and then."""
    net = lv.Biaxial((16, 16), (8, 8), seed=1, backend=request.param)
    net.parameters["out.b"][0] = -2
    return net


@pytest.fixture
def music():
    return np.asarray(lv.song("prelude-in-c"))[:65]


def checksum(states):
    return zlib.crc32(np.ascontiguousarray(states))


def test_probabilities(net, music):
    p = net.probabilities(music)
    assert p.mean(axis=(0, 1)) == pytest.approx(P_MEAN, rel=1e-5)
    assert p[40, 36] == pytest.approx(P_C4, rel=1e-5)


def test_loss_and_gradients(net, music):
    masks = draw_masks(net, 2, 0.4, np.random.default_rng(0))
    loss, gradients = net.loss_and_gradients([music[:33], music[16:65]], masks)
    assert loss == pytest.approx(LOSS, rel=1e-5)
    for name, norm in NORMS.items():
        assert np.linalg.norm(gradients[name]) == pytest.approx(norm, rel=1e-4), name


def test_composed_music(net, music):
    states = np.asarray(lv.compose(net, 24, seed=3, prompt=music[:17]))
    assert checksum(states) == COMPOSED


def test_surprise(net, music):
    assert lv.evaluate(net, [music, music[:40]]) == pytest.approx(NATS, rel=1e-5)


def test_training(net, music):
    settings = dict(batch=3, length=32, seed=0, transpose=4, dropout=0.3)
    history = lv.train(net, [music], [music], steps=4, validate_every=2, **settings)
    assert history["loss"] == pytest.approx(LOSSES, rel=1e-4)
    assert history["total"][[1, 3]] == pytest.approx(TOTALS, rel=1e-4)


def test_pictures(net, music):
    trace = lv.trace(net, music)
    assert lv.snapshot(trace, 20).mean((0, 1)) == pytest.approx(SNAPSHOT, abs=0.05)
    picture = lv.neuron(trace, "time2", 2, notes=True)
    assert picture.mean((0, 1)) == pytest.approx(NEURON, abs=0.05)


P_MEAN = (0.125815, 0.4038201)
P_C4 = (0.1252045, 0.399579)
LOSS = 16.81258
NORMS = {
    "time1.W": 13.28952,
    "time1.U": 0.2286522,
    "time1.b": 0.3901701,
    "time2.W": 0.5477838,
    "time2.U": 0.4957445,
    "time2.b": 0.7513047,
    "note1.W": 0.8817919,
    "note1.U": 0.4711602,
    "note1.b": 1.122939,
    "note2.W": 2.814038,
    "note2.U": 3.391239,
    "note2.b": 4.4007,
    "out.W": 7.146077,
    "out.b": 6.505517,
}
COMPOSED = 509700410
NATS = (17.36086, 15.60358, 1.757279)
SNAPSHOT = (1.879354, 9.439866, 9.435778)
NEURON = (5.935897, 115.2612, 103.1544)
LOSSES = (17.06158, 17.17727, 17.20427, 17.32923)
TOTALS = (16.9101, 16.78592)
