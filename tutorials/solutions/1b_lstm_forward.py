"""Exercise 1b: a layer of LSTM cells, step by step.

Check your solution with

    lstmviz check 1b_lstm_forward.py
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def lstm_forward(x, W, U, b):
    """Return i, f, g, o, c, h of all steps, each (T, R, H).

    x (T, R, D) is the input of T steps, for R independent rows. W (D, 4H), U (H, 4H)
    and b (4H,) are the weights, in four blocks of H columns: i, f, g, o. At each step,
    with h and c of the step before (zero before the first step):

        z = x W + h U + b
        i, f, o = sigmoid of their blocks of z        g = tanh of its block
        c = f c + i g
        h = o tanh(c)
    """
    T, R, _ = x.shape
    H = len(U)
    i, f, g, o, c, h = (np.zeros((T, R, H)) for _ in range(6))
    h_before, c_before = np.zeros((R, H)), np.zeros((R, H))
    for t in range(T):
        z_i, z_f, z_g, z_o = np.split(x[t] @ W + h_before @ U + b, 4, axis=1)
        i[t], f[t], g[t], o[t] = sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)
        c[t] = f[t] * c_before + i[t] * g[t]
        h[t] = o[t] * np.tanh(c[t])
        h_before, c_before = h[t], c[t]
    return i, f, g, o, c, h
