"""A stack of LSTM layers along one axis: each layer reads the hidden states below it.

The biaxial network consists of two stacks: one is recurrent along time, the other
up the notes. A stack does not know which of the two it is; it always runs along the
first axis of its input.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.cells import lstm
from lstmviz.cells.lstm import Layer

__all__ = ["StackActivations", "backward", "forward", "last_step"]


class StackActivations(NamedTuple):
    """All that a stack computes; the dicts go from the lowest layer to the highest."""

    inputs: dict  # name -> input of the layer, x (T, R, D)
    layers: dict  # name -> gates and states of the layer, a `Layer`
    output: np.ndarray  # (T, R, H) hidden state of the highest layer, after dropout


def forward(parameters, names, x, masks=None, before=None, cell=lstm):
    """Run the layers `names` one after the other.

    Parameters
    ----------
    parameters : dict of ndarray
        Holds `name.W`, `name.U` and `name.b` for each layer.
    names : sequence of str
        The layers, from the lowest to the highest.
    x : ndarray (T, R, D)
        Input of the lowest layer.
    masks : dict of ndarray (H,), optional
        Dropout: the output of each layer is multiplied by its mask on the way to the
        layer above. The recurrence inside the layer is not masked, and the mask is
        the same at every step (Gal & Ghahramani 2016).
    before : StackActivations, optional
        Start from the final states of this earlier run instead of from zero.
    cell : module or Backend
        Provides `forward` of one layer: `lstm`, or its compiled twin.

    Returns
    -------
    StackActivations
    """
    inputs, layers = {}, {}
    for name in names:
        W, U, b = weights(parameters, name)
        h0, c0 = final_states(before.layers[name]) if before else (None, None)
        inputs[name] = x
        layers[name] = cell.forward(x, W, U, b, h0, c0)
        x = layers[name].h if masks is None else layers[name].h * masks[name]
    return StackActivations(inputs, layers, x)


def backward(dx, parameters, activations, masks=None, to_input=True, cell=lstm):
    """Carry the gradient of a loss from the stack's output down through its layers.

    This mirrors `forward`: read its loop from the last line to the first.

    Parameters
    ----------
    dx : ndarray (T, R, H)
        Gradient of the loss by `activations.output`.
    parameters, masks, cell : as given to `forward`
    activations : StackActivations
        What `forward` returned, started from zero states.
    to_input : bool
        Compute the gradient by the stack's input; if False, it is None.

    Returns
    -------
    dx : ndarray (T, R, D)
        Gradient by the stack's input, or None.
    gradients : dict of ndarray
        Gradients by the parameters of the layers, under the same names.
    """
    gradients = {}
    lowest = next(iter(activations.layers))
    for name in reversed(activations.layers):
        W, U, _ = weights(parameters, name)
        x, layer = activations.inputs[name], activations.layers[name]
        dh = dx if masks is None else dx * masks[name]
        needed = to_input or name != lowest
        dx, dW, dU, db = cell.backward(dh, x, layer, W, U, needed)
        gradients |= {f"{name}.W": dW, f"{name}.U": dU, f"{name}.b": db}
    return dx, gradients


def weights(parameters, name):
    """Return W, U, b of the layer `name`."""
    return tuple(parameters[f"{name}.{part}"] for part in "WUb")


def final_states(layer):
    """Return the states h, c of a layer after its last step, each (R, H)."""
    return layer.h[-1], layer.c[-1]


def last_step(activations):
    """Return a copy of the last step: enough for `forward` to continue from it."""
    layers = {
        name: Layer(*(array[-1:].copy() for array in layer))
        for name, layer in activations.layers.items()
    }
    return StackActivations({}, layers, activations.output[-1:].copy())
