"""The command line: `lstmviz COMMAND ...`, also as `python -m lstmviz ...`.

A command reads files, calls the one function of the library that does the work, and
writes files; it prints what it did and where the result is. A command may return an
exit status; without one, it is 0.
"""

import argparse
import os
import sys

from lstmviz.commands import (
    ablating,
    coursework,
    demo,
    drawing,
    learning,
    music,
    reading,
    showing,
)
from lstmviz.commands.options import Commands

__all__ = ["main", "parser"]


def main(arguments=None):
    """Run one command and return its exit status; errors are one line, no traceback."""
    for stream in sys.stdout, sys.stderr:  # names of files may be no text
        stream.reconfigure(errors="backslashreplace")
    options = vars(parser().parse_args(arguments))
    run = options.pop("run")
    try:
        status = run(**options)
        sys.stdout.flush()
        return status or 0
    except BrokenPipeError:  # the reader, such as `head`, has closed the pipe
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, MemoryError, FloatingPointError) as error:
        print(f"lstmviz: error: {error or 'out of memory'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lstmviz: stopped", file=sys.stderr)
        return 130


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="lstmviz",
        description="See how an LSTM thinks while it hears and composes music.",
        epilog="Begin with `lstmviz demo`. MUSIC is a MIDI file or the name of a song "
        "in the songbook (`lstmviz songs` lists them).",
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
    showing.add_film(commands)
    showing.add_page(commands)
    learning.add_train(commands)
    learning.add_evaluate(commands)
    ablating.add_ablate(commands)
    coursework.add_check(commands)
    return top
