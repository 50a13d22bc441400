"""Typical mistakes: the library's own function with a piece of its source replaced.

They are written as text. Lines that are not indented are the message to a student who
made the mistake; the indented lines below them are the change, from right to wrong:

    f multiplies the old cell state and i the candidate; here they are swapped.
        f * c_before + i * g -> i * c_before + f * g
    The biases b are missing.
        x @ W + b -> x @ W

The changed function returns the same numbers as the function of a student who made
this mistake. So the mistake is recognised by its numbers.
"""

import inspect
import re
import textwrap
import warnings
from functools import cache

__all__ = ["OutdatedWarning", "changed", "outcomes", "read_mistakes"]


class OutdatedWarning(UserWarning):
    """A mistake no longer applies to the library, which has been edited."""


def outcomes(function, mistakes, *arguments, run=None, first=""):
    """Run a function once with each mistake.

    Parameters
    ----------
    function : callable
    mistakes : str
        Messages and changes, as above.
    *arguments
        Arguments of the function.
    run : callable, optional
        Calls the function, if it needs other arguments than these: it is given the
        changed function and the arguments.
    first : str, optional
        Changes to make before each mistake.

    Returns
    -------
    dict
        Message -> what the function returns with this mistake.

    Warns
    -----
    OutdatedWarning
        Someone has edited the library, and a mistake is no longer a change of it. It
        is left out: students then get a message without this reason.
    """
    run = run or (lambda function, *arguments: function(*arguments))
    found = {}
    for why, changes in read_mistakes(mistakes).items():
        try:
            found[why] = run(changed(function, f"{first}\n{changes}"), *arguments)
        except Exception as error:  # what is changed may be any code by now
            text = f"the mistake {why!r} does not apply any more ({error})"
            warnings.warn(text, OutdatedWarning, stacklevel=2)
    return found


def read_mistakes(text):
    """Return the mistakes in a text: message -> changes.

    >>> read_mistakes('''
    ... The biases b
    ... are missing.
    ...     x @ W + b -> x @ W
    ... ''')
    {'The biases b are missing.': '    x @ W + b -> x @ W\\n'}
    """
    pattern = re.compile(r"((?:^\S.*\n)+)((?:^[ \t].*\n)+)", re.MULTILINE)
    rest = pattern.sub("", text).strip()
    if rest:
        raise ValueError(f"below this message, there should be a change: {rest!r}")
    found = pattern.findall(text)
    return {" ".join(why.split()): changes for why, changes in found}


@cache  # a check makes the same mistakes on several arrays
def changed(function, changes):
    """Return a function or method with pieces of its source replaced.

    Parameters
    ----------
    function : callable
    changes : str
        In each line a change, `right -> wrong`; a long one goes on in further lines,
        which begin with `->`.

    Raises
    ------
    LookupError
        The source does not contain one of the pieces.

    Examples
    --------
    >>> from lstmviz.cells.lstm import sigmoid
    >>> upside_down = changed(sigmoid, "0.5 + 0.5 -> 0.5 - 0.5")
    >>> round(float(sigmoid(1.0) + upside_down(1.0)), 6)
    1.0
    """
    source = textwrap.dedent(inspect.getsource(function))
    lines = re.sub(r"\n\s*->", " ->", changes).splitlines()
    for line in filter(str.strip, lines):
        right, wrong, *more = (piece.strip() for piece in line.split("->"))
        if right not in source:
            raise LookupError(f"the source of {function.__name__} has no {right!r}")
        source = source.replace(right, " ".join([wrong, *more]))
    names = dict(function.__globals__)
    exec(source, names)
    return names[function.__name__]
