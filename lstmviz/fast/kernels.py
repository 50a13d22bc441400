"""The fast twin of `cells/lstm.py`, compiled by numba.

`forward` and `backward` take and return what their NumPy twins do: read the files side
by side. The plain versions define what is computed, these show how fast it can be. Four
ideas make the difference; `python -m benchmarks.tricks` measures what each of them
gains:

One pass. NumPy does one operation at a time and sends each array through memory again
for each of them. A kernel computes all gates of a neuron while its numbers are in
registers.

A tanh that vectorises. The C library's tanh takes one number at a time. Ours is a
fraction of two polynomials, which the processor computes for 8 or 16 numbers at once,
with an error below 7e-7.

Whole sequences. Rows do not affect each other within a layer. So each core can take
some of the rows from the first step to the last, in a single call of a kernel: it waits
neither for Python nor for another core between the steps.

Blocks. Matrix products are left to BLAS, see `products.py`, which is close to the limit
of the machine. Those that do not depend on the step before are computed for several
steps together: enough rows for BLAS to be fast, few enough to stay in the cache.

All this is for float32. In float64, which is meant for checking, the definition itself
is used.
"""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.cells.lstm import Layer
from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel
from lstmviz.fast.products import (
    add_product,
    add_transposed_product,
    product,
    product_transposed,
)
from lstmviz.fast.threads import split_rows

__all__ = ["backward", "forward", "sigmoid", "tanh"]

ENOUGH = 10_000_000  # multiplications from which on it pays to split the rows
BLOCK = 16  # steps whose products are taken together, while they are in the cache
HALF, ONE = np.float32(0.5), np.float32(1)

# Lambert's continued fraction (1761), tanh x = x / (1 + x² / (3 + x² / (5 + ...))),
# cut off after 11 terms and written as a fraction of polynomials in x². From 7.5 on it
# is constant, before rounding makes it exceed 1: no probability may be negative.
LAMBERT_END = np.float32(7.5)
P = tuple(map(np.float32, (13749310575, 1964187225, 64324260, 675675, 2145, 1)))
Q = tuple(map(np.float32, (13749310575, 6547290750, 413513100, 7567560, 45045, 66)))


@kernel
def tanh(x):
    """Return tanh x for a float32, to 7e-7 and never beyond 1."""
    x = min(max(x, -LAMBERT_END), LAMBERT_END)
    y = x * x
    p = P[0] + y * (P[1] + y * (P[2] + y * (P[3] + y * (P[4] + y * P[5]))))
    q = Q[0] + y * (Q[1] + y * (Q[2] + y * (Q[3] + y * (Q[4] + y * Q[5]))))
    return x * p / q


@kernel
def sigmoid(x):
    """Return 1 / (1 + exp(-x)) for a float32."""
    return HALF + HALF * tanh(HALF * x)


def worth_splitting(T, R, W, U):
    """Return whether a layer is so much work that splitting its rows pays.

    A single step, as in composing, is left to the threads of BLAS, which stay awake.
    """
    return T > 1 and T * R * (W.size + U.size) >= ENOUGH


def contiguous(array):
    """Return an array as the kernels take it: float32, its rows one after the other."""
    if array.dtype == np.float32 and array.flags.c_contiguous:
        return array
    copy = buffers.empty(array.shape)
    copy[:] = array
    return copy


# Forward ------------------------------------------------------------------------


def forward(x, W, U, b, h0=None, c0=None, keep=True):
    """Run the layer over a whole sequence: see `lstm.forward`.

    With `keep=False`, the Layer has all of h, but the other arrays at the last step
    only: where nobody asks for the gates, they stay in the cache.
    """
    if b.dtype != np.float32:
        return lstm.forward(x, W, U, b, h0, c0)
    (T, R, D), H = x.shape, len(U)
    kept = T if keep else min(T, 2)  # the step and, for its c, the one before
    layer = Layer(*buffers.empty((5, kept, R, H)), buffers.empty((T, R, H)))
    zero = np.zeros((R, H), np.float32)
    h0, c0 = (zero if state is None else state for state in (h0, c0))
    x, W, U, b, h0, c0 = map(contiguous, (x, W, U, b, h0, c0))

    def work(rows):
        r0, r1 = rows.start, rows.stop
        with buffers.reuse():
            x_block, z_block = empty_blocks(T, r1 - r0, D, 4 * H)
            forward_rows(r0, r1, x, W, U, b, h0, c0, layer, x_block, z_block)

    split_rows(work, R, worth_splitting(T, R, W, U))
    last = (T - 1) % kept
    return layer if keep else Layer(*(a[last, None] for a in layer[:5]), layer.h)


@kernel
def forward_rows(r0, r1, x, W, U, b, h0, c0, layer, x_block, z_block):
    """Do what `forward` does for the rows from r0 up to r1, in place in `layer`.

    `x_block` and `z_block` are room for their x and z at the steps of a block. Arrays
    of `layer` with fewer steps than x hold the last ones.
    """
    (i, f, g, o, c, h), R = layer, r1 - r0
    h_before, c_before = h0[r0:r1], c0[r0:r1]
    steps = len(z_block) // R
    for start in range(0, len(x), steps):
        x_rows = take_rows(x[start : start + steps], r0, r1, x_block)
        product(x_rows, W, z_block)
        for k in range(len(x_rows) // R):
            t, z = start + k, z_block[k * R : (k + 1) * R]
            add_product(h_before, U, z)
            n = t % len(c)
            gates = i[n, r0:r1], f[n, r0:r1], g[n, r0:r1], o[n, r0:r1]
            forward_step(z, b, c_before, *gates, c[n, r0:r1], h[t, r0:r1])
            h_before, c_before = h[t, r0:r1], c[n, r0:r1]


@kernel
def forward_step(z, b, c_before, i, f, g, o, c, h):
    """Finish one step of `forward`, in place, from z = x W + h U; all (R, ...)."""
    R, H = h.shape
    for r in range(R):
        for k in range(H):
            i_k = sigmoid(z[r, k] + b[k])
            f_k = sigmoid(z[r, H + k] + b[H + k])
            g_k = tanh(z[r, 2 * H + k] + b[2 * H + k])
            o_k = sigmoid(z[r, 3 * H + k] + b[3 * H + k])
            c_k = f_k * c_before[r, k] + i_k * g_k
            i[r, k], f[r, k], g[r, k], o[r, k], c[r, k] = i_k, f_k, g_k, o_k, c_k
            h[r, k] = o_k * tanh(c_k)


# Backward -----------------------------------------------------------------------


def backward(dh, x, layer, W, U, to_input=True):
    """Carry the gradient back to input and weights: see `lstm.backward`."""
    if layer.h.dtype != np.float32:
        return lstm.backward(dh, x, layer, W, U, to_input)
    (T, R, D), H = x.shape, len(U)
    layer = Layer(*map(contiguous, layer))
    dh, x, W, U = map(contiguous, (dh, x, W, U))
    dx = buffers.empty(x.shape if to_input else (0, R, D))

    def work(rows):
        r0, r1 = rows.start, rows.stop
        own = [np.zeros(a.shape, np.float32) for a in (W, U, W[0])]
        with buffers.reuse():
            blocks = empty_blocks(T, r1 - r0, D, H, 4 * H)
            backward_rows(r0, r1, dh, x, layer, W, U, dx, *own, *blocks)
        return own

    shares = split_rows(work, R, worth_splitting(T, R, W, U))
    dW, dU, db = (sum(parts) for parts in zip(*shares, strict=True))
    return dx if to_input else None, dW, dU, db


@kernel
def backward_rows(
    r0, r1, dh, x, layer, W, U, dx, dW, dU, db, x_block, h_block, dz_block
):
    """Do what `backward` does for the rows from r0 up to r1.

    In place: these rows of dx (no steps if it is not needed), and their share of dW, dU
    and db, which are zero before. The blocks are room for x, h and dz.
    """
    (i, f, g, o, c, h), R = layer, r1 - r0
    T, _, H = dh.shape
    dh_after, dc_after, c_zero = np.zeros((3, R, H), np.float32)
    steps = len(dz_block) // R
    for start in range((T - 1) // steps * steps, -1, -steps):
        stop = min(start + steps, T)
        for t in range(stop - 1, start - 1, -1):
            dz = dz_block[(t - start) * R : (t - start + 1) * R]
            now = i[t, r0:r1], f[t, r0:r1], g[t, r0:r1], o[t, r0:r1], c[t, r0:r1]
            c_before = c[t - 1, r0:r1] if t > 0 else c_zero
            backward_step(dh[t, r0:r1], dh_after, dc_after, *now, c_before, dz, db)
            product_transposed(dz, U, dh_after)
        # While these steps' dz are in the cache; one product each for all of them.
        dz = dz_block[: (stop - start) * R]
        if len(dx) > 0:
            dx_rows = x_block[: len(dz)]
            product_transposed(dz, W, dx_rows)
            put_rows(dx_rows, dx[start:stop], r0, r1)
        add_transposed_product(take_rows(x[start:stop], r0, r1, x_block), dz, dW)
        first = max(start, 1)  # before the first step h is zero
        h_rows = take_rows(h[first - 1 : stop - 1], r0, r1, h_block)
        add_transposed_product(h_rows, dz[(first - start) * R :], dU)


@kernel
def backward_step(dh, dh_after, dc_after, i, f, g, o, c, c_before, dz, db):
    """Compute dz of one step of `backward`, add it to db, carry dc_after one back."""
    R, H = dc_after.shape
    for r in range(R):
        dz_i, dz_f = dz[r, :H], dz[r, H : 2 * H]
        dz_g, dz_o = dz[r, 2 * H : 3 * H], dz[r, 3 * H :]
        for k in range(H):
            tanh_c = tanh(c[r, k])
            # h' = o tanh(c')
            dh_t = dh[r, k] + dh_after[r, k]
            do = dh_t * tanh_c
            dc = dh_t * o[r, k] * (ONE - tanh_c * tanh_c) + dc_after[r, k]
            # c' = f c + i g
            di, df, dg = dc * g[r, k], dc * c_before[r, k], dc * i[r, k]
            dc_after[r, k] = dc * f[r, k]
            # i, f, o = σ(z)   g = tanh(z)
            dz_i[k] = di * i[r, k] * (ONE - i[r, k])
            dz_f[k] = df * f[r, k] * (ONE - f[r, k])
            dz_g[k] = dg * (ONE - g[r, k] * g[r, k])
            dz_o[k] = do * o[r, k] * (ONE - o[r, k])
        for k in range(4 * H):
            db[k] += dz[r, k]


# Rows of several steps ----------------------------------------------------------


def empty_blocks(T, R, *widths):
    """Return buffers for R rows of numbers at the steps of a block, one a width."""
    return [buffers.empty((min(BLOCK, T) * R, width)) for width in widths]


@kernel
def take_rows(array, r0, r1, block):
    """Return rows of an array (T, R, D), step below step, as a matrix.

    It is a view where these are all rows, else a copy in `block`.
    """
    T, R, D = array.shape
    if r1 - r0 == R:
        return array.reshape(T * R, D)
    for t in range(T):
        for r in range(r0, r1):
            for d in range(D):
                block[t * (r1 - r0) + r - r0, d] = array[t, r, d]
    return block[: T * (r1 - r0)]


@kernel
def put_rows(block, array, r0, r1):
    """Copy a matrix like that of `take_rows` back into the array (T, R, D)."""
    for t in range(len(array)):
        for r in range(r0, r1):
            for d in range(array.shape[2]):
                array[t, r, d] = block[t * (r1 - r0) + r - r0, d]
