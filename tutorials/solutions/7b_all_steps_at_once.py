"""Exercise 7b: the gradients of a layer's weights, with all steps in one product.

Check your solution with

    lstmviz check 7b_all_steps_at_once.py
"""

import numpy as np


def step_by_step(x, h, dz):
    """Return dW, dU, db, with two small products and a sum at every step."""
    dW, dU, db = x[0].T @ dz[0], np.zeros((h.shape[2], dz.shape[2])), dz[0].sum(axis=0)
    for t in range(1, len(x)):
        dW += x[t].T @ dz[t]
        dU += h[t - 1].T @ dz[t]
        db += dz[t].sum(axis=0)
    return dW, dU, db


def all_steps_at_once(x, h, dz):
    """Return dW (D, 4H), dU (H, 4H), db (4H,), as `step_by_step` does, but fast.

    x (T, R, D) and h (T, R, H) are the input and the hidden states of T steps and R
    rows, dz (T, R, 4H) is the gradient by z = x W + (h of the step before) U + b. The
    sum over the steps of x[t]ᵀ dz[t] is a single matrix product, if the rows of all
    steps are put below each other in one matrix with T R rows. So dW takes one product,
    dU another, and there is no loop.
    """
    T, R, four_H = dz.shape
    rows = dz.reshape(T * R, four_H)
    dW = x.reshape(T * R, -1).T @ rows
    dU = h[:-1].reshape((T - 1) * R, -1).T @ rows[R:]
    return dW, dU, rows.sum(axis=0)
