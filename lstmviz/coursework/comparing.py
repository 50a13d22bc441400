"""Compare found with expected: the first number that is wrong, and the likely reason.

The reason is found by comparison with the results of typical mistakes. A check gives
the results of the mistakes that are typical of its exercise (`mistakes`). Mistakes that
can happen with any array, such as a wrong sign or a shift by one, are always tried.
"""

import numpy as np

__all__ = ["Wrong", "agree", "agree_all", "same", "same_parts", "shown"]

RELATIVE, ABSOLUTE = 1e-5, 1e-7  # the errors that are allowed


class Wrong(Exception):
    """What is wrong with a student's work; each argument is one line of the message."""


def same_parts(parts, found, expected, mistakes=None, order=None):
    """Compare several arrays that a function returned together.

    Parameters
    ----------
    parts : dict of str -> str
        Name of each array -> names of its axes, such as "step row neuron".
    found : anything
        What the student's function returned.
    expected : sequence of array_like
        What it should have returned.
    mistakes : dict, optional
        Reason -> arrays, like `expected`, that this mistake would give.
    order : sequence of str, optional
        The order in which to compare the arrays: causes before effects.

    Raises
    ------
    Wrong
        Their number is wrong, or one of them is.
    """
    names, mistakes = list(parts), mistakes or {}
    if isinstance(found, np.ndarray) and found.ndim and len(found) == len(names) > 1:
        found = list(found)  # one array, stacked along its first axis
    several = isinstance(found, (tuple, list))
    if not several or len(found) != len(names):
        what = f"{len(found)} things" if several else kind(found)
        raise Wrong(f"it should return {', '.join(names)}, in this order, not {what}")
    # A mistake affects all arrays: prefer mistakes that explain all of them.
    sure = {r: a for r, a in mistakes.items() if agree_all(found, a)}
    for name in order or names:
        k = names.index(name)
        reasons = {reason: arrays[k] for reason, arrays in (sure or mistakes).items()}
        reasons |= {
            f"These are the numbers that {other} should have.": array
            for other, array in zip(names, expected, strict=True)
            if other != name
        }
        same(name, found[k], expected[k], parts[name], reasons)


def same(name, found, expected, axes, mistakes=None, about=lambda *place: ""):
    """Compare one array.

    Parameters
    ----------
    name : str
        The name of the array in the message.
    found : anything
    expected : array_like
    axes : str
        Names of its axes, such as "step row neuron"; "" for a single number.
    mistakes : dict, optional
        Reason -> the array that this mistake would give, of whatever shape.
    about : callable, optional
        Given the place of the first wrong number, returns a line about what it
        should be.

    Raises
    ------
    Wrong
        Its shape or a number is wrong; says which, and why.
    """
    expected, axes = np.asarray(expected), axes.split()
    mistakes = mistakes or {}
    found = numbers(name, found, expected, axes, mistakes)
    right = np.isclose(found, expected, RELATIVE, ABSOLUTE)
    if right.all():
        return
    first = tuple(np.argwhere(~right)[0])
    place = ", ".join(f"{axis} {k}" for axis, k in zip(axes, first, strict=True))
    lines = [
        f"{name}{f' at [{place}]' if axes else ''}: "
        f"expected {shown(expected[first])}, found {shown(found[first])}"
    ]
    if right.size > 1:
        lines[0] += f" ({(~right).sum()} of {right.size} numbers are wrong)"
    lines += [why(found, expected, axes, mistakes), about(*map(int, first))]
    raise Wrong(*filter(None, lines))


def numbers(name, found, expected, axes, mistakes):
    """Return `found` as an array of the expected shape, or say what it is instead."""
    if found is None:
        raise Wrong(f"{name} is None: is there a `return` missing?")
    try:
        array = np.asarray(found)
    except ValueError:
        raise Wrong(
            f"{name} should be an array; the lists in it differ in length"
        ) from None
    if array.dtype.kind not in "biuf":
        raise Wrong(f"{name} should be an array of numbers, not {kind(found)}")
    if array.shape == expected.shape:
        return array
    lines = [f"{name} should have {shape(expected.shape, axes)}, not {array.shape}"]
    known = [reason for reason, other in mistakes.items() if agree(array, other)]
    if known:
        lines.append(known[0])
    elif sorted(array.shape) == sorted(expected.shape):
        lines.append("The axes are in another order.")
    raise Wrong(*lines)


def why(found, expected, axes, mistakes):
    """Return the sentence of the first mistake that would give `found`, or None."""
    # A boolean minus a boolean is no number.
    found, expected = (x.astype(np.float64) for x in (found, expected))
    for reason, array in (mistakes | accidents(expected, axes)).items():
        if agree(found, array):
            return reason
    for axis, what in enumerate(axes):
        n = expected.shape[axis]
        ahead, behind = np.arange(1, n), np.arange(n - 1)
        for late, (a, b) in {"late": (ahead, behind), "early": (behind, ahead)}.items():
            one, other = found.take(a, axis), expected.take(b, axis)
            if n > 2 and agree(one, other) and np.ptp(other) > 0:
                return f"Everything is one {what} {late}."
    with np.errstate(all="ignore"):
        ratio = np.median(found[expected != 0] / expected[expected != 0])
    # Any wrong number is a multiple of the right one: this needs several numbers.
    several = np.count_nonzero(expected) > 1 and np.isfinite(ratio) and ratio
    if several and agree(found, ratio * expected):
        return f"Every number is {shown(ratio)} times as large as it should be."
    if np.isnan(found).any():
        return "nan results from 0 / 0, or from memory that was never written to."
    tiny = found[(found != 0) & (np.abs(found) < 1e-200)]
    if len(tiny):
        return f"{shown(tiny[0])} is typical of memory that was never written to."
    return None


def accidents(expected, axes):
    """Return the results of mistakes that any array can have: reason -> array."""
    found = {"The sign is wrong.": -expected}
    for axis, what in enumerate(axes):
        found[f"The {what}s are in reverse order."] = np.flip(expected, axis)
    for a in range(len(axes)):
        for b in range(a):
            if expected.shape[a] == expected.shape[b]:
                reason = f"The axes {axes[b]} and {axes[a]} are swapped."
                found[reason] = expected.swapaxes(a, b)
    if expected.any():
        found["Everything is zero."] = np.zeros_like(expected)
    return found


def agree(a, b):
    """Return whether two objects are arrays with the same shape and numbers."""
    try:
        a, b = np.asarray(a), np.asarray(b)
    except ValueError:  # lists that differ in length
        return False
    if a.dtype.kind not in "biuf" or a.shape != b.shape:
        return False
    return np.allclose(a, b, RELATIVE, ABSOLUTE, equal_nan=True)


def agree_all(found, expected):
    """Return whether several arrays were returned, and all of them agree."""
    several = isinstance(found, tuple | list) or getattr(found, "ndim", 0) > 0
    return several and len(found) == len(expected) and all(map(agree, found, expected))


# Words --------------------------------------------------------------------------


def shown(x):
    """Write a number with five digits.

    >>> shown(0.3333333333), shown(2.0), shown(np.uint8(1)), shown(-1.5e-7)
    ('0.33333', '2', '1', '-1.5e-07')
    """
    return f"{float(x):.5g}"


def shape(of, axes):
    """Write a shape with the names of its axes.

    >>> shape((4, 3), ["step", "row"]), shape((), [])
    ('shape (4, 3): step, row', 'shape (): a single number')
    """
    return f"shape {of}: {', '.join(axes) or 'a single number'}"


def kind(thing):
    """Return in words what kind of object something is."""
    if thing is None:
        return "None: is there a `return` missing?"
    if isinstance(thing, np.ndarray):
        return f"one array of shape {thing.shape}"
    name = type(thing).__name__
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
