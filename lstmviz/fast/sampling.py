"""The fast twin of `cells/sampling.py`, compiled by numba: one time step composed.

Each note waits for the choice of the note below, so every product has a single row.
BLAS is made for many rows: the kernel multiplies by itself.
"""

import numpy as np

from lstmviz.cells import sampling
from lstmviz.cells.lstm import Layer
from lstmviz.fast.jit import kernel
from lstmviz.fast.kernels import HALF, sigmoid, tanh

__all__ = ["sample_notes"]


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
            begin(z, known[n] if level == 0 else b[level])
            add_row_product(z, x, W[level])
            add_row_product(z, before[5], U[level])
            sample_cell(z, before[4], cell[4], cell[5])
            x = cell[5]
        z = z_out[n]
        begin(z, b_out)
        add_row_product(z, x, W_out)
        played = dice[n, 0] < sigmoid(z[0] / T) ** power
        below[0] = chosen[n, 0] = played
        below[1] = chosen[n, 1] = played and dice[n, 1] < sigmoid(z[1] / T)


@kernel
def begin(z, b):
    """Copy b into z; numba compiles `z[:] = b` too, but takes more than a second."""
    for k in range(len(z)):
        z[k] = b[k]


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
def add_row_product(z, x, W):
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
