"""A student's function: called with copies, and every way to fail has its words."""

import inspect
import traceback
from pathlib import Path

import numpy as np

from lstmviz.coursework.comparing import Wrong

__all__ = ["Changed", "Student"]


class Changed(Wrong):
    """An argument that a student's function should have left as it was."""


class Student:
    """A student's function that raises `Wrong`, whatever goes wrong inside it.

    Parameters
    ----------
    function : callable
    path : path
        The student's file, to say which of its lines it was.
    """

    def __init__(self, function, path):
        self.function, self.path = function, Path(path)

    def __call__(self, *arguments):
        """Call it with copies of the arguments, which it must leave as they were.

        An argument that is itself a function may raise `Wrong`, too.
        """
        given = [copied(argument) for argument in arguments]
        try:
            result = self.function(*given)
        except NotImplementedError as error:
            line = line_of(error, self.path)
            raise Wrong(f"not written yet: fill the gap at line {line}") from None
        except Wrong as wrong:
            where = complaint(wrong, self.path)[1:]
            raise Wrong(*wrong.args, *where) from None
        except Exception as error:
            raise Wrong(*complaint(error, self.path)) from None
        names = inspect.signature(self.function).parameters
        for name, before, after in zip(names, arguments, given, strict=False):
            if not unchanged(before, after):
                raise Changed(
                    f"argument {name} was changed by the function",
                    "It belongs to the caller: work on a copy, or write elsewhere.",
                )
        return result


def complaint(error, path):
    """Say in lines what an error was, and where in the student's file."""
    line = line_of(error, path)
    lines = [f"{type(error).__name__}: {message_of(error)}"]
    if line:
        source = path.read_text(encoding="utf-8").splitlines()[line - 1].strip()
        lines.append(f"at line {line}: {source}")
    return lines


def message_of(error):
    """Return the line of an error's message that helps: of numba's, not the first."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    if len(lines) > 1 and lines[0].startswith("Failed in nopython mode"):
        lines = [f"numba cannot compile {x[4:]}" for x in lines if x[:4] == ">>> "] or (
            lines[1:]
        )
    return lines[0] if lines else "no message"


def line_of(error, path):
    """Return the last line of the file at `path` that an error passed, or None."""
    passed = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in passed if Path(frame.filename) == path]
    if isinstance(error, SyntaxError) and not lines:
        return error.lineno
    place = getattr(error, "loc", None)  # numba's: it read that line, but never ran it
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


def unchanged(before, after):
    """Tell whether an argument is as it was."""
    if isinstance(before, np.ndarray):
        return np.array_equal(before, after, equal_nan=True)
    if isinstance(before, dict):
        return before.keys() == after.keys() and all(
            unchanged(before[name], after[name]) for name in before
        )
    if isinstance(before, (list, tuple)):
        return len(before) == len(after) and all(map(unchanged, before, after))
    return True
