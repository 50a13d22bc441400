"""The command that takes neurons away: what is lost without them."""

import numpy as np

import lstmviz as lv
from lstmviz.commands.options import (
    add_backend,
    add_network,
    add_output,
    add_seed,
    natural,
    neurons_of,
    positive,
)
from lstmviz.commands.shared import gather, load_network
from lstmviz.music.notes import counted
from lstmviz.reading.effect import named_groups

__all__ = ["add_ablate"]

ABLATING = (
    "Neurons are clamped to their mean over the music: they say the same at each step. "
    "Without --neurons, the effect of each neuron alone is estimated."
)


def add_ablate(commands):
    sub = commands.add(
        "ablate", run_ablate, "measure what is lost without some neurons", ABLATING
    )
    sub.add_argument(
        "music",
        metavar="MUSIC",
        nargs="*",
        default=[],
        help="folders of MIDI files, files or songs (default: all songs)",
    )
    sub.add_argument(
        "--neurons",
        metavar="GROUP",
        nargs="+",
        action="append",
        help="a group, such as time1:17,3 note2:0-9 or beat=time1:17,3; again for "
        "another group",
    )
    sub.add_argument(
        "--steps",
        type=natural,
        default=256,
        help="sixteenths of each piece to hear, 0 for all",
    )
    sub.add_argument(
        "--controls",
        type=positive,
        default=20,
        help="random groups beside each group, at least 20",
    )
    sub.add_argument(
        "--check",
        type=positive,
        metavar="NEURONS",
        help="without --neurons: also clamp so many neurons of each layer one by one, "
        "and print the correlation with the estimate",
    )
    add_output(sub, "table as CSV", "effects.csv")
    sub.add_argument(
        "--picture", metavar="FILE", help="with --neurons: also draw the effects (PNG)"
    )
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "the random groups, or of the estimate")


def run_ablate(
    music, neurons, steps, controls, check, output, picture, network, backend, seed
):
    net = load_network(network, seed, backend)
    groups = None if neurons is None else named_groups(groups_of(neurons), net.sizes)
    if neurons is None and picture is not None:
        raise ValueError("--picture draws groups: name them with --neurons")
    if neurons is not None and check is not None:
        raise ValueError("--check is for the estimate: leave out --neurons")
    pieces, _ = gather(music or lv.songbook(), net)
    pieces = [piece[: steps + 1] if steps else piece for piece in pieces.values()]
    total = sum(len(piece) - 1 for piece in pieces)
    print(f"{counted(len(pieces), 'piece')}, {total} time steps")
    if groups is None:
        found = lv.estimate_effects(net, pieces, seed=seed, progress=True)
        print_estimate(found)
        if check is not None:
            print_check(found.check(net, check, seed, progress=True))
    else:
        found = lv.effect(net, pieces, groups, controls, seed, progress=True)
        print_effect(found)
    found.write_csv(output)
    print(f"wrote {output}: {counted(len(found.table()) - 1, 'row')}")
    if picture is not None:
        lv.write_image(lv.effect_chart(found, source=network), picture)
        print(f"wrote {picture}: each group beside its random groups")


def groups_of(options):
    """Return the groups that the options name: a dict from name to neurons.

    >>> groups_of([["beat=time1:17,3", "note2:4"], ["time2:0-2"]])
    {'beat': {'time1': [17, 3], 'note2': [4]}, 'time2:0-2': {'time2': [0, 1, 2]}}
    """
    groups = {}
    for first, *rest in options:
        name, named, text = first.rpartition("=")
        key = name if named else " ".join([text, *rest])
        if key in groups:
            raise ValueError(f"--neurons: two groups are called {key!r}")
        groups[key] = neurons_of([text, *rest])
    return groups


def print_effect(effect):
    """Print what each group loses, and its random groups."""
    base = effect.baseline
    print(
        f"nothing clamped: {base.total:.3f} nats per time step (play {base.play:.3f}, "
        f"articulate {base.articulate:.3f})"
    )
    print("nats lost per time step, clamped to the mean; random: groups as large")
    print(
        f"{'total':>8}{'play':>8}{'artic.':>8}  {'95 % over pieces':18}"
        f"{'random':>8}  {'from      to':16}{'p':>6}  group"
    )
    for name, group in effect.groups.items():
        low, high = group.interval[:, 0]
        interval = f"{low:+.3f} to {high:+.3f}" if np.isfinite(low) else "one piece"
        random = group.random[:, 0]
        cells = "".join(f"{value:+8.3f}" for value in group.lost)
        print(
            f"{cells}  {interval:18}{random.mean():+8.3f}  "
            f"{f'{random.min():+.3f} to {random.max():+.3f}':16}{group.p:6.3f}  {name}"
        )


def print_estimate(found, count=5):
    """Print the neurons of each layer that are estimated to matter most."""
    steps = sum(len(passage) - 1 for passage in found.passages)
    passages = counted(len(found.passages), "passage")
    print(f"estimated over {passages} of together {steps} time steps")
    print("nats lost per time step if one neuron alone is clamped to its mean")
    print(f"{'layer':8}{'mean':>8}   the {count} neurons that matter most")
    for name in found:
        best = found.strongest(name, count)
        words = "  ".join(f"{k} ({found[name][k]:+.4f})" for k in best)
        print(f"{name:8}{np.mean(found[name]):+8.4f}   {words}")


def print_check(check):
    """Print how well the estimates agree with true clamping, layer by layer."""
    print("correlation with true clamping (of values, of ranks)")
    for name, neurons in check.neurons.items():
        print(
            f"{name:8}{check.correlation(name):8.2f}"
            f"{check.correlation(name, ranks=True):8.2f}   "
            f"over {counted(len(neurons), 'neuron')}"
        )
    count = sum(map(len, check.neurons.values()))
    print(
        f"{'all':8}{check.correlation():8.2f}{check.correlation(ranks=True):8.2f}   "
        f"over {counted(count, 'neuron')}"
    )
