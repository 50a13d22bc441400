"""The two backends: the same functions as NumPy definition and as compiled twin.

`"numpy"` is the definition, `"numba"` its fast twin. Everything else in the package is
written once and works with either.
"""

from collections.abc import Callable
from contextlib import nullcontext
from functools import cache, partial
from typing import NamedTuple

import numpy as np

from lstmviz.cells import lstm, sampling
from lstmviz.fast import features as fast_features
from lstmviz.fast import kernels
from lstmviz.fast import sampling as fast_sampling
from lstmviz.fast.jit import announced
from lstmviz.fast.threads import one_blas_thread, parallel_map
from lstmviz.music import features

__all__ = ["BACKENDS", "Backend", "get_backend"]


class Backend(NamedTuple):
    """The functions that a backend provides."""

    note_features: Callable  # music.features   / fast.features
    forward: Callable  # cells.lstm             / fast.kernels
    forward_outputs: Callable  # the same       / the same, without keeping the gates
    backward: Callable  # cells.lstm            / fast.kernels
    sample_notes: Callable  # cells.sampling    / fast.sampling
    map: Callable  # one after the other        / in parallel on all cores
    limit: Callable  # BLAS uses all cores      / one core for each of our threads


BACKENDS = {
    "numpy": Backend(
        features.note_features,
        lstm.forward,
        lstm.forward,
        lstm.backward,
        sampling.sample_notes,
        map,
        nullcontext,
    ),
    "numba": Backend(
        fast_features.note_features,
        kernels.forward,
        partial(kernels.forward, keep=False),
        kernels.backward,
        fast_sampling.sample_notes,
        parallel_map,
        one_blas_thread,
    ),
}


def get_backend(name, note_layers=2):
    """Return the backend of that name, with its kernels compiled.

    Parameters
    ----------
    name : {"numba", "numpy"}
    note_layers : int
        How many note layers the network has: numba compiles sampling for each number
        anew.
    """
    if name == "numba":
        compile_kernels(note_layers)
    return BACKENDS[name]


@cache
def compile_kernels(note_layers):
    """Run every kernel once on tiny arrays, so that it is compiled."""
    x, W, U, b = (np.zeros(n, np.float32) for n in [(2, 1, 3), (3, 8), (2, 8), 8])
    parameters = {"out.W": np.zeros((2, 2), np.float32), "out.b": b[:2]}
    names = [f"note{k + 1}" for k in range(note_layers)]
    for name in names:
        D = 3 if name == "note1" else 2
        parameters |= {f"{name}.W": W[:D], f"{name}.U": U, f"{name}.b": b}
    numba = BACKENDS["numba"]
    with announced():
        numba.note_features(np.zeros((1, 1, 2), np.uint8))
        layer = numba.forward(x, W, U, b)
        numba.backward(layer.h, x, layer, W, U)
        numba.sample_notes(parameters, names, x[0, :, :1], np.zeros((1, 2)))
