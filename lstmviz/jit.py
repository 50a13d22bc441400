"""How this package compiles its kernels with numba, and when it says so.

A kernel is a short function of arrays with plain loops, which numba turns into
machine code at its first call. What the options buy:

- `error_model="numpy"` makes x / 0 infinite instead of an exception. With a check
  for it at each division, the compiler could not treat 8 or 16 numbers at a time;
- `fastmath` lets it do so in sums as well, which it may then add up in any order,
  and join a product and a sum into one operation;
- `nogil` lets kernels of several threads run at the same time;
- `cache` keeps the machine code on disk between runs.
"""

import sys
from contextlib import contextmanager
from threading import Timer

from numba import njit

__all__ = ["announced", "kernel"]

OPTIONS = {"fastmath": True, "error_model": "numpy", "nogil": True}


def kernel(function):
    """Compile `function` at its first call, and keep the result if a disk will."""
    try:
        return njit(function, cache=True, **OPTIONS)
    except RuntimeError:  # neither the package nor the user has a folder to write in
        return njit(function, **OPTIONS)


@contextmanager
def announced(patience=1.0):
    """Say that kernels are being compiled if what follows takes long.

    Loading them from the cache takes a fraction of a second and is not worth a
    word; compiling them, at the first run on a machine, takes some seconds.
    """
    message = "lstmviz: compiling its numba kernels, once on this machine ..."
    timer = Timer(patience, print, [message], {"file": sys.stderr, "flush": True})
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
