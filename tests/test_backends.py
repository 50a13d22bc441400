"""The two backends agree: numba is the proof that the definition can be fast."""

import os
import subprocess
import sys
from unittest.mock import patch

import numba
import numpy as np
import pytest
from helpers import compiled, random_music, random_positions
from hypothesis import given
from hypothesis import strategies as st

import lstmviz as lv
from lstmviz.cells import lstm
from lstmviz.fast import features as fast_features
from lstmviz.fast import kernels, sampling, threads
from lstmviz.fast.backends import get_backend
from lstmviz.fast.jit import kernel
from lstmviz.music import features
from lstmviz.network.training import draw_masks


def on_both(net, compute):
    """Return what `compute()` returns on "numpy", and what it returns on "numba"."""
    results = []
    for net.backend in ("numpy", "numba"):
        results.append(compute())
    return results


@given(x=st.floats(-100, 100, width=32))
def test_the_fast_tanh_is_tanh(x):
    assert abs(kernels.tanh(np.float32(x)) - np.tanh(x)) < 7e-7


def test_the_fast_tanh_ends_at_1():
    x = np.linspace(7, 8, 20001, dtype=np.float32)
    found = np.array([kernels.tanh(each) for each in x])
    assert found.max() <= 1
    assert np.abs(found - np.tanh(x.astype(float))).max() < 7e-7
    assert kernels.sigmoid(np.float32(-50)) >= 0


@given(
    seed=st.integers(0, 10**6),
    N=st.integers(1, 90),
    low=st.integers(0, 60),
    T=st.integers(1, 40),
)
def test_features_are_the_same(seed, N, low, T):
    pair = np.stack([random_music(seed, T, N), random_music(seed + 1, T, N)])
    position = random_positions(seed, T)
    piece = lv.Piece(pair[0], position, low=low)
    for arguments in (pair, low, position), (pair[0], low, position), (piece,), (pair,):
        np.testing.assert_array_equal(
            fast_features.note_features(*arguments), features.note_features(*arguments)
        )


@given(
    seed=st.integers(0, 10**6),
    T=st.integers(1, 20),
    R=st.integers(1, 9),
    D=st.integers(1, 9),
    H=st.integers(1, 40),
    enough=st.sampled_from([1, 10**9]),  # rows are shared out, or are not
)
def test_a_layer_is_the_same_forward_and_backward(seed, T, R, D, H, enough):
    rng = np.random.default_rng(seed)
    shapes = (T, R, D), (D, 4 * H), (H, 4 * H), (4 * H,), (T, R, H), (R, H), (R, H)
    x, W, U, b, dh, h0, c0 = (rng.normal(0, 0.3, s).astype(np.float32) for s in shapes)
    with patch.object(kernels, "ENOUGH", enough):
        one, other = (m.forward(x, W, U, b, h0, c0) for m in (lstm, kernels))
        for slow, fast in zip(one, other, strict=True):
            np.testing.assert_allclose(fast, slow, atol=2e-5)
        layer = lstm.forward(x, W, U, b)
        one, other = (m.backward(dh, x, layer, W, U) for m in (lstm, kernels))
        for slow, fast in zip(one, other, strict=True):
            assert fast.shape == slow.shape
            np.testing.assert_allclose(
                fast, slow, atol=1e-4 * max(1, np.abs(slow).max())
            )


@pytest.mark.parametrize(
    "sizes", [((64, 64), (32, 16)), ((7,), (5, 6, 3)), ((3, 4, 5), (2,))]
)
def test_a_network_is_the_same(sizes):
    net = lv.Biaxial(*sizes, low=30, high=71, seed=1)
    batch = np.stack([random_music(seed, T=33, N=41) for seed in range(3)])
    slow, fast = on_both(net, lambda: net.probabilities(batch[0]))
    np.testing.assert_allclose(fast, slow, atol=1e-5)

    masks = draw_masks(net, 3, 0.4, np.random.default_rng(0))
    (loss, slow), (fast_loss, fast) = on_both(
        net, lambda: net.loss_and_gradients(batch, masks)
    )
    assert fast_loss == pytest.approx(loss, rel=1e-5)
    for name, gradient in slow.items():
        error = np.abs(fast[name] - gradient).max() / np.abs(gradient).max()
        assert error < 1e-4, name


# One of each metre among the fast tests, all the others among the slow ones.
QUICK = "musette", "greensleeves", "pifa"
SONGS = [
    name if name in QUICK else pytest.param(name, marks=pytest.mark.slow)
    for name in lv.songbook()
]


@pytest.mark.parametrize("song", SONGS)
def test_the_same_dice_compose_the_same_music_after_every_song(song):
    net, prompt = lv.load("tiny"), lv.song(song)[:32]
    slow, fast = on_both(
        net, lambda: lv.compose(net, 32, seed=1, prompt=prompt, record=True)
    )
    np.testing.assert_array_equal(slow[0], fast[0])
    np.testing.assert_allclose(slow[1].probability, fast[1].probability, atol=1e-5)
    for name in slow[1].names:
        for one, other in zip(slow[1][name], fast[1][name], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-3)


@compiled
@pytest.mark.parametrize("note_layers", [(3,), (4, 3), (4, 3, 2)])
@pytest.mark.parametrize("temperature", [1, 0.9, np.float32(1.5)])
def test_composing_compiles_nothing_after_the_announcement(note_layers, temperature):
    net = lv.Biaxial((4,), note_layers)
    get_backend("numba", len(note_layers))
    before = len(sampling.sample_all.signatures)
    lv.compose(net, 2, temperature=temperature)
    assert len(sampling.sample_all.signatures) == before


def test_training_is_the_same_run_after_run():
    def learn():
        net = lv.Biaxial((16, 16), (8, 8), seed=0)
        settings = dict(steps=3, batch=5, length=32, seed=0)
        history = lv.train(net, [lv.song("musette")], **settings)
        return history["loss"], net.parameters

    (history, weights), (again, weights_again) = learn(), learn()
    np.testing.assert_array_equal(history, again)
    for name in weights:
        np.testing.assert_array_equal(weights[name], weights_again[name])


def test_work_side_by_side_comes_back_in_order():
    done = threads.parallel_map(lambda n: n * n, range(7))
    assert done == [0, 1, 4, 9, 16, 25, 36]


def test_rows_are_shared_out_without_gaps():
    for R in 1, 2, 33, 79:
        parts = threads.split_rows(lambda rows: list(range(100))[rows], R, True)
        assert [r for part in parts for r in part] == list(range(R))
        assert len(parts) == min(threads.cores(), R)
        assert threads.split_rows(lambda rows: rows, R, False) == [slice(0, R)]


def test_errors_inside_the_work_come_out():
    with pytest.raises(ZeroDivisionError):
        list(threads.parallel_map(lambda n: 1 / n, range(3)))


def test_float64_uses_the_definition_itself():
    net = lv.Biaxial((4,), (3,), dtype=np.float64)
    states = random_music(0, T=5, N=78)
    slow, fast = on_both(net, lambda: net.probabilities(states))
    np.testing.assert_array_equal(slow, fast)
    assert fast.dtype == np.float64


def test_an_unknown_backend_is_refused():
    with pytest.raises(ValueError, match="backend must be 'numba' or 'numpy'"):
        lv.Biaxial((4,), (3,)).backend = "cuda"
    with pytest.raises(ValueError, match="backend must be 'numba' or 'numpy'"):
        lv.Biaxial((4,), (3,), backend=None)


def test_where_no_folder_can_be_written_kernels_are_compiled_all_the_same(monkeypatch):
    def njit(function, cache=False, **options):
        if cache:
            raise RuntimeError("cannot cache function: no locator available")
        return numba.njit(function, **options)

    monkeypatch.setattr("lstmviz.fast.jit.njit", njit)
    assert kernel(lambda x: x + 1)(1) == 2


@pytest.mark.slow
def test_compiling_is_announced_once(tmp_path):
    """A new user's first and second run."""
    code = (
        "import numpy as np, lstmviz as lv;"
        "lv.Biaxial((4,), (3,)).probabilities(np.zeros((4, 78, 2)))"
    )
    said = []
    for _ in range(2):
        result = subprocess.run(
            [sys.executable, "-c", code],
            env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path / "cache")},
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert result.returncode == 0, result.stderr
        said.append("compiling its numba kernels" in result.stderr)
    assert said == [True, False]
