"""Writing a file whole or not at all.

Everything this package saves (music, weights, traces, pictures) goes through
`write_whole`, so that a full disk or a Ctrl-C never leaves half a file where
a good one stood before.
"""

import os
import tempfile
from pathlib import Path

__all__ = ["write_whole"]


def write_whole(path, write):
    """Call `write(file)` on a temporary file, then rename it to `path`.

    A rename within one folder replaces the old file in a single act: whoever
    looks sees the old file or the new one, never a part of either.

    Parameters
    ----------
    path : str or path
        Where the finished file shall stand; its folder must exist.
    write : function of a binary file
        Writes the whole content to the open file it is given.

    Raises
    ------
    ValueError
        The folder does not exist, or `path` is itself a folder.
    """
    path = Path(path)
    if not path.parent.is_dir():
        raise ValueError(f"{path}: there is no folder {path.parent} to write into")
    if path.is_dir():
        raise ValueError(f"{path}: is a folder; give the name of a file")
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            write(file)
        os.chmod(temporary, 0o666 & ~_umask())
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise


def _umask():
    """Return the process's umask (`mkstemp` makes files private; ours are not)."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
