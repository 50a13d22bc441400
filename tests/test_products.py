"""Matrix products in kernels are those of NumPy, whatever the shapes."""

import os
import subprocess
import sys

import numpy as np
import pytest
from helpers import compiled
from hypothesis import given
from hypothesis import strategies as st
from numba import njit

from lstmviz.fast import products, vectors
from lstmviz.fast.products import WIDTH, add_product, packed

sizes, columns = st.integers(1, 30), st.integers(1, 3 * WIDTH)
seeds = st.integers(0, 10**6)


def matrices(seed, *shapes):
    rng = np.random.default_rng(seed)
    return [rng.normal(size=shape).astype(np.float32) for shape in shapes]


@given(M=sizes, K=sizes, N=columns, seed=seeds)
def test_products_are_those_of_numpy(M, K, N, seed):
    a, b, out = matrices(seed, (M, K), (K, N), (M, N))
    right = out + a @ b
    for stored in a, np.asfortranarray(a):
        found = out.copy()
        add_product(stored, packed(b), found)
        np.testing.assert_allclose(found, right, atol=1e-4)
    found = out.copy()
    add_product(a, packed(np.asfortranarray(b)), found)
    np.testing.assert_allclose(found, right, atol=1e-4)


@given(M=sizes, K=sizes, N=columns, first=sizes, seed=seeds)
def test_a_row_is_the_same_to_the_bit_whatever_rows_are_beside_it(M, K, N, first, seed):
    a, b, out = matrices(seed, (M, K), (K, N), (M, N))
    some, first = out.copy(), min(first, M) - 1
    add_product(a, packed(b), out)
    add_product(a[first:], packed(b), some[first:])
    np.testing.assert_array_equal(some[first:], out[first:])


@given(K=sizes, N=columns, seed=seeds)
def test_each_column_is_in_one_panel(K, N, seed):
    (b,) = matrices(seed, (K, N))
    unpacked = np.zeros((K, max(N, WIDTH)), np.float32)
    for p, panel in enumerate(packed(b)):
        first = products.first_column(p, N)
        unpacked[:, first : first + WIDTH] += panel
    np.testing.assert_array_equal(unpacked[:, :N], b)
    np.testing.assert_array_equal(unpacked[:, N:], 0)


def test_no_inputs_add_nothing():
    out = np.ones((3, WIDTH), np.float32)
    add_product(np.ones((3, 0), np.float32), packed(np.ones((0, WIDTH))), out)
    np.testing.assert_array_equal(out, 1)


@compiled
def test_vectors_compute_what_numpy_defines():
    @njit
    def compute(total, number, array):
        vector = vectors.load(array, 1, 3)
        total_vector = vectors.load(total, 0, 0)
        vectors.store(
            vectors.add_multiple(total_vector, np.float32(number), vector), array, 2, 1
        )

    total, array = matrices(0, (1, WIDTH), (3, WIDTH + 4))
    right = array.copy()
    new = vectors.add_multiple_in_numpy(
        vectors.load_in_numpy(total, 0, 0), np.float32(0.3), right[1, 3 : 3 + WIDTH]
    )
    vectors.store_in_numpy(new, right, 2, 1)
    compute(total, 0.3, array)
    np.testing.assert_allclose(array, right, rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(array[2, [0, -3, -2, -1]], right[2, [0, -3, -2, -1]])


@pytest.mark.parametrize(
    ("feature", "width"), [("avx512f", 32), ("avx", 8), ("neon", 8), ("sse2", 4)]
)
def test_eight_vectors_take_half_of_the_registers(feature, width):
    assert vectors.width({feature: True, "sse": True, "avx512vl": False}) == width


def test_kernels_that_a_debugger_follows_compute_the_same():
    """With NUMBA_DISABLE_JIT=1 they are plain Python, and vectors are arrays."""
    code = (
        "import numpy as np, lstmviz as lv\n"
        "music = np.zeros((4, 12, 2)); music[1:3, 4] = 1\n"
        "net = lv.Biaxial((9,), (3,), low=40, high=52, seed=1)\n"
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
