"""A trace: every gate, state and decision while the network hears or composes music.

trace["time1"].f[s, n, k]    forget gate of neuron k of layer time1, at step s, for
                             note n; likewise i, g, o, c, h
trace.heard[s]               the note states that the network just heard,
trace.probability[s]         the probabilities it then gave each note to be played
                             and articulated at step s + 1,
trace.chosen[s]              and what was played at step s + 1;
trace.position[s]            where in its bar the heard step s stands.
"""

import numpy as np

from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.cells.lstm import Layer, sigmoid
from lstmviz.checks import (
    check_count,
    check_flag,
    check_kind,
    check_memory,
    check_shape,
    shown,
)
from lstmviz.music.bars import check_positions, positions_of_bars
from lstmviz.music.notes import LOW, check_range, check_states, note_range
from lstmviz.music.piece import BPM, Piece, check_bpm
from lstmviz.network.biaxial import PASSAGE, Biaxial, swap_axes
from lstmviz.network.schemas import trace_schema
from lstmviz.progress import progress_bar

__all__ = ["Trace", "trace"]


class Trace:
    """What a network computed, step by step, as plain arrays.

    S steps, N notes, H neurons of the layer in question. `trace["time1"]` is a layer,
    `trace[32:64]` a part of the steps (views of the same arrays), iteration goes over
    the names of the layers, and `len` is S.

    Parameters
    ----------
    time_layers, note_layers : dict of Layer
        The layers recurrent along time, and up the notes, from the input to the
        output: name -> arrays i, f, g, o, c, h, each (S, N, H).
    heard : ndarray, uint8 (S, N, 2)
    probability : ndarray (S, N, 2)
    chosen : ndarray, uint8 (S, N, 2)
    low : int
        MIDI number of the lowest note.
    position : array_like (S + 1,), optional
        Sixteenths since the bar line of each step of the music, from the first heard
        to the last chosen; if not given, 4/4 from the first step.
    bpm : float
        Tempo of the music in quarter notes a minute.

    Attributes
    ----------
    layers : dict of Layer
        All layers; float32, whatever the network computed in.
    time_names, note_names : list of str
        Which of them run along time, and which up the notes.
    heard, probability, chosen, low, bpm
        As above.
    position : ndarray (S,)
        That of each heard step.
    piece : Piece
        The music from the first step heard to the last chosen.
    """

    def __init__(
        self,
        time_layers,
        note_layers,
        heard,
        probability,
        chosen,
        low=LOW,
        position=None,
        bpm=BPM,
    ):
        check_kind("time_layers", time_layers, dict)
        check_kind("note_layers", note_layers, dict)
        for name, layer in (time_layers | note_layers).items():
            check_kind(f"layer {name}", layer, Layer)
        heard, chosen = check_states(heard), check_states(chosen, heard.shape[1])
        probability = check_shape("probability", probability, heard.shape)
        check_shape("chosen", chosen, heard.shape)
        self.layers = {
            name: Layer(*(array.astype(np.float32, copy=False) for array in layer))
            for name, layer in (time_layers | note_layers).items()
        }
        self.time_names, self.note_names = list(time_layers), list(note_layers)
        self.heard, self.chosen = heard, chosen
        check_bpm(bpm)
        self.low, self.bpm = check_count("low", low, 0, 127), float(bpm)
        if position is None:
            position = positions_of_bars(len(heard) + 1)
        self._position = check_positions(position, len(heard) + 1)
        self.probability = probability.astype(np.float32, copy=False)

    def __repr__(self):
        """Show steps, notes, layers and memory in one line."""
        sizes = ", ".join(f"{name} {H}" for name, H in self.sizes.items())
        arrays = [array for layer in self.layers.values() for array in layer]
        megabytes = sum(array.nbytes for array in arrays) / 1e6
        notes = note_range(self.low, self.heard.shape[1])
        return (
            f"<Trace: {len(self)} steps, {notes}, {sizes} neurons, {megabytes:.3g} MB>"
        )

    def __getitem__(self, what):
        """Return the layer of a name, or the trace of a slice of the steps."""
        if isinstance(what, slice):
            start, stop, step = what.indices(len(self))
            if step != 1:
                raise ValueError(f"a trace is sliced step by step, not by {step}")
            what = slice(start, max(start, stop))
            return Trace(
                {name: self._steps(name, what) for name in self.time_names},
                {name: self._steps(name, what) for name in self.note_names},
                *(a[what] for a in (self.heard, self.probability, self.chosen)),
                self.low,
                self._position[what.start : what.stop + 1],
                self.bpm,
            )
        if not isinstance(what, str) or what not in self.layers:
            raise ValueError(f"no layer {shown(what)}; there are {', '.join(self)}")
        return self.layers[what]

    def _steps(self, name, steps):
        """Return some of the steps of a layer."""
        return Layer(*(array[steps] for array in self.layers[name]))

    def __len__(self):
        """S, the number of steps."""
        return len(self.heard)

    def __iter__(self):
        """Iterate over the names of the layers, from the input to the output."""
        return iter(self.layers)

    def __contains__(self, name):
        """Return whether there is a layer of this name."""
        return name in self.layers

    def __eq__(self, other):
        """Return whether two traces have the same layers, numbers and notes."""
        if not isinstance(other, Trace):
            return NotImplemented
        mine, theirs = self._arrays(), other._arrays()
        return mine.keys() == theirs.keys() and all(
            np.array_equal(mine[name], theirs[name]) for name in mine
        )

    __hash__ = None  # its arrays can be changed

    @property
    def names(self):
        """Names of the layers, from the input to the output."""
        return list(self.layers)

    @property
    def sizes(self):
        """Number of neurons of each layer: a dict from its name to H."""
        return {name: layer.h.shape[-1] for name, layer in self.layers.items()}

    @property
    def states(self):
        """The music from the first step heard to the last chosen: (S + 1, N, 2)."""
        return np.concatenate([self.heard[:1], self.chosen])

    @property
    def position(self):
        """Sixteenths since the bar line of each heard step: (S,)."""
        return self._position[:-1]

    @property
    def piece(self):
        """The same music as a Piece of S + 1 steps."""
        return Piece(self.states, self._position, self.bpm, self.low)

    @staticmethod
    def empty(net, piece):
        """Return a trace with room for what a network does at a piece, to `write` into.

        The notes of the piece may still be unknown; its bars and tempo are not.
        """
        steps = len(piece) - 1
        check_memory("the trace takes", trace_size(net, steps))
        shapes = {name: (6, steps, net.notes, H) for name, H in net.sizes.items()}
        time_layers, note_layers = (
            {name: Layer(*np.empty(shapes[name], np.float32)) for name in names}
            for names in (net.time_names, net.note_names)
        )
        heard, chosen = np.zeros((2, steps, net.notes, 2), np.uint8)
        probability = np.empty((steps, net.notes, 2), np.float32)
        return Trace(
            time_layers,
            note_layers,
            heard,
            probability,
            chosen,
            piece.low,
            piece.position,
            piece.bpm,
        )

    def write(self, start, layers, probability):
        """Copy layers and probabilities of some steps to their place, from `start`."""
        for name, layer in layers.items():
            for whole, array in zip(self[name], layer, strict=True):
                whole[start : start + len(array)] = array
        self.probability[start : start + len(probability)] = probability

    def save(self, path, exact=True):
        """Save as `.npz`, whole or not at all: 24 bytes a neuron, note and step.

        Parameters
        ----------
        path : str or path
        exact : bool
            Without it, every number is rounded to the nearest multiple of 1/512, stored
            as float16 and compressed. The error is below 1e-3 (relative to the number
            where it is larger than 1), the file about a third as large.
        """
        arrays = self._arrays()
        if not exact:
            arrays = {name: rounded(array) for name, array in arrays.items()}
        save_arrays(arrays, path, compress=not exact)

    def _arrays(self):
        """Return all that the trace holds as a dict of arrays."""
        return {
            f"{name}.{part}": array
            for name, layer in self.layers.items()
            for part, array in layer._asdict().items()
        } | {
            "heard": self.heard,
            "chosen": self.chosen,
            "probability": self.probability,
            "position": self._position,
            "low": np.int64(self.low),
            "bpm": np.float64(self.bpm),
            "time_names": np.array(self.time_names, np.str_),
            "note_names": np.array(self.note_names, np.str_),
        }

    @staticmethod
    def load(path):
        """Read a trace, checking every name, shape and type.

        Raises
        ------
        ValueError
            The file is not a trace of ours; says which array does not fit.
        """
        arrays = load_arrays(path, trace_schema)
        low, N = int(arrays["low"]), arrays["heard"].shape[1]
        time_names, note_names = (
            arrays[axis].tolist() for axis in ("time_names", "note_names")
        )
        held = [name.removesuffix(".h") for name in arrays if name.endswith(".h")]
        try:
            if sorted(time_names + note_names) != sorted(held):
                raise ValueError("time_names and note_names do not name its layers")
            check_range(low, low + N)
            return Trace(
                *(
                    {name: _layer(arrays, name) for name in names}
                    for names in (time_names, note_names)
                ),
                *(arrays[name] for name in ("heard", "probability", "chosen")),
                low,
                arrays["position"],
                float(arrays["bpm"]),
            )
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None


def rounded(array):
    """Return float32 numbers as float16 multiples of 1/512, other arrays unchanged.

    Multiples of 1/512 are exact in float16 up to 4. Numbers with fewer different
    values compress better.
    """
    if array.dtype != np.float32:
        return array
    return (np.round(array * 512) / 512).astype(np.float16)


def _layer(arrays, name):
    """Return the layer of this name among the arrays of a file."""
    return Layer(*(arrays[f"{name}.{part}"] for part in Layer._fields))


def trace(net, music, progress=False):
    """Return what the network computes while it hears a given piece.

    Parameters
    ----------
    net : Biaxial
    music : Piece, or array_like (T, N, 2)
        At every step the network is told what really happened before
        (teacher forcing).
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    Trace
        Of S = T - 1 steps.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> heard = trace(load("tiny"), song("musette")[:33])
    >>> heard
    <Trace: 32 steps, C1 to F7, time1 64, time2 64, note1 32, note2 16 neurons, 10.5 MB>
    >>> heard["time2"].c.shape  # 32 steps, 78 notes, 64 neurons
    (32, 78, 64)
    """
    check_kind("net", net, Biaxial)
    check_flag("progress", progress)
    piece = net.check(music)
    check_memory("the trace takes", trace_size(net, len(piece) - 1))
    recorded = Trace.empty(net, piece)
    recorded.heard[:], recorded.chosen[:] = piece.states[:-1], piece.states[1:]
    passages, count = net.forward_passages(piece), -(-len(recorded) // PASSAGE)
    bar = progress_bar(passages, "hearing", "passage", progress, count)
    for start, (time, note, z) in bar:
        layers = time.layers | swap_layer_axes(note.layers)
        recorded.write(start, layers, sigmoid(z))
    return recorded


def trace_size(net, steps):
    """Return how many bytes the layers of a trace take: 24 a neuron, note and step."""
    return 24 * sum(net.sizes.values()) * net.notes * steps


def swap_layer_axes(layers):
    """Turn the arrays of note layers from (N, S, H) to (S, N, H)."""
    return {name: Layer(*map(swap_axes, layer)) for name, layer in layers.items()}
