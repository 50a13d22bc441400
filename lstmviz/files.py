"""Files: written completely or not at all; arrays read without running their code.

Everything this package saves (music, weights, traces, pictures) is written with
`write_whole`: after a full disk or a Ctrl-C, the file that was there before is still
there, unchanged. Arrays are stored as `.npz` files without pickled objects, so opening
a file from a stranger cannot run code.
"""

import csv
import io
import os
import tempfile
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
        Writes the whole content to the open file.
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
    """Save named arrays as an uncompressed `.npz` file, completely or not at all.

    The file is not compressed, because the numbers of a network hardly compress and
    compression would take many times as long as writing.

    Parameters
    ----------
    arrays : dict of str -> ndarray
    path : str or path

    Raises
    ------
    ValueError
        As `write_whole`.
    """
    write_whole(lambda file: np.savez(file, **arrays), path)


def load_arrays(path):
    """Read named arrays from an `.npz` file.

    Parameters
    ----------
    path : str or path

    Returns
    -------
    dict of str -> ndarray

    Raises
    ------
    ValueError
        The file does not exist, or is not an `.npz` file of plain arrays.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            return {name: file[name] for name in file.files}
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise ValueError(f"{path}: is a folder; give the name of a file") from None
    except Exception as error:  # zipfile, zlib and NumPy raise many kinds of them
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(
            f"{path}: is not a readable .npz file of arrays ({what})"
        ) from None


def _umask():
    """Return the umask of the process: `mkstemp` makes private files without it."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def save_table(rows, path):
    """Write a table as CSV, completely or not at all.

    Parameters
    ----------
    rows : iterable of sequence
        The cells of each row; the first row is the heading.
    path : str or path

    Raises
    ------
    ValueError
        As `write_whole`.
    """
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(rows)
    write_whole(lambda file: file.write(text.getvalue().encode()), path)
