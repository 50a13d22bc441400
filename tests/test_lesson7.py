"""Tutorial 7: a typical mistake is recognised."""

import pytest
from helpers import TUTORIALS, told

NUMBERS = "i, f = sigmoid(z[r, k]), sigmoid(z[r, H + k])"
KEPT, SHOWN = "f * c_before[r, k] + i * g", "o * np.tanh(c[r, k])"
COMPILED = "stands above it.\n@njit\n"
OBJECT_MODE = "@__import__('numba').jit(forceobj=True)"
MAKE = "gates = np.empty((R, 4 * H), z.dtype)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (COMPILED, "stands above it.\n", "itself is not compiled: Python runs it"),
        pytest.param(
            *(COMPILED, f"it.\n{OBJECT_MODE}\n", "object mode"), marks=pytest.mark.slow
        ),
        ("np.tanh(z[", "sigmoid(z[", "g can be negative: it takes tanh"),
        (
            KEPT,
            "i * c_before[r, k] + f * g",
            "and i multiplies the candidate; here they are",
        ),
        (KEPT, "i * g", "The old cell state is lost"),
        (KEPT, "f * c_before[r, k]", "The candidate is lost"),
        (SHOWN, "o * c[r, k]", "the tanh is missing"),
        (SHOWN, "o * np.tanh(c_before[r, k])", "this takes the old one"),
        ("i, f = sig", "f, i = sig", "i and f are swapped where z is read"),
        ("g, o = np.tanh(z[r, 2 * H", "g, o = np.tanh(z[r, H", "gates at [row 0, col"),
        ("z[r, 3 * H + k]", "z[r, 4 * H + k]", "IndexError: index 8 is out of bounds"),
        ("return gates, c, h", "return gates, h, c", "numbers that h should have"),
        (MAKE, f"{MAKE}; out = []", "wrong when numba compiles it"),
        (MAKE, f"{MAKE}; print(f'{{H:3d}}')", "when numba compiles it"),
        ("@njit\ndef sigmoid", "def sigmoid", "'sigmoid'"),
        ("@njit\ndef sigmoid", "def sigmoid", "at line 37: i, f = sigmoid"),
    ],
)
def test_gates_kernel(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "7a_gates_kernel", right, wrong)


ALL = "h[:-1].reshape((T - 1) * R, -1).T @ rows[R:]"
X, SUM = "x.reshape(T * R, -1).T @ rows", "rows.sum(axis=0)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (ALL, "h.reshape(T * R, -1).T @ rows", "h and dz of the same step"),
        (
            ALL,
            "h[1:].reshape(T * R - R, -1).T @ rows[:-R]",
            "h of step t with dz of step t - 1",
        ),
        (ALL, "np.roll(h, 1, axis=0).reshape(T * R, -1).T @ rows", "np.roll puts"),
        (
            ALL,
            "h.reshape(T * R, -1)[:-1].T @ rows[1:]",
            "the next step is R rows later",
        ),
        (X, "x[1:].reshape(T * R - R, -1).T @ rows[R:]", "leaves out the first step"),
        (X, "x.reshape(-1, T * R) @ rows", "dW at [input 0, column"),
        (X, "x.swapaxes(0, 1).reshape(T * R, -1).T @ rows", "the other row by row"),
        (X, "rows.T @ x.reshape(T * R, -1)", "axes are in another order"),
        (SUM, "rows.mean(axis=0)", "the sum, not the mean"),
        (SUM, "dz.sum(axis=0)", "the sum over all rows as well"),
        (SUM, "dz.sum(axis=1)", "the sum over all steps as well"),
        (SUM, "np.zeros(four_H)", "db is missing"),
        (X, "sum(a.T @ d for a, d in zip(x, dz))", "from 6 products; 2 are"),
        (X, "sum(a.T.dot(d) for a, d in zip(x, dz))", "from 6 products"),
        (ALL, "h[:-1].reshape(T * R - R, -1).T @ rows[:-R]", "leaves out the last"),
        (X, "(x[..., None] * dz[:, :, None]).sum(axis=(0, 1))", "sums them one by one"),
        (
            "rows = dz.reshape(T * R, four_H)",
            "rows = dz.reshape(-1, four_H) / T",
            "mean",
        ),
        (X, "(x.swapaxes(1, 2) @ dz).sum(axis=0)", "an array with three axes"),
        (
            "    T, R, four_H",
            "    return step_by_step(x, h, dz)\n    T, R, four_H",
            "9",
        ),
        ("rows = dz", "dz *= 1.5\n    rows = dz", "It leaves dz changed."),
        (f"return dW, dU, {SUM}", "return dW, dU", "it should return dW, dU, db"),
        (X, f"{X} + 1", "dW at [input 0, column 0]: expected"),
    ],
)
def test_all_steps_at_once(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "7b_all_steps_at_once", right, wrong)


@pytest.mark.parametrize(
    "product",
    [
        "np.tensordot(x, dz, axes=((0, 1), (0, 1)))",
        "np.einsum('trd,trz->dz', x, dz)",
        "np.dot(x.reshape(T * R, -1).T, rows)",
        "np.ascontiguousarray(x).reshape(T * R, -1).T @ rows",
    ],
)
def test_other_ways_of_one_product_are_right(tmp_path, product):
    assert told(tmp_path, "7b_all_steps_at_once", X, product) == ""


@pytest.mark.slow
def test_a_kernel_without_a_loop_is_told_why_it_should_have_one(tmp_path):
    source = (TUTORIALS / "solutions" / "7a_gates_kernel.py").read_text()
    body = source[source.index("    R, H = c_before.shape") :]
    whole_arrays = """    H = c_before.shape[1]
    i, f = sigmoid(z[:, :H]), sigmoid(z[:, H : 2 * H])
    g, o = np.tanh(z[:, 2 * H : 3 * H]), sigmoid(z[:, 3 * H :])
    c = f * c_before + i * g
    return np.concatenate((i, f, g, o), axis=1), c, o * np.tanh(c)
"""
    assert "there is no loop" in told(tmp_path, "7a_gates_kernel", body, whole_arrays)
