"""Tutorial 7, *Making it fast*: a compiled kernel, and one product for all steps."""

import ast
import inspect
import textwrap

import numpy as np
from numba.core.dispatcher import Dispatcher

from lstmviz.cells import lstm
from lstmviz.coursework import lesson1 as cell
from lstmviz.coursework.comparing import Wrong, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.coursework.student import Student

__all__ = ["all_steps_at_once", "gates_kernel"]


# A kernel -----------------------------------------------------------------------


@exercise(tutorial=7)
def gates_kernel(student):
    """z, c_before -> gates (R, 4H), c (R, H), h (R, H)."""
    function = student.function
    if not isinstance(function, Dispatcher):
        check_gates(student)
        raise Wrong(
            "the numbers are right, but gates_kernel itself is not compiled: Python "
            "runs it",
            "Write `@njit` above `def gates_kernel`.",
        )
    # Python runs it first, because Python notices an index that is out of range, which
    # numba does not check, and because its errors are easier to read.
    check_gates(Student(function.py_func, student.path))
    try:
        check_gates(student)
    except Wrong as wrong:
        raise Wrong(
            *wrong.args,
            "It is right when Python runs it and wrong when numba compiles it: numba "
            "knows numbers, arrays and loops, and can call only functions that are "
            "compiled as well.",
        ) from None
    if not function.nopython_signatures:
        raise Wrong(
            "it is compiled in object mode, in which Python does all the work",
            "Write `@njit` above it, without options.",
        )
    source = ast.parse(textwrap.dedent(inspect.getsource(function.py_func)))
    if not any(isinstance(node, ast.For | ast.While) for node in ast.walk(source)):
        raise Wrong(
            "the numbers are right, but there is no loop in it",
            "Operations on whole arrays write each intermediate result to memory. Go "
            "through rows and neurons in loops, and keep the numbers of a neuron in "
            "variables.",
        )


def check_gates(student):
    """Check the numbers, computed by Python or by compiled code."""
    for R, H in (1, 2), (3, 5):
        rng = np.random.default_rng(R)
        z, c_before = rng.normal(size=(R, 4 * H)), rng.normal(size=(R, H))
        right = one_step(lstm.forward, z, c_before)
        mistakes = outcomes(lstm.forward, KERNEL_MISTAKES, z, c_before, run=one_step)
        parts = {"gates": "row column", "c": "row neuron", "h": "row neuron"}
        same_parts(parts, student(z, c_before), right, mistakes)


def one_step(forward, z, c_before):
    """Return gates, c, h of one step with the library's layer, or a changed one."""
    H = c_before.shape[1]
    weights = np.eye(4 * H), np.zeros((H, 4 * H)), np.zeros(4 * H)
    *gates, c, h = forward(z[None], *weights, None, c_before)
    return np.concatenate(gates, axis=-1)[0], c[0], h[0]


SPLIT = "np.split(z[t], 4, axis=-1) -> np.moveaxis(z[t].reshape(R, H, 4), 2, 0)"
KERNEL_MISTAKES = f"""{cell.CELL_MISTAKES}
The gates i, f and o lie between 0 and 1: they take sigmoid, not tanh.
    sigmoid -> np.tanh
The gates come in the order i, f, g, o; here g and o are swapped.
{cell.G_IS_O}
The gates come in the order i, f, g, o; here g and o are swapped where z is read.
{cell.G_FROM_O}
The gates come in the order i, f, g, o; here i and f are swapped where z is read.
{cell.I_FROM_F}
The old cell state is lost: c = f c_before + i g.
    f * c_before + i * g -> i * g
The candidate is lost: c = f c_before + i g.
    f * c_before + i * g -> f * c_before
f is missing: c = f c_before + i g.
    f * c_before + i * g -> c_before + i * g
h = o tanh(c): the gate o is missing.
    o * np.tanh(c[t]) -> np.tanh(c[t])
The numbers of a neuron are at k, H + k, 2H + k, 3H + k, not next to each other. Change
this where you read z and where you write the gates.
    {SPLIT}
The numbers of a neuron are at k, H + k, 2H + k, 3H + k, not next to each other. Change
this where you read z.
    {SPLIT}
    np.split(z, 4, axis=-1) -> np.moveaxis(z.reshape(T, R, H, 4), 3, 0)
"""


# One product --------------------------------------------------------------------


@exercise(tutorial=7)
def all_steps_at_once(student):
    """x (T, R, D), h (T, R, H), dz (T, R, 4H) -> dW (D, 4H), dU (H, 4H), db (4H,)."""
    for T, R, H in (2, 3, 3), (5, 2, 4):
        given, learn = learning(T, R, H)
        x, h, dz = (array.view(Watched) for array in given)
        x.products = h.products = dz.products = products = []
        parts = {"dW": "input column", "dU": "neuron column", "db": "column"}
        mistakes = outcomes(lstm.backward, BACKWARD_MISTAKES, run=learn)
        same_parts(parts, student(x, h, dz), learn(lstm.backward), mistakes)
        if "multiply" in products:
            raise Wrong(
                "the numbers are right, but all T R D 4H products of two numbers are "
                "in memory at once before they are summed",
                "A matrix product sums them one by one.",
            )
        # One each for dW and dU; db may be one, too: a row of ones times dz.
        if len(products) > 3:
            raise Wrong(
                f"the numbers are right, but from {len(products)} products; 2 are "
                "enough",
                "NumPy computes one product for each step, in a loop or for an array "
                "with three axes: reshape to two axes first, so that the rows of all "
                "steps are below each other.",
            )


def learning(T, R, H):
    """Return x, h, dz of a layer, and a function that computes its dW, dU, db."""
    rng = np.random.default_rng(T)
    W = np.eye(4 * H + 1, 4 * H)  # so that dx, which the library returns, is dz, 0
    U, b = rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)
    x, dh = rng.normal(size=(T, R, len(W))), rng.normal(size=(T, R, H))
    layer = lstm.forward(x, W, U, b)
    dx, *_ = lstm.backward(dh, x, layer, W, U)

    def learn(backward):
        return backward(dh, x, layer, W, U)[1:]

    return (x, layer.h, dx[..., :-1].copy()), learn


class Watched(np.ndarray):
    """An array that records the matrix products of itself and of its views."""

    def __array_finalize__(self, parent):
        self.products = getattr(parent, "products", [])

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **options):
        if ufunc is np.matmul:
            stacks = np.broadcast_shapes(*(np.shape(a)[:-2] for a in inputs))
            self.products += ["matmul"] * int(np.prod(stacks))
        if out:
            options["out"] = tuple(map(plain, out))
        result = getattr(ufunc, method)(*map(plain, inputs), **options)
        if ufunc is np.multiply and np.ndim(result) > 3:
            self.products.append("multiply")
        return result

    def __array_function__(self, function, types, inputs, options):
        if function in (np.dot, np.inner, np.outer, np.tensordot, np.einsum):
            self.products.append(function.__name__)
            return function(*map(plain, inputs), **options)
        return super().__array_function__(function, types, inputs, options)

    def dot(self, other):
        """Multiply: NumPy does not report this method to `__array_function__`."""
        return np.dot(self, other)


def plain(array):
    """Return a plain array instead of one that is watched."""
    return array.view(np.ndarray) if isinstance(array, Watched) else array


TO_W = "np.tensordot(x, dz, axes=((0, 1), (0, 1)))"
TO_U = "np.tensordot(h[:-1], dz[1:], axes=((0, 1), (0, 1)))"
DZ = "dz.reshape(-1, dz.shape[2])"
BACKWARD_MISTAKES = f"""
U was multiplied by the h of the step before: dU combines h of step t - 1 with dz of
step t. This combines h and dz of the same step.
    h[:-1], dz[1:] -> h, dz
U was multiplied by the h of the step before: dU combines h of step t - 1 with dz of
step t. This combines h and dz of the same step, and leaves out the last.
    h[:-1], dz[1:] -> h[:-1], dz[:-1]
dU combines h[t - 1] with dz[t]; this combines h of step t with dz of step t - 1.
    h[:-1], dz[1:] -> h[1:], dz[:-1]
Before the first step h is zero; np.roll puts the h of the last step there.
    h[:-1], dz[1:] -> np.roll(h, 1, axis=0), dz
When the steps are below each other, the next step is R rows later, not one.
    {TO_U} -> h.reshape(-1, h.shape[2])[:-1].T @ {DZ}[1:]
dW leaves out the first step: only dU has no term there.
    (x, dz, -> (x[1:], dz[1:],
dW combines x and dz of the same step; here they are one step apart.
    (x, dz, -> (x[:-1], dz[1:],
reshape does not transpose a matrix: reshape x to (T R, D) first, then take .T.
    {TO_W} -> x.reshape(x.shape[2], -1) @ {DZ}
    {TO_U} -> h[:-1].reshape(h.shape[2], -1) @ {DZ}[h.shape[1] :]
The rows of x and dz differ in order: one goes step by step, the other row by row.
    {TO_W} -> x.swapaxes(0, 1).reshape(-1, x.shape[2]).T @ {DZ}
The gradients of all steps are summed; this is their mean.
    dx, dW, dU, db -> dx, dW / len(dz), dU / len(dz), db / len(dz)
The gradients of all steps are summed: db is the sum, not the mean.
    dz.sum(axis=(0, 1)) -> dz.mean(axis=(0, 1))
db is the sum over all rows as well, not only over steps.
    dz.sum(axis=(0, 1)) -> dz.sum(axis=0)
db is the sum over all steps as well, not only over rows.
    dz.sum(axis=(0, 1)) -> dz.sum(axis=1)
db is missing: it is the sum of dz over steps and rows.
    dz.sum(axis=(0, 1)) -> np.zeros(dz.shape[2])
"""
