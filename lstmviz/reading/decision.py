"""One decision as a function of the music that led to it, scaled from silence.

At scale a, the network hears a times the note states of the last steps, and is told a
times what was chosen for the notes below: 1 is the piece, 0 is silence. In between
there is no music, but as the note features are linear in the states, the log-odds are
a smooth function of a, and `values_and_shares` gives them with their gradient.
"""

import copy

import numpy as np

from lstmviz.cells import stack
from lstmviz.cells.lstm import Layer
from lstmviz.cells.stack import StackActivations
from lstmviz.fast.buffers import buffers
from lstmviz.music.features import note_features_transposed
from lstmviz.music.notes import PLAYED
from lstmviz.network.biaxial import choices_below, swap_axes
from lstmviz.reading.passages import PASSAGE

__all__ = ["Decision"]

AT_ONCE = 2  # scales that one thread runs side by side: a few rows more are faster


class Decision:
    """The log-odds of one choice for one note, and what they owe to each note state.

    Parameters
    ----------
    net : Biaxial
    piece : Piece
    step : int
        s: the network has heard step s and decides step s + 1.
    n : int
        Index of the note.
    past : int
        How many of the steps heard are scaled; those before stay as they are.
    kind : {PLAYED, ARTICULATED}

    Attributes
    ----------
    start : int
        The first step that is scaled.
    heard : ndarray (S, N, 2)
        The note states that are scaled.
    below : ndarray (N, 2)
        What was chosen at step s + 1 for the notes below n; 0 for all others.
    """

    def __init__(self, net, piece, step, n, past, kind=PLAYED):
        self.net, self.kind, self.rows = net, kind, n + 1  # notes above have no say
        self.start = max(0, step + 1 - past)
        # `backward` takes the states before its first step to be zero. Where they are
        # not, the gradient is wrong at that first step only: so it is one step more.
        first = max(0, self.start - 1)
        self.unscaled = self.start - first
        (self.before,) = net.functions.map(self._states_before, [piece[:first]])
        self.window = piece[first : step + 1]
        self.heard = self.window.states[self.unscaled :]
        self.silence = self._features(0 * self.heard)
        self.change = self._features(self.heard) - self.silence
        self.below = np.zeros_like(self.heard[0])
        self.below[:n] = piece[step + 1][:n]

    def values_and_shares(self, scales):
        """Return the log-odds at each scale, and the rate at which each state adds.

        The rates are those of change with the scale: they add up to the derivative of
        the log-odds by the scale.

        Parameters
        ----------
        scales : sequence of P floats

        Returns
        -------
        z : ndarray (P,)
        heard : ndarray (P, S, N, 2)
            Gradient by each note state heard, times the state.
        below : ndarray (P, N, 2)
            Likewise for the choices below.
        """
        scales = np.array(scales, self.net.dtype)
        groups = [scales[k : k + AT_ONCE] for k in range(0, len(scales), AT_ONCE)]
        parts = self.net.functions.map(self._run, groups)
        return tuple(np.concatenate(part) for part in zip(*parts, strict=True))

    def values(self, scales):
        """Return the log-odds at each scale (P,)."""
        (z,) = self.net.functions.map(self._log_odds, [np.array(scales)])
        return z

    def _log_odds(self, a):
        """Return z (P,) at the scales a (P,)."""
        with buffers.reuse():
            return self._forward(a.astype(self.net.dtype))[-1]

    def _run(self, a):
        """Do what `values_and_shares` does for a few scales, side by side."""
        p, cell = self.net.parameters, self.net.functions
        P, R, N = len(a), self.rows, self.net.notes
        with buffers.reuse():
            time, note, z = self._forward(a)
            dh = np.zeros_like(note.output)
            dh[-1] = p["out.W"][:, self.kind]  # the gradient of the one number z
            dx, _ = stack.backward(dh, p, note, cell=cell)
            of_choices = swap_axes(dx[..., -2:]).copy()  # (P, R, 2)
            dh = np.zeros_like(time.output)
            dh[-1] = swap_axes(dx[..., :-2]).reshape(P * R, -1)
            dx, _ = stack.backward(dh, p, time, cell=cell)
            of_features = np.zeros((P, len(dx), N, dx.shape[-1]), self.net.dtype)
            of_features[:, :, :R] = dx.reshape(len(dx), P, R, -1).swapaxes(0, 1)

        of_features = of_features[:, self.unscaled :]
        of_states = note_features_transposed(of_features, self.net.low)
        of_below = np.zeros((P, N, 2), self.net.dtype)
        of_below[:, : R - 1] = of_choices[:, 1:]  # row n is told the choice of n - 1
        return z, of_states * self.heard, of_below * self.below

    def _forward(self, a):
        """Run both stacks at the scales a (P,), and return them with z (P,).

        Along time, a row is a scale and a note; up the notes, a row is a scale.
        """
        p, cell, P, R = self.net.parameters, self.net.functions, len(a), self.rows
        x = self.silence[:, None] + a[:, None, None] * self.change[:, None]
        x = x.reshape(len(x), P * R, -1)
        before = self.before and repeated(self.before, P)
        time = stack.forward(p, self.net.time_names, x, before=before, cell=cell)
        y = swap_axes(time.output[-1].reshape(P, R, -1))
        below = choices_below(self.below[None, :R])[0].astype(self.net.dtype)
        x = np.concatenate([y, a[:, None] * below[:, None]], axis=-1)
        note = stack.forward(p, self.net.note_names, x, cell=cell)
        z = note.output[-1] @ p["out.W"][:, self.kind] + p["out.b"][self.kind]
        return time, note, z

    def hearing(self, heard):
        """Return the same decision after other note states (S, N, 2) were heard."""
        other = copy.copy(self)
        other.heard = heard
        other.change = other._features(heard) - other.silence
        return other

    def _features(self, heard):
        """Return the features of the window if the S steps are these note states."""
        states = self.window.states.copy()
        states[self.unscaled :] = heard
        return self._features_of(self.window.replace(states=states))

    def _features_of(self, piece):
        """Return the note features of the notes that have a say."""
        x = self.net.functions.note_features(piece)[:, : self.rows]
        return x.astype(self.net.dtype, copy=False)

    def _states_before(self, piece):
        """Return the time layers after a piece has been heard; None if it is empty."""
        before, net = None, self.net
        for start in range(0, len(piece), PASSAGE):
            with buffers.reuse():
                x = self._features_of(piece[start : start + PASSAGE])
                time = stack.forward(
                    net.parameters,
                    net.time_names,
                    x,
                    before=before,
                    cell=net.functions,
                )
                before = stack.last_step(time)
        return before


def repeated(activations, count):
    """Return the last step of a stack, its rows so many times side by side."""
    layers = {
        name: Layer(*(np.tile(array[-1:], (1, count, 1)) for array in layer))
        for name, layer in activations.layers.items()
    }
    output = np.tile(activations.output[-1:], (1, count, 1))
    return StackActivations({}, layers, output)
