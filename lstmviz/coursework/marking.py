"""Marking: a student's file is checked in a separate process, with a time limit.

A student's code may contain an endless loop, end Python, or print without end. This
does not affect the marking: the judge runs in a separate process and returns text.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

__all__ = ["Verdict", "check_file"]

SECONDS = 60  # time limit; numba needs some of it to compile
PRINTED = 2000  # how many characters of a file's output are shown


class Verdict(NamedTuple):
    """The result of one exercise."""

    exercise: str  # name of the function; "" if the file defines none that is known
    lines: tuple  # lines that say what is wrong; none if it is right

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
        Time limit.

    Returns
    -------
    verdicts : list of Verdict
    printed : str
        The beginning of what the file printed.

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
    """Run the judge; return the message for exercises that it did not get to."""
    # A student's file named random.py must not replace Python's own module.
    environment = os.environ | {"PYTHONSAFEPATH": "1"}
    try:
        # The output goes to a file: someone would have to read a pipe meanwhile.
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
    """Read the verdicts; exercises without one get the message `ending`."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    names, *faults = map(json.loads, lines or ['[""]'])
    missing = len(names) - len(faults)
    if missing:
        faults += [[ending]] + [[f"not checked: {names[-missing]} stopped it"]] * (
            missing - 1
        )
    return [Verdict(*each) for each in zip(names, map(tuple, faults), strict=True)]
