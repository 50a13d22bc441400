"""How this package compiles its kernels with numba, and when the user is told.

A kernel is a short function of arrays with plain loops, which numba compiles to
machine code at its first call. What the options are for:

- `error_model="numpy"` makes x / 0 infinite instead of an exception. With a check at
  each division, the compiler could not process 8 or 16 numbers at a time.
- `fastmath` allows that in sums as well: it may add numbers in any order, and join a
  product and a sum into one operation. It also assumes that no number is nan or
  infinite. A kernel that is given nan may therefore return any number. Nothing in this
  package relies on nan passing through a kernel: networks are checked when they are
  loaded, and training checks gradients and weights after every step.
- `nogil` lets the kernels of several threads run at the same time.

The machine code is kept on disk between runs, where the disk allows it, see `Cache`.
"""

import sys
from contextlib import contextmanager, suppress
from functools import cache
from threading import Timer

from numba import njit
from numba.core.caching import FunctionCache

__all__ = ["announced", "kernel"]

OPTIONS = {"fastmath": True, "error_model": "numpy", "nogil": True}


class Cache(FunctionCache):
    """Numba's cache of machine code on disk, which a program can do without.

    Numba ends the program if the disk is full or a file of its cache is damaged. Here,
    a damaged cache is emptied, and the kernel is compiled.
    """

    @contextmanager
    def _guard_against_spurious_io_errors(self):
        """Surround every reading and writing of the cache (so numba calls it)."""
        try:
            yield
        except Exception as error:  # a damaged pickle raises any kind of them
            warn_once(f"{type(error).__name__}: {error}")
            with suppress(OSError):
                self.flush()


@cache
def warn_once(error):
    """Tell the user that the cache is of no use."""
    print(
        f"lstmviz: numba's cache on disk does not work ({error}), so its kernels are "
        "compiled without it",
        file=sys.stderr,
    )


def kernel(function):
    """Compile `function` at its first call, and cache the result where possible."""
    compiled = njit(function, **OPTIONS)
    with suppress(RuntimeError):  # neither the package nor the user has a folder for it
        compiled._cache = Cache(function)
    return compiled


@contextmanager
def announced(patience=1.0):
    """Tell the user that kernels are being compiled if the context takes long.

    Loading them from the cache takes a fraction of a second and needs no message;
    compiling them, at the first run on a machine, takes some seconds.
    """
    message = "lstmviz: compiling its numba kernels, once on this machine ..."
    timer = Timer(patience, print, [message], {"file": sys.stderr, "flush": True})
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
