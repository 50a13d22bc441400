"""Calling a student's function: with copies, and with a message for every error."""

import inspect
import linecache
import traceback
from pathlib import Path

import numpy as np

from lstmviz.coursework.comparing import Wrong

__all__ = ["Student"]


class Student:
    """A student's function that raises `Wrong` for every error inside it.

    Parameters
    ----------
    function : callable
    path : path
        The student's file, whose lines the messages refer to.

    Attributes
    ----------
    changed : list of str
        The arguments that have other values after the last call than before it.
    """

    def __init__(self, function, path):
        self.function, self.path = function, Path(path)
        self.changed = []

    def __call__(self, *arguments, unchanged=None):
        """Call it with copies of the arguments, so that it may change them in place.

        If it must not, `unchanged` is the advice to a student whose function does. An
        argument that is itself a function may raise `Wrong` as well.
        """
        given = [copied(argument) for argument in arguments]
        try:
            result = self.function(*given)
        except NotImplementedError as error:
            line = line_of(error, self.path)
            where = f" at line {line}" if line else ""
            raise Wrong(f"not written yet: fill the gap{where}") from None
        except Wrong as wrong:
            where = complaint(wrong, self.path)[1:]
            raise Wrong(*wrong.args, *where) from None
        except Exception as error:
            raise Wrong(*complaint(error, self.path)) from None
        names = inspect.signature(self.function).parameters
        pairs = zip(names, given, arguments, strict=False)
        changed = [name for name, after, before in pairs if differ(after, before)]
        if unchanged and changed:
            raise Wrong(f"it leaves its argument {changed[0]} changed", unchanged)
        self.changed = changed
        return result


def complaint(error, path):
    """Return lines that say what an error was, and where in the student's file."""
    line = line_of(error, path)
    lines = [f"{type(error).__name__}: {message_of(error)}"]
    if line:
        source = linecache.getline(str(path), line).strip()  # of a notebook, too
        lines.append(f"at line {line}: {source}" if source else f"at line {line}")
    return lines


def message_of(error):
    """Return the most useful line of an error's message; numba's first line is not."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Failed in nopython mode"):
        lines = [f"numba cannot compile {x[4:]}" for x in lines if x[:4] == ">>> "] or (
            lines[1:]
        )
    return lines[0] if lines else "no message"


def line_of(error, path):
    """Return the line of the file at `path` where an error was raised, or None."""
    passed = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in passed if Path(frame.filename) == path]
    if isinstance(error, SyntaxError) and not lines:
        return error.lineno
    place = getattr(error, "loc", None)  # of numba: the line was compiled, not run
    if place and not lines and Path(place.filename) == path:
        return place.line
    return lines[-1] if lines else None


def copied(argument):
    """Copy an argument: an array, a dict, list or tuple of them, or a number."""
    if isinstance(argument, np.ndarray):
        return argument.copy()
    if isinstance(argument, dict):
        return {name: copied(value) for name, value in argument.items()}
    if isinstance(argument, tuple) and hasattr(argument, "_fields"):
        return type(argument)(*map(copied, argument))
    if isinstance(argument, (list, tuple)):
        return type(argument)(map(copied, argument))
    return argument


def differ(after, before):
    """Return whether arrays, or lists, tuples or dicts of them, are not the same."""
    try:
        np.testing.assert_equal(after, before)
    except AssertionError:
        return True
    return False
