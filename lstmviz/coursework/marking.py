"""Marking: a student's file is checked in a separate process, with a time limit.

A student's code may contain an endless loop, end Python, or print without end. This
does not affect the marking: the judge runs in a separate process and returns text.

The verdicts come in a file without a name, and each line is signed with a secret that
the judge is given before the student's code runs. So code that ends Python, or that
writes verdicts of its own, is marked as wrong. This is no sandbox: code that searches
the memory of its process, or that changes this library there, can deceive the judge.
"""

import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from lstmviz.checks import check_real
from lstmviz.coursework.judge import signed

__all__ = ["Verdict", "check_file"]

SECONDS = 60  # time limit; numba needs some of it to compile
LONGEST = 86_400  # the longest time limit: a day
PRINTED = 2000  # how many characters of a file's output are shown
# A student's file named random.py must not replace Python's own module, so the current
# folder is removed from where Python looks for modules, before anything is imported.
JUDGE = (
    "import sys; sys.path[:] = [path for path in sys.path if path]; "
    "from lstmviz.coursework.judge import main; main()"
)


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
    check_real("the time limit in seconds", seconds, 0, LONGEST, above=True)
    secret = secrets.token_bytes(32)
    with tempfile.TemporaryFile() as verdicts, tempfile.TemporaryFile() as printed:
        ending = run(path, secret, verdicts, printed, seconds)
        found = read_verdicts(verdicts, secret, ending)
        printed.seek(0)
        text = printed.read(4 * PRINTED).decode(errors="replace")
    return found, text if len(text) <= PRINTED else text[:PRINTED] + " ..."


def run(path, secret, verdicts, printed, seconds):
    """Run the judge; return the message for exercises that it did not get to."""
    process = subprocess.Popen(
        [sys.executable, "-c", JUDGE, path],
        stdin=subprocess.PIPE,
        stdout=verdicts,  # the judge moves what the student prints to `printed`
        stderr=printed,
        start_new_session=True,  # with its children, it is a group of processes
    )
    try:
        process.communicate(secret, seconds)
    except subprocess.TimeoutExpired:
        return f"took longer than {seconds:g} seconds: is there a loop that never ends?"
    finally:
        end_group(process)
    code = process.returncode
    return f"ended Python itself (exit status {code}) before it could be checked"


def end_group(process):
    """End a process and all that it has started, which would go on without it."""
    if hasattr(os, "killpg"):  # not on Windows
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    process.kill()
    process.wait()


def read_verdicts(file, secret, ending):
    """Read the verdicts; exercises without one get the message `ending`.

    Lines that are not signed, or not in their order, are not from the judge.
    """
    file.seek(0)
    found = []
    for line in file.read().decode(errors="replace").splitlines():
        _, _, text = line.partition(" ")
        if secrets.compare_digest(
            line.encode(), signed(secret, len(found), text).encode()
        ):
            found.append(json.loads(text))
    names, *faults = found or [[""]]
    missing = len(names) - len(faults)
    if missing:
        faults += [[ending]] + [[f"not checked: {names[-missing]} stopped it"]] * (
            missing - 1
        )
    return [Verdict(*each) for each in zip(names, map(tuple, faults), strict=True)]
