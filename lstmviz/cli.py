"""The command line: `lstmviz COMMAND ...`, also as `python -m lstmviz ...`.

Each command reads files, calls the one function of the library that does the
work, and writes files; what it prints is what it did and where the result is. A
command may return an exit status; otherwise it went well.
What a command takes is in `commands/parser.py`, what it does in the files beside it.
"""

import os
import sys

from lstmviz.commands.coursework import COURSEWORK
from lstmviz.commands.drawing import DRAWING
from lstmviz.commands.learning import LEARNING
from lstmviz.commands.music import MUSIC
from lstmviz.commands.parser import parser

__all__ = ["COMMANDS", "main"]

COMMANDS = MUSIC | DRAWING | LEARNING | COURSEWORK


def main(arguments=None):
    """Run one command and return its exit status; errors are one line, no traceback."""
    options = parser().parse_args(arguments)
    try:
        status = COMMANDS[options.command](options)
        sys.stdout.flush()
        return status or 0
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, MemoryError, FloatingPointError) as error:
        print(f"lstmviz: error: {error or 'out of memory'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lstmviz: stopped", file=sys.stderr)
        return 130
