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
        i, f, g, o = np.split(z, 4, axis=-1)
        mistakes = outcomes(squashed, GATE_MISTAKES, i, f, g, o) | {
            "The columns of a gate are a block of H columns; this takes every fourth "
            "column.": squashed(*(z[:, k::4] for k in range(4))),
            "The gates come in the order i, f, g, o; here g and o are swapped before "
            "sigmoid and tanh.": squashed(i, f, o, g),
            "z.reshape(4, R, H) mixes rows and gates: the rows come first in z. Use "
            "np.split, or z.reshape(R, 4, H) and swap the axes.": squashed(
                *z.reshape(4, R, H)
            ),
        }
        right = dict(zip("ifgo", squashed(i, f, g, o), strict=True))
        same_parts(student(z), right, "row neuron", mistakes)


def squashed(i, f, g, o):
    """Return the gates, from their parts of z."""
    return sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)


GATE_MISTAKES = {
    "The candidate g can be negative: it takes tanh, not sigmoid.": (
        "np.tanh(g)",
        "sigmoid(g)",
    ),
    "The gates i, f and o lie between 0 and 1: they take sigmoid, not tanh.": (
        "sigmoid",
        "np.tanh",
    ),
    "sigmoid and tanh are missing: these are parts of z itself.": (
        "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)",
        "i, f, g, o",
    ),
    "tanh and sigmoid are swapped.": (
        "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)",
        "np.tanh(i), np.tanh(f), sigmoid(g), np.tanh(o)",
    ),
}


@exercise(tutorial=1)
def lstm_forward(student):
    """x, W, U, b -> i, f, g, o, c, h, each (T, R, H)."""
    # A single step has no step before.
    for T, R, D, H in ((1, 2, 3, 5), (4, 3, 3, 5), (5, 2, 4, 3)):
        layer = small_layer(T, R, D, H)
        same_parts(
            student(*layer),
            lstm.forward(*layer)._asdict(),
            "step row neuron",
            outcomes(lstm.forward, FORWARD_MISTAKES, *layer),
        )


def small_layer(T, R, D=3, H=5):
    """Return x, W, U, b of a small layer, in float64."""
    rng = np.random.default_rng(T)
    shapes = (T, R, D), (D, 4 * H), (H, 4 * H), (4 * H,)
    return tuple(rng.normal(size=shape) for shape in shapes)


# In lstm.forward:

RETURN = "Layer(*np.split(z, 4, axis=-1), c, h)"
KEPT, SHOWN = "f * c_before + i * g", "o * np.tanh(c[t])"
G_IS_O = (
    "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)",
    "sigmoid(i), sigmoid(f), sigmoid(g), np.tanh(o)",
    KEPT,
    "f * c_before + i * o",
    SHOWN,
    "g * np.tanh(c[t])",
)
# As above, but returned under their right names.
G_FROM_O = (
    *G_IS_O,
    RETURN,
    "(lambda i, f, o, g: Layer(i, f, g, o, c, h))(*np.split(z, 4, axis=-1))",
)
I_FROM_F = (
    KEPT,
    "i * c_before + f * g",
    RETURN,
    "(lambda f, i, g, o: Layer(i, f, g, o, c, h))(*np.split(z, 4, axis=-1))",
)
CELL_MISTAKES = {  # that are possible with a single step
    "The candidate g can be negative: it takes tanh, not sigmoid.": (
        "np.tanh(g)",
        "sigmoid(g)",
    ),
    "f multiplies the old cell state and i multiplies the candidate; here they are "
    "swapped.": (KEPT, "i * c_before + f * g"),
    "h = o tanh(c): the tanh is missing.": (SHOWN, "o * c[t]"),
    "h = o tanh(c) takes the new c; this takes the old one.": (
        SHOWN,
        "o * np.tanh(c_before)",
    ),
}
FORWARD_MISTAKES = CELL_MISTAKES | {
    "The gates come in the order i, f, g, o; here g and o are swapped.": G_FROM_O,
    "The gates come in the order i, f, g, o; here i and f are swapped.": I_FROM_F,
    "The old cell state is lost: is f * c missing, or is c not passed on to the next "
    "step?": (
        KEPT,
        "i * g",
    ),
    "The old cell state is the old hidden state: h = c = np.zeros(...) makes one array "
    "with two names, not two arrays.": (KEPT, "f * h_before + i * g"),
    "Every step takes the input of the first one, x[0].": (
        "x @ W + b",
        "np.repeat(x[:1], T, axis=0) @ W + b",
    ),
    "The biases b are missing.": ("x @ W + b", "x @ W"),
    "The hidden state of the step before has no effect: is h U missing, or is h not "
    "passed on?": (
        "z[t] += h_before @ U",
        "pass",
    ),
    "The recurrence takes the cell state c; it should take the hidden state h.": (
        "h_before, c_before = h[t], c[t]",
        "h_before, c_before = c[t], c[t]",
    ),
}
