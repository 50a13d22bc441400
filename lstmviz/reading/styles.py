"""Styles: whether a neuron does something else in the music of another composer.

The same neurons hear several collections of pieces. What they do is compared between
the collections, beside two controls: collections of the same sizes into which the
pieces are dealt at random, and the two halves of one collection.

Four curves of every neuron are compared, all of them in units of h:

    mean      mean h
    beat      mean h at each position in the beat
    onset     mean h at struck notes minus mean h at held ones
    interval  what a note at each interval adds to h, chords taken apart by regression
"""

from itertools import combinations
from typing import NamedTuple

import numpy as np

from lstmviz.checks import (
    check_count,
    check_flag,
    check_kind,
    check_known,
    check_list,
    check_text,
)
from lstmviz.fast.threads import cores
from lstmviz.files import save_table
from lstmviz.music.notes import counted
from lstmviz.network.biaxial import Biaxial
from lstmviz.progress import progress_bar
from lstmviz.reading.gathering import gather
from lstmviz.reading.measures import in_beat, means, struck_and_held
from lstmviz.reading.statistics import benjamini_hochberg, p_values, regression

__all__ = ["COMPARED", "LayerStyles", "Styles", "styles"]

COMPARED = "mean", "beat", "onset", "interval"
PARTS = "bar", "onset", "interval"
PLACES = 64  # positions in the bar: only those in the beat are used
RATE = 0.05
DEALS = 20, 10_000  # fewest and most


class LayerStyles(NamedTuple):
    """How the H neurons of a layer differ between G collections of music.

    The dicts are keyed as `COMPARED`.
    """

    curves: dict  # name -> (G, P, H)
    difference: dict  # name -> (H,) rms distance of the two curves furthest apart
    dealt: dict  # name -> (H,) distance that 5 % of the pieces dealt at random reach
    halves: dict  # name -> (H,) mean distance between two halves of a collection
    q: dict  # name -> (H,) false-discovery rate in the layer

    def __repr__(self):
        """Show how many neurons were compared."""
        return f"<LayerStyles: {len(self.q['mean'])} neurons>"


class Styles:
    """What neurons do in several collections of music.

    `styles["time1"]` is the `LayerStyles` of a layer.

    Attributes
    ----------
    layers : dict of str -> LayerStyles
    collections : dict of str -> int
        Their names, and how many pieces they have.
    """

    def __init__(self, layers, collections):
        self.layers, self.collections = layers, collections

    def __repr__(self):
        """Show the collections in one line."""
        words = [f"{n} {counted(c, 'piece')}" for n, c in self.collections.items()]
        return f"<Styles: {', '.join(words)}; layers {', '.join(self)}>"

    def __getitem__(self, name):
        """Return the layer of a name."""
        return self.layers[check_known("layer", name, self)]

    def __iter__(self):
        """Iterate over the names of the layers, from the input to the output."""
        return iter(self.layers)

    def most_different(self, layer, what="interval", count=1):
        """Return the neurons of a layer that differ most between the collections.

        Parameters
        ----------
        layer : str
        what : {"mean", "beat", "onset", "interval"}
        count : int

        Returns
        -------
        list of int
            The one that differs most first.
        """
        difference = self[layer].difference[check_known("curve", what, COMPARED)]
        check_count("count", count, 1)
        return np.argsort(-difference, kind="stable")[:count].tolist()

    def counts(self, rate=RATE):
        """Return how many neurons differ: a dict (layer, what) -> (differ, all)."""
        return {
            (name, what): (int((layer.q[what] <= rate).sum()), len(layer.q[what]))
            for name, layer in self.layers.items()
            for what in COMPARED
        }

    def table(self):
        """Return a row for each neuron, beneath a heading."""
        heading = ["layer", "neuron"]
        for what in COMPARED:
            heading += [f"{what}_{name}" for name in ("differ", "dealt", "halves", "q")]
        rows = [heading]
        for name, layer in self.layers.items():
            columns = []
            for what in COMPARED:
                columns += [layer.difference[what], layer.dealt[what]]
                columns += [layer.halves[what], layer.q[what]]
            for neuron, numbers in enumerate(zip(*columns, strict=True)):
                rows.append([name, neuron, *(float(f"{x:.4g}") for x in numbers)])
        return rows

    def write_csv(self, path):
        """Write `table` as CSV, completely or not at all."""
        save_table(self.table(), path)


def styles(net, collections, deals=200, seed=0, progress=False):
    """Return what the neurons of a network do in several collections of music.

    Parameters
    ----------
    net : Biaxial
    collections : dict of str -> sequence of Pieces or array_like (T, N, 2)
        At least two, by name, such as one for each composer. Every piece is heard
        whole. As few as four pieces each are enough for a comparison by chance.
    deals : int
        How often the pieces are dealt into collections at random, at least 20.
    seed : int
        Of the deals.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    Styles

    Raises
    ------
    ValueError
        There are fewer than two collections, one of them has fewer than two pieces,
        or a piece is no music for this network.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> bach = [song(name)[:49] for name in ("musette", "prelude-in-c")]
    >>> joplin = [song("the-entertainer")[a : a + 49] for a in (0, 64)]
    >>> found = styles(load("tiny"), {"Bach": bach, "Joplin": joplin}, deals=20)
    >>> found["note1"].curves["interval"].shape
    (2, 25, 32)
    """
    check_kind("net", net, Biaxial)
    if len(check_kind("collections", collections, dict)) < 2:
        raise ValueError("at least two collections are needed, to compare")
    for name, pieces in collections.items():
        check_text("the name of a collection", name)
        if len(check_list(name, pieces, "pieces of music")) < 2:
            raise ValueError(f"{name}: at least two pieces are needed")
    check_count("seed", seed)
    check_flag("progress", progress)
    check_count("deals", deals, *DEALS)
    pieces = [net.check(piece) for part in collections.values() for piece in part]
    groups = np.repeat(np.arange(len(collections)), [*map(len, collections.values())])
    sums = sums_of_pieces(net, pieces, progress)

    curves = curves_of(sums, groups)
    difference = {what: furthest(curve) for what, curve in curves.items()}
    rng, dealt = np.random.default_rng(seed), {what: [] for what in COMPARED}
    for _ in range(deals):
        for what, curve in curves_of(sums, rng.permutation(groups)).items():
            dealt[what].append(furthest(curve))
    halves = distance_of_halves(sums, groups)

    layers, start = {}, 0
    for name, H in net.sizes.items():
        here = slice(start, start := start + H)
        chance = {what: np.array(x)[:, here] for what, x in dealt.items()}
        layers[name] = LayerStyles(
            curves={what: x[..., here] for what, x in curves.items()},
            difference={what: x[here] for what, x in difference.items()},
            dealt={
                what: np.quantile(x, 1 - RATE, axis=0) for what, x in chance.items()
            },
            halves={what: x[here] for what, x in halves.items()},
            q={
                what: benjamini_hochberg(p_values(difference[what][here], x))
                for what, x in chance.items()
            },
        )
    return Styles(layers, {name: len(part) for name, part in collections.items()})


def sums_of_pieces(net, pieces, progress):
    """Return the sums of each piece, stacked: a dict of arrays (pieces, ...)."""

    def of_piece(piece):
        return gather(net, piece, piece.position, PLACES, PARTS)

    bar, found = iter(progress_bar(pieces, "listening", "piece", progress)), []
    for start in range(0, len(pieces), cores()):
        for part in net.functions.map(of_piece, pieces[start : start + cores()]):
            count, total = in_beat(part["bar.count"], part["bar.sum"])
            kept = "onset.count", "onset.struck", "onset.sum"
            kept = (*kept, "interval.gram", "interval.moments")
            small = {name: part[name] for name in kept}
            found.append(small | {"beat.count": count, "beat.sum": total})
            next(bar, None)
    next(bar, None)  # so that the bar ends
    return {name: np.stack([part[name] for part in found]) for name in found[0]}


def curves_of(sums, groups):
    """Return the curves of every group of pieces: name -> (G, P, K)."""
    found = {what: [] for what in COMPARED}
    for group in np.unique(groups):
        of = {name: array[groups == group].sum(axis=0) for name, array in sums.items()}
        gram, moments = of["interval.gram"], of["interval.moments"]
        struck, held = struck_and_held(of, shifted=False)
        found["mean"].append(moments[:1] / gram[0, 0])
        found["beat"].append(means(of["beat.count"], of["beat.sum"]))
        found["onset"].append((struck - held)[None])
        found["interval"].append(regression(gram, moments))
    return {what: np.nan_to_num(np.stack(curve)) for what, curve in found.items()}


def furthest(curves):
    """Return the rms distance of the two curves (G, P, K) furthest apart: (K,)."""
    pairs = combinations(range(len(curves)), 2)
    return np.max([rms(curves[a] - curves[b]) for a, b in pairs], axis=0)


def distance_of_halves(sums, groups):
    """Return the mean distance between every other piece of a group and the rest."""
    within = {what: [] for what in COMPARED}
    for group in np.unique(groups):
        own = {name: array[groups == group] for name, array in sums.items()}
        halves = np.arange((groups == group).sum()) % 2
        for what, curve in curves_of(own, halves).items():
            within[what].append(rms(curve[0] - curve[1]))
    return {what: np.mean(distance, axis=0) for what, distance in within.items()}


def rms(curve):
    """Return the root mean square of curves (P, K) over their points: (K,)."""
    return np.sqrt((curve**2).mean(axis=0))
