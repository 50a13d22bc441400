"""Checking in place: a function that is written in a notebook is checked there."""

from pathlib import Path

from lstmviz.checks import shown
from lstmviz.coursework.exercises import load_lessons
from lstmviz.coursework.judge import verdict
from lstmviz.coursework.student import Student

__all__ = ["check"]


def check(function):
    """Check your function for an exercise, and print what is right or wrong with it.

    The exercise is the one with the name of the function. Unlike `lstmviz check`, this
    runs the function here, without a time limit.

    Parameters
    ----------
    function : callable

    Raises
    ------
    ValueError
        There is no exercise of this name, or it is no Python function.

    Examples
    --------
    >>> import numpy as np
    >>> def gates(z):
    ...     i, f, g, o = np.split(z, 4, axis=-1)
    ...     return i, f, g, o
    >>> check(gates)  # doctest: +ELLIPSIS
    gates: wrong
      i at [row 0, neuron 0]: expected ..., found ... (15 of 15 numbers are wrong)
      sigmoid and tanh are missing: these are parts of z itself.
    """
    exercises = load_lessons()
    name = getattr(function, "__name__", shown(function))
    if name not in exercises:
        known = ", ".join(exercises)
        raise ValueError(f"{name}: is no exercise; the exercises are {known}")
    code = getattr(getattr(function, "py_func", function), "__code__", None)  # numba's
    if code is None:
        raise ValueError(f"{name} must be a function, not {shown(function)}")
    lines = verdict(exercises[name].check, Student(function, Path(code.co_filename)))
    print(f"{name}: {'wrong' if lines else 'right'}")
    for line in lines:
        print(f"  {line}")
