"""The fast twin of `cells/lstm.py`, compiled by numba.

`forward` and `backward` take and return what their NumPy twins do: read the files side
by side. The plain versions define what is computed, these show how fast it can be. Five
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

Packed weights. Nearly all of the work is matrix products, and every step multiplies by
the same weights. They are brought into the best order once for a whole sequence, see
`products.py`.

Blocks. A gradient of the weights is one sum over all steps. Its terms are computed for
several steps together: enough of them to be worth reading and writing the gradient, few
enough to be still in the cache.

All this is for float32. In float64, which is meant for checking, the definition itself
is used.
"""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.cells.lstm import Layer
from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel
from lstmviz.fast.products import add_product, empty_panels, pack, packed
from lstmviz.fast.threads import split_rows

__all__ = ["backward", "forward", "sigmoid", "tanh"]

ENOUGH = 10_000_000  # multiplications from which on it pays to split the rows
BLOCK = 8  # steps whose dz meet x and h together, while they are in the cache
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
    """Return whether a layer is so much work that splitting its rows pays."""
    return T * R * (W.size + U.size) >= ENOUGH


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
    (T, R, _), H = x.shape, len(U)
    kept = T if keep else min(T, 2)  # the step and, for its c, the one before
    layer = Layer(*buffers.empty((5, kept, R, H)), buffers.empty((T, R, H)))
    zero = np.zeros((R, H), np.float32)
    h0, c0 = (zero if state is None else state for state in (h0, c0))
    x, b, h0, c0 = map(contiguous, (x, b, h0, c0))
    if T == 1:
        forward_one_step(x, W, U, b, h0, c0, layer)
        return layer
    with buffers.reuse():
        weights = packed(contiguous(W)), packed(contiguous(U))

        def work(rows):
            with buffers.reuse():
                z = buffers.empty((rows.stop - rows.start, 4 * H))
                forward_rows(rows.start, rows.stop, x, *weights, b, h0, c0, layer, z)

        split_rows(work, R, worth_splitting(T, R, W, U))
    last = (T - 1) % kept
    return layer if keep else Layer(*(a[last, None] for a in layer[:5]), layer.h)


def forward_one_step(x, W, U, b, h0, c0, layer):
    """Do what `forward` does for a single step, as in composing, in place in `layer`.

    It would take as long to pack W and U as to multiply by them. NumPy's BLAS packs
    them with all cores.
    """
    (R, H), (x,) = h0.shape, x
    with buffers.reuse():
        z, hU = buffers.empty((2, R, 4 * H))
        np.matmul(x, W, out=z)
        z += np.matmul(h0, U, out=hU)
        z += b
        forward_step(z, c0, *(array[0] for array in layer))


@kernel
def forward_rows(r0, r1, x, W, U, b, h0, c0, layer, z):
    """Do what `forward` does for the rows from r0 up to r1, in place in `layer`.

    W and U are panels, see `products.py`, and `z` is room for one step. Arrays of
    `layer` with fewer steps than x hold the last ones.
    """
    i, f, g, o, c, h = layer
    h_before, c_before = h0[r0:r1], c0[r0:r1]
    for t in range(len(x)):
        fill_rows(z, b)
        add_product(x[t, r0:r1], W, z)
        add_product(h_before, U, z)
        n = t % len(c)
        gates = i[n, r0:r1], f[n, r0:r1], g[n, r0:r1], o[n, r0:r1]
        forward_step(z, c_before, *gates, c[n, r0:r1], h[t, r0:r1])
        h_before, c_before = h[t, r0:r1], c[n, r0:r1]


@kernel
def fill_rows(z, b):
    """Copy b into each row of z."""
    for r in range(len(z)):
        for k in range(len(b)):
            z[r, k] = b[k]


@kernel
def forward_step(z, c_before, i, f, g, o, c, h):
    """Finish one step of `forward`, in place, from z = x W + h U + b; all (R, ...)."""
    R, H = h.shape
    for r in range(R):
        for k in range(H):
            i_k, f_k = sigmoid(z[r, k]), sigmoid(z[r, H + k])
            g_k, o_k = tanh(z[r, 2 * H + k]), sigmoid(z[r, 3 * H + k])
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
    with buffers.reuse():
        weights = packed(W.T), packed(U.T)

        def work(rows):
            own = [np.zeros(a.shape, np.float32) for a in (W, U, W[0])]
            steps = min(BLOCK, T) * (rows.stop - rows.start)
            with buffers.reuse():
                blocks = [buffers.empty((steps, width)) for width in (D, H, 4 * H)]
                blocks.append(empty_panels(steps, 4 * H))
                backward_rows(
                    rows.start, rows.stop, dh, x, layer, *weights, dx, *own, *blocks
                )
            return own

        shares = split_rows(work, R, worth_splitting(T, R, W, U))
    dW, dU, db = (sum(parts) for parts in zip(*shares, strict=True))
    return dx if to_input else None, dW, dU, db


@kernel
def backward_rows(
    r0, r1, dh, x, layer, W, U, dx, dW, dU, db, x_block, h_block, dz_block, dz_panels
):
    """Do what `backward` does for the rows from r0 up to r1.

    W and U are panels of the transposed weights. In place: these rows of dx (no steps
    if it is not needed), and their share of dW, dU and db, which are zero before. The
    blocks are room for x, h and dz at several steps, and for the panels of dz.
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
            dh_after[:] = 0
            add_product(dz, U, dh_after)
            if len(dx) > 0:
                dx[t, r0:r1] = 0
                add_product(dz, W, dx[t, r0:r1])
        # While these steps' dz are in the cache; one product each for all of them.
        dz = dz_block[: (stop - start) * R]
        pack(dz, dz_panels)
        add_product(take_rows(x[start:stop], r0, r1, x_block).T, dz_panels, dW)
        if start == 0:  # before the first step h is zero
            pack(dz[R:], dz_panels)
        h_rows = take_rows(h[max(start, 1) - 1 : stop - 1], r0, r1, h_block)
        add_product(h_rows.T, dz_panels, dU)


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
