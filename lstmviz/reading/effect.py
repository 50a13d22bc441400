"""Effect: what it costs when neurons say nothing any more, beside random groups.

A neuron that follows something need not be used. To find out, it is clamped to its
mean: it then says the same at every step and note, and the network predicts the music
without what the neuron knew. The nats that are lost are its effect. Single neurons
hardly matter in a network that learned with dropout; groups do, and any group as large
does to some degree. So every group stands beside random groups with as many neurons of
the same layers.
"""

import numpy as np

from lstmviz.checks import check_count, check_flag, shown
from lstmviz.network.clamping import check_neurons
from lstmviz.network.evaluating import Nats, nats_of_pieces
from lstmviz.progress import progress_bar
from lstmviz.reading.effects import Effect, GroupEffect, per_step
from lstmviz.reading.means import check_pieces, mean_h

__all__ = ["effect", "random_group", "silenced"]

CONTROLS = 20, 10_000  # fewest and most random groups beside each group


def effect(net, pieces, groups, controls=20, seed=0, progress=False):
    """Return what is lost when groups of neurons are clamped, beside random groups.

    Each neuron is clamped to its mean over all steps and notes of the pieces. Each
    clamped network hears the pieces whole: with G groups of different sizes, the
    music is heard 2 + G (1 + `controls`) times.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
        With two or more there are intervals: how the effect differs between pieces.
    groups : dict
        One group, such as `{"time1": [17, 3]}`, or groups by name, such as
        `{"beat": {"time1": [17, 3]}, "onset": {"time1": [5], "note2": [8]}}`.
    controls : int
        How many random groups for each group, at least 20. Groups with as many neurons
        of the same layers share theirs.
    seed : int
        Of the random groups.
    progress : bool
        Show progress bars when it takes more than two seconds.

    Returns
    -------
    Effect

    Raises
    ------
    ValueError
        There are no pieces, no groups or too few controls, a group names no neuron,
        or neurons that do not exist.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> pieces = [song(name)[:17] for name in ("musette", "ode-to-joy")]
    >>> found = effect(load("tiny"), pieces, {"time1": [17, 3]})
    >>> found
    <Effect: 1 group beside 20 random ones, 32 steps of 2 pieces>
    >>> found["time1:17,3"].random.shape  # total, play and articulate of each
    (20, 3)
    """
    pieces = check_pieces(net, pieces)
    groups = named_groups(groups, net.sizes)
    check_count("seed", seed)
    check_flag("progress", progress)
    check_count("controls", controls, *CONTROLS)
    drawn = {}  # by number of neurons of each layer
    for neurons in groups.values():
        size = size_of(neurons)
        if size not in drawn:
            rng = np.random.default_rng(seed)
            drawn[size] = [
                random_group(neurons, net.sizes, rng) for _ in range(controls)
            ]
    means = mean_h(net, pieces, progress)
    wanted = [*groups.values(), *(group for some in drawn.values() for group in some)]
    clamped = (silenced(net, neurons, means) for neurons in wanted)
    baseline = nats_of_pieces(net, pieces)
    lost = [
        nats_of_pieces(quiet, pieces) - baseline
        for quiet in progress_bar(clamped, "clamping", "group", progress, len(wanted))
    ]
    steps = np.array([len(piece) - 1 for piece in pieces])
    rest = np.array(lost[len(groups) :]).reshape(len(drawn), controls, len(pieces), 2)
    random = dict(zip(drawn, rest, strict=True))
    return Effect(
        {
            name: GroupEffect(neurons, nats, random[size_of(neurons)], steps)
            for (name, neurons), nats in zip(groups.items(), lost, strict=False)
        },
        Nats(*per_step(baseline, steps).tolist()),
    )


def silenced(net, neurons, means):
    """Return a network in which neurons are clamped to their means.

    Parameters
    ----------
    net : Biaxial
    neurons : dict of str -> sequence of int
    means : dict of str -> ndarray (H,)
        As `mean_h` returns them.
    """
    values = {name: means[name][list(chosen)] for name, chosen in neurons.items()}
    return net.clamped(neurons, values)


def random_group(neurons, sizes, rng):
    """Draw as many neurons of each layer as a group has.

    >>> rng = np.random.default_rng(0)
    >>> group = random_group({"time1": [0, 1, 2]}, {"time1": 300, "note1": 100}, rng)
    >>> [len(set(chosen)) for chosen in group.values()]
    [3]
    """
    return {
        name: rng.choice(sizes[name], len(chosen), replace=False).tolist()
        for name, chosen in neurons.items()
    }


def named_groups(groups, sizes):
    """Return groups by name, checked; a single group is named after its neurons."""
    if not hasattr(groups, "items"):
        raise ValueError(
            'a group is a dict such as {"time1": [17, 3]}, or there is a dict of them '
            f"by name, not {shown(groups)}"
        )
    if not any(hasattr(group, "items") for group in groups.values()):
        groups = {None: groups}
    checked = {}
    for name, group in groups.items():
        neurons = {k: v for k, v in check_neurons(group, sizes).items() if v}
        if not neurons:
            raise ValueError("a group needs at least one neuron")
        checked[words(neurons) if name is None else str(name)] = neurons
    return checked


def words(neurons, few=4):
    """Return a group in words.

    >>> words({"time1": [17, 3], "note2": range(30)})
    'time1:17,3 note2:0,1,2,3...'
    """
    return " ".join(
        f"{name}:{','.join(map(str, list(chosen)[:few]))}"
        + ("..." if len(chosen) > few else "")
        for name, chosen in neurons.items()
    )


def size_of(neurons):
    """Return the number of neurons of each layer, sorted, to compare groups by."""
    return tuple(sorted((name, len(chosen)) for name, chosen in neurons.items()))
