"""The result of `effect`: nats lost by each group, with intervals over pieces."""

from functools import cached_property

import numpy as np

from lstmviz.checks import check_known
from lstmviz.files import save_table
from lstmviz.music.notes import counted
from lstmviz.network.evaluating import Nats

__all__ = ["Effect", "GroupEffect"]

SAMPLES = 2000  # of the pieces, drawn with replacement, for an interval
LEVEL = 0.95  # of the intervals
COLUMNS = (
    *("group", "neurons", "total", "total_low", "total_high"),
    *("play", "play_low", "play_high"),
    *("articulate", "articulate_low", "articulate_high"),
    *("random", "random_lowest", "random_highest"),
    *("beyond", "beyond_low", "beyond_high", "p"),
)


class GroupEffect:
    """What is lost when one group is clamped, in nats per time step.

    Parameters
    ----------
    neurons : dict of str -> list of int
    nats : ndarray (P, 2)
        Nats of play and articulate that each piece costs more, all its steps together.
    random_nats : ndarray (R, P, 2)
        The same for R random groups.
    steps : ndarray (P,)
        How many steps each piece has.

    Attributes
    ----------
    neurons, nats, random_nats, steps
        As above.
    lost : Nats
        total, play and articulate, over all steps of all pieces.
    interval : ndarray (2, 3)
        Between which values each of the three lies in 95 % of samples of the pieces,
        drawn with replacement (bootstrap). NaN if there is only one piece.
    random : ndarray (R, 3)
        The three for each random group.
    beyond : Nats
        What the group loses more than the random groups do on average.
    beyond_interval : ndarray (2, 3)
        Its interval: in each sample, the same pieces for the group and the random ones.
    p : float
        Chance of a random group to lose as much in total: (1 + how many do) / (1 + R).
    """

    def __init__(self, neurons, nats, random_nats, steps):
        self.neurons, self.steps = neurons, np.asarray(steps)
        self.nats, self.random_nats = np.asarray(nats), np.asarray(random_nats)

    def __repr__(self):
        """Show what is lost beside the random groups in one line."""
        total = self.random[:, 0]
        return (
            f"<GroupEffect: {counted(self.count, 'neuron')}, {self.lost.total:+.4f} "
            f"nats per time step, {len(total)} random groups {total.mean():+.4f} "
            f"({total.min():+.4f} to {total.max():+.4f})>"
        )

    @property
    def count(self):
        """How many neurons the group has."""
        return sum(map(len, self.neurons.values()))

    @cached_property
    def lost(self):
        """What is lost, as described above."""
        return Nats(*per_step(self.nats, self.steps).tolist())

    @cached_property
    def interval(self):
        """The interval of `lost` over pieces."""
        return interval_over_pieces(self.nats, self.steps)

    @cached_property
    def random(self):
        """What each random group loses."""
        return per_step(self.random_nats, self.steps)

    @cached_property
    def beyond(self):
        """What the group loses more than random groups."""
        return Nats(*per_step(self._beyond, self.steps).tolist())

    @cached_property
    def beyond_interval(self):
        """The interval of `beyond` over pieces."""
        return interval_over_pieces(self._beyond, self.steps)

    @property
    def _beyond(self):
        return self.nats - self.random_nats.mean(axis=0)

    @property
    def p(self):
        """Chance of a random group to lose as much."""
        reached = (self.random[:, 0] >= self.lost.total).sum()
        return float((1 + reached) / (1 + len(self.random)))


class Effect:
    """What groups of neurons cause: `effect["beat"]` is the `GroupEffect` of a group.

    Attributes
    ----------
    groups : dict of str -> GroupEffect
    baseline : Nats
        How surprising the pieces are to the network when nothing is clamped.
    """

    def __init__(self, groups, baseline):
        self.groups, self.baseline = groups, baseline

    def __repr__(self):
        """Show groups, random groups and music in one line."""
        first = next(iter(self.groups.values()))
        return (
            f"<Effect: {counted(len(self.groups), 'group')} beside "
            f"{len(first.random_nats)} random ones, {first.steps.sum():,} steps of "
            f"{counted(len(first.steps), 'piece')}>"
        )

    def __getitem__(self, name):
        """Return the effect of the group of this name."""
        return self.groups[check_known("group", name, self)]

    def __iter__(self):
        """Iterate over the names of the groups."""
        return iter(self.groups)

    def __len__(self):
        """Return how many groups there are."""
        return len(self.groups)

    def table(self):
        """Return a row for each group, beneath a heading.

        Returns
        -------
        list of list
            group, neurons; total, play and articulate, each with its interval; of the
            random groups the mean, lowest and highest total; what the group loses
            beyond them in total, with its interval; p.
        """
        rows = [list(COLUMNS)]
        for name, group in self.groups.items():
            numbers = []
            for value, interval in zip(group.lost, group.interval.T, strict=True):
                numbers += [value, *interval]
            total = group.random[:, 0]
            numbers += [total.mean(), total.min(), total.max()]
            numbers += [group.beyond.total, *group.beyond_interval[:, 0], group.p]
            rows.append([name, group.count, *(float(f"{x:.4g}") for x in numbers)])
        return rows

    def write_csv(self, path):
        """Write `table` as CSV, completely or not at all."""
        save_table(self.table(), path)


def per_step(nats, steps):
    """Return total, play and articulate per time step over all pieces.

    Shapes (..., P, 2), (P,) -> (..., 3).
    """
    mean = nats.sum(axis=-2) / steps.sum()
    return np.concatenate([mean.sum(axis=-1, keepdims=True), mean], axis=-1)


def interval_over_pieces(nats, steps, seed=0):
    """Return the 95 % interval of `per_step` over samples of the pieces: (2, 3).

    Each sample draws P of the P pieces with replacement (percentile bootstrap, Efron
    1979). Pieces, not steps, are drawn: the steps of a piece are alike.

    >>> interval_over_pieces(np.ones((3, 2)), np.array([4, 4, 4]))
    array([[0.5 , 0.25, 0.25],
           [0.5 , 0.25, 0.25]])
    """
    P = len(steps)
    if P < 2:
        return np.full((2, 3), np.nan)
    rng = np.random.default_rng(seed)
    counts = rng.multinomial(P, np.full(P, 1 / P), SAMPLES)  # (SAMPLES, P)
    means = counts @ nats / (counts @ steps)[:, None]
    means = np.concatenate([means.sum(axis=-1, keepdims=True), means], axis=-1)
    return np.quantile(means, [(1 - LEVEL) / 2, (1 + LEVEL) / 2], axis=0)
