"""One LSTM layer: `forward` and, line by line in reverse, `backward`.

Symbols and shapes, here and in the whole network:

    T        steps of the recurrence (along time, or up the notes)
    R        rows that run side by side and never meet inside this layer
    D, H     inputs, neurons

    x  (T, R, D)    input                 W  (D, 4H)   weights of the input
    h  (T, R, H)    hidden state          U  (H, 4H)   weights of the recurrence
    c  (T, R, H)    cell state            b  (4H,)     biases

The four gates lie side by side along the last axis in the order i, f, g, o.
Everything works in any float dtype; the result has the dtype of the weights.

The cell is that of Hochreiter & Schmidhuber (1997) with the forget gate of
Gers, Schmidhuber & Cummins (2000).
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Layer", "backward", "forward", "sigmoid"]


class Layer(NamedTuple):
    """Everything that happened inside one layer; each array is (T, R, H)."""

    i: np.ndarray  # input gate: how much of the candidate to take in
    f: np.ndarray  # forget gate: how much of the cell to keep
    g: np.ndarray  # candidate: what could be taken in, between -1 and 1
    o: np.ndarray  # output gate: how much of the cell to show
    c: np.ndarray  # cell state: the memory
    h: np.ndarray  # hidden state: what the layer says to the rest


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), written so that no z can overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def forward(x, W, U, b, h0=None, c0=None):
    """Run the layer over a whole sequence and keep every gate.

    For each step, with the states h, c of the step before:

        z  = x W + h U + b
        i, f, o = σ(z_i), σ(z_f), σ(z_o)        g = tanh(z_g)
        c' = f c + i g
        h' = o tanh(c')

    Parameters
    ----------
    x : ndarray (T, R, D)
    W, U, b : ndarray (D, 4H), (H, 4H), (4H,)
    h0, c0 : ndarray (R, H), optional
        States before the first step; zero if not given.

    Returns
    -------
    Layer
        i, f, g, o, c, h, each (T, R, H).

    Examples
    --------
    One cell that hears nothing, with its input gate shut and its forget gate half
    open, loses half of its memory at every step:

    >>> nothing, no_weight = np.zeros((3, 1, 1)), np.zeros((1, 4))
    >>> b = np.array([-100.0, 0, 0, 0])  # i, f, g, o
    >>> memory = np.ones((1, 1))
    >>> forward(nothing, no_weight, no_weight, b, c0=memory).c[:, 0, 0]
    array([0.5  , 0.25 , 0.125])
    """
    T, R, _ = x.shape
    H = len(U)
    h, c = np.empty((2, T, R, H), b.dtype)
    h_before = np.zeros_like(h[0]) if h0 is None else h0
    c_before = np.zeros_like(c[0]) if c0 is None else c0

    z = x @ W + b
    for t in range(T):
        z[t] += h_before @ U
        i, f, g, o = np.split(z[t], 4, axis=-1)  # views: the gates overwrite z
        i[:], f[:], g[:], o[:] = sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)
        c[t] = f * c_before + i * g
        h[t] = o * np.tanh(c[t])
        h_before, c_before = h[t], c[t]

    return Layer(*np.split(z, 4, axis=-1), c, h)


def backward(dh, x, layer, W, U, to_input=True):
    """Carry the gradient of a loss from the layer's output back to all it used.

    `dX` stands for ∂loss/∂X. A hidden state gets its gradient from two sides,
    from above (`dh`) and from the step after it (`dh_after`), a cell state
    likewise. The sequence is taken to have begun with zero states.

    Parameters
    ----------
    dh : ndarray (T, R, H)
        Gradient that reaches each hidden state from above.
    x, W, U : as given to `forward`
    layer : Layer
        What `forward` returned.
    to_input : bool
        Whether anyone wants dx; it is None otherwise.

    Returns
    -------
    dx, dW, dU, db : ndarray
        Gradients, shaped like x, W, U and b.

    Examples
    --------
    Let the loss be the sum of all h. Nudging a bias changes it as db says:

    >>> rng = np.random.default_rng(0)
    >>> x, W, U, b = (rng.normal(size=s) for s in ((5, 2, 3), (3, 8), (2, 8), 8))
    >>> layer = forward(x, W, U, b)
    >>> dx, dW, dU, db = backward(np.ones_like(layer.h), x, layer, W, U)
    >>> nudge = 1e-6 * np.eye(8)[0]
    >>> up, down = (forward(x, W, U, b + n).h.sum() for n in (nudge, -nudge))
    >>> bool(np.isclose((up - down) / 2e-6, db[0]))
    True
    """
    i, f, g, o, c, h = layer
    T, R, H = h.shape
    dz = np.empty((T, R, 4 * H), h.dtype)
    dh_after = np.zeros_like(h[0])
    dc_after = np.zeros_like(c[0])

    for t in reversed(range(T)):
        c_before = c[t - 1] if t > 0 else np.zeros_like(c[0])
        tanh_c = np.tanh(c[t])
        # h' = o tanh(c')
        dh_t = dh[t] + dh_after
        do = dh_t * tanh_c
        dc = dh_t * o[t] * (1 - tanh_c**2) + dc_after
        # c' = f c + i g
        di, df, dg = dc * g[t], dc * c_before, dc * i[t]
        dc_after = dc * f[t]
        # i, f, o = σ(z)  with σ' = σ (1 - σ);   g = tanh(z)  with tanh' = 1 - tanh²
        dz_i, dz_f, dz_g, dz_o = np.split(dz[t], 4, axis=-1)
        dz_i[:] = di * i[t] * (1 - i[t])
        dz_f[:] = df * f[t] * (1 - f[t])
        dz_g[:] = dg * (1 - g[t] ** 2)
        dz_o[:] = do * o[t] * (1 - o[t])
        # z = x W + h U + b
        dh_after = dz[t] @ U.T

    dx = dz @ W.T if to_input else None
    dW = np.tensordot(x, dz, axes=((0, 1), (0, 1)))
    dU = np.tensordot(h[:-1], dz[1:], axes=((0, 1), (0, 1)))
    db = dz.sum(axis=(0, 1))
    return dx, dW, dU, db
