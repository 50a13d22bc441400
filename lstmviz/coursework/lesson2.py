"""Tutorial 2, *Backpropagation through time*: by finite differences, and in an LSTM."""

import numpy as np

from lstmviz.cells import lstm
from lstmviz.coursework.comparing import Wrong, agree, same, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson1 import small_layer
from lstmviz.coursework.mistakes import outcomes

__all__ = ["finite_differences", "lstm_backward"]


@exercise(tutorial=2)
def finite_differences(student):
    """loss, w (...), step -> the gradient (...)."""
    # With steps this large, central and forward differences of a cubic loss differ.
    for shape, step in (((3,), 0.01), ((2, 4), 0.01), ((2, 3, 2), None)):
        w = np.random.default_rng(len(shape)).normal(size=shape)
        given = (cubic_loss(shape), w) if step is None else (cubic_loss(shape), w, step)
        found, expected = student(*given, unchanged=PUT_BACK), measured(*given)
        axes = ("element", "row column", "block row column")[w.ndim - 1]
        mistakes = outcomes(measured, DIFFERENCE_MISTAKES, *given)
        same("the gradient", found, expected, axes, mistakes)


PUT_BACK = (
    "Keep a copy of each element and put it back: adding and subtracting the step "
    "again leaves rounding errors."
)


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


def measured(loss, w, step=1e-6):
    """Return the gradient by central differences, shaped like w."""
    w, gradient = w.copy(), np.zeros_like(w)
    for k in np.ndindex(w.shape):
        kept = w[k]
        w[k] = kept + step
        above = loss(w)
        w[k] = kept - step
        below = loss(w)
        w[k] = kept  # for the next one
        gradient[k] = (above - below) / (2 * step)
    return gradient


DIFFERENCE_MISTAKES = """
This is the forward difference, from w to w + step. The central difference, from w -
step to w + step, is far more accurate.
    kept - step -> kept
    (2 * step) -> step
This is the backward difference, from w - step to w. The central difference, from w -
step to w + step, is far more accurate.
    kept + step -> kept
    (2 * step) -> step
Each element changes by step itself, not by step times the element.
    kept + step -> kept * (1 + step)
    kept - step -> kept * (1 - step)
The second loss is that of w itself: from w + step, subtract 2 step to get w - step.
    kept - step -> kept
The distance from w - step to w + step is 2 step: divide by that, not by step.
    (2 * step) -> step
The difference is divided by 2, but not by step.
    (2 * step) -> 2
In Python, a / 2 * step is (a / 2) * step: write a / (2 * step).
    (2 * step) -> 2 * step
The division by 2 step is missing.
    / (2 * step) ->
All elements are changed at once: change one, and leave the others as they are.
    w[k] = kept -> w[:] = kept
    kept = w[k] -> kept = w.copy()
The change is never undone: put each element back before you change the next.
    w[k] = kept  # for the next one -> pass
If w has several axes, w[k] is a whole part of it, and all of that is changed at once:
np.ndindex(w.shape) goes through the single elements.
    np.ndindex(w.shape) -> range(len(w))
    kept = w[k] -> kept = w[k].copy()
The sign is wrong: it is the loss above minus the loss below.
    above - below -> below - above
Both losses are the same: `up = w` makes no copy, so both may be of the same array.
    above - below -> above - above
This is a single number, that of the last element: fill gradient[k].
    gradient[k] = -> gradient =
Change each element by step up and down, not by half of it.
    w, gradient = -> step, w, gradient = step / 2,
This does not depend on the argument step: change each element by that much.
    w, gradient = -> step, w, gradient = 1e-6,
"""


GRADIENTS = dict(
    dx="step row input", dW="input column", dU="neuron column", db="column"
)


@exercise(tutorial=2)
def lstm_backward(student):
    """dh, x, i, f, g, o, c, h, W, U -> dx, dW, dU, db."""
    # First a single step, then no recurrence (U = 0), then everything.
    stages = (1, 2, 3, 5, 1), (4, 3, 3, 5, 0), (4, 2, 2, 3, 1)
    for stage, (T, R, D, H, recurrence) in enumerate(stages):
        x, W, U, b = small_layer(T, R, D, H)
        U = recurrence * U
        layer = lstm.forward(x, W, U, b)
        dh = np.random.default_rng(9).normal(size=layer.h.shape)
        known = SINGLE_STEP_MISTAKES * (T == 1) + BACKWARD_MISTAKES
        mistakes = outcomes(lstm.backward, known, dh, x, layer, W, U)
        expected = lstm.backward(dh, x, layer, W, U)
        found = student(dh, x, *layer, W, U)
        try:
            same_parts(GRADIENTS, found, expected, mistakes)
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
        typical = {why: np.split(a[k], 4, axis=1) for why, a in mistakes.items()}
        names = (f"{name} of gate {gate} (its own block of columns)" for gate in "ifgo")
        try:
            same_parts(dict.fromkeys(names, GRADIENTS[name]), blocks, right, typical)
        except Wrong as fault:
            if len(wrong) == 1:
                return *fault.args, "The other gates are right."
            if 3 not in wrong:
                shared = "i, f and g are wrong, o is right: check dc, which they share."
                return *fault.args, shared
            return fault.args
    return ()


def sloped(slope, gates="ifo"):
    """Return the change that gives these gates this derivative, in terms of s."""
    change = "    {0}[t] * (1 - {0}[t]) -> " + slope.replace("s", "{0}[t]")
    return "\n".join(map(change.format, gates))


# With one step only, c[t] and c[-1] are the same.
SINGLE_STEP_MISTAKES = """
Before the first step there is no cell state: df is dc c[t - 1], which is zero at t = 0;
take neither c[t] nor c[-1].
    if t > 0 else np.zeros_like(c[0]) ->
Before the first step there is no hidden state: dU takes h[t - 1], which is zero at t =
0; take neither h[t] nor h[-1].
    h[:-1], dz[1:] -> h, dz
Before the first step there is neither h nor c: h[t - 1] and c[t - 1] are zero at t = 0;
take neither those of step t nor those of step -1.
    if t > 0 else np.zeros_like(c[0]) ->
    h[:-1], dz[1:] -> h, dz
Everything is zero for a single step: the loop leaves out t = 0, or dh is not used.
    dh[t] + dh_after -> dh_after
"""
BACKWARD_MISTAKES = f"""
The derivatives of sigmoid and tanh are missing: s (1 - s) for i, f, o; 1 - g² for g.
{sloped("1")}
    (1 - g[t] ** 2) -> 1
The derivative of the sigmoid is missing: i, f and o each have their s (1 - s).
{sloped("1")}
i, f and o come from a sigmoid: their derivative is s (1 - s); only that of g is 1 - g².
{sloped("(1 - s**2)")}
The derivatives of sigmoid and tanh are swapped: s (1 - s) for i, f, o; 1 - g² for g.
{sloped("(1 - s**2)")}
    (1 - g[t] ** 2) -> g[t] * (1 - g[t])
i, f, g, o are values after sigmoid and tanh: put them into s (1 - s) and 1 - g².
{sloped("1 / (2 + np.exp(s) + np.exp(-s))")}
    (1 - g[t] ** 2) -> (1 - np.tanh(g[t]) ** 2)
The derivative of the tanh is missing for g: 1 - g².
    (1 - g[t] ** 2) -> 1
The candidate g comes from a tanh: its derivative is 1 - g², not g (1 - g).
    (1 - g[t] ** 2) -> g[t] * (1 - g[t])
g is the value after tanh: its derivative is 1 - g², not 1 - tanh(g)².
    (1 - g[t] ** 2) -> (1 - np.tanh(g[t]) ** 2)

h = o tanh(c): in dc, the derivative 1 - tanh(c)² is missing.
    * (1 - tanh_c**2) ->
The derivative of tanh(c) is 1 - tanh(c)², not 1 - c²: c is the value before tanh.
    1 - tanh_c**2 -> 1 - c[t] ** 2
h = o tanh(c): in dc, the factor o is missing.
    dh_t * o[t] * -> dh_t *
h = o tanh(c): do is dh tanh(c), not dh c.
    dh_t * tanh_c -> dh_t * c[t]
c = f c + i g: di is dc g, and dg is dc i; here they are swapped.
    dc * g[t], dc * c_before, dc * i[t] -> dc * i[t], dc * c_before, dc * g[t]
df is dc times the cell state of the step before, c[t - 1]; this takes c[t].
    dc * c_before -> dc * c[t] * (t > 0)
df is dc times c[t - 1], the cell state before; this is dc f, the gradient of c[t - 1].
    dc * c_before -> dc * f[t]
The blocks of dz come in the order i, f, g, o; here g and o are swapped.
    dz_i, dz_f, dz_g, dz_o = -> dz_i, dz_f, dz_o, dz_g =
The blocks of dz come in the order i, f, g, o; here i and f are swapped.
    dz_i, dz_f, dz_g, dz_o = -> dz_f, dz_i, dz_g, dz_o =

The loop goes forward: go from the last step to the first, since each step needs
gradients from the step after it.
    reversed(range(T)) -> range(T)
The gradient of the cell state from the next step is missing: add dc f of step t + 1.
    + dc_after ->
The gradient of h from the next step is missing: add the dz U^T of step t + 1 to dh[t].
    dh[t] + dh_after -> dh[t]
The gradient of h from step t + 1 is missing in do: add it to dh[t] first.
    do = dh_t -> do = dh[t]
The gradient of h from step t + 1 is missing in dc, though not in do.
    dc = dh_t -> dc = dh[t]
The gradient of the cell state of the step before is dc f: the factor f is missing.
    dc_after = dc * f[t] -> dc_after = dc
The gradient of c[t] from step t + 1 is dc of that step times f[t + 1], not f[t].
    dc_after = dc * f[t] -> dc_after = dc * f[t - 1]
The gradient of the cell state of the step before is dc f; this is dc i.
    dc_after = dc * f[t] -> dc_after = dc * i[t]
The gradient of h from the next step is summed over all later steps: take dz U^T of step
t + 1 alone, which includes the later ones.
    dh_after = dz -> dh_after = dh_after + dz
The gradient of c from the next step is summed over all later steps: take dc f of step t
+ 1 alone, which includes the later ones.
    dc_after = dc -> dc_after = dc_after + dc

Only the first step is kept: dW, dU and db are sums over all steps (+=, not =).
    (x, dz, -> (x[:1], dz[:1],
    (h[:-1], dz[1:], -> (h[:0], dz[:0],
    dz.sum(axis=(0, 1)) -> dz[0].sum(axis=0)
Only the last step is kept: dW, dU and db are sums over all steps (+=, not =).
    (x, dz, -> (x[-1:], dz[-1:],
    (h[:-1], dz[1:], -> (h[:-1][-1:], dz[1:][-1:],
    dz.sum(axis=(0, 1)) -> dz[-1].sum(axis=0)
dU is off by one step: z[t] was computed from the h of the step before, h[t - 1].
    (h[:-1], dz[1:], -> (h[1:], dz[1:],
dU is off by one step: z[t] was computed from h[t - 1], not from h[t + 1].
    (h[:-1], dz[1:], -> (h[1:], dz[:-1],
dU takes the cell state c; z is computed from the hidden state h of the step before.
    (h[:-1], dz[1:], -> (c[:-1], dz[1:],
Only the first step has no step before it; here dU leaves out the second as well.
    h[:-1], dz[1:] -> h[1:-1], dz[2:]
dx[t] is computed from the dz of step t alone; here every step gets the sum.
    dx = dz @ W.T -> dx = np.broadcast_to((dz @ W.T).sum(axis=0), x.shape)
b is the same for all rows: sum db over the rows as well.
    dz.sum(axis=(0, 1)) -> dz.sum(axis=0)
b is the same at all steps: sum db over the steps as well.
    dz.sum(axis=(0, 1)) -> dz.sum(axis=1)
db is summed over the columns as well: sum dz over the rows only, axis=0.
    dz.sum(axis=(0, 1)) -> np.full(4 * H, dz.sum())
""" + "".join(
    f"The derivative of the sigmoid is {said} for {' and '.join(gates)}: "
    f"it is s (1 - s).\n{sloped(slope, gates)}\n"
    for said, slope in (("missing", "1"), ("1 - s² (that of tanh)", "(1 - s**2)"))
    for gates in ("i", "f", "o", "if", "io", "fo")
)
