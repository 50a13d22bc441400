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
- `cache` keeps the machine code on disk between runs.
"""

import sys
from contextlib import contextmanager
from threading import Timer

from numba import njit

__all__ = ["announced", "kernel"]

OPTIONS = {"fastmath": True, "error_model": "numpy", "nogil": True}


def kernel(function):
    """Compile `function` at its first call, and cache the result where possible."""
    try:
        return njit(function, cache=True, **OPTIONS)
    except RuntimeError:  # neither the package nor the user has a writable folder
        return njit(function, **OPTIONS)


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
