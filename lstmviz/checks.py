"""Checks of arguments: every public function says what it expects, and what it got.

Each check returns the value in the form in which it is used from then on, or raises a
ValueError of one line that begins with the name of the argument.
"""

import os
from numbers import Integral, Real
from pathlib import Path

__all__ = [
    "check_choice",
    "check_count",
    "check_flag",
    "check_kind",
    "check_known",
    "check_list",
    "check_memory",
    "check_pair",
    "check_path",
    "check_real",
    "check_shape",
    "check_text",
    "is_count",
    "shown",
]


def shown(value):
    """Return how a value is shown in a message: short, and in one line.

    >>> shown("a" * 99)
    "'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa..."
    """
    text = " ".join(repr(value).split())
    return text if len(text) <= 40 else text[:37] + "..."


def check_count(name, value, low=0, high=None):
    """Return a whole number from `low` up to and including `high` as an int.

    NumPy's whole numbers are allowed, and a float such as 3.0 is not: who computes a
    number of things with floats should round it where it can be seen.

    >>> check_count("steps", 3)
    3
    """
    if not is_whole(value) or value < low or (high is not None and value > high):
        upto = "up" if high is None else f"to {high}"
        raise ValueError(
            f"{name} must be a whole number from {low} {upto}, not {shown(value)}"
        )
    return int(value)


def check_real(name, value, low, high, above=False, below=False):
    """Return a number from `low` to `high` as a float.

    With `above`, it cannot be `low` itself, and with `below`, not `high`.

    >>> check_real("dropout", 0, 0, 1, below=True)
    0.0
    """
    number = isinstance(value, Real) and not is_truth(value)
    outside = not number or not low <= value <= high
    if outside or (above and value == low) or (below and value == high):
        lowest = f"{'above' if above else 'from'} {low:g}"
        highest = f"{'below' if below else 'up to'} {high:g}"
        raise ValueError(
            f"{name} must be a number {lowest} and {highest}, not {shown(value)}"
        )
    return float(value)


def check_flag(name, value):
    """Return True or False.

    >>> check_flag("record", True)
    True
    """
    if not is_truth(value):
        raise ValueError(f"{name} must be True or False, not {shown(value)}")
    return bool(value)


def check_choice(name, value, choices):
    """Return one of some choices, which are texts.

    >>> check_choice("theme", "light", ["light", "dark"])
    'light'
    """
    if not isinstance(value, str) or value not in choices:
        known = " or ".join(map(repr, choices))
        raise ValueError(f"{name} must be {known}, not {shown(value)}")
    return value


def check_text(name, value):
    """Return a text.

    >>> check_text("title", "Mine")
    'Mine'
    """
    if not isinstance(value, str):
        raise ValueError(f"{name} must be a text, not {shown(value)}")
    return value


def check_path(name, value):
    """Return the name of a file, a text or a path, as a path."""
    if not isinstance(value, str | os.PathLike) or not isinstance(
        os.fspath(value), str
    ):
        raise ValueError(f"{name} must be the name of a file, not {shown(value)}")
    return Path(value)


def check_kind(name, value, kind):
    """Return an object of this kind, such as a Trace.

    >>> check_kind("layers", {}, dict)
    {}
    """
    if not isinstance(value, kind):
        article = "an" if kind.__name__[0] in "AEIOU" else "a"
        raise ValueError(
            f"{name} must be {article} {kind.__name__}, not {shown(value)}"
        )
    return value


def check_list(name, value, what):
    """Return the items of a sequence, or of anything to iterate over, as a list.

    A text and a dict are none, although Python can iterate over them.

    >>> check_list("pieces", (1, 2), "pieces of music")
    [1, 2]
    """
    try:
        if isinstance(value, str | bytes | dict):
            raise TypeError
        return list(value)
    except TypeError:
        raise ValueError(
            f"{name} must be a sequence of {what}, not {shown(value)}"
        ) from None


def check_pair(name, value, what):
    """Return two values as a list.

    >>> check_pair("why", (3, 8), "steps")
    [3, 8]
    """
    pair = check_list(name, value, what)
    if len(pair) != 2:
        raise ValueError(f"{name} must be two {what}, not {shown(value)}")
    return pair


def check_known(what, value, known):
    """Return the name of something; a ValueError lists those that exist.

    >>> check_known("layer", "time7", ["time1", "note1"])
    Traceback (most recent call last):
        ...
    ValueError: no layer 'time7'; there are time1, note1
    """
    if not isinstance(value, str) or value not in known:
        raise ValueError(f"no {what} {shown(value)}; there are {', '.join(known)}")
    return value


def check_shape(name, value, shape):
    """Return an array of numbers of this shape.

    >>> import numpy as np
    >>> check_shape("probability", np.zeros((2, 3)), (2, 3)).shape
    (2, 3)
    """
    found = getattr(value, "shape", None)
    if found != shape or value.dtype.kind not in "biuf":
        what = shown(value) if found is None else f"{value.dtype} of shape {found}"
        raise ValueError(f"{name} must be numbers of shape {shape}, not {what}")
    return value


def is_count(value, stop):
    """Return whether a value is one of the whole numbers 0, 1, ..., stop - 1.

    >>> is_count(2, 3), is_count(3, 3), is_count(1.0, 3)
    (True, False, False)
    """
    return is_whole(value) and 0 <= value < stop


def is_whole(value):
    """Return whether a value is a whole number, of Python or NumPy."""
    return isinstance(value, Integral) and not is_truth(value)


def is_truth(value):
    """Return whether a value is True or False, which Python also counts as 1 and 0."""
    return type(value).__name__ in ("bool", "bool_")


def check_memory(what, size):
    """Raise a ValueError if this computer has less memory than `size` bytes.

    >>> check_memory("it takes", 1000)
    """
    if size > memory():
        raise ValueError(
            f"{what} {size / 1e9:,.1f} GB, but there are {memory() / 1e9:,.1f} GB "
            "of memory"
        )


def memory():
    """Return how many bytes of memory this process may use, as far as that is known.

    Linux may allow a group of processes less than all, as in a container.
    """
    sizes = [float("inf")]
    if hasattr(os, "sysconf"):
        sizes.append(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE"))
    for name in "memory.max", "memory/memory.limit_in_bytes":
        path = Path("/sys/fs/cgroup", name)
        if path.is_file() and (limit := path.read_text().strip()).isdecimal():
            sizes.append(int(limit))
    return min(sizes)
