"""The command line: `lstmviz COMMAND ...`, also as `python -m lstmviz ...`.

A command reads files, calls the one function of the library that does the work, and
writes files; it prints what it did and where the result is. A command may return an
exit status; without one, it is 0.
"""

import argparse
import os
import signal
import sys
import threading
import traceback
from contextlib import contextmanager, suppress
from importlib.metadata import version
from pathlib import Path

from lstmviz.commands import (
    ablating,
    coursework,
    demo,
    drawing,
    explaining,
    finding,
    learning,
    music,
    reading,
    showing,
)
from lstmviz.commands.options import Commands

__all__ = ["main", "parser"]

ERRORS = ValueError, OSError, MemoryError, FloatingPointError  # they say what is wrong


class Terminated(KeyboardInterrupt):
    """Someone ended the program with SIGTERM."""


def main(arguments=None):
    """Run one command and return its exit status; errors are one line, no traceback."""
    open_streams()
    try:
        options = vars(parser().parse_args(arguments))
    except OSError:  # the help cannot be printed: no fault since Python 3.11
        return 0
    finally:  # --help and wrong arguments end here
        close_output()
    run = options.pop("run", parser().print_help)  # without a command
    status, message = outcome(run, options)
    close_output()
    if message:
        print(f"lstmviz: {' '.join(message.splitlines())}", file=sys.stderr)
    return status


def outcome(run, options):
    """Run a command; return its exit status, and a message if it did not succeed."""
    try:
        with terminable():
            status = run(**options)
            sys.stdout.flush()
        return status or 0, ""
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        return 1, ""
    except Terminated:
        return 128 + signal.SIGTERM, "stopped"
    except KeyboardInterrupt:
        return 128 + signal.SIGINT, "stopped"
    except ERRORS as error:
        return 1, f"error: {error or 'out of memory'}"
    except Exception as error:  # a fault of ours: say where it is
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{Path(where.filename).name}, line {where.lineno}"
        return 1, f"error: {type(error).__name__}: {error} ({place})"


def open_streams():
    """Make sure that there is an output; names of files that are no text are escaped.

    A program can be started with closed streams, as by `lstmviz songs >&-`. The first
    files that are opened then take their place.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115
    sys.stderr = sys.stderr or open(2, "w", closefd=False)  # noqa: SIM115
    for stream in sys.stdout, sys.stderr:
        stream.reconfigure(errors="backslashreplace")


def close_output():
    """Write what is still to be printed; a pipe or disk that takes nothing gets none.

    Otherwise, Python complains about it when it ends.
    """
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        with suppress(OSError):
            sys.stdout.flush()


@contextmanager
def terminable():
    """Let SIGTERM end the command like Ctrl-C does, so that it tidies up."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread receives signals
        return

    def terminate(*_):
        raise Terminated

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="lstmviz",
        description="Begin with `lstmviz demo`: it hears music, composes, and writes "
        "one of each picture. lstmviz shows how an LSTM thinks while it composes.",
        epilog="`lstmviz COMMAND --help` lists the options of a command. MUSIC is a "
        "MIDI file or the name of a song (`lstmviz songs` lists them).",
    )
    top.add_argument(
        "--version", action="version", version=f"lstmviz {version('lstmviz')}"
    )
    commands = Commands(top)
    demo.add_demo(commands)
    music.add_songs(commands)
    music.add_hear(commands)
    music.add_compose(commands)
    music.add_trace(commands)
    drawing.add_snapshot(commands)
    drawing.add_neuron(commands)
    drawing.add_gallery(commands)
    drawing.add_gates(commands)
    drawing.add_saturation(commands)
    reading.add_tuning(commands)
    reading.add_styles(commands)
    showing.add_film(commands)
    showing.add_page(commands)
    explaining.add_why(commands)
    finding.add_moments(commands)
    finding.add_similar(commands)
    finding.add_match(commands)
    learning.add_train(commands)
    learning.add_evaluate(commands)
    ablating.add_ablate(commands)
    coursework.add_exercises(commands)
    coursework.add_check(commands)
    return top
