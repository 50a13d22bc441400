"""Typical mistakes: the library's own function with a line changed.

    MISTAKES = {
        "The message to a student who made this mistake.": ("i * g", "i + g"),
    }

The changed function returns the same numbers as the function of a student who made
this mistake. So the mistake is recognised by its numbers.
"""

import inspect
import textwrap
import warnings
from functools import cache

__all__ = ["OutdatedWarning", "changed", "outcomes"]


class OutdatedWarning(UserWarning):
    """A mistake no longer applies to the library, which has been edited."""


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

    Warns
    -----
    OutdatedWarning
        Someone has edited the library, and a mistake is no longer a change of it. It
        is left out: students then get a message without this reason.
    """
    run = run or (lambda function, *arguments: function(*arguments))
    found = {}
    for why, what in mistakes.items():
        try:
            found[why] = run(changed(function, *what), *arguments)
        except Exception as error:  # what is changed may be any code by now
            text = f"the mistake {why!r} does not apply any more ({error})"
            warnings.warn(text, OutdatedWarning, stacklevel=2)
    return found


@cache  # a check makes the same mistakes on several arrays
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
