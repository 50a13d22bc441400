"""A trace: every gate, cell and decision while the network hears or composes music.

trace["time1"].f[s, n, k]    forget gate of neuron k of layer time1, at
                             step s, for note n; likewise i, g, o, c, h
trace.heard[s]               the note states that the network just heard,
trace.probability[s]         how probable it then held each note to be
                             played and articulated at step s + 1,
trace.chosen[s]              and what was played there.
"""

from dataclasses import dataclass

import numpy as np

from lstmviz.files import load_arrays, save_arrays
from lstmviz.music.notes import LOW, check_states
from lstmviz.network.biaxial import turn
from lstmviz.network.lstm import Layer, sigmoid

__all__ = ["Trace", "trace"]


@dataclass
class Trace:
    """What a network thought, step by step, as plain arrays.

    S steps, N notes, H neurons of the layer in question.

    Attributes
    ----------
    layers : dict of Layer
        By name, from the input up; arrays i, f, g, o, c, h, each (S, N, H).
    heard, chosen : ndarray, uint8 (S, N, 2)
    probability : ndarray, float32 (S, N, 2)
    low : int
        MIDI number of the lowest note.
    """

    layers: dict
    heard: np.ndarray
    probability: np.ndarray
    chosen: np.ndarray
    low: int = LOW

    def __post_init__(self):
        """Keep float32, whatever the network computed in."""
        self.layers = {
            name: Layer(*(array.astype(np.float32, copy=False) for array in layer))
            for name, layer in self.layers.items()
        }
        self.probability = self.probability.astype(np.float32, copy=False)

    def __getitem__(self, name):
        """Return the layer `name`."""
        if name not in self.layers:
            raise ValueError(f"no layer {name!r}; there are {', '.join(self.names)}")
        return self.layers[name]

    def __len__(self):
        """S, the number of steps."""
        return len(self.heard)

    @property
    def names(self):
        """Names of the layers, from the input up."""
        return list(self.layers)

    @property
    def states(self):
        """The music from the first step heard to the last chosen: (S + 1, N, 2)."""
        return np.concatenate([self.heard[:1], self.chosen])

    @staticmethod
    def empty(net, steps):
        """Return a trace with room for so many steps of a network, to `write` into."""
        N = net.notes
        H = {name: len(net.parameters[f"{name}.U"]) for name in net.layer_names}
        layers = {
            name: Layer(*np.empty((6, steps, N, H[name]), np.float32)) for name in H
        }
        heard, chosen = np.zeros((2, steps, N, 2), np.uint8)
        probability = np.empty((steps, N, 2), np.float32)
        return Trace(layers, heard, probability, chosen, net.low)

    def write(self, start, layers, probability=None):
        """Copy what some layers did, from step `start` on, to its place in here."""
        for name, layer in layers.items():
            for whole, array in zip(self[name], layer, strict=True):
                whole[start : start + len(array)] = array
        if probability is not None:
            self.probability[start : start + len(probability)] = probability

    def save(self, path):
        """Save as `.npz`, whole or not at all: 24 bytes a neuron, note and step."""
        arrays = {
            f"{name}.{part}": array
            for name, layer in self.layers.items()
            for part, array in layer._asdict().items()
        }
        save_arrays(
            path,
            arrays
            | {"heard": self.heard, "chosen": self.chosen}
            | {"probability": self.probability, "low": np.int64(self.low)},
        )

    @staticmethod
    def load(path):
        """Read a trace, checking every name, shape and type.

        Raises
        ------
        ValueError
            The file is not a trace of ours; says which array does not fit.
        """
        arrays = load_arrays(path)
        heard, chosen, probability, low = (
            arrays.pop(name, None) for name in ("heard", "chosen", "probability", "low")
        )
        S, N = heard.shape[:2] if np.ndim(heard) == 3 else (0, 0)
        _expect(path, "heard", heard, (S, N, 2), np.uint8)
        _expect(path, "chosen", chosen, (S, N, 2), np.uint8)
        _expect(path, "probability", probability, (S, N, 2), np.float32)
        _expect(path, "low", low, (), np.int64)
        try:
            check_states(heard), check_states(chosen)
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None

        layers = {}
        for name in [key.removesuffix(".h") for key in arrays if key.endswith(".h")]:
            parts = {p: arrays.pop(f"{name}.{p}", None) for p in Layer._fields}
            H = parts["h"].shape[-1] if parts["h"].ndim else 0
            for part, array in parts.items():
                _expect(path, f"{name}.{part}", array, (S, N, H), np.float32)
            layers[name] = Layer(**parts)
        if not layers or arrays:
            stray = next(iter(arrays), None)
            what = f"{stray!r} does not belong" if stray else "no layers"
            raise ValueError(f"{path}: is not a trace ({what})")
        return Trace(layers, heard, probability, chosen, int(low))


def trace(net, states, backend="numba"):
    """Return what the network thinks while it hears a given piece.

    Parameters
    ----------
    net : Biaxial
    states : array_like (T, N, 2)
        The piece; at every step the network is told what truly happened
        before (teacher forcing).
    backend : {"numba", "numpy"}

    Returns
    -------
    Trace
        Of S = T - 1 steps.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.biaxial import load
    >>> heard = trace(load("tiny"), song("musette")[:33])
    >>> heard.names
    ['time1', 'time2', 'note1', 'note2']
    >>> heard["time1"].f.shape  # the forget gates: step, note, neuron
    (32, 78, 64)
    """
    states = net.check(states)
    thought = net.think(states, backend=backend)
    layers = thought.time.layers | turned(thought.note.layers)
    return Trace(layers, states[:-1], sigmoid(thought.z), states[1:], net.low)


def turned(layers):
    """Turn the arrays of note layers from (N, S, H) to (S, N, H)."""
    return {name: Layer(*map(turn, layer)) for name, layer in layers.items()}


def _expect(path, name, array, shape, dtype):
    """Raise a ValueError unless `array` has this shape and dtype."""
    if array is None:
        raise ValueError(f"{path}: is not a trace ({name!r} is missing)")
    if array.shape != shape or array.dtype != dtype:
        raise ValueError(
            f"{path}: {name!r} is {array.dtype} {array.shape}, "
            f"but {np.dtype(dtype)} {shape} fits this trace"
        )
