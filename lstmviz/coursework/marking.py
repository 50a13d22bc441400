"""Marking: what a student handed in is run apart, for a limited time, and reported.

Student code may loop for ever, leave Python altogether or print without end. None of
this reaches us: the judge works in a process of its own, and what comes back is text.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

__all__ = ["Verdict", "check_file"]

SECONDS = 60  # a time limit that leaves numba time to compile
PRINTED = 2000  # characters to show of what a file printed


class Verdict(NamedTuple):
    """What became of one exercise."""

    exercise: str  # name of the function; "" if the file does not tell
    lines: tuple  # what is wrong, in lines; none if it is right

    @property
    def right(self):
        """Whether it is right."""
        return not self.lines


def check_file(path, seconds=SECONDS):
    """Check all exercises in a student's file.

    Parameters
    ----------
    path : path
        A Python file with the functions of one or more exercises.
    seconds : float
        How long it may run.

    Returns
    -------
    verdicts : list of Verdict
    printed : str
        What the file printed, shortened.

    Raises
    ------
    ValueError
        There is no such file, or the time limit is not above 0.
    """
    if not Path(path).is_file():
        raise ValueError(f"there is no file {path}")
    if not seconds > 0:
        raise ValueError(f"the time limit must be above 0 seconds, not {seconds:g}")
    with tempfile.TemporaryDirectory() as folder:
        verdicts, printed = Path(folder, "verdicts"), Path(folder, "printed")
        command = [sys.executable, "-m", "lstmviz.coursework.judge", path, verdicts]
        with printed.open("wb") as output:
            ending = run(command, output, seconds)
        found = read_verdicts(verdicts, ending)
        text = printed.read_bytes()[: 4 * PRINTED].decode(errors="replace")
    return found, text if len(text) <= PRINTED else text[:PRINTED] + " ..."


def run(command, output, seconds):
    """Run the judge, and say what is to be said if it did not get to the end."""
    # A file called random.py, say, must not stand in for Python's own.
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    try:
        # What it prints goes to a file: a pipe would have to be emptied meanwhile.
        code = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            timeout=seconds,
        ).returncode
    except subprocess.TimeoutExpired:
        return f"took longer than {seconds:g} seconds: is there a loop that never ends?"
    return f"ended Python itself (exit status {code}) before it could be checked"


def read_verdicts(path, ending):
    """Read what the judge got to write; `ending` is what stopped it, if it did not."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names, *faults = map(json.loads, lines or ['[""]'])
    missing = len(names) - len(faults)
    if missing:
        faults += [[ending]] + [[f"not checked: {names[-missing]} stopped it"]] * (
            missing - 1
        )
    return [Verdict(*each) for each in zip(names, map(tuple, faults), strict=True)]
