"""Exercise 2a: the gradient by finite differences, without calculus.

Check your solution with

    lstmviz check 2a_finite_differences.py
"""

import numpy as np


def finite_differences(loss, w, step=1e-6):
    """Return the gradient of loss(w) by w, measured: shaped like w.

    w is a float64 array of any shape; loss is a function that takes such an array and
    returns a number. One element of w at a time is changed, up and down by `step`:

        gradient = (loss(w with the element + step) - loss(w with it - step)) / (2 step)

    You may change w in place, if it has exactly its old values afterwards.
    """
    gradient = np.zeros_like(w)
    for k in np.ndindex(w.shape):
        kept = w[k]
        w[k] = kept + step
        above = loss(w)
        w[k] = kept - step
        below = loss(w)
        w[k] = kept
        gradient[k] = (above - below) / (2 * step)
    return gradient
