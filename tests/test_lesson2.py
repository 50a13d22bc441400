"""Tutorial 2: a typical mistake is recognised."""

import pytest
from helpers import told

BELOW = "w[k] = kept - step"
DIVIDED = " / (2 * step)"
RESTORED = "w[k] = kept\n"
PLACES = "np.ndindex(w.shape)"


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ((BELOW, "w[k] = kept", "(2 * step)", "step"), "the forward difference"),
        (("kept + step", "kept", "(2 * step)", "step"), "the backward difference"),
        ((BELOW, "w[k] -= step"), "from w + step, subtract 2 step"),
        ((DIVIDED, " / step"), "divide by that, not by step"),
        ((DIVIDED, ""), "division by 2 step is missing"),
        ((DIVIDED, " / 2"), "divided by 2, but not by step"),
        ((DIVIDED, " / 2 * step"), "write a / (2 * step)"),
        (("above - below", "below - above"), "loss above minus the loss below"),
        (
            ("kept = w[k]", "kept = w.copy()", "w[k] =", "w[:] ="),
            "All elements are changed at once",
        ),
        ((RESTORED, "pass\n"), "it leaves its argument w changed"),
        (
            (
                *("kept + step", "w[k] + step", "kept - step", "w[k] - 2 * step"),
                *(RESTORED, "w[k] += step\n"),
            ),
            "leaves rounding errors",
        ),
        (
            ("np.zeros_like(w)", "np.zeros_like(w)\n    w = w.copy()", RESTORED, "\n"),
            "put each element back before you change the next",
        ),
        (
            (PLACES, "range(len(w))", "kept = w[k]", "kept = np.copy(w[k])"),
            "goes through the single elements",
        ),
        (
            ("kept + step", "kept * (1 + step)", "kept - step", "kept * (1 - step)"),
            "times",
        ),
        (("= kept - step", "= kept + step"), "`up = w` makes no copy"),
        (("gradient[k] =", "gradient ="), "that of the last element: fill gradient[k]"),
        (
            (
                "kept + step",
                "kept + step / 2",
                "kept - step",
                "kept - step / 2",
                "2 * ",
                "",
            ),
            "half",
        ),
        (("return gradient", "return gradient.ravel()"), "shape (2, 4): row, column"),
        (("loss(w)", "loss(w[k])"), "loss was given an array of shape ()"),
        (("loss(w)", "loss(w[k])"), "at line 25: above = loss(w[k])"),
        (("above - below", "above - 2 * below"), "gradient at [element 0]: expected"),
    ],
)
def test_finite_differences(tmp_path, pieces, message):
    assert message in told(tmp_path, "2a_finite_differences", *pieces)


def test_a_step_of_ones_own(tmp_path):
    own = ("gradient = np", "step = 1e-6\n    gradient = np")
    said = told(tmp_path, "2a_finite_differences", *own)
    assert "change each element by that much" in said


SLOPE = " * {0}[t] * (1 - {0}[t])"
SLOPE_I, SLOPE_F, SLOPE_O = map(SLOPE.format, "ifo")
SLOPE_G = " * (1 - g[t] ** 2)"
BEFORE = "(h[t - 1], c[t - 1])"
GUARD = " if t > 0 else np.zeros((2, R, H))"
BLOCKS = "[dz_i, dz_f, dz_g, dz_o]"


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ((SLOPE_I, "", SLOPE_F, "", SLOPE_O, ""), "f and o each have their s (1 - s)"),
        ((SLOPE_I, ""), "derivative of the sigmoid is missing for i:"),
        ((SLOPE_F, ""), "derivative of the sigmoid is missing for f:"),
        ((SLOPE_O, " * (1 - o[t] ** 2)"), "1 - s² (that of tanh) for o:"),
        ((SLOPE_G, ""), "derivative of the tanh is missing for g"),
        ((SLOPE_G, SLOPE.format("g")), "its derivative is 1 - g², not g (1 - g)"),
        ((SLOPE_G, " * (1 - np.tanh(g[t]) ** 2)"), "g is the value after tanh"),
        ((SLOPE_F, " * f[t]"), "dW of gate f (its own block of columns) at [input 0"),
        ((" * (1 - tanh_c**2)", ""), "in dc, the derivative 1 - tanh(c)² is missing"),
        (("(1 - tanh_c**2)", "(1 - c[t] ** 2)"), "c is the value before tanh"),
        (("dh_t * o[t]", "dh_t"), "in dc, the factor o is missing"),
        (("dh_t * tanh_c", "dh_t * c[t]"), "do is dh tanh(c), not dh c"),
        (("di, df, dg =", "dg, df, di ="), "di is dc g, and dg is dc i"),
        ((BLOCKS, "[dz_i, dz_f, dz_o, dz_g]"), "here g and o are swapped"),
        ((BLOCKS, "[dz_f, dz_i, dz_g, dz_o]"), "here i and f are swapped"),
        ((SLOPE_I, " * i[t] * (1 + i[t])"), "The other gates are right"),
        ((" + dc_after", ""), "The gradient of the cell state from the next step is"),
        (
            ("dh[t] + dh_after", "dh[t]"),
            "The gradient of h from the next step is missing",
        ),
        (
            ("dh[t] + dh_after", "dh[t]", " + dc_after", ""),
            "The gradient of the cell state from the next step is",
        ),
        (("do = dh_t", "do = dh[t]"), "is missing in do"),
        (("dc = dh_t", "dc = dh[t]"), "is missing in dc, though"),
        (("dc * f[t]", "dc"), "the factor f is missing"),
        (("dc * f[t]", "dc * f[t - 1]"), "f[t + 1], not f[t]"),
        (("reversed(range(T))", "range(T - 1, 0, -1)"), "the loop leaves out t = 0"),
        (("if t > 0", "if t > 1"), "of gate f (its own block of columns) at"),
        (
            ("if t > 0", "if t > 1"),
            "A single step is right: check what each step takes",
        ),
        (("dz @ U.T", "dz @ U.T * f[t]"), "With U = 0 everything is right"),
        (("(1 - tanh_c**2)", "(1 - tanh_c) ** 2"), "check dc, which they share"),
        (("dx[t] = dz", "dx += dz"), "dx[t] is computed from the dz of step t alone"),
        (("dc_after = dc", "dc_after += dc"), "which includes the later ones"),
        (("dh_after = dz", "dh_after += dz"), "which includes the later ones"),
        (
            (BEFORE, "(h[t - 1], c[t])"),
            "df is dc times the cell state of the step before",
        ),
        ((BEFORE + GUARD, "h[t - 1], c[t]"), "take neither those of step t nor"),
        ((BEFORE, "(h[t], c[t - 1])"), "dU is off by one step: "),
        ((GUARD, ""), "Before the first step there is neither h nor c"),
        (("reversed(range(T))", "range(T)"), "The loop goes forward"),
        (("dW += ", "dW = "), "Only the first step is kept"),
        (("dW += ", "dW = ", "dU +=", "dU =", "db +=", "db ="), "Only the first"),
        (("dU += h_before", "dU += c_before"), "z is computed from the hidden state h"),
        (("db += dz.sum(axis=0)", "db = db + dz"), "sum db over the rows as well"),
        (("dz.sum(axis=0)", "dz.sum()"), "sum dz over the rows only"),
        (("dz @ W.T", "-dz @ W.T"), "The sign is wrong"),
        (("dx, dW, dU, db\n", "dW, dx, dU, db\n"), "the numbers that dW should have"),
        (("dz @ W.T", "dz @ W"), "ValueError"),
    ],
)
def test_lstm_backward(tmp_path, pieces, message):
    assert message in told(tmp_path, "2b_lstm_backward", *pieces)
