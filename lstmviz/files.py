"""Files: written completely or not at all.

Everything this package saves (music, weights, traces, pictures) is written with
`write_whole`: after a full disk or a Ctrl-C, the file that was there before is still
there, unchanged.
"""

import csv
import io
import os
import secrets
import shutil
import stat
import time
from contextlib import suppress
from pathlib import Path

from lstmviz.checks import check_path
from lstmviz.locks import UNIX, lock

__all__ = [
    "check_input",
    "check_output",
    "check_space",
    "save_bytes",
    "save_table",
    "write_whole",
]

PREFIX, SUFFIX = ".lstmviz-", ".tmp"  # of temporary files: hidden, and short
HOUR = 3600  # seconds


def check_input(path):
    """Raise a ValueError unless there is such a file; pipes and devices are not opened.

    Opening a pipe would wait for somebody to write into it.
    """
    check_path("path", path)
    try:
        kind = os.stat(path).st_mode
    except FileNotFoundError:
        raise ValueError(f"{path}: there is no such file") from None
    except (OSError, ValueError) as error:  # too long a name, or one with a NUL
        what = getattr(error, "strerror", None) or error
        raise ValueError(f"{path}: cannot be read ({what})") from None
    if stat.S_ISDIR(kind):
        raise ValueError(f"{path}: is a folder; give the name of a file")
    if not stat.S_ISREG(kind):
        raise ValueError(f"{path}: is a device or pipe; give the name of a file")
    if not os.access(path, os.R_OK):
        raise ValueError(f"{path}: may not be read")


def check_output(path, suffixes=(), inputs=()):
    """Return the file that `path` stands for; raise a ValueError unless it can be made.

    Whoever works for long before writing calls this first.

    Parameters
    ----------
    path : str or path
        A symbolic link stands for the file that it points to.
    suffixes : sequence of str, optional
        The endings that are allowed, such as ".png"; upper case is allowed too.
    inputs : iterable of str or path
        What the work reads: none of it may be overwritten.

    Returns
    -------
    Path
        Absolute, without symbolic links.

    Raises
    ------
    ValueError
        `path` is empty, has another ending, is one of the inputs, a folder, a device
        or a pipe, or its folder does not exist or may not be written to.
    """
    check_path("path", path)
    if str(path) == "":
        raise ValueError("the name of a file to write must not be empty")
    if suffixes and not str(path).lower().endswith(tuple(suffixes)):
        raise ValueError(f"{path}: the name must end in {' or '.join(suffixes)}")
    try:
        target = Path(path).resolve()
        if target.is_symlink():
            raise ValueError(f"{path}: is a link that leads nowhere")
        if not target.parent.is_dir():
            folder = Path(path).parent
            raise ValueError(f"{path}: there is no folder {folder} to write into")
        kind = target.stat().st_mode if target.exists() else stat.S_IFREG
    except (OSError, RuntimeError) as error:  # a link to itself, too long a name
        what = getattr(error, "strerror", None) or error
        raise ValueError(f"{path}: cannot be written ({what})") from None
    if stat.S_ISDIR(kind):
        raise ValueError(f"{path}: is a folder; give the name of a file")
    if not stat.S_ISREG(kind):
        raise ValueError(f"{path}: is a device or pipe; give the name of a file")
    if not os.access(target.parent, os.W_OK | os.X_OK):
        raise ValueError(f"{path}: its folder may not be written to")
    if target in [Path(name).resolve() for name in inputs]:
        raise ValueError(f"{path}: would overwrite what is read; choose another name")
    return target


def check_space(path, size):
    """Raise a ValueError unless the disk has room for a file of so many bytes."""
    free = shutil.disk_usage(Path(path).resolve().parent).free
    if size > free:
        raise ValueError(
            f"{path}: takes {size / 1e9:,.1f} GB, but {free / 1e9:,.1f} GB of the disk "
            "are free"
        )


def write_whole(write, path):
    """Call `write(file)` on a temporary file, then rename it to `path`.

    A rename within one folder replaces the old file in one step: a reader sees the old
    file or the new one, never a part of either. A file that is replaced keeps its mode,
    and a symbolic link keeps pointing to it. Temporary files of processes that were
    killed are removed.

    Parameters
    ----------
    write : function of a binary file
        Writes the whole content to the open file.
    path : str or path
        The name of the finished file; its folder must exist.

    Raises
    ------
    ValueError
        As `check_output`, or the disk is full.
    """
    target = check_output(path)
    remove_leftovers(target.parent)
    try:
        temporary, file = open_temporary(target.parent)
        try:
            with file:
                write(file)
                file.flush()
                if target.exists():
                    os.chmod(temporary, stat.S_IMODE(target.stat().st_mode))
                if UNIX:  # as long as it is locked, nobody removes it
                    os.replace(temporary, target)
            if not UNIX:  # Windows renames no open file
                os.replace(temporary, target)
        except BaseException:
            with suppress(FileNotFoundError):
                os.unlink(temporary)
            raise
    except OSError as error:
        what = error.strerror or error
        raise ValueError(f"{path}: cannot be written ({what})") from error


def open_temporary(folder):
    """Return the path of a new temporary file in a folder, and the file, locked.

    The system gives it the mode of every new file (`tempfile` would make it private).
    """
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    while True:
        path = folder / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
        file = os.fdopen(os.open(path, flags, 0o666), "w+b")
        try:
            ours = lock(file)
        except OSError:  # a file system without locks
            ours = True
        if ours and os.fstat(file.fileno()).st_nlink:
            return path, file
        file.close()  # between opening and locking, someone took it for a leftover
        path.unlink(missing_ok=True)


def remove_leftovers(folder):
    """Remove the temporary files in a folder whose process has been killed.

    A process locks its temporary file, and the lock ends with the process. On a file
    system without locks, a file is removed that was not written to for an hour.
    """
    for path in folder.glob(f"{PREFIX}*{SUFFIX}"):
        with suppress(OSError):  # it is not ours, or is gone already
            if not stat.S_ISREG(path.lstat().st_mode):
                continue
            if not UNIX:
                path.unlink()  # Windows removes no file that is open
                continue
            with open(path, "r+b") as file:
                try:
                    abandoned = lock(file)
                except OSError:
                    abandoned = time.time() - path.stat().st_mtime > HOUR
                if abandoned:  # and still locked by us, so nobody begins to use it
                    path.unlink()


def save_bytes(content, path):
    """Write the content of a file, completely or not at all: see `write_whole`."""
    write_whole(lambda file: file.write(content), path)


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
    save_bytes(text.getvalue().encode(), path)
