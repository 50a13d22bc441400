"""Files: written completely or not at all; arrays read without running their code.

Everything this package saves (music, weights, traces, pictures) is written with
`write_whole`: after a full disk or a Ctrl-C, the file that was there before is still
there, unchanged. Arrays are stored as `.npz` files without pickled objects, so opening
a file from a stranger cannot run code.
"""

import csv
import io
import os
import secrets
import stat
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

try:
    import fcntl
except ImportError:  # Windows, where `locked` locks a byte of the file instead
    import msvcrt

    fcntl = None

__all__ = [
    "check_output",
    "load_arrays",
    "locked",
    "save_arrays",
    "save_table",
    "write_whole",
]

PREFIX, SUFFIX = ".lstmviz-", ".tmp"  # of temporary files: hidden, and short
HOUR = 3600  # seconds
_own = threading.local()  # `paths` of the locks that this thread holds


# Writing --------------------------------------------------------------------------


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
    if str(path) == "":
        raise ValueError("the name of a file to write must not be empty")
    if suffixes and not str(path).lower().endswith(tuple(suffixes)):
        raise ValueError(f"{path}: the name must end in {' or '.join(suffixes)}")
    try:
        target = Path(path).resolve()
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
                if fcntl:  # as long as it is locked, nobody removes it
                    os.replace(temporary, target)
            if not fcntl:  # Windows renames no open file
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
            if not fcntl:
                path.unlink()  # Windows removes no file that is open
                continue
            with open(path, "r+b") as file:
                try:
                    abandoned = lock(file)
                except OSError:
                    abandoned = time.time() - path.stat().st_mtime > HOUR
                if abandoned:  # and still locked by us, so nobody begins to use it
                    path.unlink()


# Locks ----------------------------------------------------------------------------


def lock(file):
    """Lock an open file; return False if another has locked it.

    The lock ends when the file is closed, or with the process, however it ends.

    Raises
    ------
    OSError
        The file system has no locks.
    """
    try:
        if fcntl:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        else:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
    except (BlockingIOError, PermissionError):
        return False
    return True


@contextmanager
def locked(path, busy):
    """Hold the lock file `path` in this context; it is removed at the end.

    What is left of it after a kill locks nothing. A thread may hold a lock twice. On a
    file system without locks, nobody is kept out.

    Parameters
    ----------
    path : path
        A file of its own, in a folder that exists.
    busy : str
        What to say if another process or thread holds the lock.

    Raises
    ------
    ValueError
        With the message `busy`, or the file cannot be made.
    """
    path, own = Path(path).resolve(), vars(_own).setdefault("paths", set())
    if path in own:
        yield
        return
    while True:
        try:
            file = open(path, "ab")  # noqa: SIM115
        except OSError as error:
            raise ValueError(f"{path}: {error.strerror}") from None
        with file:
            with suppress(OSError):
                if not lock(file):
                    raise ValueError(busy)
            if fcntl and not os.fstat(file.fileno()).st_nlink:
                continue  # between opening and locking, its holder removed it
            own.add(path)
            try:
                yield
            finally:
                own.remove(path)
                with suppress(OSError):  # Windows removes no file that is open
                    path.unlink()
            return


# Arrays and tables ----------------------------------------------------------------


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
