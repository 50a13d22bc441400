"""What is timed: the same work, on the same music, with the same weights.

Every case is a dict: name of the implementation -> function without arguments. Where
PyTorch takes part, its result is compared with ours before anything is timed.
"""

import importlib.util
from functools import partial

import numpy as np

import lstmviz as lv
from lstmviz.fast import threads
from lstmviz.fast.backends import BACKENDS, get_backend

SIZES = {
    "small": ((64, 64), (32, 16)),
    "medium": ((128, 128), (64, 32)),
    "seed": ((300, 300), (100, 50)),
}
LENGTH = 128  # time steps of a sequence
COMPOSED = 64  # time steps composed
HAS_TORCH = importlib.util.find_spec("torch") is not None


def network(size):
    """Return an untrained network of this size that plays some notes."""
    net = lv.Biaxial(*SIZES[size], seed=0)
    net.parameters["out.b"][0] = -2
    return net


def music(batch, length=LENGTH, low=24, high=102):
    """Return segments of a song of the songbook: (batch, length, N, 2)."""
    song = lv.song("prelude-in-c", low, high)
    starts = 16 * np.arange(batch) % (len(song) - length)
    return np.stack([song[start : start + length] for start in starts])


def twin(net):
    """Return the same network in PyTorch, using as many cores as ours."""
    import torch

    from benchmarks.torch_twin import TorchTwin

    torch.set_num_threads(threads.cores())
    return TorchTwin(net)


def on_each(net, work):
    """Return a case: the same work with each backend of the network."""

    def with_backend(name):
        net.backend = name
        return work()

    return {name: partial(with_backend, name) for name in BACKENDS}


def features():
    """Return the case: note features of a sequence."""
    states = music(1)[0]
    return {b: lambda b=b: get_backend(b).note_features(states) for b in BACKENDS}


def forward(size):
    """Return the case: probabilities of a sequence."""
    net, states = network(size), music(1)[0]
    work = on_each(net, lambda: net.probabilities(states))
    if HAS_TORCH:
        other = twin(net)
        work["torch"] = lambda: other.probabilities(states)
        np.testing.assert_allclose(work["torch"](), work["numba"](), atol=1e-5)
    return work


def training_steps(size, batch, only=None):
    """Return the case: loss and gradients of a batch, without the optimizer."""
    net, pieces = network(size), music(batch)
    work = on_each(net, lambda: net.loss_and_gradients(pieces))
    if HAS_TORCH and only in (None, "torch"):
        other = twin(net)
        work["torch"] = lambda: other.training_step(pieces)
        if only is None:
            check_gradients(other, *work["numba"](), work["torch"]())
    return work


def check_gradients(other, loss, gradients, torch_loss):
    """Raise an AssertionError unless PyTorch has the same loss and gradients."""
    np.testing.assert_allclose(torch_loss, loss, rtol=1e-4)
    for name, layer in zip(
        other.time_names + other.note_names, [*other.time, *other.note], strict=True
    ):
        for theirs, part in (layer.weight_ih_l0, "W"), (layer.weight_hh_l0, "U"):
            ours = gradients[f"{name}.{part}"]
            error = np.abs(theirs.grad.numpy().T - ours).max() / np.abs(ours).max()
            assert error < 1e-3, f"PyTorch's gradient of {name}.{part} differs"


def composing(size):
    """Return the case: composing from silence."""
    net = network(size)

    def compose(record=False):
        return lv.compose(net, COMPOSED, seed=1, adaptive=False, record=record)

    work = on_each(net, compose)
    work["numba, recording"] = on_each(net, lambda: compose(record=True))["numba"]
    if HAS_TORCH:
        other = twin(net)
        work["torch"] = lambda: other.compose(COMPOSED, seed=1)
        np.testing.assert_array_equal(work["torch"](), work["numba"]())
    return work


def tracing(size):
    """Return the case: the trace of a sequence."""
    net, states = network(size), music(1)[0]
    return on_each(net, lambda: lv.trace(net, states))


def growing():
    """Yield cases of training steps of the medium size, with one size changed.

    Yields
    ------
    symbol : {"T", "N", "B", "H"}
        The size that is changed.
    value : int
    work : dict of str -> function
    """
    for length in 32, 64, 128, 256:
        yield "T", length, growing_step(length=length)
    for notes in 26, 39, 52, 78:
        yield "N", notes, growing_step(notes=notes)
    for batch in 1, 2, 4, 8:
        yield "B", batch, growing_step(batch=batch)
    for H in 32, 64, 128, 256:
        yield "H", H, growing_step(H=H)


def growing_step(length=LENGTH, notes=78, batch=2, H=128):
    """Return the case: a training step of (H, H) and (H / 2, H / 4) neurons."""
    low = 24 + (78 - notes) // 2
    net = lv.Biaxial((H, H), (H // 2, H // 4), low, low + notes)
    pieces = music(batch, length, low, low + notes)
    return on_each(net, lambda: net.loss_and_gradients(pieces))
