"""What a network has learned: `python -m benchmarks.learned NETWORK FOLDER`.

Two tables on the folder's validation pieces, the same that `lstmviz train` set
apart: how surprising they are to the network and to the baselines, and how the
music that the network composes compares with them, number by number.
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

SEEDS, BARS = 20, 64  # how many pieces are composed, and how long


def main():
    """Print both tables."""
    options = parser().parse_args()
    net = lv.load(options.network)
    pieces, _ = gather([options.folder], net)
    training, validation = (
        [pieces[name] for name in part] for part in split(list(pieces))
    )
    print(f"{len(validation)} validation pieces: nats per time step")
    print(f"{'total':>8}{'play':>8}{'artic.':>8}")
    steps = sum(len(piece) - 1 for piece in validation)
    for name, fit in BASELINES.items():
        report(score(fit(training), validation), steps, name)
    report(nats_of_pieces(net, validation, progress=True), steps, options.network)

    composed = [
        lv.compose(net, BARS * 16, seed, temperature=options.temperature)[1:]
        for seed in tqdm(range(SEEDS), desc="composing", unit="piece", delay=2)
    ]
    print(
        f"\n{SEEDS} pieces of {BARS} bars composed from silence, one a seed, "
        f"at temperature {options.temperature:g}"
    )
    print(f"{'validation':>24}{'composed':>24}{'ratio':>8}   mean (lowest, highest)")
    for name, measure in MEASURES.items():
        theirs, ours = ([measure(p) for p in part] for part in (validation, composed))
        ratio = np.mean(ours) / np.mean(theirs)
        print(f"{spread(theirs):>24}{spread(ours):>24}{ratio:8.2f}   {name}")


def report(nats, steps, name):
    """Print a line of the first table, from the nats (P, 2) of each piece."""
    play, articulate = nats.sum(axis=0) / steps
    print(f"{play + articulate:8.2f}{play:8.2f}{articulate:8.2f}  {name}", flush=True)


def spread(values):
    """Return mean, lowest and highest as text."""
    return f"{np.mean(values):.3f} ({min(values):.2f}, {max(values):.2f})"


def sounding(piece):
    """Return how many notes sound at a time, on average."""
    return piece[..., PLAYED].sum(axis=1).mean()


def onsets(piece):
    """Return how many notes are struck a time step, on average."""
    return piece[..., ARTICULATED].sum(axis=1).mean()


def held(piece):
    """Return the share of what sounds that is held from the step before."""
    return 1 - piece[..., ARTICULATED].sum() / max(piece[..., PLAYED].sum(), 1)


def entropy(piece):
    """Return the entropy, in bits, of the pitch class of a struck note (at most 3.58).

    The lowest note of the arrays is a C or not; entropy does not mind which.
    """
    struck = piece[..., ARTICULATED].sum(axis=0)
    p = np.bincount(np.arange(len(struck)) % 12, weights=struck, minlength=12)
    p = p[p > 0] / p.sum()
    return float(-(p * np.log2(p)).sum())


def repeated(piece):
    """Return the share of bars that are exactly like an earlier one."""
    return repetition(bars_of(piece))


def rhythms(piece):
    """Return the share of bars with onsets at the same steps as an earlier one."""
    return repetition([bar[..., ARTICULATED].any(axis=1) for bar in bars_of(piece)])


def bars_of(piece):
    """Return the states of each bar, without what comes before the first bar line."""
    return np.split(piece.states, bar_lines(piece.position))[1:]


def repetition(arrays):
    """Return the share of arrays that are exactly like an earlier one."""
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
        description="Compare a trained network with baselines on validation pieces, "
        "and what it composes with them.",
    )
    top.add_argument("network", help="what `lstmviz demo --network` takes")
    top.add_argument("folder", help="of MIDI files that it was trained on")
    top.add_argument(
        "--temperature", type=float, default=1.0, help="at which it composes"
    )
    return top


if __name__ == "__main__":
    main()
