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

from lstmviz.music.notes import ARTICULATED, HIGH, LOW, PLAYED, check_states
from lstmviz.network import backends, stack
from lstmviz.network.lstm import sigmoid
from lstmviz.network.memory import memory
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

    def think(self, states, start=0, before=None, masks=None, backend="numba"):
        """Listen to one piece and decide every step anew from what truly came before.

        This is teacher forcing: each decision is made knowing what the piece
        did up to that step, and, at each note, what it does on the notes below.

        Parameters
        ----------
        states : ndarray, uint8 (T, N, 2)
        start, before : int, Stack, optional
            Go on from here in a longer piece, see `listen`.
        masks : dict of ndarray (H,), optional
            Dropout for each layer's output, see `stack.forward`.
        backend : {"numba", "numpy"}

        Returns
        -------
        Thought
        """
        heard, chosen = states[:-1], states[1:]
        p, use = self.parameters, backends.named(backend)
        time = self.listen(heard, start, before, masks, backend)
        y, choices = turn(time.output), turn(below(chosen)).astype(p["out.b"].dtype)
        x = np.concatenate([y, choices], axis=-1)
        note = stack.forward(use, p, self.note_names, x, masks)
        z = note.output @ p["out.W"] + p["out.b"]
        return Thought(time, note, turn(z))

    def listen(self, heard, start=0, before=None, masks=None, backend="numba"):
        """Run the time layers over music (S, N, 2) that begins at time step `start`.

        With `before`, a Stack that this method returned, they go on from there.
        """
        p, use = self.parameters, backends.named(backend)
        x = use.note_features(heard, self.low, start)
        x = x.astype(p["out.b"].dtype, copy=False)
        return stack.forward(use, p, self.time_names, x, masks, before)

    def probabilities(self, states, backend="numba"):
        """Return how probable the network holds each note while it hears a piece.

        Parameters
        ----------
        states : array_like (T, N, 2)
        backend : {"numba", "numpy"}

        Returns
        -------
        ndarray (T - 1, N, 2)
            `[s, n]` is P(play) and, should it be played, P(articulate) of note
            n at step s + 1.
        """
        return sigmoid(self.think(self.check(states), backend=backend).z)

    # Learning -------------------------------------------------------------------

    def loss_and_gradients(self, batch, masks=None, backend="numba"):
        """Return the loss on a batch of music, and its gradient by every weight.

        The loss is minus the log likelihood of what happened next, in nats per
        time step: summed over notes, averaged over the steps of all sequences.
        Whether a note is articulated counts only where it is played.

        Parameters
        ----------
        batch : array_like (B, T, N, 2), or sequence of B array_like (T, N, 2)
            B pieces of music; in a sequence, T may differ.
        masks : dict of ndarray (B, H), optional
            Dropout: one mask a sequence for each layer's output.
        backend : {"numba", "numpy"}

        Returns
        -------
        loss : float
        gradients : dict of ndarray
            Named and shaped like `parameters`.
        """
        batch = [self.check(states) for states in batch]
        steps = sum(len(states) - 1 for states in batch)

        def learn(b):
            """Return loss and gradients of one sequence's share."""
            mask = masks and {name: mask[b] for name, mask in masks.items()}
            with memory.recycled():
                thought = self.think(batch[b], masks=mask, backend=backend)
                nats, dz = negative_log_likelihood(thought.z, batch[b][1:])
                dz /= steps
                return nats.sum() / steps, self.backward(dz, thought, mask, backend)

        loss = 0.0
        gradients = {name: np.zeros_like(w) for name, w in self.parameters.items()}
        for share, of_share in backends.named(backend).each(learn, range(len(batch))):
            loss += float(share)
            for name, gradient in of_share.items():
                gradients[name] += gradient
        return loss, gradients

    def backward(self, dz, thought, masks=None, backend="numba"):
        """Carry the gradient by the log-odds (S, N, 2) back to every weight.

        The mirror image of `think`, to be read beside it from its end up.
        """
        p, use = self.parameters, backends.named(backend)
        dz = turn(dz)
        gradients = {
            "out.W": np.tensordot(thought.note.output, dz, axes=((0, 1), (0, 1))),
            "out.b": dz.sum(axis=(0, 1)),
        }
        dx = dz @ p["out.W"].T
        dx, of_note = stack.backward(use, dx, p, thought.note, masks)
        dy = turn(dx[..., :-2])  # the last two inputs were choices, not computed
        _, of_time = stack.backward(use, dy, p, thought.time, masks, to_input=False)
        return gradients | of_note | of_time

    # In and out -----------------------------------------------------------------

    def check(self, states, steps=2):
        """Return note states that this network can hear, or say why it cannot."""
        states = check_states(states, self.notes)
        if states.ndim != 3:
            raise ValueError(f"music is needed as (T, N, 2), not {states.shape}")
        if len(states) < steps:
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
