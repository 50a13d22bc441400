"""Composing ahead: half of the next time step is computed while notes are sampled.

A layer needs z = x W + h U + b. When a time step begins to choose its notes, the h of
its time layers is known, the next x is not: so h U + b of the next step is computed on
the other cores, which have nothing else to do while one core walks up the notes.
"""

from contextlib import contextmanager

import numpy as np

from lstmviz.cells.lstm import Layer
from lstmviz.fast.kernels import forward_step, worth_splitting
from lstmviz.fast.threads import cores, in_background, slices_of, split_rows

__all__ = ["finish_step", "recurrence_ahead"]


@contextmanager
def recurrence_ahead(parameters, layers):
    """Begin to compute h U + b of the next step of some layers.

    Parameters
    ----------
    parameters : dict of ndarray
    layers : dict of Layer
        name -> what `forward` returned for the steps so far.

    Yields
    ------
    finish : function
        Returns name -> h U + b (R, 4H), computing itself what no core has begun;
        or None in float64, which is left to the definition.
    """
    if parameters["out.b"].dtype != np.float32:
        yield lambda: None
        return
    known, pieces = {}, []
    for name, layer in layers.items():
        U, b, h = parameters[f"{name}.U"], parameters[f"{name}.b"], layer.h[-1]
        known[name] = np.empty((len(h), len(b)), np.float32)
        for rows in slices_of(len(h), cores()):
            pieces.append((h[rows], U, b, known[name][rows]))

    with in_background(recurrence, pieces, [1] * len(pieces)) as finish:
        yield lambda: finish() and known


def recurrence(h, U, b, out):
    """Compute h U + b for some rows, in place in `out`; return True."""
    np.matmul(h, U, out=out)
    out += b
    return True


def finish_step(x, W, known, c_before):
    """Return one step of a layer, as `forward` does, from its h U + b.

    Parameters
    ----------
    x : ndarray (1, R, D)
    W : ndarray (D, 4H)
    known : ndarray (R, 4H)
        h U + b.
    c_before : ndarray (R, H)

    Returns
    -------
    Layer
        Each array is (1, R, H).
    """
    R, H = c_before.shape
    layer = Layer(*np.empty((6, 1, R, H), np.float32))
    no_b = np.zeros(4 * H, np.float32)

    def work(rows):
        z = x[0, rows] @ W
        z += known[rows]
        now = [array[0, rows] for array in layer]
        forward_step(z, no_b, c_before[rows], *now)

    split_rows(work, R, worth_splitting(1, R, W))
    return layer
