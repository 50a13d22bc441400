"""Selection and match: neurons that are on in a span of steps, and where else they are.

After LSTMVis (Strobelt, Gehrmann, Pfister & Rush, 2018): a reader marks a span of the
music. The neurons that are on there and off around it are selected. Other places where
they are on together may show what they stand for.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from lstmviz.checks import check_count, check_pair, check_real
from lstmviz.music.piece import MAX_STEPS
from lstmviz.progress import progress_bar
from lstmviz.reading.means import check_pieces
from lstmviz.reading.moments import (
    LENGTH,
    check_neuron,
    check_search,
    check_step,
    moment,
    strongest,
)
from lstmviz.reading.passages import passages

__all__ = ["Match", "Selected", "match", "select"]

LARGEST = 1000  # standard deviations: no h is so far from its mean
LEAST_DEVIATION = 1e-3  # of h: what varies less is noise


class Selected(NamedTuple):
    """A neuron that is on in a span of steps, and off around it."""

    neuron: int
    sign: int  # 1 if "on" is a hidden state near 1, -1 if near -1
    inside: float  # mean activity in the span, in standard deviations
    around: float  # mean activity in the steps around it


class Match(NamedTuple):
    """Neurons that are on together in a span, and where else they are."""

    neurons: list  # of Selected, the largest difference first
    moments: list  # of Moment; a value is the share of them that are on there alone
    control: list  # the same values, the highest first, for neurons moved in time


def match(
    net,
    pieces,
    piece,
    start,
    stop,
    layer,
    notes=None,
    threshold=0.5,
    around=4,
    count=8,
    most=20,
    length=LENGTH,
    seed=0,
    progress=False,
):
    """Select the neurons that are on in a span of steps, and find where else they are.

    The activity of a neuron at a step is the mean of its h over the notes, counted in
    standard deviations from its mean over the piece. It is on where its activity is at
    least `threshold`, or at most -`threshold` for a neuron that is low in the span. A
    neuron is selected if it is on at all steps of the span, and its mean activity there
    exceeds that around it by `threshold` or more.

    The value of another place is the share of these neurons that are on, averaged over
    as many steps as the span has, minus the same share in the steps around. 1 means
    that all of them are on there, and none around.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
        The music to search.
    piece : Piece, or array_like (T, N, 2)
        The music of the span. If it is one of the pieces, the span is left out.
    start, stop : int
        The span: steps from `start` up to, not including, `stop`, heard by the network.
    layer : str
        One of `net.layer_names`.
    notes : (int, int), optional
        The lowest and the highest MIDI note of the selection; all notes if not given.
        Where some are given, elsewhere as many notes at any pitch are searched.
    threshold : float
        In standard deviations.
    around : int
        How many steps on both sides of the span count as around it.
    count, length, progress
        As in `moments`.
    most : int
        How many neurons to select, at most.
    seed : int
        Seed of the control.

    Returns
    -------
    Match
        The control is what the same search finds when the series of each neuron has
        been moved in time, by another random number of steps: each neuron is on as
        often and as long as before, but not with the others.

    Raises
    ------
    ValueError
        No neuron is on there and off around it, or there are no such steps, layer or
        notes.
    """
    pieces, piece = check_pieces(net, pieces), net.check(piece)
    check_neuron(net, layer)
    check_step(piece, start)
    check_step(piece, check_count("stop", stop) - 1)
    check_search(count, length, progress)
    threshold = check_real("threshold", threshold, 0, LARGEST)
    check_count("around", around, 0, MAX_STEPS)
    check_count("most", most, 1)
    check_count("seed", seed)
    notes = (net.low, net.high - 1) if notes is None else notes
    low, high = (
        check_count("notes", note, 0, 127)
        for note in check_pair("notes", notes, "MIDI notes")
    )
    first, width = low - net.low, high - low + 1
    if not (first >= 0 and width > 0 and high < net.high) or start >= stop:
        raise ValueError(
            f"no steps {start} up to {stop} of notes {low} to {high}; the network has "
            f"notes {net.low} to {net.high - 1}"
        )
    series, mean, deviation = activity(net, piece, layer, first, width)
    scaled = (series - mean) / deviation
    neurons = select(scaled, start, stop, threshold, around)[:most]
    if not neurons:
        raise ValueError(
            f"no neuron of {layer} is on at steps {start} up to {stop} and off around "
            f"them; a threshold below {threshold:g} may find some"
        )
    rng, values, control = np.random.default_rng(seed), [], []
    sets = net.functions.map(
        partial(on_together, net, layer, neurons, mean, deviation, width, threshold),
        pieces,
    )
    for on in progress_bar(sets, "matching", "piece", progress, len(pieces)):
        moved = np.empty_like(on)
        for k in range(len(neurons)):
            moved[..., k] = np.roll(on[..., k], rng.integers(len(on)), axis=0)
        values.append(alone(on.mean(axis=-1), stop - start, around))
        control.append(alone(moved.mean(axis=-1), stop - start, around))
    allowed = [array.copy() for array in values]
    for place, heard in enumerate(pieces):
        if heard is piece or heard == piece:
            allowed[place][max(0, start - length + 1) : stop + length - 1] = -np.inf
    found = [
        moment(pieces, values, *place, length)
        for place in strongest(allowed, count, length)
    ]
    chance = [float(control[p][s, w]) for p, s, w in strongest(control, count, length)]
    return Match(neurons, found, chance)


def activity(net, piece, layer, first, width):
    """Return the mean h of some notes at each step of a piece, and what is usual.

    Returns
    -------
    series : ndarray (S, H)
        The mean over `width` notes from index `first` on.
    mean, deviation : ndarray (H,)
        Of such means, over all steps and all groups of `width` neighbouring notes.
    """
    series, seen, total, squares = [], 0, 0.0, 0.0
    for passage in passages(net, piece):
        means = mean_of_notes(passage.h[layer], width)
        series.append(means[:, first])
        seen += means.shape[0] * means.shape[1]
        total = total + means.sum(axis=(0, 1))
        squares = squares + (means**2).sum(axis=(0, 1))
    mean = total / seen
    variance = np.maximum(squares / seen - mean**2, 0)
    return np.concatenate(series), mean, np.sqrt(variance) + LEAST_DEVIATION


def on_together(net, layer, neurons, mean, deviation, width, threshold, piece):
    """Return which of the selected neurons are on: bool (S, W, K)."""
    index = [selected.neuron for selected in neurons]
    sign = np.array([selected.sign for selected in neurons])
    found = []
    for passage in passages(net, piece):
        means = mean_of_notes(passage.h[layer][..., index], width)
        found.append(sign * (means - mean[index]) / deviation[index] >= threshold)
    return np.concatenate(found)


def select(series, start, stop, threshold, around):
    """Return the neurons that are on in a span of steps and off around it.

    Parameters
    ----------
    series : ndarray (S, H)
        The activity of each neuron at each step.
    start, stop, threshold, around
        As in `match`.

    Returns
    -------
    list of Selected
        The largest difference between the span and the steps around it first.

    Examples
    --------
    The first neuron is on at steps 1 and 2 only, the other one always:

    >>> series = np.array([[0, 2], [2, 2], [3, 2], [0, 2]])
    >>> [s.neuron for s in select(series, 1, 3, threshold=1, around=1)]
    [0]
    """
    inside = series[start:stop]
    before, after = series[max(0, start - around) : start], series[stop : stop + around]
    outside = np.concatenate([before, after])
    sign = np.where(inside.mean(axis=0) < 0, -1, 1)
    on = (sign * inside >= threshold).all(axis=0)
    usual = outside.mean(axis=0) if len(outside) else np.zeros(series.shape[1])
    off = sign * (inside.mean(axis=0) - usual) >= threshold
    found = [
        Selected(
            int(k),
            int(sign[k]),
            float(inside[:, k].mean()),
            float(usual[k]),
        )
        for k in np.flatnonzero(on & off)
    ]
    return sorted(found, key=lambda s: -abs(s.inside - s.around))


def mean_of_notes(h, width):
    """Return the means over each `width` neighbouring notes: (S, N, K) -> (S, W, K)."""
    total = np.cumsum(h, axis=1, dtype=float)
    total = np.pad(total, ((0, 0), (1, 0), (0, 0)))
    return (total[:, width:] - total[:, :-width]) / width


def alone(share, steps, around):
    """Return by how much a span is on more than the steps around it.

    Parameters
    ----------
    share : ndarray (S, W)
        The share of the neurons that are on at each step.
    steps, around : int
        Length of a span, and of what is around it on both sides.

    Returns
    -------
    ndarray (S, W)
        For the span that begins at each step; -inf where it is not whole.
    """
    S = len(share)
    total = np.pad(np.cumsum(share, axis=0), ((1, 0), (0, 0)))
    first = np.arange(S - steps + 1)
    result = np.full(share.shape, -np.inf)
    if len(first) < 1:
        return result
    left, right = np.maximum(first - around, 0), np.minimum(first + steps + around, S)
    inside = total[first + steps] - total[first]
    outside = total[right] - total[left] - inside
    room = (right - left - steps)[:, None]
    result[: len(first)] = inside / steps - outside / np.maximum(room, 1)
    return result
