"""Tutorial 1, *One LSTM cell by hand*: the gates, and a layer of cells."""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.cells.lstm import sigmoid
from lstmviz.coursework.comparing import same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes

__all__ = ["gates", "lstm_forward", "small_layer"]


@exercise(tutorial=1)
def gates(student):
    """z (R, 4H) -> i, f, g, o, each (R, H)."""
    for R, H in ((3, 5), (4, 2), (2, 7)):
        z = np.random.default_rng(R).normal(size=(R, 4 * H))
        mistakes = outcomes(squashed, GATE_MISTAKES, z)
        parts = dict.fromkeys("ifgo", "row neuron")
        same_parts(parts, student(z), squashed(z), mistakes)


def squashed(z):
    """Return the gates."""
    i, f, g, o = np.split(z, 4, axis=-1)
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


SQUASHED = "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)"
GATE_MISTAKES = f"""
The candidate g can be negative: it takes tanh, not sigmoid.
    np.tanh(g) -> sigmoid(g)
The gates i, f and o lie between 0 and 1: they take sigmoid, not tanh.
    sigmoid -> np.tanh
sigmoid and tanh are missing: these are parts of z itself.
    {SQUASHED} -> i, f, g, o
tanh and sigmoid are swapped.
    {SQUASHED} -> np.tanh(i), np.tanh(f), sigmoid(g), np.tanh(o)
The columns of a gate are a block of H columns; this takes every fourth column.
    np.split(z, 4, axis=-1) -> (z[:, k::4] for k in range(4))
The order is i, f, g, o; here g and o are swapped before sigmoid and tanh.
    i, f, g, o = -> i, f, o, g =
z.reshape(4, R, H) mixes rows and gates: the rows come first in z. Use np.split, or
z.reshape(R, 4, H) and swap the axes.
    np.split(z, 4, axis=-1) -> z.reshape(4, len(z), -1)
"""


@exercise(tutorial=1)
def lstm_forward(student):
    """x, W, U, b -> i, f, g, o, c, h, each (T, R, H)."""
    # A single step has no step before.
    for T, R, D, H in ((1, 2, 3, 5), (4, 3, 3, 5), (5, 2, 4, 3)):
        layer = small_layer(T, R, D, H)
        mistakes = outcomes(lstm.forward, FORWARD_MISTAKES, *layer)
        parts = dict.fromkeys("ifgoch", "step row neuron")
        same_parts(parts, student(*layer), lstm.forward(*layer), mistakes)


def small_layer(T, R, D=3, H=5):
    """Return x, W, U, b of a small layer, in float64."""
    rng = np.random.default_rng(T)
    shapes = (T, R, D), (D, 4 * H), (H, 4 * H), (4 * H,)
    return tuple(rng.normal(size=shape) for shape in shapes)


# Where z is split into the wrong gates, these are returned under their right names.
SPLIT = "Layer(*np.split(z, 4, axis=-1), c, h)"
G_IS_O = f"""\
    {SQUASHED} -> sigmoid(i), sigmoid(f), sigmoid(g), np.tanh(o)
    f * c_before + i * g -> f * c_before + i * o
    o * np.tanh(c[t]) -> g * np.tanh(c[t])"""
G_FROM_O = f"""\
{G_IS_O}
    {SPLIT} -> Layer(*(np.split(z, 4, axis=-1)[k] for k in (0, 1, 3, 2)), c, h)"""
I_FROM_F = f"""\
    f * c_before + i * g -> i * c_before + f * g
    {SPLIT} -> Layer(*(np.split(z, 4, axis=-1)[k] for k in (1, 0, 2, 3)), c, h)"""
CELL_MISTAKES = """
The candidate g can be negative: it takes tanh, not sigmoid.
    np.tanh(g) -> sigmoid(g)
f multiplies the old cell state and i multiplies the candidate; here they are swapped.
    f * c_before + i * g -> i * c_before + f * g
h = o tanh(c): the tanh is missing.
    o * np.tanh(c[t]) -> o * c[t]
h = o tanh(c) takes the new c; this takes the old one.
    o * np.tanh(c[t]) -> o * np.tanh(c_before)
"""
FORWARD_MISTAKES = f"""{CELL_MISTAKES}
The gates come in the order i, f, g, o; here g and o are swapped.
{G_FROM_O}
The gates come in the order i, f, g, o; here i and f are swapped.
{I_FROM_F}
The old cell state is lost: is f * c missing, or is c not passed on to the next step?
    f * c_before + i * g -> i * g
The old c is the old h: h = c = np.zeros(...) makes one array with two names, not two.
    f * c_before + i * g -> f * h_before + i * g
Every step takes the input of the first one, x[0].
    x @ W + b -> np.repeat(x[:1], T, axis=0) @ W + b
The biases b are missing.
    x @ W + b -> x @ W
The h of the step before has no effect: is h U missing, or is h not passed on?
    z[t] += h_before @ U -> pass
The recurrence takes the cell state c; it should take the hidden state h.
    h_before, c_before = h[t], c[t] -> h_before, c_before = c[t], c[t]
"""
