"""Exercise 2b: backpropagation through a layer of LSTM cells.

Check your solution with

    lstmviz check 2b_lstm_backward.py
"""

import numpy as np


def lstm_backward(dh, x, i, f, g, o, c, h, W, U):
    """Return dx, dW, dU, db: the gradient of a loss by x, W, U and b, shaped like them.

    The forward pass computed this at each step t, with h and c of the step before
    (zero before the first step). x is (T, R, D), all others are (T, R, H):

        z = x W + h U + b                             (R, 4H): blocks i, f, g, o
        i, f, o = sigmoid of their blocks of z        g = tanh of its block
        c = f c + i g
        h = o tanh(c)

    dh (T, R, H) is the gradient of the loss by each h from the layer above. The next
    step, t + 1, uses h[t] and c[t] as well: add the gradients that come from there.
    W is (D, 4H), U is (H, 4H).

    With s = sigmoid(z), ds/dz = s (1 - s); with g = tanh(z), dg/dz = 1 - g².
    """
    T, R, H = h.shape
    dx, dW, dU = np.zeros_like(x), np.zeros_like(W), np.zeros_like(U)
    db = np.zeros(4 * H)
    dh_after, dc_after = np.zeros((R, H)), np.zeros((R, H))
    # For each step, from the last to the first: compute the gradients of c and of the
    # gates, then dz, then those of x, W, U, b; keep what the step before needs. Follow
    # the equations of the forward pass from the last line to the first.
    raise NotImplementedError
    return dx, dW, dU, db
