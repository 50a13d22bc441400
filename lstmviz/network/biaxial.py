"""The biaxial LSTM: along time, then up the notes, then two probabilities a note.

    note features (S, N, 80)
          │
    time layers     recurrent along the S steps; the N notes are rows with the same
          │         weights. They learn rhythm and melody.
      swap axes     (S, N, H) -> (N, S, H)
          │         + the two choices made for the note below (N, S, 2)
    note layers     recurrent up the N notes; the S steps are rows with the same
          │         weights. They learn which notes go together.
       output       (N, S, 2) -> (S, N, 2), log-odds of play and articulate

The decision of step s: the network has heard the music up to step s, and gives the
probabilities of step s + 1. Music of T steps therefore has S = T - 1 decisions.

After Daniel D. Johnson, "Composing Music With Recurrent Neural Networks" (2015) and
"Generating Polyphonic Music Using Tied Parallel Networks" (2017).
"""

from copy import copy
from typing import NamedTuple

import numpy as np

from lstmviz.cells import stack
from lstmviz.cells.lstm import sigmoid
from lstmviz.cells.stack import StackActivations
from lstmviz.checks import check_choice, check_count, check_list
from lstmviz.fast.backends import BACKENDS, get_backend
from lstmviz.fast.buffers import buffers
from lstmviz.music.notes import HIGH, LOW, check_range, note_range
from lstmviz.music.piece import as_piece
from lstmviz.network.arguments import check_dtype, check_masks, check_sizes
from lstmviz.network.clamping import clamped_parameters
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.network.schemas import layer_names
from lstmviz.network.weights import initial_weights, save_weights

__all__ = ["Activations", "Biaxial"]

PASSAGE = 128  # time steps heard at once where only the probabilities are wanted


class Activations(NamedTuple):
    """All that the network computes while it hears one piece."""

    time: StackActivations  # along time: arrays (S, N, ...)
    note: StackActivations  # up the notes: arrays (N, S, ...)
    z: np.ndarray  # (S, N, 2) log-odds of play and articulate


class Biaxial:
    """A biaxial LSTM: its weights, its forward and backward pass, its loss.

    Parameters
    ----------
    time_layers, note_layers : sequence of int
        Number of neurons of each layer recurrent along time, and up the notes.
    low, high : int
        The MIDI notes covered: `low` up to but not including `high`.
    seed : int
        Seed of the initial weights.
    dtype : float32 or float64
        Of the weights, and so of all that is computed with them.
    backend : {"numba", "numpy"}
        "numpy" is the definition, "numba" its compiled twin.

    Attributes
    ----------
    parameters : dict of ndarray
        The weights, under the names in `lstmviz.network.weights`.
    low, high : int
    backend : str
        May be changed at any time.

    Examples
    --------
    >>> net = Biaxial(time_layers=(8,), note_layers=(4,))
    >>> net
    <Biaxial: time1 8, note1 4 neurons, C1 to F7, 3,098 weights, float32, 0.01 MB>
    >>> silence = np.zeros((16, 78, 2), np.uint8)
    >>> net.probabilities(silence).shape
    (15, 78, 2)
    """

    def __init__(
        self,
        time_layers=(300, 300),
        note_layers=(100, 50),
        low=LOW,
        high=HIGH,
        seed=0,
        dtype=np.float32,
        backend="numba",
    ):
        time_layers = check_sizes("time_layers", time_layers)
        note_layers = check_sizes("note_layers", note_layers)
        check_range(low, high)
        check_count("seed", seed)
        check_dtype(dtype)
        self.low, self.high, self.backend = low, high, backend
        self.parameters = initial_weights(
            time_layers, note_layers, self.notes, seed, dtype
        )

    def __repr__(self):
        """Show layers, notes, number of weights and memory in one line."""
        sizes = ", ".join(f"{name} {H}" for name, H in self.sizes.items())
        megabytes = self.weight_count * self.dtype.itemsize / 1e6
        return (
            f"<Biaxial: {sizes} neurons, {note_range(self.low, self.notes)}, "
            f"{self.weight_count:,} weights, {self.dtype}, {megabytes:.2f} MB>"
        )

    @property
    def backend(self):
        """The functions to compute with: "numba" or "numpy"."""
        return self._backend

    @backend.setter
    def backend(self, name):
        self._backend = check_choice("backend", name, sorted(BACKENDS))

    @property
    def functions(self):
        """The functions of the backend, compiled: a `Backend`."""
        return get_backend(self.backend, len(self.note_names))

    @property
    def notes(self):
        """N, how many notes the network covers."""
        return self.high - self.low

    @property
    def time_names(self):
        """Names of the layers along time, from the lowest to the highest."""
        return layer_names(self.parameters, "time")

    @property
    def note_names(self):
        """Names of the layers up the notes, from the lowest to the highest."""
        return layer_names(self.parameters, "note")

    @property
    def layer_names(self):
        """Names of all layers, from the input to the output."""
        return self.time_names + self.note_names

    @property
    def sizes(self):
        """Number of neurons of each layer: a dict from its name to H."""
        return {name: len(self.parameters[f"{name}.U"]) for name in self.layer_names}

    @property
    def dtype(self):
        """The dtype of the weights."""
        return self.parameters["out.b"].dtype

    @property
    def weight_count(self):
        """How many numbers the network has learned, or is about to learn."""
        return sum(array.size for array in self.parameters.values())

    # Forward and backward -------------------------------------------------------

    def forward(self, music, before=None, masks=None, keep=True):
        """Hear one piece, and compute the log-odds of every next step.

        This is teacher forcing: at each step the network is told what the piece
        really did up to that step, and for each note what the piece really does on
        the note below.

        Parameters
        ----------
        music : Piece, or array_like (T, N, 2)
        before : StackActivations, optional
            Continue in the middle of a longer piece, see `forward_time`.
        masks : dict of ndarray (H,), optional
            Dropout: the mask of each layer's output, see `stack.forward`.
        keep : bool
            If False, the gates and cell states of earlier steps than the last may be
            left out, which saves time.

        Returns
        -------
        Activations
        """
        piece, p, cell = self.check(music), self.parameters, self.functions
        check_masks(masks, self.sizes)
        if not keep:
            cell = cell._replace(forward=cell.forward_outputs)
        with cell.limit():
            time = self.forward_time(piece[:-1], before, masks, cell)
            y = swap_axes(time.output)
            below = swap_axes(choices_below(piece.states[1:]))
            x = buffers.empty((*below.shape[:2], y.shape[-1] + 2), self.dtype)
            np.concatenate([y, below], axis=-1, out=x)
            note = stack.forward(p, self.note_names, x, masks, cell=cell)
            z = note.output @ p["out.W"] + p["out.b"]
        return Activations(time, note, swap_axes(z))

    def backward(self, dz, activations, masks=None):
        """Carry the gradient by the log-odds (S, N, 2) back to every weight.

        This mirrors `forward`: read it from the last line to the first.

        Returns
        -------
        dict of ndarray
            Named and shaped like `parameters`.
        """
        p, cell = self.parameters, self.functions
        dz = swap_axes(dz)
        of_output = {
            "out.W": np.tensordot(activations.note.output, dz, axes=((0, 1), (0, 1))),
            "out.b": dz.sum(axis=(0, 1)),
        }
        dx = dz @ p["out.W"].T
        dx, of_note = stack.backward(dx, p, activations.note, masks, cell=cell)
        dy = swap_axes(dx[..., :-2])  # the last two inputs are choices: data
        _, of_time = stack.backward(
            dy, p, activations.time, masks, to_input=False, cell=cell
        )
        return of_output | of_note | of_time

    def forward_time(self, heard, before=None, masks=None, cell=None):
        """Run the time layers over a piece of S steps.

        With `before`, what this method returned for the steps before the first one,
        the layers continue from there. `cell` is the network's backend if not given.

        Returns
        -------
        StackActivations
        """
        cell = cell or self.functions
        x = cell.note_features(heard).astype(self.dtype, copy=False)
        return stack.forward(self.parameters, self.time_names, x, masks, before, cell)

    def forward_passages(self, music, length=PASSAGE):
        """Hear a piece passage by passage, each continuing from the one before.

        Parameters
        ----------
        music : Piece, or array_like (T, N, 2)
        length : int
            Time steps of a passage; the last one can be shorter.

        Yields
        ------
        start : int
            The step of the piece on which the passage starts.
        Activations
        """
        piece, before = self.check(music), None
        for start in range(0, len(piece) - 1, length):
            activations = self.forward(piece[start : start + length + 1], before)
            before = stack.last_step(activations.time)
            yield start, activations

    # What comes of it -----------------------------------------------------------

    def probabilities(self, music):
        """Return the probabilities that the network gives each note of a piece.

        Parameters
        ----------
        music : Piece, or array_like (T, N, 2)

        Returns
        -------
        ndarray (T - 1, N, 2)
            `[s, n]` is P(play), and P(articulate) if it is played, of note n at step
            s + 1, given the piece up to step s and its notes below n at step s + 1.
        """
        return sigmoid(self.log_odds(music))

    def log_odds(self, music, heard=None):
        """Return the log-odds z of play and articulate, (T - 1, N, 2).

        `probabilities` is their sigmoid. The piece is heard passage by passage, so that
        memory does not grow with it; after each one, `heard` is called with the number
        of its steps.
        """
        piece = self.check(music)
        z, before = np.empty((len(piece) - 1, self.notes, 2), self.dtype), None
        for start in range(0, len(z), PASSAGE):
            passage = piece[start : start + PASSAGE + 1]
            with buffers.reuse():
                activations = self.forward(passage, before, keep=False)
                z[start : start + PASSAGE] = activations.z
                before = stack.last_step(activations.time)
            if heard is not None:
                heard(len(passage) - 1)
        return z

    def loss_and_gradients(self, batch, masks=None):
        """Return the loss on a batch of music, and its gradient by every weight.

        The loss is minus the log likelihood of what happened next, in nats per
        time step: summed over notes, averaged over the steps of all sequences.
        Articulation counts only for notes that are played.

        Parameters
        ----------
        batch : sequence of B Pieces or array_like (T, N, 2), or array_like (B, T, N, 2)
            B pieces of music; in a sequence, T may differ.
        masks : dict of ndarray (B, H), optional
            Dropout: one mask a sequence for each layer's output.

        Returns
        -------
        loss : float
        gradients : dict of ndarray
            Named and shaped like `parameters`.
        """
        batch = check_list("batch", batch, "pieces of music")
        batch = [self.check(music) for music in batch]
        if not batch:
            raise ValueError("batch must hold at least one piece of music")
        check_masks(masks, self.sizes, len(batch))
        steps = sum(len(piece) - 1 for piece in batch)
        masks_of = [
            masks and {name: mask[b] for name, mask in masks.items()}
            for b in range(len(batch))
        ]
        shares = self.functions.map(
            self.share_of_loss, batch, masks_of, [steps] * len(batch)
        )
        loss = 0.0
        gradients = {name: np.zeros_like(w) for name, w in self.parameters.items()}
        for share, of_share in shares:  # added in a fixed order: the same seed always
            loss += float(share)  # gives the same weights
            for name, gradient in of_share.items():
                gradients[name] += gradient
        return loss, gradients

    def share_of_loss(self, piece, masks, steps):
        """Return what one sequence adds to the loss of a batch, and to its gradients.

        Parameters
        ----------
        piece : Piece
        masks : dict of ndarray (H,), or None
        steps : int
            Time steps of the whole batch, which the loss is averaged over.
        """
        with buffers.reuse():
            activations = self.forward(piece, masks=masks)
            nats, dz = negative_log_likelihood(activations.z, piece.states[1:])
            dz /= steps
            return nats.sum() / steps, self.backward(dz, activations, masks)

    def clamped(self, neurons, values):
        """Return a network in which some neurons always output a value.

        Clamping is an edit of weights, see `lstmviz.network.clamping`: what comes back
        is an ordinary network with weights of its own, to evaluate, trace, compose with
        or save like any other. A clamped neuron outputs its value from before the first
        step on. Its own gates and states are still computed, so a trace shows them, but
        nothing reads them; therefore clamping it again changes nothing.

        Parameters
        ----------
        neurons : dict of str -> sequence of int
            Numbers of neurons by layer, such as `{"time1": [17, 3]}`.
        values : float, or dict of str -> sequence of float
            One value for all, or one for each, such as `{"time1": [0.1, -0.2]}`.

        Returns
        -------
        Biaxial

        Raises
        ------
        ValueError
            There is no such layer or neuron, a neuron is named twice, or the values do
            not fit or are not finite.

        Examples
        --------
        >>> net = Biaxial(time_layers=(8,), note_layers=(4,))
        >>> quiet = net.clamped({"time1": [5, 2]}, 0.1)
        >>> bool(quiet.parameters["time1.U"][5].any())  # read by nothing
        False
        """
        net = copy(self)
        net.parameters = clamped_parameters(self.parameters, neurons, values)
        return net

    # In and out -----------------------------------------------------------------

    def check(self, music, steps=2):
        """Return music as a piece that this network can hear, or raise a ValueError."""
        piece = as_piece(music, getattr(music, "low", self.low))
        if (piece.low, piece.shape[1]) != (self.low, self.notes):
            raise ValueError(
                f"this music covers {piece.shape[1]} notes "
                f"({note_range(piece.low, piece.shape[1])}), but the network covers "
                f"{self.notes} ({note_range(self.low, self.notes)})"
            )
        if len(piece) < steps:
            raise ValueError(f"music of at least {steps} steps is needed")
        return piece

    def save(self, path):
        """Save the weights as `.npz`, whole or not at all; `load` reads them."""
        save_weights(self.parameters, self.low, self.high, path)


def swap_axes(a):
    """Swap the axes of time and notes: (S, N, ...) <-> (N, S, ...)."""
    return np.swapaxes(a, 0, 1)


def choices_below(chosen):
    """Return for each note what was chosen for the note below; silence at the lowest.

    Shapes (S, N, 2) -> (S, N, 2).
    """
    below = np.zeros_like(chosen)
    below[:, 1:] = chosen[:, :-1]
    return below
