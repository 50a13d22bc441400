"""The fast twins of `cells/lstm.py` and `cells/sampling.py`, compiled by numba.

`forward`, `backward` and `sample_notes` take and return what their NumPy twins do:
read the files side by side. The plain versions define what is computed, these show how
fast it can be. Four ideas make the difference; `python -m benchmarks.tricks` measures
what each of them gains:

One pass. NumPy does one operation at a time and sends each array through memory again
for each of them. A kernel computes all gates of a neuron while its numbers are in
registers.

A tanh that vectorises. The C library's tanh takes one number at a time. Ours is a
fraction of two polynomials, which the processor computes for 16 numbers at once, with
an error below 7e-7.

Blocks. Matrix products stay with NumPy's BLAS, which is close to the limit of the
machine. Products that do not depend on the step before are taken for several steps
together: enough rows for BLAS to be fast, few enough to stay in the cache.

Single steps. A kernel is given the arrays of one step, not those of all steps and the
number of the step. Then the compiler knows that the numbers of a row are contiguous,
and a backward step can process 8 or 16 neurons at once: 56 µs instead of 127 for 78
rows of 300 neurons.

All this is for float32. In float64, which is meant for checking, the definition itself
is used.
"""

import numpy as np

from lstmviz.cells import lstm, sampling
from lstmviz.cells.lstm import Layer
from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel
from lstmviz.fast.threads import split_rows

__all__ = ["backward", "forward", "sample_notes"]

ENOUGH = 16384  # cells from which on it pays to split each step among the cores
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


def worth_splitting(T, R, H):
    """Return whether the work on (T, R, H) cells outweighs the cost of splitting it.

    At each step some time is spent in Python, where one thread runs at a time.
    """
    return T > 1 and R * H >= ENOUGH


# Forward ------------------------------------------------------------------------


def forward(x, W, U, b, h0=None, c0=None):
    """Run the layer over a whole sequence and keep every gate: see `lstm.forward`."""
    if b.dtype != np.float32:
        return lstm.forward(x, W, U, b, h0, c0)
    T, R, _ = x.shape
    H = len(U)
    layer = Layer(*buffers.empty((6, T, R, H)))
    h0 = np.zeros((R, H), np.float32) if h0 is None else h0
    c0 = np.zeros((R, H), np.float32) if c0 is None else c0

    def work(rows):
        own = Layer(*(array[:, rows] for array in layer))
        forward_rows(x[:, rows], W, U, b, h0[rows], c0[rows], own)

    split_rows(work, R, worth_splitting(T, R, H))
    return layer


def forward_rows(x, W, U, b, h_before, c_before, layer):
    """Do what `forward` does for some of the rows, in place in `layer`."""
    T, R, D = x.shape
    hU = np.empty((R, len(b)), np.float32)
    z_block = buffers.empty((min(BLOCK, T), R, len(b)))
    for start in range(0, T, BLOCK):
        block = x[start : start + BLOCK]
        z = z_block[: len(block)]
        np.matmul(block.reshape(-1, D), W, out=z.reshape(-1, len(b)))
        for t in range(start, start + len(block)):
            np.matmul(h_before, U, out=hU)
            now = [array[t] for array in layer]
            forward_step(z[t - start], hU, b, c_before, *now)
            h_before, c_before = layer.h[t], layer.c[t]


@kernel
def forward_step(z, hU, b, c_before, i, f, g, o, c, h):
    """Finish one step of `forward`, in place, from z = x W and h U; all (R, ...)."""
    for r in range(len(z)):
        for k in range(len(b)):
            z[r, k] += hU[r, k] + b[k]
        forward_row(z[r], c_before[r], i[r], f[r], g[r], o[r], c[r], h[r])


@kernel
def forward_row(z, c_before, i, f, g, o, c, h):
    """Compute the gates and states of one row, in place, from its z (4H,)."""
    H = len(h)
    z_i, z_f, z_g, z_o = z[:H], z[H : 2 * H], z[2 * H : 3 * H], z[3 * H :]
    for k in range(H):
        i[k] = sigmoid(z_i[k])
    for k in range(H):
        f[k] = sigmoid(z_f[k])
    for k in range(H):
        g[k] = tanh(z_g[k])
    for k in range(H):
        o[k] = sigmoid(z_o[k])
    for k in range(H):
        c[k] = f[k] * c_before[k] + i[k] * g[k]
    for k in range(H):
        h[k] = o[k] * tanh(c[k])


# Backward -----------------------------------------------------------------------


def backward(dh, x, layer, W, U, to_input=True):
    """Carry the gradient back to input and weights: see `lstm.backward`."""
    if dh.dtype != np.float32:
        return lstm.backward(dh, x, layer, W, U, to_input)
    layer = Layer(*map(np.ascontiguousarray, layer))
    dh, x = np.ascontiguousarray(dh), np.ascontiguousarray(x)
    dx = buffers.empty(x.shape) if to_input else None

    def work(rows):
        own = Layer(*(array[:, rows] for array in layer))
        own_dx = dx[:, rows] if to_input else None
        return backward_rows(dh[:, rows], x[:, rows], own, W, U, own_dx)

    shares = split_rows(work, x.shape[1], worth_splitting(*dh.shape))
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
    dz = buffers.empty((min(BLOCK, T), R, 4 * H))
    dh_after, dc_after, c_zero = np.zeros((3, R, H), np.float32)
    U_T = np.ascontiguousarray(U.T)
    dW, dU, db = (np.zeros(a.shape, np.float32) for a in (W, U, W[0]))
    for start in reversed(range(0, T, BLOCK)):
        stop = min(start + BLOCK, T)
        for t in reversed(range(start, stop)):
            dz_t = dz[t - start]
            c_before = layer.c[t - 1] if t > 0 else c_zero
            now = [array[t] for array in layer[:5]]  # all but h
            backward_step(dh[t], dh_after, dc_after, *now, c_before, dz_t, db)
            np.matmul(dz_t, U_T, out=dh_after)
        # While these steps' dz are in the cache; one product each for all of them.
        rows = dz[: stop - start].reshape(-1, 4 * H)
        if dx is not None:
            dx[start:stop] = (rows @ W.T).reshape(stop - start, R, -1)
        dW += x[start:stop].reshape(len(rows), -1).T @ rows
        after_first = rows[R:] if start == 0 else rows
        dU += layer.h[max(start - 1, 0) : stop - 1].reshape(-1, H).T @ after_first
    return dW, dU, db


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


# Sampling up the notes ----------------------------------------------------------


def sample_notes(parameters, names, y, dice, temperature=1.0, power=1.0):
    """Choose the notes of one time step: see `sampling.sample_notes`."""
    if y.dtype != np.float32:
        return sampling.sample_notes(parameters, names, y, dice, temperature, power)
    N = len(y)
    W, U, b = (tuple(parameters[f"{name}.{part}"] for name in names) for part in "WUb")
    # For each layer i, f, g, o, c, h of every note, after zeros below the lowest.
    cells = tuple(np.zeros((1 + N, 6, len(u)), np.float32) for u in U)
    chosen, z = np.zeros((N, 2), np.uint8), np.empty((N, 2), np.float32)
    # The first layer's input from the time layers does not depend on the choices.
    known = y @ W[0][:-2] + b[0]
    W = (W[0][-2:], *W[1:])
    out = parameters["out.W"], parameters["out.b"]
    T, power = float(temperature), float(power)  # one type, so one compilation
    sample_all(known, W, U, b, *out, dice, T, power, chosen, z, cells)
    layers = {
        name: Layer(*cell[1:, None].transpose(2, 0, 1, 3))
        for name, cell in zip(names, cells, strict=True)
    }
    return chosen, z, layers


@kernel
def sample_all(known, W, U, b, W_out, b_out, dice, T, power, chosen, z_out, cells):
    """Choose note after note, in place in `chosen`, `z_out` and `cells`.

    `known` (N, 4H) is the part of the first layer's z that does not depend on
    the choices; `W[0]` holds the weights of the two choices below.
    """
    below = np.zeros(2, np.float32)
    for n in range(len(known)):
        x = below
        for level in range(len(U)):
            before, cell = cells[level][n], cells[level][n + 1]
            z = cell[:4].reshape(-1)  # the gates overwrite z
            z[:] = known[n] if level == 0 else b[level]
            add_product(z, x, W[level])
            add_product(z, before[5], U[level])
            sample_cell(z, before[4], cell[4], cell[5])
            x = cell[5]
        z = b_out.copy()
        add_product(z, x, W_out)
        z_out[n] = z
        played = dice[n, 0] < sigmoid(z[0] / T) ** power
        below[0] = chosen[n, 0] = played
        below[1] = chosen[n, 1] = played and dice[n, 1] < sigmoid(z[1] / T)


@kernel
def sample_cell(z, c_before, c, h):
    """Compute the gates of one row from z (4H,), then c and h, all in place.

    As sigmoid x = (1 + tanh(x / 2)) / 2, one pass of tanh serves all four gates. Note
    layers are narrow, and a long pass leaves fewer numbers over after the groups of 16
    that the processor takes at once: this saves a third of the time of sampling.
    """
    H = len(h)
    for k in range(4 * H):
        candidate = 2 * H <= k < 3 * H
        z[k] = tanh(z[k] if candidate else HALF * z[k])
        z[k] = z[k] if candidate else HALF + HALF * z[k]
    i, f, g, o = z[:H], z[H : 2 * H], z[2 * H : 3 * H], z[3 * H :]
    for k in range(H):
        c[k] = f[k] * c_before[k] + i[k] * g[k]
        h[k] = o[k] * tanh(c[k])


@kernel
def add_product(z, x, W):
    """Compute z += x W for one row, four inputs at a time, which reads z less often."""
    whole = len(x) - len(x) % 4
    for d in range(0, whole, 4):
        x0, x1, x2, x3 = x[d], x[d + 1], x[d + 2], x[d + 3]
        W0, W1, W2, W3 = W[d], W[d + 1], W[d + 2], W[d + 3]
        for k in range(len(z)):
            z[k] += x0 * W0[k] + x1 * W1[k] + x2 * W2[k] + x3 * W3[k]
    for d in range(whole, len(x)):
        for k in range(len(z)):
            z[k] += x[d] * W[d, k]
