"""The biaxial LSTM: along time, then up the notes, then two probabilities a note.

    note features (S, N, 80)
          │
    time LSTMs      recurrent along the steps S; the N notes are rows side by
          │         side with the same weights. They learn rhythm and melody.
        turn        (S, N, H) -> (N, S, H)
          │         + the choices made for the note below (N, S, 2)
    note LSTMs      recurrent up the notes N; the S steps are rows side by
          │         side. They learn which notes go together.
       output       (N, S, 2) -> turned back, P(play) and P(articulate)

Step s of a trace: the network has heard the music up to step s and decides
step s + 1. Music of T steps therefore makes S = T - 1 decisions.

After Daniel D. Johnson, "Composing Music With Recurrent Neural Networks"
(2015) and "Generating Polyphonic Music Using Tied Parallel Networks" (2017).
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from lstmviz.music.features import note_features
from lstmviz.music.notes import ARTICULATED, HIGH, LOW, PLAYED, check_states
from lstmviz.network import stack
from lstmviz.network.lstm import sigmoid
from lstmviz.network.weights import (
    initial_weights,
    layer_sizes,
    load_weights,
    save_weights,
    shipped,
)

__all__ = ["Biaxial", "Thought", "load"]


class Thought(NamedTuple):
    """All that the network computes while it hears one piece."""

    time: stack.Stack  # along time: arrays (S, N, ...)
    note: stack.Stack  # up the notes: arrays (N, S, ...)
    z: np.ndarray  # (S, N, 2) log-odds of play and articulate


class Biaxial:
    """A biaxial LSTM: its weights, what it thinks of music, and how it would learn.

    Parameters
    ----------
    time_layers, note_layers : sequence of int
        Neurons of each layer recurrent along time, and up the notes.
    low, high : int
        The MIDI notes covered: `low` up to but not including `high`.
    seed : int
        For the same first weights again.
    dtype : float32 or float64
        Of the weights, and so of everything computed with them.

    Attributes
    ----------
    parameters : dict of ndarray
        The weights, by the names in `lstmviz.network.weights`.

    Examples
    --------
    >>> net = Biaxial(time_layers=(8,), note_layers=(4,))
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
    ):
        for sizes in time_layers, note_layers:
            if not sizes or any(size < 1 for size in sizes):
                raise ValueError(
                    f"layers need at least one neuron each, not {tuple(sizes)}"
                )
        if not 0 <= low < high <= 128:
            raise ValueError(
                f"notes {low} up to {high} are not within MIDI's 0 up to 128"
            )
        self.low, self.high = low, high
        self.parameters = initial_weights(
            time_layers, note_layers, self.notes, seed, dtype
        )

    @property
    def notes(self):
        """N, how many notes the network covers."""
        return self.high - self.low

    @property
    def time_names(self):
        """Names of the layers recurrent along time, from the bottom up."""
        return [
            f"time{k + 1}" for k in range(len(layer_sizes(self.parameters, "time")))
        ]

    @property
    def note_names(self):
        """Names of the layers recurrent up the notes, from the bottom up."""
        return [
            f"note{k + 1}" for k in range(len(layer_sizes(self.parameters, "note")))
        ]

    @property
    def layer_names(self):
        """Names of all layers, from the input up."""
        return self.time_names + self.note_names

    # The network's own thinking -------------------------------------------------

    def think(self, states, masks=None):
        """Listen to one piece and decide every step anew from what truly came before.

        This is teacher forcing: each decision is made knowing what the piece
        did up to that step, and, at each note, what it does on the notes below.

        Parameters
        ----------
        states : ndarray, uint8 (T, N, 2)
        masks : dict of ndarray (H,), optional
            Dropout for each layer's output, see `stack.forward`.

        Returns
        -------
        Thought
        """
        heard, chosen = states[:-1], states[1:]
        time = self.along_time(self.features(heard), masks)
        note = self.up_the_notes(turn(time.output), turn(below(chosen)), masks)
        return Thought(time, note, turn(self.log_odds(note)))

    def features(self, heard, start=0):
        """Return `note_features` in the dtype of the weights: (S, N, 80)."""
        dtype = self.parameters["out.b"].dtype
        return note_features(heard, self.low, start).astype(dtype, copy=False)

    def along_time(self, x, masks=None, before=None):
        """Run the time layers on note features (S, N, 80)."""
        return stack.forward(self.parameters, self.time_names, x, masks, before)

    def up_the_notes(self, y, choices, masks=None, before=None):
        """Run the note layers on the time layers' output and the choices below.

        Shapes: y (N, S, H), choices (N, S, 2).
        """
        x = np.concatenate([y, choices.astype(y.dtype)], axis=-1)
        return stack.forward(self.parameters, self.note_names, x, masks, before)

    def log_odds(self, note):
        """Return the log-odds of play and articulate, (N, S, 2)."""
        return note.output @ self.parameters["out.W"] + self.parameters["out.b"]

    def probabilities(self, states):
        """Return how probable the network holds each note while it hears a piece.

        Parameters
        ----------
        states : array_like (T, N, 2)

        Returns
        -------
        ndarray (T - 1, N, 2)
            `[s, n]` is P(play) and, should it be played, P(articulate) of note
            n at step s + 1.
        """
        return sigmoid(self.think(self.check(states)).z)

    # Learning -------------------------------------------------------------------

    def loss_and_gradients(self, batch, masks=None):
        """Return the loss on a batch of music, and its gradient by every weight.

        The loss is minus the log likelihood of what happened next, in nats per
        time step: summed over notes, averaged over steps and sequences.
        Whether a note is articulated counts only where it is played.

        Parameters
        ----------
        batch : array_like (B, T, N, 2)
            B pieces of music of the same length.
        masks : dict of ndarray (B, H), optional
            Dropout: one mask a sequence for each layer's output.

        Returns
        -------
        loss : float
        gradients : dict of ndarray
            Named and shaped like `parameters`.
        """
        batch = self.check(batch, axes=4)
        B, T = batch.shape[:2]
        loss, gradients = 0.0, {k: np.zeros_like(v) for k, v in self.parameters.items()}
        for sequence, states in enumerate(batch):
            mask = masks and {name: mask[sequence] for name, mask in masks.items()}
            thought = self.think(states, mask)
            nats, dz = negative_log_likelihood(thought.z, states[1:])
            loss += nats.sum() / (B * (T - 1))
            for name, gradient in self.backward(
                dz / (B * (T - 1)), thought, mask
            ).items():
                gradients[name] += gradient
        return float(loss), gradients

    def backward(self, dz, thought, masks=None):
        """Carry the gradient by the log-odds (S, N, 2) back to every weight.

        The mirror image of `think`, to be read beside it from its end up.
        """
        dz = turn(dz)
        gradients = {
            "out.W": np.tensordot(thought.note.output, dz, axes=((0, 1), (0, 1))),
            "out.b": dz.sum(axis=(0, 1)),
        }
        dy = dz @ self.parameters["out.W"].T
        dx, of_note = stack.backward(dy, self.parameters, thought.note, masks)
        dy = turn(dx[..., :-2])  # the last two inputs were choices, not computed
        _, of_time = stack.backward(dy, self.parameters, thought.time, masks)
        return gradients | of_note | of_time

    # In and out -----------------------------------------------------------------

    def check(self, states, axes=3, steps=2):
        """Return note states that this network can hear, or say why it cannot."""
        states = check_states(states, self.notes)
        if states.ndim != axes:
            shape = "(B, T, N, 2)" if axes == 4 else "(T, N, 2)"
            raise ValueError(f"music is needed as {shape}, not {states.shape}")
        if states.shape[-3] < steps:
            raise ValueError(f"music of at least {steps} steps is needed")
        return states

    def save(self, path):
        """Save the weights as `.npz`, whole or not at all; `load` reads them."""
        save_weights(path, self.parameters, self.low, self.high)


def load(name):
    """Return a network that was saved before, or one that comes with the package.

    Parameters
    ----------
    name : str or path
        A file that `Biaxial.save` wrote, or the name of a shipped network.

    Raises
    ------
    ValueError
        There is no such file or name, or the file holds no network.
    """
    if not Path(name).exists() and str(name) not in shipped():
        names = ", ".join(shipped())
        raise ValueError(
            f"{name}: is neither a file nor a shipped network (those are: {names})"
        )
    parameters, low, high = load_weights(shipped().get(str(name), name))
    sizes = (layer_sizes(parameters, axis) for axis in ("time", "note"))
    net = Biaxial(*sizes, low, high)
    net.parameters = parameters
    return net


def turn(a):
    """Swap the axes of time and notes: (S, N, ...) <-> (N, S, ...)."""
    return np.swapaxes(a, 0, 1)


def below(chosen):
    """Return for each note what was chosen for the note below; silence at the lowest.

    Shapes (S, N, 2) -> (S, N, 2).
    """
    shifted = np.zeros_like(chosen)
    shifted[:, 1:] = chosen[:, :-1]
    return shifted


def negative_log_likelihood(z, chosen):
    """Return the nats of each choice, and their gradient by the log-odds.

    For a yes-or-no choice y with log-odds z: -log P = log(1 + exp(z)) - y z.

    Parameters
    ----------
    z : ndarray (S, N, 2)
        Log-odds of play and articulate.
    chosen : ndarray, uint8 (S, N, 2)
        What happened.

    Returns
    -------
    nats, dz : ndarray (S, N, 2)
    """
    counts = np.ones_like(z)  # articulation is a choice only where a note is played
    counts[..., ARTICULATED] = chosen[..., PLAYED]
    nats = counts * (np.logaddexp(0, z) - chosen * z)
    dz = counts * (sigmoid(z) - chosen)
    return nats, dz
