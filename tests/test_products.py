"""Matrix products in kernels are those of NumPy, by BLAS and by our own product."""

import ctypes
import os
import subprocess
import sys
from functools import cache

import numpy as np
import pytest
from helpers import compiled
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.fast import products

sizes = st.integers(1, 30)


@cache
def own_product():
    return products.own_product()


@given(M=sizes, K=sizes, N=sizes, seed=st.integers(0, 10**6))
def test_products_are_those_of_numpy(M, K, N, seed):
    rng = np.random.default_rng(seed)
    a, b, out = (
        rng.normal(size=shape).astype(np.float32) for shape in ((M, K), (K, N), (M, N))
    )
    a_T, b_T = np.ascontiguousarray(a.T), np.ascontiguousarray(b.T)
    found = out.copy()
    products.product(a, b, found)
    np.testing.assert_allclose(found, a @ b, atol=1e-4)
    products.product_transposed(a, b_T, found)
    np.testing.assert_allclose(found, a @ b, atol=1e-4)
    found = out.copy()
    products.add_product(a, b, found)
    np.testing.assert_allclose(found, out + a @ b, atol=1e-4)
    found = out.copy()
    products.add_transposed_product(a_T, b, found)
    np.testing.assert_allclose(found, out + a @ b, atol=1e-4)


@compiled
@pytest.mark.parametrize("a_is", [products.AS_IT_IS, products.TRANSPOSED])
@pytest.mark.parametrize("b_is", [products.AS_IT_IS, products.TRANSPOSED])
@pytest.mark.parametrize("beta", [0, 1])
@pytest.mark.parametrize(("M", "K", "N"), [(1, 1, 1), (4, 8, 5), (7, 6, 33)])
def test_our_own_product_stands_in_for_blas(a_is, b_is, beta, M, K, N):
    rng = np.random.default_rng(0)
    a, b, out = (
        rng.normal(size=shape).astype(np.float32) for shape in ((M, K), (K, N), (M, N))
    )
    right = a @ b + (out if beta else 0)
    stored_a = np.ascontiguousarray(a.T if a_is == products.TRANSPOSED else a)
    stored_b = np.ascontiguousarray(b.T if b_is == products.TRANSPOSED else b)
    out[:] = out if beta else np.nan  # BLAS does not read what it replaces
    a_at, b_at, out_at = (
        x.ctypes.data_as(ctypes.POINTER(ctypes.c_float))
        for x in (stored_a, stored_b, out)
    )
    lengths = stored_a.shape[1], stored_b.shape[1]
    shape = products.ROW_MAJOR, a_is, b_is, M, N, K, 1.0
    own_product().ctypes(*shape, a_at, lengths[0], b_at, lengths[1], beta, out_at, N)
    np.testing.assert_allclose(out, right, atol=1e-4)


@given(M=sizes, K=sizes, N=sizes, seed=st.integers(0, 10**6))
def test_tiles_add_up_to_the_whole_product(M, K, N, seed):
    rng = np.random.default_rng(seed)
    a, b, out = (
        rng.normal(size=shape).astype(np.float32) for shape in ((M, K), (K, N), (M, N))
    )
    right = out + a @ b
    products.add_small_tiles(a, b, out)
    np.testing.assert_allclose(out, right, atol=1e-4)


def test_kernels_that_a_debugger_follows_compute_the_same():
    """With NUMBA_DISABLE_JIT=1 they are plain Python, and BLAS is called by it."""
    code = (
        "import numpy as np, lstmviz as lv\n"
        "music = np.zeros((4, 12, 2)); music[1:3, 4] = 1\n"
        "net = lv.Biaxial((5,), (3,), low=40, high=52, seed=1)\n"
        "fast, of_fast = net.loss_and_gradients([music])\n"
        "net.backend = 'numpy'\n"
        "slow, of_slow = net.loss_and_gradients([music])\n"
        "np.testing.assert_allclose(fast, slow, rtol=1e-5)\n"
        "for name in of_slow:\n"
        "    np.testing.assert_allclose(of_fast[name], of_slow[name], atol=1e-5)\n"
    )
    subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_DISABLE_JIT": "1"},
        check=True,
    )
