"""Files: written whole or not at all, arrays read without trusting what they hold.

Everything this package saves (music, weights, traces, pictures) goes through
`write_whole`, so that a full disk or a Ctrl-C never leaves half a file where
a good one stood before. Arrays travel as `.npz`, never as pickled objects:
opening a file from a stranger cannot run their code.
"""

import csv
import io
import os
import tempfile
import zipfile
from pathlib import Path

import numpy as np

__all__ = ["load_arrays", "save_arrays", "save_table", "write_whole"]


def write_whole(write, path):
    """Call `write(file)` on a temporary file, then rename it to `path`.

    A rename within one folder replaces the old file in one step: a reader sees the old
    file or the new one, never a part of either.

    Parameters
    ----------
    write : function of a binary file
        Writes the whole content to the open file that it is given.
    path : str or path
        The name of the finished file; its folder must exist.

    Raises
    ------
    ValueError
        The folder does not exist or may not be written to, or `path` is
        itself a folder.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent} to write into")
    if path.is_dir():
        raise ValueError(f"{path}: is a folder; give the name of a file")
    try:
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    except OSError as error:
        raise ValueError(f"{path}: cannot be written ({error.strerror})") from None
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def save_arrays(arrays, path):
    """Save a dict of named arrays as an uncompressed `.npz` file, whole or not at all.

    Uncompressed, since the numbers of a network hardly compress, and a trace of some
    hundred megabytes should be on disk in a second.
    """
    write_whole(lambda file: np.savez(file, **arrays), path)


def load_arrays(path):
    """Read a dict of named arrays from an `.npz` file.

    Raises
    ------
    ValueError
        The file is missing, or is no `.npz` file of plain arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{path}: is a folder; give the name of a file") from None
    except (OSError, ValueError, TypeError, EOFError, zipfile.BadZipFile) as error:
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(
            f"{path}: is not a readable .npz file of arrays ({what})"
        ) from None


def _umask():
    """Return the process's umask (`mkstemp` makes files private; ours are not)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def save_table(rows, path):
    """Write rows of cells as CSV, whole or not at all.

    Parameters
    ----------
    rows : iterable of sequence
        The first is the heading.
    path : str or path
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    write_whole(lambda file: file.write(text.getvalue().encode()), path)
