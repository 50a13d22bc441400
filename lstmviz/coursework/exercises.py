"""The list of exercises: the name of a student's function -> how to check it.

A check is a function with the same name as the exercise. Its argument is the student's
function; it raises `Wrong` if that function returns something wrong:

    @exercise(tutorial=3)
    def beat(student):
        same("beat", student(5), [1, -1, 1, -1], "bit")
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

__all__ = ["EXERCISES", "Exercise", "exercise", "load_lessons"]

EXERCISES = {}  # filled by `exercise` when `load_lessons` imports the checks
TUTORIALS = 8


class Exercise(NamedTuple):
    """One function that a student has to write."""

    name: str
    tutorial: int  # which tutorial it belongs to, from 1
    check: Callable


def exercise(tutorial):
    """Add the decorated check to the list, under its own name."""

    def enter(check):
        EXERCISES[check.__name__] = Exercise(check.__name__, tutorial, check)
        return check

    return enter


def load_lessons():
    """Import all checks, and return the list of exercises."""
    for tutorial in range(1, TUTORIALS + 1):
        import_module(f"lstmviz.coursework.lesson{tutorial}")
    return EXERCISES
