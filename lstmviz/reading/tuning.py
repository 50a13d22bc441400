"""Tuning: what each neuron follows, beside controls in which there is nothing to find.

Three controls stand beside every number:

- **shifts**: the same measure for music that is shifted against the network. How often
  they reach the value of a neuron gives p, and over the neurons of a layer the
  false-discovery rate q.
- **untrained networks** of the same shape, which hear the same music: what they follow
  was not learned.
- **bar lines moved**: the network hears the same music again with its bar lines one,
  two and three sixteenths (and some beats) later. Over all these hearings, every
  moment of the music comes at every position in the beat equally often, so that the
  beat and what is played on it are told apart.
"""

from functools import partial

import numpy as np

from lstmviz.checks import check_count, check_flag
from lstmviz.fast.threads import cores
from lstmviz.network.biaxial import Biaxial
from lstmviz.progress import progress_bar
from lstmviz.reading.gathering import PARTS, add, bars_moved, gather
from lstmviz.reading.means import check_pieces
from lstmviz.reading.measures import (
    CURVES,
    MEASURES,
    best_interval,
    compared,
    curve,
    slope,
    values,
)
from lstmviz.reading.statistics import benjamini_hochberg, p_values
from lstmviz.reading.tuned import RATE, LayerTuning, Tuning

__all__ = ["tuning"]

MOVES = 0, 5, 10, 15  # steps: once every position in the beat, and spread over the bar
WRITTEN, MOVED = ("bar", "onset", "interval", "note"), ("bar", "real", "onset")
SHIFTS = 20, 10_000  # fewest and most
MOST_UNTRAINED = 1000
CONTROL_STEPS = 2048  # steps that the controls hear, of all pieces together
LEAST_STEPS = 64  # of every piece
LONGEST = 64  # positions from the 64th on count as one
BAND = 0.025, 0.975  # of the shifts: the band in which a curve stays by chance


def tuning(net, pieces, shifts=200, untrained=3, seed=0, progress=False):
    """Return what every neuron of a network follows, beside its controls.

    The music is heard passage by passage: memory does not grow with its length.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
        In any metre, each of them heard whole. The untrained networks, and the music
        whose bar lines are moved, hear the beginnings of all pieces: `CONTROL_STEPS`
        steps together, and at least `LEAST_STEPS` of each.
    shifts : int
        How many surrogates of each kind, at least 20.
    untrained : int
        How many untrained networks of the same shape.
    seed : int
        Of the shifts and of the first untrained network.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    Tuning

    Raises
    ------
    ValueError
        There are no pieces, one of them is no music for this network, or there are
        too few shifts.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> found = tuning(load("tiny"), [song("musette")[:65]], shifts=20, untrained=1)
    >>> found["time1"].curves["beat"].shape  # 4 positions in the beat, 64 neurons
    (4, 64)
    """
    pieces = check_pieces(net, pieces)
    check_count("shifts", shifts, *SHIFTS)
    check_count("untrained", untrained, 0, MOST_UNTRAINED)
    check_count("seed", seed)
    check_flag("progress", progress)
    longest = max(int(piece.position.max()) for piece in pieces)
    places = min(longest + 1, LONGEST)
    limit = max(LEAST_STEPS, CONTROL_STEPS // len(pieces)) + 1
    beginnings = [piece[:limit] for piece in pieces]
    others = [untrained_like(net, seed + k) for k in range(untrained)]

    count = len(pieces) * (1 + len(MOVES) * (1 + untrained))
    hearings = progress_bar(range(count), "listening", "hearing", progress)
    heard = iter(hearings)
    hear = partial(total_sums, places=places, seed=seed, heard=heard)
    written = hear(net, pieces, MOVES[:1], WRITTEN, shifts)
    moved = hear(net, beginnings, MOVES, MOVED, shifts)
    of_others = [values(*sums_of_control(hear, other, beginnings)) for other in others]
    next(heard, None)  # so that the bar ends
    layers = layers_of(net.sizes, written, moved, of_others)
    steps = sum(len(piece) - 1 for piece in pieces)
    return Tuning(layers, net.low, net.notes, steps, len(pieces), shifts)


def untrained_like(net, seed):
    """Return a network of the same shape with random weights."""
    time, note = (
        [net.sizes[name] for name in names]
        for names in (net.time_names, net.note_names)
    )
    return Biaxial(time, note, net.low, net.high, seed, net.dtype, net.backend)


# Hearing ------------------------------------------------------------------------


def total_sums(net, pieces, moves, parts, shifts, places, seed, heard):
    """Return the sums of all pieces, with bar lines moved by each of `moves`."""

    def of_hearing(hearing):
        number, move = hearing
        told = bars_moved(pieces[number], move)
        # The same shifts in all hearings of a piece: they are no independent music.
        real, key = pieces[number].position, [seed, number]
        return gather(net, told, real, places, parts, shifts, key)

    # In groups: of all hearings at once, the results would fill the memory.
    hearings = [(number, move) for move in moves for number in range(len(pieces))]
    hearings.sort(key=lambda hearing: -len(pieces[hearing[0]]))
    total = {}
    for start in range(0, len(hearings), cores()):
        group = hearings[start : start + cores()]
        for part in net.functions.map(of_hearing, group):
            total = add(total, part) if total else part
            next(heard, None)
    return total


def sums_of_control(hear, net, pieces):
    """Return the sums of an untrained network, as written and with bar lines moved."""
    written = hear(net, pieces, MOVES[:1], PARTS, 0)
    moved = hear(net, pieces, MOVES[1:], MOVED, 0)
    return written, add(moved, {name: written[name] for name in moved})


# What comes of it ---------------------------------------------------------------


def layers_of(sizes, written, moved, of_others):
    """Return the tuning of each layer, from the sums of all its neurons.

    Parameters
    ----------
    sizes : dict of str -> int
        Neurons of each layer.
    written, moved : dict of ndarray
        Sums, as `values` takes them.
    of_others : list of dict
        What `values` returns for each untrained network.

    Returns
    -------
    dict of str -> LayerTuning
    """
    value, test = values(written, moved), compared(written, moved)
    chance = values(written, moved, shifted=True)
    lines = {name: curve(name, written, moved) for name in CURVES}
    bands = {name: band_of_chance(name, written, moved) for name in CURVES}
    rise, layers, start = slope(written), {}, 0
    for layer, H in sizes.items():
        here = slice(start, start := start + H)
        p = {name: p_of(test[name][here], chance[name][:, here]) for name in MEASURES}
        layers[layer] = LayerTuning(
            value={name: x[here] for name, x in value.items()},
            p=p,
            q={name: benjamini_hochberg(x) for name, x in p.items()},
            shifted={
                name: np.quantile(np.abs(x[:, here]), 1 - RATE, axis=0)
                for name, x in chance.items()
            },
            untrained={
                name: np.reshape([x[name][here] for x in of_others], (-1, H))
                for name in MEASURES
            },
            at={
                name: best_interval(lines[name][:, here])
                for name in ("interval", "interval_alone")
            },
            slope=rise[here],
            curves={name: x[:, here] for name, x in lines.items()},
            chance={name: x[..., here] for name, x in bands.items()},
        )
    return layers


def band_of_chance(name, written, moved):
    """Return the band (2, P, K) in which 95 % of the shifted curves lie."""
    shifted = curve(name, written, moved, shifted=True)
    # Position by position: all of them at once take the memory of several passages.
    bands = [np.quantile(shifted[:, p], BAND, axis=0) for p in range(shifted.shape[1])]
    return np.stack(bands, axis=1)


def p_of(value, shifted):
    """Return the p values of a measure; what counts is its magnitude."""
    return p_values(np.abs(value), np.abs(shifted))
