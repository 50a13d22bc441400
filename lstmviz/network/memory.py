"""Memory that is used again, rather than given back and asked for anew.

What a network remembers of one sequence, to learn from it, takes some hundred
megabytes. A system hands out such memory in pages that it clears at the first
touch, which costs nearly as much as the kernels that fill it.
"""

import threading
from contextlib import contextmanager

import numpy as np

__all__ = ["memory"]


class Memory(threading.local):
    """Arrays for the work of one thread; see `recycled`."""

    def __init__(self):
        self.recycling = False
        self.lent, self.free = [], []

    def empty(self, shape):
        """Return a float32 array to be filled: a fresh one, or one used before."""
        if not self.recycling:
            return np.empty(shape, np.float32)
        for place, array in enumerate(self.free):
            if array.shape == shape:
                self.lent.append(self.free.pop(place))
                return array
        self.lent.append(np.empty(shape, np.float32))
        return self.lent[-1]

    @contextmanager
    def recycled(self):
        """Lend arrays for as long as this lasts; afterwards, they are used again.

        What was lent must not be looked at any more then. What was not needed
        this time is given back to the system.
        """
        self.recycling = True
        try:
            yield
        finally:
            self.recycling = False
            self.free, self.lent = self.lent, []


memory = Memory()
