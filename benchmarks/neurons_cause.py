"""What neurons cause: `python -m benchmarks.neurons_cause FOLDER`.

On validation pieces, which the network never learned from: the tenth of each layer that
follows something best is clamped to its mean, beside random groups of the same size;
and the estimate for single neurons is compared with true clamping. Prints two tables in
Markdown, and draws the first as a picture.
"""

import argparse

import numpy as np

import lstmviz as lv
from benchmarks.neurons import validation_pieces

FOLLOWED = {"onset": "onset_moved", "beat": "beat_moved", "interval": "interval_alone"}
SHARE = 10  # a group is a tenth of its layer


def main():
    """Print both tables, and draw the picture."""
    options = parser().parse_args()
    net = lv.load(options.network)
    pieces = validation_pieces(net, options.folder, options.pieces, options.steps)
    tuning = lv.tuning(net, pieces, shifts=20, untrained=1, progress=True)
    effect = lv.effect(net, pieces, groups_of(tuning), progress=True)
    print_effects(effect)
    title = "What is lost without the tenth of a layer that follows something best"
    chart = lv.effect_chart(effect, zoom=3, source=options.network, title=title)
    lv.write_image(chart, options.picture)
    print(f"\nwrote {options.picture}\n")

    estimate = lv.estimate_effects(net, pieces, progress=True)
    print_check(estimate, estimate.check(net, options.check, progress=True))


def groups_of(tuning):
    """Return the tenth of each layer that follows something best, by name."""
    groups = {}
    for layer, H in tuning.sizes.items():
        for what, measure in FOLLOWED.items():
            best = tuning.strongest(layer, measure, H // SHARE)
            groups[f"{layer}, {what}"] = {layer: best}
    return groups


def print_effects(effect):
    """Print what each group loses, a row of a Markdown table for each."""
    base = effect.baseline
    print(f"\n{effect}\nnothing clamped: {base.total:.2f} nats per time step\n")
    print("| neurons | lost | 95 % over pieces | play | articulate | random | p |")
    print("|---|---|---|---|---|---|---|")
    for name, group in effect.groups.items():
        low, high = group.interval[:, 0]
        random = group.random[:, 0]
        print(
            f"| {group.count} of {name} | {group.lost.total:+.3f} "
            f"| {low:+.3f} to {high:+.3f} | {group.lost.play:+.3f} "
            f"| {group.lost.articulate:+.3f} | {random.mean():+.3f} "
            f"({random.min():+.3f} to {random.max():+.3f}) | {group.p:.2f} |"
        )


def print_check(estimate, check):
    """Print estimates beside true clamping, a row of a Markdown table for each layer."""
    print(f"{estimate}\n")
    print("| layer | neurons clamped | largest true effect | correlation | of ranks |")
    print("|---|---|---|---|---|")
    for name, neurons in check.neurons.items():
        print(
            f"| {name} | {len(neurons)} | {check.lost[name].max():+.4f} "
            f"| {check.correlation(name):.2f} | {check.correlation(name, True):.2f} |"
        )
    count = sum(map(len, check.neurons.values()))
    true = np.concatenate(list(check.lost.values()))
    slopes = [estimate.slope[name][k] for name, k in check.neurons.items()]
    print(
        f"| all | {count} | {true.max():+.4f} | {check.correlation():.2f} "
        f"| {check.correlation(ranks=True):.2f} |"
    )
    alone = np.corrcoef(np.concatenate(slopes), true)[0, 1]
    print(f"\nwith the first term alone, over all: {alone:.2f}")


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    top.add_argument("folder", help="of MIDI files, such as those that it learned from")
    top.add_argument("--network", default="classical")
    top.add_argument("--pieces", type=int, default=8, help="validation pieces")
    top.add_argument("--steps", type=int, default=256, help="steps of each")
    top.add_argument("--check", type=int, default=10, help="neurons of each layer")
    top.add_argument("--picture", default="docs/what-neurons-cause.png")
    return top


if __name__ == "__main__":
    main()
