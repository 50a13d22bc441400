"""Tutorial 8: a typical mistake is recognised."""

import pytest
from helpers import told

OWN, ABOVE, ZERO = "b += v * U[k]", "b_above += v * W[k]", "U[k] = W[k] = 0"
LOOP = "for k, v in zip(neurons, values, strict=True):"
COPY = "U, b, W, b_above = (np.array(array) for array in (U, b, W, b_above))"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (f"{OWN}\n        {ABOVE}", "pass", "the neuron is clamped to 0"),
        (
            f"{OWN}\n        {ABOVE}\n        {ZERO}",
            f"{ZERO}\n        {OWN}\n        {ABOVE}",
            "do so before row k becomes 0",
        ),
        (ZERO, "pass", "own h is still read"),
        (" += v", " -= v", "it should be added"),
        ("v * ", "", "The value is missing"),
        (ZERO, "U[:, k] = W[:, k] = 0", "here column k becomes 0"),
        (ZERO, "U[k] = W[k] = v", "Row k should become 0, not v"),
        (ZERO, "U[k] *= v; W[k] *= v", "the row must not be multiplied by v"),
        (f"{ABOVE}\n        {ZERO}", "U[k] = 0", "Only the neuron's own layer"),
        (f"{OWN}\n        {ABOVE}\n        {ZERO}", f"{ABOVE}; W[k] = 0", "Only the l"),
        (LOOP, f"{LOOP}\n        v = values[0]", "here all have the first one"),
        ("zip(neurons", "zip(sorted(neurons)", "in the wrong order"),
        (LOOP, LOOP.replace("neurons, values", "neurons[:1], values[:1]"), "the first"),
        (ZERO, "U[:] = W[:] = 0", "All rows became 0"),
        (COPY, "pass", "it leaves its argument U changed"),
        ("v * U[k]", "v * U[:, k]", "could not be broadcast"),
        ("return U, b, W, b_above", "return U, b", "it should return U, b, W, b_above"),
        ("return U, b, W, b_above", "", "not None"),
        (OWN, f"{OWN} ** 2", "b at [column 0]: expected"),
    ],
)
def test_clamp(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "8a_clamp", right, wrong)


NAMED = "np.argsort(np.abs(values))[::-1][: len(controls[0])]"
SILENT, CHANGE = "silent[start:stop, n] = 0", "abs(log_odds(silent) - before)"
MEAN = "np.mean([change(group) for group in controls])"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("np.abs(values))", "values)", "speaks strongly against"),
        ("[::-1]", "", "These are the notes that matter least"),
        (NAMED, "np.argsort(values)[: len(controls[0])]", "with the lowest values"),
        (NAMED, "range(len(controls[0]))", "the first notes of the list"),
        ("[: len(controls[0])]", "[:1]", "Only one note is deleted"),
        ("[: len(controls[0])]", "", "All notes are named"),
        ("start:stop, n", "start : stop - 1, n", "stop itself does not belong"),
        ("start:stop, n", "start, n", "Only the onset"),
        (SILENT, "silent[start:stop] = 0", "with everything else that sounds"),
        ("start:stop, n", ":, n", "All notes of this pitch"),
        (SILENT, "silent[start:stop, n, 0] = 0", "articulated but not played"),
        (SILENT, "silent[start:stop, n, 1] = 0", "the note still sounds"),
        ("silent = states.copy()", "silent = states", "It leaves states changed"),
        (
            "    before = log",
            "    states = states.copy()\n    before = log",
            "begin with a new copy of states each time",
        ),
        (CHANGE, "abs(log_odds(states - silent) - before)", "the other way round"),
        (CHANGE, "log_odds(silent)", "log-odds without the notes"),
        (CHANGE, "log_odds(silent) - before", "the change with its sign: take"),
        (CHANGE, "before - log_odds(silent)", "with its sign, upside down"),
        ("np.mean", "np.sum", "summed: take their mean"),
        ("np.mean", "np.max", "the largest change of the controls"),
        (MEAN, "change(controls[0])", "the first control alone"),
        (MEAN, "change(sum(controls, []))", "delete one group at a time"),
        (f"change(named), {MEAN}", f"{MEAN}, change(named)", "are swapped"),
        (f"change(named), {MEAN}", f"change(named) / {MEAN}, {MEAN}", "not how many"),
        (f"return change(named), {MEAN}", "pass", "not None"),
        ("log_odds(silent)", "log_odds(silent[:-1])", "log_odds takes note states"),
    ],
)
def test_deletion_test(tmp_path, right, wrong, message):
    pieces = [right, wrong]
    if "new copy" in message:
        pieces += ["silent = states.copy()", "silent = states"]
    assert message in told(tmp_path, "8b_deletion_test", *pieces)


def test_magnitudes_come_before_the_mean(tmp_path):
    signed = CHANGE, "log_odds(silent) - before"
    mean = f"change(named), {MEAN}", f"abs(change(named)), abs({MEAN})"
    assert "which cancel" in told(tmp_path, "8b_deletion_test", *signed, *mean)
