"""Starting as a command: Ctrl-C while the package is being imported is one line.

Importing NumPy and numba takes about a second, in which `commands.main` cannot catch
anything yet. So this file is imported before everything else.
"""

import sys
from pathlib import PurePath

__all__ = ["report_stop"]


def is_command():
    """Return whether this process is `lstmviz ...` or `python -m lstmviz ...`."""
    name = next(iter(sys.argv), "")  # "-m" as long as the package is imported
    return PurePath(name).stem == "lstmviz" or (
        name == "-m" and "lstmviz" in sys.orig_argv
    )


def report_stop(kind, error, trace):
    """Report an uncaught error as Python does, but Ctrl-C in one line."""
    if issubclass(kind, KeyboardInterrupt):
        print("lstmviz: stopped", file=sys.stderr)
    else:
        sys.__excepthook__(kind, error, trace)


if is_command():
    sys.excepthook = report_stop
