"""Exercise 2b: back through a layer of LSTM cells.

Check what you have written with

    lstmviz check 2b_lstm_backward.py
"""

import numpy as np


def lstm_backward(dh, x, i, f, g, o, c, h, W, U):
    """Return dx, dW, dU, db: the gradient of a loss by x, W, U and b, shaped like them.

    Going forward, at each step t, with h and c of the step before (zero before the
    first), all of this was computed and kept, x (T, R, D), the others (T, R, H):

        z = x W + h U + b                             (R, 4H): blocks i, f, g, o
        i, f, o = sigmoid of their blocks of z        g = tanh of its block
        c = f c + i g
        h = o tanh(c)

    dh (T, R, H) is the gradient that reaches each h from above, from whoever listens
    to this layer. On its way to the loss, h[t] passes through step t + 1 as well, and
    so does c[t]: what comes back from there is to be added. W is (D, 4H), U (H, 4H).

    With s = sigmoid(z), ds/dz = s (1 - s); with g = tanh(z), dg/dz = 1 - g².
    """
    T, R, H = h.shape
    dx, dW, dU = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U)
    db = np.zeros(4 * H)
    dh_after, dc_after = np.zeros((R, H)), np.zeros((R, H))
    # Step by step from the last to the first: from dh and dc to the gates, to dz, and
    # on to x, W, U, b; then hand on what the step before needs. Upside down, the
    # equations of the forward pass are your list of things to do.
    raise NotImplementedError
    return dx, dW, dU, db
