"""The list of exercises: the name of a student's function -> how to check it.

A check is a function of the same name as the exercise. It is given the student's
function, and raises `Wrong` if that does not do what it should:

    @exercise(tutorial=3)
    def beat(student):
        same("beat", student(5), [1, -1, 1, -1], "bit")
"""

from collections.abc import Callable
from importlib import import_module
from typing import NamedTuple

__all__ = ["EXERCISES", "Exercise", "exercise", "load_lessons"]

EXERCISES = {}  # filled by `exercise` when `load_lessons` imports the checks
TUTORIALS = 7


class Exercise(NamedTuple):
    """One function to be written by a student."""

    name: str
    tutorial: int  # which tutorial it belongs to, from 1
    check: Callable


def exercise(tutorial):
    """Enter the decorated check into the list, under its own name."""

    def enter(check):
        EXERCISES[check.__name__] = Exercise(check.__name__, tutorial, check)
        return check

    return enter


def load_lessons():
    """Import all checks, and return the list that they are entered in."""
    for tutorial in range(1, TUTORIALS + 1):
        import_module(f"lstmviz.coursework.lesson{tutorial}")
    return EXERCISES
