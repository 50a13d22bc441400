"""The two backends: the same functions twice, to be read and to be fast.

`"numpy"` is the definition, `"numba"` its fast twin. Everything else in the
package is written once and takes either.
"""

from collections.abc import Callable
from functools import cache
from typing import NamedTuple

import numpy as np

from lstmviz.jit import announced
from lstmviz.music import features
from lstmviz.music import kernels as music_kernels
from lstmviz.network import kernels, lstm, walk
from lstmviz.network.threads import in_parallel

__all__ = ["Backend", "named"]


class Backend(NamedTuple):
    """What a backend has to offer."""

    note_features: Callable  # music.features   / music.kernels
    forward: Callable  # network.lstm           / network.kernels
    backward: Callable  # network.lstm          / network.kernels
    walk_up: Callable  # network.walk           / network.kernels
    each: Callable  # one after the other       / side by side on all cores


NUMPY = Backend(features.note_features, lstm.forward, lstm.backward, walk.walk_up, map)
NUMBA = Backend(
    music_kernels.note_features,
    kernels.forward,
    kernels.backward,
    kernels.walk_up,
    in_parallel,
)


def named(name):
    """Return the backend of that name.

    Raises
    ------
    ValueError
        There is no such backend.
    """
    if name == "numpy":
        return NUMPY
    if name == "numba":
        compile_kernels()
        return NUMBA
    raise ValueError(f'backend is "numpy" or "numba", not {name!r}')


@cache
def compile_kernels():
    """Run every kernel once on next to nothing, so that it is compiled, and say so."""
    x, W, U, b = (np.zeros(n, np.float32) for n in [(2, 1, 3), (3, 8), (2, 8), 8])
    parameters = {"out.W": np.zeros((2, 2), np.float32), "out.b": b[:2]}
    for name, D in ("note1", 3), ("note2", 2):
        parameters |= {f"{name}.W": W[:D], f"{name}.U": U, f"{name}.b": b}
    with announced():
        NUMBA.note_features(np.zeros((1, 1, 2), np.uint8))
        layer = NUMBA.forward(x, W, U, b)
        NUMBA.backward(layer.h, x, layer, W, U)
        NUMBA.walk_up(parameters, ["note1", "note2"], x[0, :, :1], np.zeros((1, 2)))
