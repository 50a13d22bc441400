"""One LSTM layer: `forward` and, line by line in reverse, `backward`.

Symbols and shapes, here and in the whole network:

    T        steps of the recurrence (along time, or up the notes)
    R        rows: sequences that run side by side and do not affect each other
    D, H     number of inputs, number of neurons

    x  (T, R, D)    input                 W  (D, 4H)   weights of the input
    h  (T, R, H)    hidden state          U  (H, 4H)   weights of the recurrence
    c  (T, R, H)    cell state            b  (4H,)     biases

The gates stand side by side along the last axis in the order i, f, g, o.
Everything works in any float dtype; the result has the dtype of the weights.

The cell is that of Hochreiter & Schmidhuber (1997) with the forget gate of
Gers, Schmidhuber & Cummins (2000).
"""

from typing import NamedTuple

import numpy as np

__all__ = ["Layer", "backward", "forward", "sigmoid"]


class Layer(NamedTuple):
    """Gates and states of one layer at every step and row; each array is (T, R, H)."""

    i: np.ndarray  # input gate: how much of the candidate enters the cell
    f: np.ndarray  # forget gate: how much of the cell is kept
    g: np.ndarray  # candidate: what can enter the cell, between -1 and 1
    o: np.ndarray  # output gate: how much of the cell is shown
    c: np.ndarray  # cell state: the memory
    h: np.ndarray  # hidden state: the output of the layer

    def __repr__(self):
        """Show sizes and memory instead of all numbers."""
        megabytes = sum(array.nbytes for array in self) / 1e6
        T, R, H = self.h.shape
        return (
            f"<Layer: i, f, g, o, c, h, each {T} x {R} x {H} {self.h.dtype}, "
            f"{megabytes:.3g} MB>"
        )


def sigmoid(z):
    """Return 1 / (1 + exp(-z)), in a form that cannot overflow."""
    return 0.5 + 0.5 * np.tanh(0.5 * z)


def forward(x, W, U, b, h0=None, c0=None):
    """Run the layer over a whole sequence and keep every gate.

    At each step, with the states h, c of the step before:

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
    A cell without input, whose input gate is closed and whose forget gate is half
    open, loses half of its cell state at every step:

    >>> no_input, no_weight = np.zeros((3, 1, 1)), np.zeros((1, 4))
    >>> b = np.array([-100.0, 0, 0, 0])  # i, f, g, o
    >>> forward(no_input, no_weight, no_weight, b, c0=np.ones((1, 1))).c[:, 0, 0]
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
    """Carry the gradient of a loss from the hidden states back to input and weights.

    This mirrors `forward`: read its loop from the last line to the first. `dX` stands
    for ∂loss/∂X. A hidden state gets its gradient from two sides: from the layer above
    (`dh`) and from the next step (`dh_after`). A cell state gets its gradient from its
    own hidden state and from the next step. The sequence must have started with zero
    states.

    Parameters
    ----------
    dh : ndarray (T, R, H)
        Gradient by each hidden state, from the layer above.
    x, W, U : as given to `forward`
    layer : Layer
        What `forward` returned.
    to_input : bool
        Compute dx; if False, it is None.

    Returns
    -------
    dx, dW, dU, db : ndarray
        Gradients, shaped like x, W, U and b.

    Examples
    --------
    Let the loss be the sum of all h. A small change of a bias changes the loss as db
    says:

    >>> rng = np.random.default_rng(0)
    >>> x, W, U, b = (rng.normal(size=s) for s in ((5, 2, 3), (3, 8), (2, 8), 8))
    >>> layer = forward(x, W, U, b)
    >>> dx, dW, dU, db = backward(np.ones_like(layer.h), x, layer, W, U)
    >>> small = 1e-6 * np.eye(8)[0]
    >>> above, below = (forward(x, W, U, b + d).h.sum() for d in (small, -small))
    >>> bool(np.isclose((above - below) / 2e-6, db[0]))
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
