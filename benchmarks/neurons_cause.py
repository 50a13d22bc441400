"""What neurons cause: the tables and the figure of clamping, for neurons.py.

On validation pieces, which the network never learned from: the tenth of each layer that
follows something best is clamped to its mean, beside random groups of the same size;
and the estimate for single neurons is compared with true clamping.
"""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.music.notes import counted

FOLLOWED = {
    "onsets": "onset_moved",
    "the beat": "beat_moved",
    "an interval": "interval_alone",
}
SHARE = 10  # a group is a tenth of its layer
STEPS = 128  # of each piece: every group is heard again for every random one
EACH = 10  # neurons of each layer that are clamped one by one


def write(net, options, pieces, validation):
    """Draw the figure, and return the tables by the names of their marks."""
    steps = min(options.steps or STEPS, STEPS)
    heard = [pieces[name][: steps + 1] for name in validation]
    tuning = lv.tuning(net, heard, shifts=20, untrained=1, progress=True)
    effect = lv.effect(net, heard, groups_of(tuning), progress=True)
    title = "What is lost without the tenth of a layer that follows something best"
    chart = lv.effect_chart(effect, zoom=3, source=options.network, title=title)
    lv.write_image(chart, Path(options.page).parent / "neurons-effects.png")
    estimate = lv.estimate_effects(net, heard, length=steps, progress=True)
    check = estimate.check(net, EACH, progress=True)
    return {
        "cause music": music(effect),
        "cause groups": groups(effect),
        "cause estimate": estimated(estimate, check),
    }


def groups_of(tuning):
    """Return the tenth of each layer that follows something best, by name."""
    return {
        f"{layer}, {what}": {layer: tuning.strongest(layer, measure, H // SHARE)}
        for layer, H in tuning.sizes.items()
        for what, measure in FOLLOWED.items()
    }


def music(effect):
    """Return in a sentence what the network heard."""
    first = next(iter(effect.groups.values()))
    return (
        f"The network heard the beginnings of {counted(len(first.steps), 'piece')}, "
        f"{first.steps.sum():,} time steps, with a loss of {effect.baseline.total:.2f} "
        f"nats per time step. Each group stands beside {len(first.random)} random ones."
    )


def groups(effect):
    """Return what each group loses, a row for each."""
    rows = [
        "| neurons that follow best | lost | 95 % over pieces | play | articulate "
        "| random groups | p |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for name, group in effect.groups.items():
        low, high = group.interval[:, 0]
        random = group.random[:, 0]
        rows.append(
            f"| {group.count} of {name} | {group.lost.total:+.3f} "
            f"| {low:+.3f} to {high:+.3f} | {group.lost.play:+.3f} "
            f"| {group.lost.articulate:+.3f} | {random.mean():+.3f} "
            f"({random.min():+.3f} to {random.max():+.3f}) | {group.p:.2f} |"
        )
    return "\n".join(rows)


def estimated(estimate, check):
    """Return how estimates agree with true clamping, a row for each layer."""
    rows = [
        "| layer | neurons clamped | largest true effect | correlation | of ranks "
        "| slope alone |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    slope = {name: estimate.slope[name][k] for name, k in check.neurons.items()}
    for name in [*check.neurons, None]:
        layers = list(check.neurons) if name is None else [name]
        true, first = (
            np.concatenate([part[layer] for layer in layers])
            for part in (check.lost, slope)
        )
        rows.append(
            f"| {name or 'all'} | {len(true)} | {true.max():+.4f} "
            f"| {check.correlation(name):.2f} | {check.correlation(name, True):.2f} "
            f"| {np.corrcoef(first, true)[0, 1]:.2f} |"
        )
    return "\n".join(rows)
