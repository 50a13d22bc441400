"""A library of music: all MIDI files in a folder, read on all cores, and split.

Some are learned from; others are set apart, to tell whether the network has
learned music or only those pieces.
"""

import zlib
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from tqdm import tqdm

from lstmviz.music.midi import read_midi
from lstmviz.music.notes import HIGH, LOW

__all__ = ["midi_files", "read_library", "split"]

SUFFIXES = (".mid", ".midi")
MANY = 8  # so many files are worth starting processes for


def read_library(paths, low=LOW, high=HIGH, other_metre="stop", progress=False):
    """Read many MIDI files.

    Parameters
    ----------
    paths : sequence of path
        Files, as `midi_files` finds them.
    low, high, other_metre : as in `read_midi`
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    pieces : dict of path -> ndarray, uint8 (T, high - low, 2)
        In the order of `paths`.
    refused : dict of path -> str
        Why a file could not be read, in a line.
    """
    read = partial(_read, low=low, high=high, other_metre=other_metre)
    bar = {"desc": "reading", "unit": "file", "delay": 2, "disable": not progress}
    if len(paths) < MANY:
        results = [read(path) for path in paths]
    else:
        # Fresh processes: a fork of one with threads at work may hang.
        with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:
            results = list(
                tqdm(pool.map(read, paths, chunksize=4), total=len(paths), **bar)
            )
    pieces, refused = {}, {}
    for path, result in zip(paths, results, strict=True):
        (refused if isinstance(result, str) else pieces)[path] = result
    return pieces, refused


def midi_files(folder):
    """Return all MIDI files in a folder and the folders in it, in order of name.

    Raises
    ------
    ValueError
        There are none.
    """
    files = sorted(
        path for path in Path(folder).rglob("*") if path.suffix.lower() in SUFFIXES
    )
    if not files:
        raise ValueError(f"{folder}: holds no MIDI files (.mid, .midi)")
    return files


def split(names, share=0.1):
    """Set pieces apart for validation, by a rule that needs no dice.

    The names are put in the order of their checksums (CRC-32), which has nothing to
    do with the music, and the first `share` of them is set apart: at least one
    of two or more, if `share` is above 0. The same names always fall the same
    way, and a name added or taken away moves few others.

    Parameters
    ----------
    names : sequence of str
    share : float
        From 0 up to, not including, 1.

    Returns
    -------
    training, validation : list of str
        In the order of `names`.

    Examples
    --------
    >>> split(["a", "b", "c", "d"], share=0.25)
    (['a', 'b', 'd'], ['c'])
    """
    if not 0 <= share < 1:
        raise ValueError(f"the share must be from 0 up to, not including, 1: {share}")
    count = round(share * len(names))
    if share > 0 and len(names) > 1:
        count = max(count, 1)
    apart = set(sorted(names, key=lambda name: zlib.crc32(name.encode()))[:count])
    training = [name for name in names if name not in apart]
    return training, [name for name in names if name in apart]


def _read(path, low, high, other_metre):
    """Return the states of a file, or why it cannot be read."""
    try:
        return read_midi(path, low, high, other_metre)
    except ValueError as error:
        return str(error)
