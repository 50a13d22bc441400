"""The layer in NumPy with all that makes `lstmviz.fast` fast, as far as NumPy can.

The same threads and buffers as in `lstmviz.fast.kernels`, but each operation is a call
of NumPy. Products are those of BLAS, for blocks of steps: weights that are packed once
need a compiler. Compare three versions of one layer:

    cells/lstm.py               NumPy as written: the definition
    this file                   threads, blocks and buffers
    lstmviz/fast/kernels.py     compiled kernels with their own products

From the first to the second, the time falls because of threads, blocks and buffers;
from the second to the third, because of compiling. NumPy's own functions use the vector
instructions of the processor as well, and write into given buffers (`out=`), so that
no array is allocated within a step.
"""

from functools import partial

import numpy as np

from lstmviz.cells.lstm import Layer
from lstmviz.fast.backends import BACKENDS
from lstmviz.fast.buffers import buffers
from lstmviz.fast.threads import one_blas_thread, parallel_map, split_rows

__all__ = ["BUFFERED", "THREADED", "backward", "forward"]

BLOCK = 16  # steps whose products are taken together
# Cells from which on it pays to split each step among the cores: Python, which calls
# NumPy at each step, runs one thread at a time.
ENOUGH = 16384


def forward(x, W, U, b, h0=None, c0=None, keep=True):
    """Run the layer over a whole sequence: see `lstmviz.cells.lstm.forward`.

    With `keep=False`, all arrays but h have only the last step.
    """
    T, R, _ = x.shape
    H = len(U)
    kept = T if keep else min(T, 2)  # the step and, for its c, the one before
    layer = Layer(*buffers.empty((5, kept, R, H)), buffers.empty((T, R, H)))
    h0 = np.zeros((R, H), np.float32) if h0 is None else h0
    c0 = np.zeros((R, H), np.float32) if c0 is None else c0

    def work(rows):
        own = Layer(*(array[:, rows] for array in layer))
        with buffers.reuse():
            forward_rows(x[:, rows], W, U, b, h0[rows], c0[rows], own)

    split_rows(work, R, R * H >= ENOUGH)
    last = (T - 1) % kept
    return layer if keep else Layer(*(a[last, None] for a in layer[:5]), layer.h)


def forward_rows(x, W, U, b, h, c, layer):
    """Do what `forward` does for some of the rows, in place in `layer`."""
    T, R, D = x.shape
    H = len(U)
    z_block = buffers.empty((BLOCK, R, 4 * H))
    hU, spare = buffers.empty((R, 4 * H)), buffers.empty((R, H))
    for start in range(0, T, BLOCK):
        block = x[start : start + BLOCK]
        z = z_block[: len(block)]
        np.matmul(block.reshape(-1, D), W, out=z.reshape(-1, 4 * H))
        z += b
        for t, z_t in enumerate(z, start):
            np.matmul(h, U, out=hU)
            z_t += hU
            i, f, g, o, c_t, h_t = (array[t % len(array)] for array in layer)
            for gate, k in (i, 0), (f, 1), (o, 3):
                sigmoid(z_t[:, k * H : (k + 1) * H], out=gate)
            np.tanh(z_t[:, 2 * H : 3 * H], out=g)
            np.multiply(f, c, out=c_t)  # c' = f c + i g
            c_t += np.multiply(i, g, out=spare)
            np.tanh(c_t, out=h_t)  # h' = o tanh(c')
            h_t *= o
            h, c = h_t, c_t


def sigmoid(z, out):
    """Compute 1 / (1 + exp(-z)) into `out`."""
    np.multiply(z, np.float32(0.5), out=out)
    np.tanh(out, out=out)
    out *= np.float32(0.5)
    out += np.float32(0.5)


def backward(dh, x, layer, W, U, to_input=True):
    """Carry the gradient back: see `lstmviz.cells.lstm.backward`."""
    dx = buffers.empty(x.shape) if to_input else None

    def work(rows):
        own = Layer(*(array[:, rows] for array in layer))
        own_dx = dx[:, rows] if to_input else None
        with buffers.reuse():
            return backward_rows(dh[:, rows], x[:, rows], own, W, U, own_dx)

    shares = split_rows(work, x.shape[1], dh[0].size >= ENOUGH)
    dW, dU, db = (sum(parts) for parts in zip(*shares, strict=True))
    return dx, dW, dU, db


def backward_rows(dh, x, layer, W, U, dx):
    """Do what `backward` does for some of the rows, dx in place.

    Returns
    -------
    dW, dU, db : ndarray
        The share of these rows.
    """
    T, R, H = dh.shape
    dz_block = buffers.empty((BLOCK, R, 4 * H))
    spare = buffers.empty((5, R, H))
    dh_after, dc_after, c_zero = np.zeros((3, R, H), np.float32)
    U_T = np.ascontiguousarray(U.T)
    dW, dU, db = (np.zeros(a.shape, np.float32) for a in (W, U, W[0]))
    for start in reversed(range(0, T, BLOCK)):
        stop = min(start + BLOCK, T)
        for t in reversed(range(start, stop)):
            now = [array[t] for array in layer[:5]]  # all but h
            c_before = layer.c[t - 1] if t > 0 else c_zero
            dz_t = dz_block[t - start]
            backward_step(dh[t], dh_after, dc_after, *now, c_before, dz_t, spare)
            np.matmul(dz_t, U_T, out=dh_after)
        dz = dz_block[: stop - start].reshape(-1, 4 * H)
        if dx is not None:
            dx[start:stop] = (dz @ W.T).reshape(stop - start, R, -1)
        dW += x[start:stop].reshape(len(dz), -1).T @ dz
        after_first = dz[R:] if start == 0 else dz
        dU += layer.h[max(start - 1, 0) : stop - 1].reshape(-1, H).T @ after_first
        db += dz.sum(axis=0)
    return dW, dU, db


def backward_step(dh, dh_after, dc_after, i, f, g, o, c, c_before, dz, spare):
    """Compute dz of one step of `backward`, and carry dc_after one step back."""
    H = dh.shape[1]
    tanh_c, dh_t, dc, one, slope = spare
    np.tanh(c, out=tanh_c)
    np.add(dh, dh_after, out=dh_t)
    # dc = dh o (1 - tanh²(c)) + dc_after
    np.multiply(tanh_c, tanh_c, out=one)
    np.subtract(np.float32(1), one, out=one)
    np.multiply(dh_t, o, out=dc)
    dc *= one
    dc += dc_after
    np.multiply(dc, f, out=dc_after)
    # dz = (gradient by the gate) times (slope of σ, which is σ (1 - σ))
    for k, gate, gradient, factor in (
        (0, i, dc, g),
        (1, f, dc, c_before),
        (3, o, dh_t, tanh_c),
    ):
        part = dz[:, k * H : (k + 1) * H]
        np.subtract(np.float32(1), gate, out=slope)
        slope *= gate
        np.multiply(gradient, factor, out=part)
        part *= slope
    # and of tanh, which is 1 - tanh²
    part = dz[:, 2 * H : 3 * H]
    np.multiply(g, g, out=slope)
    np.subtract(np.float32(1), slope, out=slope)
    np.multiply(dc, i, out=part)
    part *= slope


# Threads alone; threads, blocks and buffers. Both leave the rest to NumPy's definition.
THREADED = BACKENDS["numpy"]._replace(map=parallel_map)
BUFFERED = THREADED._replace(
    forward=forward,
    forward_outputs=partial(forward, keep=False),
    backward=backward,
    limit=one_blas_thread,
)
