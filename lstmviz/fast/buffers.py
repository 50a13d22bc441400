"""Buffers that are reused instead of allocated for every sequence.

The activations of one sequence take some hundred megabytes. The operating system
clears new memory page by page when it is first written to, which costs nearly as much
time as the kernels that fill it.
"""

import os
import threading
from contextlib import contextmanager

import numpy as np

__all__ = ["buffers"]


class BufferPool(threading.local):
    """Buffers for the work of one thread; see `reuse`."""

    def __init__(self):
        self.used = []  # one list of arrays for each `reuse` that is not over
        self.free = []  # given back within the outermost `reuse`
        self.kept = []  # given back before it began

    def empty(self, shape, dtype=np.float32):
        """Return an array with undefined content, new or used before."""
        if not self.used:
            return np.empty(shape, dtype)
        for arrays in self.free, self.kept:
            for place, array in enumerate(arrays):
                if array.shape == shape and array.dtype == dtype:
                    self.used[-1].append(arrays.pop(place))
                    return array
        self.used[-1].append(np.empty(shape, dtype))
        return self.used[-1][-1]

    @contextmanager
    def reuse(self):
        """Within this context, `empty` takes arrays from the pool where it can.

        At the end, the arrays that `empty` returned go back to the pool: they must
        not be read any more. A context within another gives back its own arrays only.
        At the end of the outermost one, the arrays that it did not need are freed.
        """
        self.used.append([])
        try:
            yield
        finally:
            self.free += self.used.pop()
            if not self.used:
                self.free, self.kept = [], self.free

    def clear(self):
        """Free all arrays that are not in use."""
        self.free, self.kept = [], []


buffers = BufferPool()
if hasattr(os, "register_at_fork"):  # the parent's buffers are not the child's
    os.register_at_fork(after_in_child=buffers.clear)
