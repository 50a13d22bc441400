"""Tutorial 2, *Backpropagation through time*: by nudging, and through an LSTM."""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.coursework.comparing import Wrong, agree, same, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson1 import small_layer
from lstmviz.coursework.lesson2_mistakes import BACKWARD, FIRST_STEP, NUDGING
from lstmviz.coursework.mistakes import outcomes
from lstmviz.coursework.student import Changed

__all__ = ["finite_differences", "lstm_backward"]


@exercise(tutorial=2)
def finite_differences(student):
    """loss, w (...), step -> the gradient (...)."""
    # Steps this large tell central from forward differences, for a loss with cubes.
    for shape, step in (((3,), 0.01), ((2, 4), 0.01), ((2, 3, 2), None)):
        w = np.random.default_rng(len(shape)).normal(size=shape)
        loss = bent(shape)
        steps = () if step is None else (step,)
        try:
            found = student(loss, w, *steps)
        except Changed:
            raise Wrong(
                "w is not what it was before",
                "Keep each element before you nudge it, and put it back afterwards: to "
                "add and subtract the step again leaves rounding errors.",
            ) from None
        mistakes = outcomes(measured, NUDGING, loss, w, step or 1e-6)
        expected = measured(loss, w, step or 1e-6)
        mistakes |= {
            "The loss above and below are the same: `up = w` makes no copy, so both "
            "may be of the same array.": np.zeros(shape),
            "This is one number only, for the last element: fill gradient[k].": (
                expected.flat[-1]
            ),
        }
        if steps:
            mistakes["Nudge by step up and down, not by half of it."] = measured(
                loss, w, step / 2
            )
            mistakes["This does not depend on step: nudge by as much as is given."] = (
                measured(loss, w, 1e-6)
            )
        axes = ("element", "row column", "block row column")[w.ndim - 1]
        same("the gradient", found, expected, axes, mistakes)


def bent(shape):
    """Return a loss, for arrays of this shape, in which every element bends."""
    slopes = 1 + np.arange(np.prod(shape)).reshape(shape)

    def loss(w):
        if np.shape(w) != shape:
            raise Wrong(
                f"loss was given an array of shape {np.shape(w)}, not {shape}",
                "It takes the whole of w, with one element nudged.",
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
    # First a single step, then cells that do not hear the step before, then all.
    for stage, (T, recurrence) in enumerate(((1, 1), (4, 0), (4, 1))):
        x, W, U, b = small_layer(T, R=2)
        U = recurrence * U
        layer = lstm.forward(x, W, U, b)
        dh = np.random.default_rng(9).normal(size=layer.h.shape)
        known = FIRST_STEP | BACKWARD if T == 1 else BACKWARD
        mistakes = outcomes(lstm.backward, known, dh, x, layer, W, U)
        expected = lstm.backward(dh, x, layer, W, U)
        if T == 1:
            mistakes[
                "All is zero with a single step, T = 1: either the loop leaves out "
                "t = 0, or dh gets lost."
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
    "This is with a single step, T = 1, where nothing comes back from another.",
    "A single step is right: look at what a step takes from the one before or after.",
    "With U = 0 all is right: look at what comes back to h from the next step, dz U^T.",
)


def gate_by_gate(found, expected, mistakes):
    """Say in which gate's columns of dW or dU the first wrong number is, if any.

    A mistake in one gate need not show in the others, while dx mixes them all.
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
            shared = "i, f and g are wrong, but o is not: look at dc, which they share."
            alone = "The other gates are right."
            hint = alone if len(wrong) == 1 else shared if 3 not in wrong else ""
            return (*fault.args, *[hint] * bool(hint))
    return ()
