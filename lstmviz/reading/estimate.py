"""An estimate of the effect of every single neuron at once, by two backward passes.

Clamping one neuron after the other takes a pass over the music for each of them. But a
clamp is an edit of weights, θ → θ + Δ, and the gradient says what small edits cost. Let
the neuron be clamped in part: θ + α Δ, which replaces its h by (1 - α) h + α mean. The
loss L as a function of α, cut off after the second term, gives at α = 1

    L(1) - L(0)  ≈  L' + L'' / 2

L' is the gradient times the edit: the sum over steps of ∂L/∂h (mean - h). On music that
a network has learned to predict it is nearly 0, for the network is at a minimum there,
and what remains is curvature. With the log-odds z of all decisions, and Λ = p (1 - p),
the second derivative of their nats (Gauss-Newton; exact if z is linear in α),

    L''  ≈  Σ Λ (∂z/∂α)²  =  mean of (Σ ε √Λ ∂z/∂α)²  over random signs ε,

where the sum in the brackets is one backward pass for all neurons: it starts from
ε √Λ in place of the gradient of the loss (Hutchinson's estimator of a trace).

It ranks neurons; it does not replace clamping. α = 1 is not a small edit: for the few
neurons of `classical` with the largest effects the estimate was up to three times too
large. `EffectEstimate.check` compares both, and `lstmviz.effect` measures.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.checks import check_count, check_flag, check_kind, check_known
from lstmviz.fast.buffers import buffers
from lstmviz.files import save_table
from lstmviz.music.notes import ARTICULATED, PLAYED, counted
from lstmviz.music.piece import MAX_STEPS
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.clamping import above
from lstmviz.network.evaluating import nats_of_pieces
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.progress import progress_bar
from lstmviz.reading.effect import silenced
from lstmviz.reading.means import check_pieces

__all__ = ["Check", "EffectEstimate", "estimate_effects"]


class Check(NamedTuple):
    """Estimates beside what true clamping costs; the dicts are keyed by layer."""

    neurons: dict  # (n,) which neurons were clamped
    estimated: dict  # (n,) nats per time step
    lost: dict  # (n,) nats per time step

    def __repr__(self):
        """Show the correlation over all neurons in one line."""
        count = sum(map(len, self.neurons.values()))
        return (
            f"<Check: correlation {self.correlation():.2f} over "
            f"{counted(count, 'neuron')}, {self.correlation(ranks=True):.2f} of ranks>"
        )

    def correlation(self, layer=None, ranks=False):
        """Return the correlation of estimated and true, of one layer or of all.

        With `ranks`, that of their ranks (Spearman).
        """
        layers = self.neurons if layer is None else [layer]
        pair = [
            np.concatenate([part[name] for name in layers])
            for part in (self.estimated, self.lost)
        ]
        if ranks:
            pair = [np.argsort(np.argsort(values)) for values in pair]
        return float(np.corrcoef(*pair)[0, 1])


class EffectEstimate:
    """About how much is lost when each neuron is clamped to its mean.

    `estimate["time1"]` is an array (H,): nats per time step for each of its neurons.

    Attributes
    ----------
    slope, curvature : dict of str -> ndarray (H,)
        Both terms, L' and L'' / 2, in nats per time step. Their sum is the estimate.
    means : dict of str -> ndarray (H,)
        The values that the neurons are clamped to.
    passages : list of Piece
        The music that was heard, each passage from zero states.
    """

    def __init__(self, slope, curvature, means, passages):
        self.slope, self.curvature = slope, curvature
        self.means, self.passages = means, passages

    def __repr__(self):
        """Show neurons and music in one line."""
        sizes = ", ".join(f"{name} {len(mean)}" for name, mean in self.means.items())
        passages = counted(len(self.passages), "passage")
        return f"<EffectEstimate: {sizes} neurons, {passages}>"

    def __getitem__(self, name):
        """Return the estimates of a layer (H,)."""
        check_known("layer", name, self)
        return self.slope[name] + self.curvature[name]

    def __iter__(self):
        """Iterate over the names of the layers, from the input to the output."""
        return iter(self.means)

    def strongest(self, layer, count=1):
        """Return the neurons of a layer that are estimated to matter most, in order."""
        check_count("count", count, 1)
        return np.argsort(-self[layer], kind="stable")[:count].tolist()

    def table(self):
        """Return a row for each neuron, beneath a heading.

        Returns
        -------
        list of list
            layer, neuron, nats (the estimate), its two terms slope and curvature, and
            the mean of h.
        """
        rows = [["layer", "neuron", "nats", "slope", "curvature", "mean"]]
        for name in self:
            parts = self[name], self.slope[name], self.curvature[name], self.means[name]
            for k, numbers in enumerate(zip(*parts, strict=True)):
                rows.append([name, k, *(float(f"{x:.4g}") for x in numbers)])
        return rows

    def write_csv(self, path):
        """Write `table` as CSV, completely or not at all."""
        save_table(self.table(), path)

    def check(self, net, each=10, seed=0, progress=False):
        """Clamp some neurons of each layer, and return estimated beside true effects.

        Parameters
        ----------
        net : Biaxial
            The network of the estimate.
        each : int
            How many neurons of each layer, drawn at random; at least 2.
        seed : int
        progress : bool

        Returns
        -------
        Check

        Raises
        ------
        ValueError
            The network has other layers than the estimate, or `each` is below 2.
        """
        check_kind("net", net, Biaxial)
        check_count("seed", seed)
        check_flag("progress", progress)
        if net.sizes != {name: len(mean) for name, mean in self.means.items()}:
            raise ValueError("net: its layers are not those of the estimate")
        check_count("each", each, 2)  # of fewer there is no correlation
        rng = np.random.default_rng(seed)
        neurons = {
            name: np.sort(rng.choice(H, min(each, H), replace=False))
            for name, H in net.sizes.items()
        }
        steps = sum(len(passage) - 1 for passage in self.passages)
        baseline = nats_of_pieces(net, self.passages).sum() / steps
        one_by_one = [(name, k) for name in neurons for k in neurons[name].tolist()]
        lost = {name: [] for name in neurons}
        for name, k in progress_bar(one_by_one, "clamping", "neuron", progress):
            quiet = silenced(net, {name: [k]}, self.means)
            nats = nats_of_pieces(quiet, self.passages).sum() / steps
            lost[name].append(nats - baseline)
        estimated = {name: self[name][chosen] for name, chosen in neurons.items()}
        return Check(neurons, estimated, {k: np.array(v) for k, v in lost.items()})


def estimate_effects(net, pieces, passages=64, length=128, seed=0, progress=False):
    """Estimate what is lost when each neuron alone is clamped to its mean.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
    passages : int
        At most so many passages are heard, spread evenly over all pieces. The
        curvature is a mean of as many random numbers: its error is about
        √(2 / passages) of its value, 18 % for 64.
    length : int
        Steps of a passage. Each one starts from zero states, as in training.
    seed : int
        Of the random signs.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    EffectEstimate

    Raises
    ------
    ValueError
        There are no pieces, one of them is no music for this network, or `passages` or
        `length` is below 1.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> found = estimate_effects(load("tiny"), [song("musette")], length=32)
    >>> found
    <EffectEstimate: time1 64, time2 64, note1 32, note2 16 neurons, 7 passages>
    """
    pieces = check_pieces(net, pieces)
    check_count("passages", passages, 1)
    check_count("length", length, 1, MAX_STEPS)
    check_count("seed", seed)
    check_flag("progress", progress)
    heard = spread_passages(pieces, passages, length)
    work = partial(sums_of_passage, net, seed)
    results = net.functions.map(work, heard, range(len(heard)))
    sums = list(progress_bar(results, "estimating", "passage", progress, len(heard)))
    steps = sum(len(passage) - 1 for passage in heard)
    slope, curvature, means = {}, {}, {}
    for name in net.layer_names:
        h, true, random = (np.array([s[part][name] for s in sums]) for part in range(3))
        means[name] = mean = h.sum(axis=0) / (steps * net.notes)
        slope[name] = times_edit(true, mean).sum(axis=0) / steps
        curvature[name] = (times_edit(random, mean) ** 2).sum(axis=0) / 2 / steps
    return EffectEstimate(slope, curvature, means, heard)


def sums_of_passage(net, seed, passage, number):
    """Return the sum of h, and two gradients read by each neuron, of one passage.

    Returns
    -------
    h : dict of str -> ndarray (H,)
        By layer, summed over steps and notes.
    true, random : dict of str -> ndarray (2, H)
        See `read_by_neuron`: from the gradient of the loss, and from ε √Λ.
    """
    rng = np.random.default_rng([seed, number])
    with buffers.reuse():
        activations = net.forward(passage)
        layers = activations.time.layers | activations.note.layers
        h = {n: layer.h.sum(axis=(0, 1), dtype=float) for n, layer in layers.items()}
        z, chosen = activations.z, passage.states[1:]
        _, dz = negative_log_likelihood(z, chosen)
        read = [read_by_neuron(net, net.backward(dz, activations))]
        signs = rng.choice(np.array([-1, 1], z.dtype), z.shape)
        dz = signs * np.sqrt(second_derivative(z, chosen))
        read.append(read_by_neuron(net, net.backward(dz, activations)))
    return h, *read


def second_derivative(z, chosen):
    """Return the second derivative of the nats of each choice by its log-odds, Λ.

    Shapes (S, N, 2), (S, N, 2) -> (S, N, 2). Articulation counts only for notes that
    are played, as in `negative_log_likelihood`.
    """
    p = sigmoid(z)
    curvature = p * (1 - p)
    curvature[..., ARTICULATED] *= chosen[..., PLAYED]
    return curvature


def read_by_neuron(net, gradients):
    """Return the gradient times both parts of the edit that clamps each neuron.

    To clamp neuron k to v adds v w to a bias, and -w to the row w = W[k] of weights,
    where h is read: in its own layer and in the one above. Per neuron:

        [ Σ w · ∂L/∂b,   Σ w · ∂L/∂w ]

    Returns
    -------
    dict of str -> ndarray (2, H)
    """
    p, read = net.parameters, {}
    for name, H in net.sizes.items():
        read[name] = np.zeros((2, H))
        for weights, bias in (f"{name}.U", f"{name}.b"), above(p, name):
            w = p[weights][:H]  # the input of note1 has two choices more
            read[name][0] += w @ gradients[bias]
            read[name][1] += (w * gradients[weights][:H]).sum(axis=1)
    return read


def times_edit(read, mean):
    """Return the derivative by α of what was read (P, 2, H), clamping to mean (H,)."""
    return read[:, 0] * mean - read[:, 1]


def spread_passages(pieces, count, length):
    """Return at most `count` passages of about `length` steps, spread over all pieces.

    Steps are those that are predicted; the one before the first is heard only. The rest
    of a piece at its end is left out if it is shorter than half a passage.
    """
    every = [
        piece[start : start + length + 1]
        for piece in pieces
        for start in range(0, max(len(piece) - (length + 1) // 2, 1), length)
    ]
    chosen = np.linspace(0, len(every) - 1, min(count, len(every))).round().astype(int)
    return [every[place] for place in chosen]
