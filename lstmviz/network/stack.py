"""A stack of LSTM layers along one axis, each listening to the one below it.

The biaxial network is two of these: one recurrent along time, one recurrent
up the notes. A stack does not know which; it runs along the first axis.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.network.lstm import Layer

__all__ = ["Stack", "backward", "ending", "forward"]


class Stack(NamedTuple):
    """What happened in a stack, by layer name from the bottom up."""

    inputs: dict  # what each layer was given: x (T, R, D)
    layers: dict  # what happened inside it: a `lstm.Layer`
    output: np.ndarray  # what leaves the top: (T, R, H)


def forward(cell, parameters, names, x, masks=None, before=None):
    """Run the layers `names` one after the other.

    Parameters
    ----------
    cell : module or Backend
        Where `forward` of a single layer is found: `lstm`, or its fast twin.
    parameters : dict
        Holds `name.W`, `name.U`, `name.b` for each layer.
    names : sequence of str
        The layers from the bottom up.
    x : ndarray (T, R, D)
        Input of the lowest layer.
    masks : dict of ndarray (H,), optional
        Dropout: what each layer's output is multiplied by on its way up. The
        recurrence inside the layer is left alone, and the mask is the same
        at every step (Gal & Ghahramani 2016).
    before : Stack, optional
        Go on from where this stack ended, rather than from zero states.

    Returns
    -------
    Stack
    """
    inputs, layers = {}, {}
    for name in names:
        W, U, b = weights(parameters, name)
        h0, c0 = ended(before.layers[name]) if before else (None, None)
        inputs[name] = x
        layers[name] = cell.forward(x, W, U, b, h0, c0)
        x = layers[name].h if masks is None else layers[name].h * masks[name]
    return Stack(inputs, layers, x)


def backward(cell, dx, parameters, stack, masks=None, to_input=True):
    """Carry the gradient `dx` of the stack's output back down through its layers.

    Parameters
    ----------
    cell, parameters, masks : as given to `forward`
    dx : ndarray (T, R, H)
        Gradient of the loss by `stack.output`.
    stack : Stack
        What `forward` returned, begun from zero states.
    to_input : bool
        Whether anyone wants the gradient by the stack's input.

    Returns
    -------
    dx : ndarray (T, R, D)
        Gradient by the stack's input, or None.
    gradients : dict
        Gradients of the layers' parameters, by the same names.
    """
    gradients = {}
    lowest = next(iter(stack.layers))
    for name in reversed(stack.layers):
        W, U, _ = weights(parameters, name)
        x, layer = stack.inputs[name], stack.layers[name]
        dh = dx if masks is None else dx * masks[name]
        wanted = to_input or name != lowest
        dx, dW, dU, db = cell.backward(dh, x, layer, W, U, wanted)
        gradients |= {f"{name}.W": dW, f"{name}.U": dU, f"{name}.b": db}
    return dx, gradients


def weights(parameters, name):
    """Return W, U, b of the layer `name`."""
    return tuple(parameters[f"{name}.{part}"] for part in "WUb")


def ended(layer):
    """Return the states h, c that a layer ended with, each (R, H)."""
    return layer.h[-1], layer.c[-1]


def ending(stack):
    """Return a copy of a stack's last step, enough for `forward` to go on from."""
    layers = {
        name: Layer(*(array[-1:].copy() for array in layer))
        for name, layer in stack.layers.items()
    }
    return Stack({}, layers, stack.output[-1:].copy())
