"""What a network has learned: `python -m benchmarks.learned NETWORK FOLDER`.

Prints three tables about the validation pieces, the same as those of `lstmviz train`.
The first compares the loss of the network with that of the baselines. The second does
so for each length of bar, and for pieces that begin with a pickup. The third compares
the music that the network composes with the pieces, in several measures.
"""

import argparse

import numpy as np
from tqdm import tqdm

import lstmviz as lv
from benchmarks.baselines import BASELINES, score
from lstmviz.commands.shared import gather
from lstmviz.music.bars import bar_lines
from lstmviz.music.library import split
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.network.evaluating import nats_of_pieces

SEEDS, BARS = 20, 64  # number of composed pieces, and their length


def main():
    """Print the three tables."""
    options = parser().parse_args()
    net = lv.load(options.network)
    pieces, _ = gather([options.folder], net)
    training, apart = split(list(pieces))
    check_names(options.leave_out, apart)
    training = [pieces[name] for name in training]
    validation = [pieces[n] for n in apart if n not in options.leave_out]
    print(f"{len(validation)} validation pieces: nats per time step")
    print(f"{'total':>8}{'play':>8}{'artic.':>8}")
    losses = {name: score(fit(training), validation) for name, fit in BASELINES.items()}
    losses[options.network] = nats_of_pieces(net, validation, progress=True)
    everything = range(len(validation))
    for name, nats in losses.items():
        play, articulate = mean_loss(nats, validation, everything)
        print(f"{play + articulate:8.2f}{play:8.2f}{articulate:8.2f}  {name}")

    print("\nTotal loss by length of bar, and of pieces with a pickup")
    kinds = by_kind(validation)
    print("".join(f"{kind:>12}" for kind in kinds))
    print("".join(f"{len(which):>12}" for which in kinds.values()), " pieces")
    for name, nats in losses.items():
        totals = (mean_loss(nats, validation, which).sum() for which in kinds.values())
        print("".join(f"{total:12.2f}" for total in totals), f" {name}")

    composed = [
        lv.compose(net, BARS * 16, seed, temperature=options.temperature)[1:]
        for seed in tqdm(range(SEEDS), desc="composing", unit="piece", delay=2)
    ]
    print(
        f"\n{SEEDS} pieces of {BARS} bars composed from silence, one for each seed, "
        f"at temperature {options.temperature:g}"
    )
    print(f"{'validation':>24}{'composed':>24}{'ratio':>8}   mean (lowest, highest)")
    for name, measure in MEASURES.items():
        theirs, ours = ([measure(p) for p in part] for part in (validation, composed))
        ratio = np.mean(ours) / np.mean(theirs)
        print(f"{spread(theirs):>24}{spread(ours):>24}{ratio:8.2f}   {name}")


def check_names(leave_out, apart):
    """Raise a ValueError unless all pieces to leave out are validation pieces."""
    for name in leave_out:
        if name not in apart:
            raise ValueError(f"{name} is none of those set apart: {', '.join(apart)}")


def mean_loss(nats, pieces, which):
    """Return play and articulate in nats per time step, of some of the pieces.

    `nats` (P, 2) are the losses of all pieces, summed over their steps.
    """
    steps = sum(len(pieces[k]) - 1 for k in which)
    return sum(nats[k] for k in which) / steps


def by_kind(pieces):
    """Return which pieces are of a kind: its name -> their numbers.

    A kind is the most frequent length of a piece's bars; one more are the pieces that
    begin with a pickup.
    """
    kinds, pickup = {}, []
    for k, piece in enumerate(pieces):
        lengths = np.diff(bar_lines(piece.position))
        steps = int(np.bincount(lengths).argmax()) if len(lengths) else len(piece)
        kinds.setdefault(steps, []).append(k)
        if piece.position[0]:
            pickup.append(k)
    named = {f"{steps} steps": which for steps, which in sorted(kinds.items())}
    return named | ({"pickup": pickup} if pickup else {})


def spread(values):
    """Return the mean, the lowest and the highest value as text."""
    return f"{np.mean(values):.3f} ({min(values):.2f}, {max(values):.2f})"


def sounding(piece):
    """Return the mean number of notes that sound at a step."""
    return piece[..., PLAYED].sum(axis=1).mean()


def onsets(piece):
    """Return the mean number of notes that are struck at a step."""
    return piece[..., ARTICULATED].sum(axis=1).mean()


def held(piece):
    """Return the share of sounding notes that are held, not struck."""
    return 1 - piece[..., ARTICULATED].sum() / max(piece[..., PLAYED].sum(), 1)


def entropy(piece):
    """Return the entropy, in bits, of the pitch class of a struck note (at most 3.58).

    Pitch classes are counted from the lowest note of the arrays; entropy does not
    depend on which of them is C.
    """
    struck = piece[..., ARTICULATED].sum(axis=0)
    p = np.bincount(np.arange(len(struck)) % 12, weights=struck, minlength=12)
    p = p[p > 0] / p.sum()
    return float(-(p * np.log2(p)).sum())


def repeated(piece):
    """Return the share of bars that equal an earlier bar in every note."""
    return repetition(bars_of(piece))


def rhythms(piece):
    """Return the share of bars with onsets at the same steps as an earlier one."""
    return repetition([bar[..., ARTICULATED].any(axis=1) for bar in bars_of(piece)])


def bars_of(piece):
    """Return the states of each bar, without the pickup before the first bar line."""
    return np.split(piece.states, bar_lines(piece.position))[1:]


def repetition(arrays):
    """Return the share of arrays that equal an earlier one."""
    different = {(array.shape, array.tobytes()) for array in arrays}
    return 1 - len(different) / len(arrays) if arrays else 0.0


MEASURES = {
    "notes sounding at a time": sounding,
    "notes struck a time step": onsets,
    "share of held notes": held,
    "entropy of the pitch class, bits": entropy,
    "share of bars heard before": repeated,
    "share of rhythms heard before": rhythms,
}


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks.learned",
        description="Compare a trained network with the baselines, and the music that "
        "it composes with the validation pieces.",
    )
    top.add_argument("network", help="a file, or the name of a shipped network")
    top.add_argument("folder", help="folder with the MIDI files of its training")
    top.add_argument(
        "--leave-out",
        metavar="PIECE",
        nargs="+",
        default=[],
        help="validation pieces that the network has learned from all the same",
    )
    top.add_argument(
        "--temperature", type=float, default=1.0, help="of composing (default 1)"
    )
    return top


if __name__ == "__main__":
    main()
