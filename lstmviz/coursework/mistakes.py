"""Mistakes made on purpose: the library's own function with a line changed.

    MISTAKES = {
        "What to tell whoever made it.": ("i * g", "i + g"),
    }

Running the changed function gives the numbers that a student with the same mistake
gets, and so the reason why theirs are wrong.
"""

import inspect
import textwrap

__all__ = ["changed", "outcomes"]


def outcomes(function, mistakes, *arguments, run=None):
    """Run a function once with each mistake.

    Parameters
    ----------
    function : callable
    mistakes : dict
        Reason -> (right, wrong, right, wrong, ...): pieces of the function's source,
        and what stands there instead.
    *arguments
        What to give the function.
    run : callable, optional
        For a function that takes more than that: called with the changed function
        and the arguments.

    Returns
    -------
    dict
        Reason -> what the function returns with this mistake in it.
    """
    run = run or (lambda function, *arguments: function(*arguments))
    return {
        why: run(changed(function, *what), *arguments) for why, what in mistakes.items()
    }


def changed(function, *pieces):
    """Return a function, or method, with pieces of its source replaced: right, wrong.

    Raises
    ------
    LookupError
        The function no longer holds such a piece.

    Examples
    --------
    >>> from lstmviz.cells.lstm import sigmoid
    >>> upside_down = changed(sigmoid, "0.5 + 0.5", "0.5 - 0.5")
    >>> round(float(sigmoid(1.0) + upside_down(1.0)), 6)
    1.0
    """
    source = textwrap.dedent(inspect.getsource(function))
    for right, wrong in zip(pieces[::2], pieces[1::2], strict=True):
        if right not in source:
            raise LookupError(f"{function.__name__} has no {right!r} to be changed")
        source = source.replace(right, wrong)
    names = dict(vars(inspect.getmodule(function)))
    exec(source, names)
    return names[function.__name__]
