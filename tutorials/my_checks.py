"""An exercise of your own: this file checks `entropy`, which students write.

    lstmviz check --exercises my_checks.py handed-in/*.py

A check has the name of the students' function. It calls that function and compares what
it returns with the right result; `same` says which number is wrong, and names the
mistake whose result it recognises.
"""

import numpy as np

from lstmviz.coursework.comparing import same
from lstmviz.coursework.exercises import exercise


@exercise()
def entropy(student):
    """p (N,), the probabilities that notes are played -> the entropy of each, in nats.

    The function has to work for any number of notes, and for certain ones.
    """
    for N in 3, 8:
        p = np.random.default_rng(N).uniform(0.1, 0.9, N)
        mistakes = {
            "These are bits: nats take the natural logarithm.": nats(p) / np.log(2),
            "A note that is not played is a surprise, too.": -p * np.log(p),
        }
        same("entropy", student(p), nats(p), "note", mistakes)
    certain = np.array([0.0, 1.0])
    with np.errstate(all="ignore"):
        found = student(certain)
    hint = {"0 log 0 counts as 0, but np.log(0) is infinite.": [np.nan, np.nan]}
    same("entropy where p is 0 or 1", found, [0, 0], "note", hint)


def nats(p):
    """Return the right result."""
    return -p * np.log(p) - (1 - p) * np.log(1 - p)
