"""Exercise 7a: the gates of a layer, compiled.

Check your solution with

    lstmviz check 7a_gates_kernel.py
"""

import numpy as np
from numba import njit


@njit
def sigmoid(z):
    """Return 1 / (1 + exp(-z)) of a number; it is compiled, so kernels can call it."""
    return 1 / (1 + np.exp(-z))


# A function becomes a kernel when `@njit` stands above it.
@njit
def gates_kernel(z, c_before):
    """Return gates (R, 4H), c (R, H) and h (R, H), all computed in one loop.

    z (R, 4H) and c_before (R, H), of one step and R rows, are floats. The columns of
    gates are four blocks of H columns, in the order i, f, g, o, as are those of z:

        i, f, o = sigmoid of their blocks of z        g = tanh of its block
        c = f c_before + i g
        h = o tanh(c)

    When it is compiled, a loop over rows and neurons is fast: it has all numbers of a
    neuron in registers, and needs no arrays for intermediate results.
    """
    R, H = c_before.shape
    gates = np.empty((R, 4 * H), z.dtype)
    c, h = np.empty((R, H), z.dtype), np.empty((R, H), z.dtype)
    for r in range(R):
        for k in range(H):
            i, f = sigmoid(z[r, k]), sigmoid(z[r, H + k])
            g, o = np.tanh(z[r, 2 * H + k]), sigmoid(z[r, 3 * H + k])
            c[r, k] = f * c_before[r, k] + i * g
            h[r, k] = o * np.tanh(c[r, k])
            gates[r, k], gates[r, H + k] = i, f
            gates[r, 2 * H + k], gates[r, 3 * H + k] = g, o
    return gates, c, h
