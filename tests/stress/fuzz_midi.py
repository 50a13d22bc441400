"""Damage MIDI files in many ways, and see whether reading them goes wrong.

    python tests/stress/fuzz_midi.py --minutes 5 [--seed 0] [FILE ...]

Whatever a file contains, `lv.read_midi` returns music or raises a ValueError
of one line, within a second of processor time and 500 MB of memory. The songs
of the songbook and the files given are damaged at random (`damage.py`). A file
on which reading goes wrong is kept.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from damage import damaged, events_of
from fuzzing import attempt, fuzz

import lstmviz as lv
from lstmviz.music.notes import check_states

SECONDS = 1.0  # of processor time for one file
MEGABYTES = 500  # beyond what the process has before it reads a file
NOTES = 78


def use(path):
    """Read a file, and fail if the result is not music."""
    states = check_states(np.asarray(lv.read_midi(path)), NOTES)
    assert len(states) > 0


def case(rng, path):
    """Write a damaged file, and return what became of reading it."""
    path.write_bytes(damaged(FILES, EVENTS, rng))
    return attempt(use, path, SECONDS, MEGABYTES)


def prepare(paths):
    """Prepare a process: the songbook's songs and the files given are damaged."""
    global FILES, EVENTS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.mid"
        FILES = []
        for name in lv.songbook():
            lv.write_midi(lv.song(name), path)
            FILES.append(path.read_bytes())
    FILES += [path.read_bytes() for path in paths]
    EVENTS = [events_of(data) for data in FILES]


if __name__ == "__main__":
    sys.exit(fuzz(__doc__.split("\n")[0], prepare, case, ".mid"))
