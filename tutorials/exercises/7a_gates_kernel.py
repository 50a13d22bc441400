"""Exercise 7a: the gates of a layer, compiled.

Check what you have written with

    lstmviz check 7a_gates_kernel.py
"""

import numpy as np
from numba import njit


@njit
def sigmoid(z):
    """Return 1 / (1 + exp(-z)), compiled: kernels can call it, number by number."""
    return 1 / (1 + np.exp(-z))


# A function becomes a kernel when `@njit` stands above it.
def gates_kernel(z, c_before):
    """Return gates (R, 4H), c (R, H) and h (R, H), all worked out in one pass.

    z (R, 4H) and c_before (R, H), of one step and R rows, are floats. The gates lie
    side by side in the order i, f, g, o, in four blocks of H columns each, like the
    parts of z that they are made of:

        i, f, o = sigmoid of their blocks of z        g = tanh of its block
        c = f c_before + i g
        h = o tanh(c)

    To the compiler, a loop over rows and neurons is what is fast: all numbers of a
    neuron are at hand at once, and no array is needed for what lies between.
    """
    # Make arrays for gates, c and h, and fill them, number by number.
    # First without `@njit`: Python's own errors are easier to read.
    raise NotImplementedError
