"""Exercise 2a: the gradient without calculus.

Check what you have written with

    lstmviz check 2a_finite_differences.py
"""

import numpy as np


def finite_differences(loss, w, step=1e-6):
    """Return the gradient of loss(w) by w, measured: shaped like w.

    w is a float64 array of any shape; loss is a function that takes such an array and
    returns a number. Each element of w by itself is nudged up and down by `step`:

        gradient = (loss(w with the element + step) - loss(w with it - step)) / (2 step)

    You may nudge w in place, if afterwards it is what it was, to the last bit.
    """
    gradient = np.zeros_like(w)
    # For each element (np.ndindex(w.shape) goes through all their places, whatever the
    # shape): what is the loss above and below? Put the element back before the next.
    raise NotImplementedError
    return gradient
