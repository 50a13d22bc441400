"""Typical mistakes of tutorial 2, to be made on purpose: see `mistakes.py`."""

__all__ = ["BACKWARD", "FIRST_STEP", "NUDGING"]

# In lesson2.measured:

NUDGING = {
    "This is the forward difference, from w to w + step. The central one, from "
    "w - step to w + step, is far closer.": (
        "kept - step",
        "kept",
        "(2 * step)",
        "step",
    ),
    "This is the backward difference, from w - step to w. The central one, from "
    "w - step to w + step, is far closer.": (
        "kept + step",
        "kept",
        "(2 * step)",
        "step",
    ),
    "Every element is nudged by step itself, not by step times the element.": (
        *("kept + step", "kept * (1 + step)", "kept - step", "kept * (1 - step)"),
    ),
    "The second loss is that of w itself: from w + step it takes 2 step to get down to "
    "w - step.": ("kept - step", "kept"),
    "From w - step to w + step are two steps: divide by 2 step, not by step.": (
        "(2 * step)",
        "step",
    ),
    "The difference is divided by 2, but not by step.": ("(2 * step)", "2"),
    "In Python, a / 2 * step is (a / 2) * step: write a / (2 * step).": (
        "(2 * step)",
        "2 * step",
    ),
    "The division by 2 step is missing.": (" / (2 * step)", ""),
    "All elements are nudged at once: nudge one at a time, and leave the others.": (
        "kept = w[k]",
        "kept = w.copy()",
        "w[k] = kept",
        "w[:] = kept",
    ),
    "A nudge is never undone: put each element back before the next one's turn.": (
        "w[k] = kept\n",
        "pass\n",
    ),
    "w[k] is a whole part of w if there are several axes, and all of it is nudged at "
    "once: np.ndindex(w.shape) goes through the single elements.": (
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
    "Before the first step there is no cell: df is dc c[t - 1], and at t = 0 that is "
    "zero, neither c[t] nor c[-1].": NO_CELL,
    "Before the first step there is no h: dU takes h[t - 1], and at t = 0 that is "
    "zero, neither h[t] nor h[-1].": (BEFORE, "h, dz"),
    "Before the first step there is neither h nor c: h[t - 1] and c[t - 1] are zero at "
    "t = 0, neither those of step t nor those of step -1.": (*NO_CELL, BEFORE, "h, dz"),
}

BACKWARD = {
    # Squashing
    "The derivatives of the squashing are missing: s (1 - s) for i, f and o, and "
    "1 - g² for g.": (*sloped("1"), SLOPE_G, "1"),
    "The derivative of the sigmoid is missing: i, f and o each take their s (1 - s).": (
        sloped("1")
    ),
    "i, f and o come from a sigmoid: its derivative is s (1 - s), and only g, from a "
    "tanh, has 1 - g².": sloped("(1 - s**2)"),
    "sigmoid and tanh are the wrong way round: s (1 - s) is for i, f and o, and 1 - g² "
    "for g.": (*sloped("(1 - s**2)"), SLOPE_G, "g[t] * (1 - g[t])"),
    "i, f, g and o are squashed already: s (1 - s) and 1 - g² take them as they are.": (
        *sloped("1 / (2 + np.exp(s) + np.exp(-s))"),  # σ'(s)
        SLOPE_G,
        "(1 - np.tanh(g[t]) ** 2)",
    ),
    "The derivative of the tanh is missing for g: 1 - g².": (SLOPE_G, "1"),
    "The candidate g comes from a tanh: its derivative is 1 - g², not g (1 - g).": (
        SLOPE_G,
        "g[t] * (1 - g[t])",
    ),
    "g is squashed already: its derivative is 1 - g², not 1 - tanh(g)².": (
        SLOPE_G,
        "(1 - np.tanh(g[t]) ** 2)",
    ),
    # The cell
    "h = o tanh(c): in dc, the derivative 1 - tanh(c)² is missing.": (
        " * (1 - tanh_c**2)",
        "",
    ),
    "The derivative of tanh(c) is 1 - tanh(c)²; c itself is not squashed yet, so it is "
    "not 1 - c².": ("1 - tanh_c**2", "1 - c[t] ** 2"),
    "h = o tanh(c): in dc, the factor o is missing.": ("dh_t * o[t] *", "dh_t *"),
    "h = o tanh(c): do is dh tanh(c), not dh c.": ("dh_t * tanh_c", "dh_t * c[t]"),
    "c = f c + i g: di is dc g, and dg is dc i; here they are swapped.": (
        "dc * g[t], dc * c_before, dc * i[t]",
        "dc * i[t], dc * c_before, dc * g[t]",
    ),
    "df is dc times the cell of the step before, c[t - 1]; here it is off by one in "
    "time.": ("dc * c_before", "dc * c[t] * (t > 0)"),
    "df is dc times the cell of the step before, c[t - 1]; here it is dc f, which is "
    "what goes back to that cell.": ("dc * c_before", "dc * f[t]"),
    # The blocks
    "The blocks of dz come in the order i, f, g, o; here g and o are swapped.": (
        SPLIT,
        "dz_i, dz_f, dz_o, dz_g = np.split",
    ),
    "The blocks of dz come in the order i, f, g, o; here i and f are swapped.": (
        SPLIT,
        "dz_f, dz_i, dz_g, dz_o = np.split",
    ),
    # What comes back from the step after
    "The steps go forward: go from the last to the first, since each needs what comes "
    "back from the step after it.": ("reversed(range(T))", "range(T)"),
    "The cell's own gradient is forgotten: step t + 1 uses c[t], too, so add its dc f "
    "to the dc of step t.": (" + dc_after", ""),
    "What comes back to h is forgotten: step t + 1 uses h[t], too, so add its dz U^T "
    "to dh[t].": ("dh[t] + dh_after", "dh[t]"),
    "What comes back to h from step t + 1 is missing in do: it is dh[t] and that, "
    "times tanh(c).": ("do = dh_t", "do = dh[t]"),
    "What comes back to h from step t + 1 is missing in dc, though do has it.": (
        "dc = dh_t",
        "dc = dh[t]",
    ),
    "On its way back to the cell before, dc passes the forget gate: the factor f is "
    "missing.": ("dc_after = dc * f[t]", "dc_after = dc"),
    "What comes back to the cell from step t + 1 is its dc times its own forget gate, "
    "f[t + 1], not f[t].": (
        "dc_after = dc * f[t]",
        "dc_after = dc * f[t - 1]",
    ),
    "dc goes back to the cell before through the forget gate f, not through the input "
    "gate i.": ("dc_after = dc * f[t]", "dc_after = dc * i[t]"),
    "What goes back to h is added up over the steps: dz U^T of step t + 1 alone is "
    "enough, since later steps are in it.": (
        "dh_after = dz",
        "dh_after = dh_after + dz",
    ),
    "What goes back to the cell is added up over the steps: dc f of step t + 1 alone "
    "is enough, since later steps are in it.": (
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
    "dU is off by one in time: z[t] was made with the h of the step before, "
    "h[t - 1].": (
        DU,
        "(h[1:], dz[1:],",
    ),
    "dU is off by one in time, the wrong way round: z[t] was made with h[t - 1], not "
    "with h[t + 1].": (DU, "(h[1:], dz[:-1],"),
    "dU takes the cell c; z is made with the hidden state h of the step before.": (
        DU,
        "(c[:-1], dz[1:],",
    ),
    "The first step is the only one with no step before it; here dU also lacks the "
    "second.": (BEFORE, "h[1:-1], dz[2:]"),
    "dx[t] comes from the dz of step t alone; here every step gets the sum.": (
        "dx = dz @ W.T",
        "dx = np.broadcast_to((dz @ W.T).sum(axis=0), x.shape)",
    ),
    "b is the same for all rows: sum db over them, too.": (DB, "dz.sum(axis=0)"),
    "b is the same at all steps: sum db over them, too.": (DB, "dz.sum(axis=1)"),
    "db is summed over its columns, too: sum dz over the rows only, axis=0.": (
        DB,
        "np.full(4 * H, dz.sum())",
    ),
} | {
    f"The derivative of the sigmoid is {said} for {' and '.join(gates)}: "
    "it is s (1 - s).": sloped(slope, gates)
    for said, slope in (("missing", "1"), ("1 - s² (that of tanh)", "(1 - s**2)"))
    for gates in ("i", "f", "o", "if", "io", "fo")
}
