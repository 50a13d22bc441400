"""A library of music: all MIDI files in a folder, read and split.

Some pieces are for training; others are set apart for validation, to tell whether a
network has learned music or only those pieces.
"""

import zlib
from pathlib import Path

from lstmviz.music.midi import read_with_report
from lstmviz.music.notes import HIGH, LOW
from lstmviz.progress import progress_bar

__all__ = ["midi_files", "read_library", "split"]

SUFFIXES = (".mid", ".midi", ".kar", ".rmi")


def read_library(paths, low=LOW, high=HIGH, progress=False):
    """Read many MIDI files.

    Parameters
    ----------
    paths : sequence of path
        Files, as `midi_files` finds them.
    low, high : as in `read_midi`
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    pieces : dict of path -> Piece
        In the order of `paths`.
    reports : dict of path -> Report
        What became of the notes of these files.
    refused : dict of path -> str
        Why a file could not be read, in a line.
    """
    pieces, reports, refused = {}, {}, {}
    for path in progress_bar(paths, "reading", "file", progress):
        try:
            pieces[path], reports[path] = read_with_report(path, low, high)
        except ValueError as error:
            refused[path] = str(error)
    return pieces, reports, refused


def midi_files(folder):
    """Return all MIDI files in a folder and the folders in it, in order of name.

    Raises
    ------
    ValueError
        There are none.
    """
    folder = Path(folder)
    files = [path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES]
    if not files:
        raise ValueError(f"{folder}: holds no MIDI files ({', '.join(SUFFIXES)})")
    return sorted(files, key=lambda path: path.relative_to(folder).as_posix())


def split(names, share=0.1):
    """Set pieces apart for validation, in a way that needs no random numbers.

    The names are put in the order of their checksums (CRC-32), which has nothing to
    do with the music, and the first `share` of them is set apart: at least one of two
    or more, if `share` is above 0. The same names are always split in the same way,
    and a name that is added or removed moves few others.

    Parameters
    ----------
    names : sequence of str
        With `/` between folders, so that the split is the same on every system.
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
    apart = set(sorted(names, key=checksum)[:count])
    training = [name for name in names if name not in apart]
    return training, [name for name in names if name in apart]


def checksum(name):
    """Return the CRC-32 of a name, which may hold bytes that are not UTF-8."""
    return zlib.crc32(name.encode("utf-8", "surrogateescape"))
