"""Tutorial 1: a typical mistake is recognised."""

import pytest
from helpers import told

SQUASHED = "sigmoid(i), sigmoid(f), np.tanh(g), sigmoid(o)"
CUT = "np.split(z, 4, axis=1)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("np.tanh(g)", "sigmoid(g)", "it takes tanh, not sigmoid"),
        ("np.tanh(g)", "g", "g at [row 0, neuron 0]: expected"),
        (SQUASHED, "i, f, g, o", "sigmoid and tanh are missing"),
        (SQUASHED, SQUASHED.replace("sigmoid", "np.tanh"), "take sigmoid, not tanh"),
        ("i, f, g, o =", "f, i, g, o =", "the numbers that f should have"),
        (CUT, "(z[:, k::4] for k in range(4))", "takes every fourth column"),
        (CUT, "z.reshape(4, len(z), -1)", "mixes rows and gates"),
        ("i, f, g, o =", "i, f, o, g =", "g and o are swapped before"),
        (CUT, "np.split(z.T, 4)", "axes are in another order"),
        (f"return {SQUASHED}", "", "return i, f, g, o, in this order, not None"),
    ],
)
def test_gates(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "1a_gates", right, wrong)


KEPT = "f[t] * c_before + i[t] * g[t]"
SQUASHED_T = "sigmoid(z_i), sigmoid(z_f), np.tanh(z_g), sigmoid(z_o)"
HANDED_ON = "h_before, c_before = h[t], c[t]"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("z_i, z_f, z_g, z_o =", "z_f, z_i, z_g, z_o =", "here i and f are swapped"),
        ("z_i, z_f, z_g, z_o =", "z_i, z_f, z_o, z_g =", "here g and o are swapped"),
        ("np.tanh(z_g)", "sigmoid(z_g)", "g can be negative: it takes tanh"),
        (
            KEPT,
            "i[t] * c_before + f[t] * g[t]",
            "and i multiplies the candidate; here they are",
        ),
        (KEPT, "i[t] * g[t]", "The old cell state is lost"),
        ("o[t] * np.tanh(c[t])", "o[t] * c[t]", "the tanh is missing"),
        ("np.tanh(c[t])", "np.tanh(c_before)", "this takes the old one"),
        (" + b, 4", ", 4", "biases b are missing"),
        (KEPT, "f[t] * h_before + i[t] * g[t]", "makes one array with two names"),
        ("x[t] @ W", "x[0] @ W", "takes the input of the first one"),
        ("h_before @ U", "0 * h_before @ U", "is h U missing"),
        (HANDED_ON, "c_before = c[t]", "is h not passed on"),
        (HANDED_ON, "h_before = h[t]", "is c not passed on"),
        (HANDED_ON, "h_before, c_before = c[t], c[t]", "it should take the hidden"),
        ("x[t] @ W", "x[t - 1] @ W", "i at [step 0, row 0, neuron 0]"),
        ("return i, f, g, o, c, h", "return c, h", "i, f, g, o, c, h, in this order"),
        ("(T, R, H)) for", "(R, T, H)) for", "line"),
    ],
)
def test_lstm_forward(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "1b_lstm_forward", right, wrong)


def test_one_stacked_array_is_right(tmp_path):
    returned = "return i, f, g, o, c, h"
    stacked = "return np.array([i, f, g, o, c, h])"
    assert told(tmp_path, "1b_lstm_forward", returned, stacked) == ""
