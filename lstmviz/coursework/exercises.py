"""The list of exercises: the name of a student's function -> how to check it.

A check is a function with the same name as the exercise. Its argument is the student's
function; it raises `Wrong` if that function returns something wrong:

    @exercise(tutorial=3)
    def beat(student):
        same("beat", student(5), [1, -1, 1, -1], "bit")

Checks of your own are written in the same way, in a file that `lstmviz check
--exercises FILE` names.
"""

import importlib.util
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import NamedTuple

__all__ = ["EXERCISES", "OWN_CHECKS", "Exercise", "exercise", "load_lessons"]

EXERCISES = {}  # filled by `exercise` when `load_lessons` imports the checks
TUTORIALS = 8
OWN_CHECKS = "LSTMVIZ_EXERCISES"  # environment variable: the path of a file of checks


class Exercise(NamedTuple):
    """One function that a student has to write."""

    name: str
    tutorial: int  # which tutorial it belongs to, from 1; 0 for none
    check: Callable


def exercise(tutorial=0):
    """Add the decorated check to the list, under its own name."""

    def enter(check):
        EXERCISES[check.__name__] = Exercise(check.__name__, tutorial, check)
        return check

    return enter


def load_lessons():
    """Import all checks, and return the list of exercises."""
    for tutorial in range(1, TUTORIALS + 1):
        import_module(f"lstmviz.coursework.lesson{tutorial}")
    if os.environ.get(OWN_CHECKS):
        load_own(Path(os.environ[OWN_CHECKS]))
    return EXERCISES


def load_own(path):
    """Run a file of checks, which add themselves to the list."""
    spec = importlib.util.spec_from_file_location("own_checks", path)
    spec.loader.exec_module(importlib.util.module_from_spec(spec))
