"""Exercise 8b: test by deletion whether the notes that are said to matter do matter.

Check your solution with

    lstmviz check 8b_deletion_test.py
"""

import numpy as np


def deletion_test(log_odds, states, notes, values, controls):
    """Return how much a decision changes without some notes: named ones, and others.

    log_odds(states) returns the log-odds of the decision, given note states (T, N, 2).
    Note number j is notes[j] = (start, stop, n): note n sounds at the steps start up to
    but not including stop. values[j] is what it is said to add to the log-odds.
    controls is a list of groups of notes to compare with: each is a list of numbers j.

    To delete notes is to make them silent at all their steps: neither played nor
    articulated. A change is the magnitude of the difference of the log-odds without
    them and with them.

    Return two numbers: the change without the notes whose values have the largest
    magnitudes, as many as there are in each control; and the mean of the changes
    without each control.
    """
    before = log_odds(states)

    def change(group):
        silent = states.copy()
        for j in group:
            start, stop, n = notes[j]
            silent[start:stop, n] = 0
        return abs(log_odds(silent) - before)

    named = np.argsort(np.abs(values))[::-1][: len(controls[0])]
    return change(named), np.mean([change(group) for group in controls])
