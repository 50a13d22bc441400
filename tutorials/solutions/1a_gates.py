"""Exercise 1a: from z to the four gates.

Check your solution with

    lstmviz check 1a_gates.py
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def gates(z):
    """Return i, f, g, o: the three gates and the candidate of H cells.

    z (R, 4H) contains the inputs of sigmoid and tanh, in four blocks of H columns, in
    the order i, f, g, o. The gates i, f and o are between 0 and 1, the candidate g is
    between -1 and 1. Each of the four arrays that you return is (R, H).
    """
    i, f, g, o = np.split(z, 4, axis=1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
