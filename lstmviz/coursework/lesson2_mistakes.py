"""Typical mistakes of tutorial 2, as changes of code: see `mistakes.py`."""

__all__ = ["BACKWARD", "DIFFERENCES", "FIRST_STEP"]

# In lesson2.measured:

DIFFERENCES = {
    "This is the forward difference, from w to w + step. The central difference, "
    "from w - step to w + step, is far more accurate.": (
        "kept - step",
        "kept",
        "(2 * step)",
        "step",
    ),
    "This is the backward difference, from w - step to w. The central difference, "
    "from w - step to w + step, is far more accurate.": (
        "kept + step",
        "kept",
        "(2 * step)",
        "step",
    ),
    "Each element changes by step itself, not by step times the element.": (
        *("kept + step", "kept * (1 + step)", "kept - step", "kept * (1 - step)"),
    ),
    "The second loss is that of w itself: from w + step, subtract 2 step to get w - "
    "step.": ("kept - step", "kept"),
    "The distance from w - step to w + step is 2 step: divide by that, not by step.": (
        "(2 * step)",
        "step",
    ),
    "The difference is divided by 2, but not by step.": ("(2 * step)", "2"),
    "In Python, a / 2 * step is (a / 2) * step: write a / (2 * step).": (
        "(2 * step)",
        "2 * step",
    ),
    "The division by 2 step is missing.": (" / (2 * step)", ""),
    "All elements are changed at once: change one at a time, and leave the others as "
    "they are.": (
        "kept = w[k]",
        "kept = w.copy()",
        "w[k] = kept",
        "w[:] = kept",
    ),
    "The change is never undone: put each element back before you change the next.": (
        "w[k] = kept\n",
        "pass\n",
    ),
    "If w has several axes, w[k] is a whole part of it, and all of that is changed "
    "at once: np.ndindex(w.shape) goes through the single elements.": (
        "np.ndindex(w.shape)",
        "range(len(w))",
        "kept = w[k]",
        "kept = w[k].copy()",
    ),
    "The sign is wrong: it is the loss above minus the loss below.": (
        "above - below",
        "below - above",
    ),
}

# In lstm.backward:

SLOPES = {gate: f"{gate}[t] * (1 - {gate}[t])" for gate in "ifo"}  # each gate's σ'
SLOPE_G = "(1 - g[t] ** 2)"
SPLIT = "dz_i, dz_f, dz_g, dz_o = np.split"
NO_CELL = (" if t > 0 else np.zeros_like(c[0])", "")
BEFORE = "h[:-1], dz[1:]"
DW, DU, DB = "(x, dz,", f"({BEFORE},", "dz.sum(axis=(0, 1))"


def sloped(slope, gates="ifo"):
    """Return the change that gives these gates this slope, in terms of s."""
    pairs = ((SLOPES[gate], slope.replace("s", f"{gate}[t]")) for gate in gates)
    return sum(pairs, ())


FIRST_STEP = {  # with one step only, c[t] and c[-1] are the same
    "Before the first step there is no cell state: df is dc c[t - 1], which is zero "
    "at t = 0; take neither c[t] nor c[-1].": NO_CELL,
    "Before the first step there is no hidden state: dU takes h[t - 1], which is "
    "zero at t = 0; take neither h[t] nor h[-1].": (BEFORE, "h, dz"),
    "Before the first step there is neither h nor c: h[t - 1] and c[t - 1] are zero "
    "at t = 0; take neither those of step t nor those of step -1.": (
        *NO_CELL,
        BEFORE,
        "h, dz",
    ),
}

BACKWARD = {
    # Sigmoid and tanh
    "The derivatives of sigmoid and tanh are missing: s (1 - s) for i, f and o, and "
    "1 - g² for g.": (*sloped("1"), SLOPE_G, "1"),
    "The derivative of the sigmoid is missing: i, f and o each have their s (1 - s).": (
        sloped("1")
    ),
    "i, f and o come from a sigmoid, whose derivative is s (1 - s); only g, from a "
    "tanh, has 1 - g².": sloped("(1 - s**2)"),
    "The derivatives of sigmoid and tanh are swapped: s (1 - s) is for i, f and o, "
    "and 1 - g² for g.": (*sloped("(1 - s**2)"), SLOPE_G, "g[t] * (1 - g[t])"),
    "i, f, g and o are values after sigmoid and tanh: put them into s (1 - s) and 1 "
    "- g² as they are.": (
        *sloped("1 / (2 + np.exp(s) + np.exp(-s))"),  # σ'(s)
        SLOPE_G,
        "(1 - np.tanh(g[t]) ** 2)",
    ),
    "The derivative of the tanh is missing for g: 1 - g².": (SLOPE_G, "1"),
    "The candidate g comes from a tanh: its derivative is 1 - g², not g (1 - g).": (
        SLOPE_G,
        "g[t] * (1 - g[t])",
    ),
    "g is the value after tanh: its derivative is 1 - g², not 1 - tanh(g)².": (
        SLOPE_G,
        "(1 - np.tanh(g[t]) ** 2)",
    ),
    # The cell
    "h = o tanh(c): in dc, the derivative 1 - tanh(c)² is missing.": (
        " * (1 - tanh_c**2)",
        "",
    ),
    "The derivative of tanh(c) is 1 - tanh(c)², not 1 - c²: c is the value before "
    "tanh.": ("1 - tanh_c**2", "1 - c[t] ** 2"),
    "h = o tanh(c): in dc, the factor o is missing.": ("dh_t * o[t] *", "dh_t *"),
    "h = o tanh(c): do is dh tanh(c), not dh c.": ("dh_t * tanh_c", "dh_t * c[t]"),
    "c = f c + i g: di is dc g, and dg is dc i; here they are swapped.": (
        "dc * g[t], dc * c_before, dc * i[t]",
        "dc * i[t], dc * c_before, dc * g[t]",
    ),
    "df is dc times the cell state of the step before, c[t - 1]; this takes c[t].": (
        "dc * c_before",
        "dc * c[t] * (t > 0)",
    ),
    "df is dc times the cell state of the step before, c[t - 1]; this is dc f, the "
    "gradient of that cell state.": ("dc * c_before", "dc * f[t]"),
    # The blocks
    "The blocks of dz come in the order i, f, g, o; here g and o are swapped.": (
        SPLIT,
        "dz_i, dz_f, dz_o, dz_g = np.split",
    ),
    "The blocks of dz come in the order i, f, g, o; here i and f are swapped.": (
        SPLIT,
        "dz_f, dz_i, dz_g, dz_o = np.split",
    ),
    # Gradients from the next step
    "The loop goes forward: go from the last step to the first, since each step "
    "needs gradients from the step after it.": ("reversed(range(T))", "range(T)"),
    "The gradient of the cell state from the next step is missing: step t + 1 uses "
    "c[t], too, so add its dc f to the dc of step t.": (" + dc_after", ""),
    "The gradient of h from the next step is missing: step t + 1 uses h[t], too, so "
    "add its dz U^T to dh[t].": ("dh[t] + dh_after", "dh[t]"),
    "The gradient of h from step t + 1 is missing in do: add it to dh[t] before you "
    "multiply by tanh(c).": ("do = dh_t", "do = dh[t]"),
    "The gradient of h from step t + 1 is missing in dc, though not in do.": (
        "dc = dh_t",
        "dc = dh[t]",
    ),
    "The gradient of the cell state of the step before is dc f: the factor f is "
    "missing.": ("dc_after = dc * f[t]", "dc_after = dc"),
    "The gradient of c[t] from step t + 1 is dc of that step times its own forget "
    "gate, f[t + 1], not f[t].": (
        "dc_after = dc * f[t]",
        "dc_after = dc * f[t - 1]",
    ),
    "The gradient of the cell state of the step before is dc f; this multiplies by "
    "the input gate i.": ("dc_after = dc * f[t]", "dc_after = dc * i[t]"),
    "The gradient of h from the next step is summed over all later steps: take dz "
    "U^T of step t + 1 alone, which includes the later ones.": (
        "dh_after = dz",
        "dh_after = dh_after + dz",
    ),
    "The gradient of c from the next step is summed over all later steps: take dc f "
    "of step t + 1 alone, which includes the later ones.": (
        "dc_after = dc",
        "dc_after = dc_after + dc",
    ),
    # The weights
    "Only the first step is kept: dW, dU and db are sums over all steps (+=, not =).": (
        *(DW, "(x[:1], dz[:1],", DU, "(h[:0], dz[:0],", DB, "dz[0].sum(axis=0)"),
    ),
    "Only the last step is kept: dW, dU and db are sums over all steps (+=, not =).": (
        *(DW, "(x[-1:], dz[-1:],", DU, "(h[:-1][-1:], dz[1:][-1:],"),
        *(DB, "dz[-1].sum(axis=0)"),
    ),
    "dU is off by one step: z[t] was computed from the h of the step before, h[t - "
    "1].": (
        DU,
        "(h[1:], dz[1:],",
    ),
    "dU is off by one step, in the wrong direction: z[t] was computed from h[t - 1], "
    "not from h[t + 1].": (DU, "(h[1:], dz[:-1],"),
    "dU takes the cell state c; z is computed from the hidden state h of the step "
    "before.": (
        DU,
        "(c[:-1], dz[1:],",
    ),
    "Only the first step has no step before it; here dU leaves out the second as "
    "well.": (BEFORE, "h[1:-1], dz[2:]"),
    "dx[t] is computed from the dz of step t alone; here every step gets the sum.": (
        "dx = dz @ W.T",
        "dx = np.broadcast_to((dz @ W.T).sum(axis=0), x.shape)",
    ),
    "b is the same for all rows: sum db over the rows as well.": (DB, "dz.sum(axis=0)"),
    "b is the same at all steps: sum db over the steps as well.": (
        DB,
        "dz.sum(axis=1)",
    ),
    "db is summed over the columns as well: sum dz over the rows only, axis=0.": (
        DB,
        "np.full(4 * H, dz.sum())",
    ),
} | {
    f"The derivative of the sigmoid is {said} for {' and '.join(gates)}: "
    "it is s (1 - s).": sloped(slope, gates)
    for said, slope in (("missing", "1"), ("1 - s² (that of tanh)", "(1 - s**2)"))
    for gates in ("i", "f", "o", "if", "io", "fo")
}
