"""Typical mistakes: the library's own function with a line changed.

    MISTAKES = {
        "The message to a student who made this mistake.": ("i * g", "i + g"),
    }

The changed function returns the same numbers as the function of a student who made
this mistake. So the mistake is recognised by its numbers.
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
        and what replaces them.
    *arguments
        Arguments of the function.
    run : callable, optional
        Calls the function, if it needs other arguments than these: it is given the
        changed function and the arguments.

    Returns
    -------
    dict
        Reason -> what the function returns with this mistake.
    """
    run = run or (lambda function, *arguments: function(*arguments))
    return {
        why: run(changed(function, *what), *arguments) for why, what in mistakes.items()
    }


def changed(function, *pieces):
    """Return a function or method with pieces of its source replaced: right, wrong.

    Raises
    ------
    LookupError
        The source does not contain one of the pieces.

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
            raise LookupError(f"the source of {function.__name__} has no {right!r}")
        source = source.replace(right, wrong)
    names = dict(vars(inspect.getmodule(function)))
    exec(source, names)
    return names[function.__name__]
