"""What is timed: the same work, on the same music, with the same weights.

Each function sets up a case for a library and returns a `Case`. The libraries are the
backends "numpy", "numpy threads", "numpy buffers", "numba", and "torch". The results of
all libraries are compared before anything is timed, see `agree`.
"""

import contextlib
import importlib.util
import io
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np

import lstmviz as lv
from benchmarks import measure, threaded_numpy
from lstmviz.commands.shared import gather
from lstmviz.fast.backends import BACKENDS, get_backend
from lstmviz.music.piece import as_piece

BACKENDS["numpy threads"] = threaded_numpy.THREADED
BACKENDS["numpy buffers"] = threaded_numpy.BUFFERED

SIZES = {
    "small": ((64, 64), (32, 16)),
    "medium": ((128, 128), (64, 32)),
    "seed": ((300, 300), (100, 50)),
}
LENGTH = 128  # time steps of a sequence
COMPOSED = 64  # time steps composed
TRAINED = 10  # steps of training
TINY = dict(batch=4, length=LENGTH, learning_rate=0.01, dropout=0.3, transpose=3)
HAS_TORCH = importlib.util.find_spec("torch") is not None


class Case(NamedTuple):
    """Work that is timed, and how its result is compared."""

    work: Callable
    result: Callable = lambda returned: returned


def network(sizes, library, notes=78):
    """Return an untrained network that plays some notes, and its twin in PyTorch.

    Parameters
    ----------
    sizes : str or (time_layers, note_layers)
    library : str
    notes : int

    Returns
    -------
    net : Biaxial
    twin : TorchTwin or None
    """
    low = 24 + (78 - notes) // 2
    net = lv.Biaxial(*SIZES.get(sizes, sizes), low, low + notes, seed=0)
    net.parameters["out.b"][0] = -2
    if library == "torch":
        return net, torch_twin(net)
    if library in BACKENDS:
        net.backend = library
    return net, None


def torch_twin(net):
    """Return the same network in PyTorch."""
    from benchmarks.torch_twin import TorchTwin

    return TorchTwin(net)


def music(net, batch, length=LENGTH):
    """Return segments of a song of the songbook: a list of Pieces."""
    song = lv.song("prelude-in-c", net.low, net.high)
    starts = 16 * np.arange(batch) % (len(song) - length)
    return [as_piece(song.states[s : s + length], net.low) for s in starts]


def features(library):
    """Return the case: note features of a sequence."""
    (piece,) = music(lv.Biaxial((4,), (4,)), 1)
    function = get_backend(library).note_features
    return Case(lambda: function(piece))


def forward(library, sizes):
    """Return the case: probabilities of a sequence."""
    net, twin = network(sizes, library)
    (piece,) = music(net, 1)
    return Case(partial((twin or net).probabilities, piece))


def tracing(library, sizes):
    """Return the case: the trace of a sequence."""
    net, _ = network(sizes, library)
    (piece,) = music(net, 1)
    return Case(partial(lv.trace, net, piece), lambda trace: trace.probability)


def training_step(library, sizes, batch, length=LENGTH, notes=78):
    """Return the case: loss and gradients of a batch, without the optimizer.

    The library "products" only computes the matrix products of it.
    """
    net, twin = network(sizes, library, notes)
    pieces = music(net, batch, length)
    if library == "products":
        shapes = measure.products(net, length - 1)
        return Case(measure.multiplying(shapes, batch), lambda _: None)
    if twin:
        step = partial(twin.training_step, pieces)
        return Case(step, lambda loss: (loss, twin.gradients()))
    return Case(partial(net.loss_and_gradients, pieces))


def composing(library, sizes, record=False):
    """Return the case: composing from silence."""
    net, twin = network(sizes, library)
    if twin:
        return Case(partial(twin.compose, COMPOSED, seed=1))
    compose = partial(lv.compose, net, COMPOSED, seed=1, adaptive=False, record=record)
    return Case(compose, lambda music: np.asarray(music[0] if record else music))


def evaluating(library, folder):
    """Return the case: read a folder of MIDI files, and evaluate `tiny` on them."""
    net = lv.load("tiny")
    if library == "torch":
        evaluate = torch_twin(net).evaluate
    else:
        net.backend = library

        def evaluate(pieces):
            return np.array(lv.evaluate(net, pieces)[1:])

    def work():
        with contextlib.redirect_stdout(io.StringIO()):  # how many files it read
            pieces, _ = gather([folder], net)
        return evaluate(list(pieces.values()))

    return Case(work)


@contextlib.contextmanager
def songs_as_midi_files():
    """Write all songs of the songbook into a temporary folder, and yield its name."""
    with tempfile.TemporaryDirectory() as folder:
        for name in lv.songbook():
            lv.write_midi(lv.song(name), Path(folder) / f"{name}.mid")
        yield folder


def training(library, steps=TRAINED):
    """Return the case: train a network like `tiny`, with all its settings.

    The songs are those that are long enough for a whole segment, as PyTorch needs
    sequences of equal length. Every call begins with new weights.
    """
    songs = [lv.song(name) for name in lv.songbook()]
    songs = [song for song in songs if len(song) >= LENGTH]

    def work():
        net = lv.Biaxial(*SIZES["small"], seed=0)
        if library == "torch":
            return torch_twin(net).train_on(net, songs, steps=steps, **TINY)
        net.backend = library
        return lv.train(net, songs, steps=steps, **TINY)["loss"]

    return Case(work, np.array)


CASES = {
    "features": features,
    "forward": forward,
    "tracing": tracing,
    "training step": training_step,
    "composing": composing,
    "evaluating": evaluating,
    "training": training,
}


def agree(result, other, tolerance=2e-3):
    """Return whether two results are the same up to rounding.

    Arrays, and nested tuples and dicts of arrays: no number differs by more than
    `tolerance` times the largest of its array.
    """
    if isinstance(result, dict):
        return result.keys() == other.keys() and all(
            agree(value, other[key], tolerance) for key, value in result.items()
        )
    if isinstance(result, tuple):
        return all(agree(*pair, tolerance) for pair in zip(result, other, strict=True))
    a, b = np.asarray(result, float), np.asarray(other, float)
    return a.shape == b.shape and np.abs(a - b).max() <= tolerance * np.abs(a).max()
