"""Buffers that are reused instead of allocated for every sequence.

The activations of one sequence take some hundred megabytes. The operating system
clears new memory page by page when it is first written to, which costs nearly as much
time as the kernels that fill it.
"""

import threading
from contextlib import contextmanager

import numpy as np

__all__ = ["buffers"]


class BufferPool(threading.local):
    """Buffers for the work of one thread; see `reuse`."""

    def __init__(self):
        self.reusing = False
        self.used, self.free = [], []

    def empty(self, shape):
        """Return a float32 array with undefined content, new or used before."""
        if not self.reusing:
            return np.empty(shape, np.float32)
        for place, array in enumerate(self.free):
            if array.shape == shape:
                self.used.append(self.free.pop(place))
                return array
        self.used.append(np.empty(shape, np.float32))
        return self.used[-1]

    @contextmanager
    def reuse(self):
        """Within this context, `empty` takes arrays from the pool where it can.

        At the end, all arrays that `empty` returned go back to the pool: they must
        not be read any more. Arrays of the pool that were not needed are freed.
        """
        self.reusing = True
        try:
            yield
        finally:
            self.reusing = False
            self.free, self.used = self.used, []


buffers = BufferPool()
