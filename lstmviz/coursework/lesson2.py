"""Tutorial 2, *Backpropagation through time*: by finite differences, and in an LSTM."""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.coursework.comparing import Wrong, agree, same, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson1 import small_layer
from lstmviz.coursework.lesson2_mistakes import BACKWARD, DIFFERENCES, FIRST_STEP
from lstmviz.coursework.mistakes import outcomes
from lstmviz.coursework.student import Changed

__all__ = ["finite_differences", "lstm_backward"]


@exercise(tutorial=2)
def finite_differences(student):
    """loss, w (...), step -> the gradient (...)."""
    # With steps this large, central and forward differences of a cubic loss differ.
    for shape, step in (((3,), 0.01), ((2, 4), 0.01), ((2, 3, 2), None)):
        w = np.random.default_rng(len(shape)).normal(size=shape)
        loss = cubic_loss(shape)
        steps = () if step is None else (step,)
        try:
            found = student(loss, w, *steps)
        except Changed:
            raise Wrong(
                "w has other values after the call than before it",
                "Keep a copy of each element and put it back: adding and subtracting "
                "the step again leaves rounding errors.",
            ) from None
        mistakes = outcomes(measured, DIFFERENCES, loss, w, step or 1e-6)
        expected = measured(loss, w, step or 1e-6)
        mistakes |= {
            "Both losses are the same: `up = w` makes no copy, so both may be losses "
            "of the same array.": np.zeros(shape),
            "This is a single number, that of the last element: fill gradient[k].": (
                expected.flat[-1]
            ),
        }
        if steps:
            mistakes["Change each element by step up and down, not by half of it."] = (
                measured(loss, w, step / 2)
            )
            mistakes[
                "This does not depend on the argument step: change each element "
                "by that much."
            ] = measured(loss, w, 1e-6)
        axes = ("element", "row column", "block row column")[w.ndim - 1]
        same("the gradient", found, expected, axes, mistakes)


def cubic_loss(shape):
    """Return a cubic loss of arrays of this shape."""
    slopes = 1 + np.arange(np.prod(shape)).reshape(shape)

    def loss(w):
        if np.shape(w) != shape:
            raise Wrong(
                f"loss was given an array of shape {np.shape(w)}, not {shape}",
                "It takes the whole array w, with one element changed.",
            )
        return float(np.sum(slopes * w**3) + np.sum(w) ** 2)

    return loss


def measured(loss, w, step):
    """Return the gradient by central differences, shaped like w."""
    w, gradient = w.copy(), np.zeros_like(w)
    for k in np.ndindex(w.shape):
        kept = w[k]
        w[k] = kept + step
        above = loss(w)
        w[k] = kept - step
        below = loss(w)
        w[k] = kept
        gradient[k] = (above - below) / (2 * step)
    return gradient


GRADIENTS = {
    "dx": "step row input",
    "dW": "input column",
    "dU": "neuron column",
    "db": "column",
}


@exercise(tutorial=2)
def lstm_backward(student):
    """dh, x, i, f, g, o, c, h, W, U -> dx, dW, dU, db."""
    # First a single step, then no recurrence (U = 0), then everything.
    stages = (1, 1, 3, 5), (4, 0, 3, 5), (4, 1, 2, 3)
    for stage, (T, recurrence, D, H) in enumerate(stages):
        x, W, U, b = small_layer(T, 2, D, H)
        U = recurrence * U
        layer = lstm.forward(x, W, U, b)
        dh = np.random.default_rng(9).normal(size=layer.h.shape)
        known = FIRST_STEP | BACKWARD if T == 1 else BACKWARD
        mistakes = outcomes(lstm.backward, known, dh, x, layer, W, U)
        expected = lstm.backward(dh, x, layer, W, U)
        if T == 1:
            mistakes[
                "Everything is zero for a single step, T = 1: either the loop leaves "
                "out t = 0, or dh is not used."
            ] = [0 * gradient for gradient in expected]
        found = student(dh, x, *layer, W, U)
        try:
            named = dict(zip(GRADIENTS, expected, strict=True))
            same_parts(found, named, GRADIENTS, mistakes)
        except Wrong as wrong:
            if len(wrong.args) > 1 or " at [" not in wrong.args[0]:
                raise
            lines = gate_by_gate(found, expected, mistakes) or wrong.args
            raise Wrong(*lines, STAGES[stage]) from None


STAGES = (
    "This is for a single step, T = 1, where no gradient comes from a later step.",
    "A single step is right: check what each step takes from the step before or "
    "after it.",
    "With U = 0 everything is right: check the gradient of h that comes from the "
    "next step, dz U^T.",
)


def gate_by_gate(found, expected, mistakes):
    """Say in which gate's columns of dW or dU the first wrong number is, if any.

    A mistake in one gate may leave the columns of the others right, while dx is
    computed from all of them.
    """
    if [getattr(a, "shape", ()) for a in found] != [a.shape for a in expected]:
        return ()
    for k, name in (1, "dW"), (2, "dU"):
        blocks, right = (np.split(a[k], 4, axis=1) for a in (found, expected))
        wrong = [n for n in range(4) if not agree(blocks[n], right[n])]
        if not wrong:
            continue
        typical = {why: np.split(a[k], 4, axis=1) for why, a in mistakes.items()}
        known = {why: a[wrong[0]] for why, a in typical.items()}
        called = f"{name} of gate {'ifgo'[wrong[0]]} (its own block of columns)"
        try:
            same(called, blocks[wrong[0]], right[wrong[0]], GRADIENTS[name], known)
        except Wrong as fault:
            shared = "i, f and g are wrong, o is right: check dc, which they share."
            alone = "The other gates are right."
            hint = alone if len(wrong) == 1 else shared if 3 not in wrong else ""
            return (*fault.args, *[hint] * bool(hint))
    return ()
