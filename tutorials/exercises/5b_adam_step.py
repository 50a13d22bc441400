"""Exercise 5b: one step of Adam, which adapts the step size of each weight.

Check your solution with

    lstmviz check 5b_adam_step.py
"""

import numpy as np

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def adam_step(w, gradient, m, v, k, rate):
    """Return w, m, v after step k of Adam (Kingma & Ba 2015), k counted from 1.

    w, gradient, m and v are arrays of the same shape: weights, the gradient of the loss
    by them, and the running means of the gradient and of its square after the step
    before. One step is:

        m <- β1 m + (1 - β1) gradient
        v <- β2 v + (1 - β2) gradient²
        w <- w - rate m̂ / (√v̂ + ε)

    where m̂ = m / (1 - β1^k) and v̂ = v / (1 - β2^k) correct for m and v having
    started at zero. Return new arrays, or change those that are given and return them.
    """
    # Update both running means with this gradient and its square.
    # Compute m̂ and v̂ from them, and move the weights. Return m and v, not m̂ and v̂.
    raise NotImplementedError
