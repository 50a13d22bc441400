"""Locks: what one process uses, another must leave alone.

A lock belongs to an open file. It ends when the file is closed, or with the process,
however that ends: so nothing has to be tidied up after a kill.
"""

import os
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows locks a byte of the file instead
    import msvcrt

    fcntl = None

__all__ = ["UNIX", "lock", "locked"]

UNIX = fcntl is not None  # files can be renamed and removed while they are open
_own = threading.local()  # `paths` of the locks that this thread holds


def lock(file):
    """Lock an open file; return False if another has locked it.

    The lock ends when the file is closed, or with the process, however it ends.

    Raises
    ------
    OSError
        The file system has no locks.
    """
    try:
        if UNIX:
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
            if UNIX and not os.fstat(file.fileno()).st_nlink:
                continue  # between opening and locking, its holder removed it
            own.add(path)
            try:
                yield
            finally:
                own.remove(path)
                with suppress(OSError):  # Windows removes no file that is open
                    path.unlink()
            return
