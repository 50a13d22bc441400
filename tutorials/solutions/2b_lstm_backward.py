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
    for t in reversed(range(T)):
        h_before, c_before = (h[t - 1], c[t - 1]) if t > 0 else np.zeros((2, R, H))
        tanh_c = np.tanh(c[t])
        # h = o tanh(c)
        dh_t = dh[t] + dh_after
        do = dh_t * tanh_c
        dc = dh_t * o[t] * (1 - tanh_c**2) + dc_after
        # c = f c + i g
        di, df, dg = dc * g[t], dc * c_before, dc * i[t]
        dc_after = dc * f[t]
        # i, f, o = sigmoid(z), g = tanh(z)
        dz_i = di * i[t] * (1 - i[t])
        dz_f = df * f[t] * (1 - f[t])
        dz_g = dg * (1 - g[t] ** 2)
        dz_o = do * o[t] * (1 - o[t])
        dz = np.concatenate([dz_i, dz_f, dz_g, dz_o], axis=1)
        # z = x W + h U + b
        dx[t] = dz @ W.T
        dW += x[t].T @ dz
        dU += h_before.T @ dz
        db += dz.sum(axis=0)
        dh_after = dz @ U.T
    return dx, dW, dU, db
