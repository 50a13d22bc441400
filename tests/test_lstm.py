"""Statements about one LSTM layer: what its gates do, and its gradients."""

import numpy as np
import pytest
from helpers import central_differences

from lstmviz.cells import lstm
from lstmviz.cells.lstm import sigmoid


def random_layer(seed, T=6, R=3, D=4, H=5, dtype=np.float64):
    """Return x, W, U, b with every number random, the biases too."""
    rng = np.random.default_rng(seed)
    shapes = (T, R, D), (D, 4 * H), (H, 4 * H), (4 * H,)
    return [rng.normal(0, 0.7, shape).astype(dtype) for shape in shapes]


def steered(i, f, g, o, T=4):
    """Run one neuron with no weights, its gates held open (1) or shut (0) by biases."""

    def push(gate):
        return 50.0 if gate else -50.0

    b = np.array([push(i), push(f), g, push(o)])
    return lstm.forward(np.zeros((T, 1, 1)), np.zeros((1, 4)), np.zeros((1, 4)), b)


def cell_by_hand(x, W, U, b):
    """The textbook's equations for one row, one neuron and one step at a time."""
    T, D = x.shape
    H = len(U)
    h, c = np.zeros(H), np.zeros(H)
    hidden, cells = [], []
    for t in range(T):
        h_new, c_new = np.zeros(H), np.zeros(H)
        for k in range(H):
            z = {}
            for place, gate in enumerate("ifgo"):
                column = place * H + k
                z[gate] = b[column]
                z[gate] += sum(x[t, d] * W[d, column] for d in range(D))
                z[gate] += sum(h[j] * U[j, column] for j in range(H))
            i, f, o = (1 / (1 + np.exp(-z[gate])) for gate in "ifo")
            c_new[k] = f * c[k] + i * np.tanh(z["g"])
            h_new[k] = o * np.tanh(c_new[k])
        h, c = h_new, c_new
        hidden.append(h)
        cells.append(c)
    return np.array(hidden), np.array(cells)


def test_forward_is_the_textbook_cell():
    x, W, U, b = random_layer(0)
    layer = lstm.forward(x, W, U, b)
    for row in range(x.shape[1]):
        h, c = cell_by_hand(x[:, row], W, U, b)
        np.testing.assert_allclose(layer.h[:, row], h, atol=1e-12)
        np.testing.assert_allclose(layer.c[:, row], c, atol=1e-12)


def test_an_open_forget_gate_adds_up_what_comes_in():
    layer = steered(i=1, f=1, g=0.5, o=1)
    np.testing.assert_allclose(layer.c[:, 0, 0], np.tanh(0.5) * np.arange(1, 5))


def test_a_shut_forget_gate_remembers_one_step_only():
    layer = steered(i=1, f=0, g=0.5, o=1)
    np.testing.assert_allclose(layer.c, np.tanh(0.5))


def test_a_shut_input_gate_takes_nothing_in():
    np.testing.assert_allclose(steered(i=0, f=1, g=0.5, o=1).c, 0, atol=1e-12)


def test_a_shut_output_gate_keeps_the_memory_to_itself():
    layer = steered(i=1, f=1, g=0.5, o=0)
    np.testing.assert_allclose(layer.h, 0, atol=1e-12)
    assert layer.c[-1] > 1


def test_rows_never_meet():
    x, W, U, b = random_layer(1)
    together = lstm.forward(x, W, U, b)
    alone = lstm.forward(x[:, 1:2], W, U, b)
    np.testing.assert_allclose(together.h[:, 1:2], alone.h, atol=1e-14)


def test_a_sequence_can_be_heard_in_two_halves():
    x, W, U, b = random_layer(2, T=8)
    whole = lstm.forward(x, W, U, b)
    first = lstm.forward(x[:3], W, U, b)
    second = lstm.forward(x[3:], W, U, b, h0=first.h[-1], c0=first.c[-1])
    for name in lstm.Layer._fields:
        halves = np.concatenate([getattr(first, name), getattr(second, name)])
        np.testing.assert_allclose(halves, getattr(whole, name), atol=1e-14)


def test_sigmoid_does_not_overflow():
    with np.errstate(all="raise"):
        assert sigmoid(np.array([-1e4, 0, 1e4])).tolist() == [0, 0.5, 1]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_dtype_of_the_weights_is_kept(dtype):
    x, W, U, b = random_layer(3, dtype=dtype)
    layer = lstm.forward(x, W, U, b)
    gradients = lstm.backward(np.ones_like(layer.h), x, layer, W, U)
    assert {array.dtype for array in (*layer, *gradients)} == {np.dtype(dtype)}


@pytest.mark.parametrize("T", [1, 6])
def test_gradients_are_those_of_central_differences(T):
    x, W, U, _ = arguments = random_layer(4, T=T)
    layer = lstm.forward(*arguments)
    wish = np.random.default_rng(5).normal(size=layer.h.shape)  # loss = Σ wish h

    def loss():
        return np.sum(wish * lstm.forward(*arguments).h)

    gradients = lstm.backward(wish, x, layer, W, U)
    for array, gradient in zip(arguments, gradients, strict=True):
        np.testing.assert_allclose(
            gradient, central_differences(loss, array), rtol=1e-6, atol=1e-8
        )
