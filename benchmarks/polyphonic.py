"""The published benchmark: `python -m benchmarks.polyphonic FILE`.

Trains a network on a data set of Boulanger-Lewandowski, Bengio & Vincent (2012),
"Modeling Temporal Dependencies in High-Dimensional Sequences", and scores it on the
validation set. When a network has been chosen in this way, `--test` scores it on the
test set, once, and prints the published results beside it.

With `--average 5`, every five networks that were validated one after the other are also
averaged, weight by weight, and the best of these averages is taken.

The data are piano rolls of 88 notes: they tell which notes sound, but not which are
struck. So only the loss of play counts here, and a note is taken as struck when it
begins to sound.

One step of silence is added before every sequence, so that its first step is also
predicted.
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import numpy as np
from tqdm import trange

import lstmviz as lv
from benchmarks.baselines import BASELINES, score
from lstmviz.commands.options import add_settings, positive, settings_of
from lstmviz.music.notes import PLAYED, states_from_roll
from lstmviz.music.piece import Piece
from lstmviz.network.checkpoints import BEST, CHECKPOINT
from lstmviz.network.evaluating import nats_of_pieces
from lstmviz.network.settings import Settings
from lstmviz.pictures.curve import learning_curve

LOW, NOTES = 21, 88  # the keys of a piano
DEFAULTS = asdict(Settings()) | dict(
    steps=2200,
    batch=4,
    length=64,
    learning_rate=0.005,
    warmup=50,
    dropout=0.3,
    transpose=6,
    validate_steps=512,
)
PUBLISHED = {  # log likelihood of the test set, nats per time step
    "jsb_chorales": {
        "RNN-RBM (Boulanger-Lewandowski et al. 2012)": -6.27,
        "RNN-NADE (Boulanger-Lewandowski et al. 2012)": -5.56,
        "BALSTM, the biaxial LSTM (Johnson 2017)": -5.05,
        "LSTM, notes independent (sequence-modelling literature)": -8.4,
    },
    "piano_midi": {
        "RNN-RBM (Boulanger-Lewandowski et al. 2012)": -7.09,
        "RNN-NADE (Boulanger-Lewandowski et al. 2012)": -7.05,
        "BALSTM, the biaxial LSTM (Johnson 2017)": -4.90,
    },
}


def main():
    """Train, or resume training, and print the table."""
    options = parser().parse_args()
    settings = DEFAULTS | settings_of(vars(options))
    scored = ("valid", "test") if options.test else ("valid",)
    pieces = {part: read(options.file, part) for part in ("train", *scored)}
    run = Path(options.output or f"polyphonic-{Path(options.file).stem}")
    net = lv.Biaxial(
        options.time_layers, options.note_layers, LOW, LOW + NOTES, settings["seed"]
    )

    def keep(net, history):
        lv.write_image(learning_curve(history), run / "learning-curve.png")
        if options.average > 1:
            net.save(run / f"step-{len(history['loss'])}.npz")

    history = lv.train(
        net,
        pieces["train"],
        pieces["valid"],
        checkpoint=run,
        resume=(run / CHECKPOINT).exists(),
        watch=keep,
        progress=True,
        **settings,
    )
    if len(history["loss"]) < settings["steps"]:
        print(
            f"stopped after {len(history['loss'])} of {settings['steps']} steps, so "
            "nothing was scored. The same command resumes the training."
        )
        return
    if options.average > 1:
        validated = np.flatnonzero(~np.isnan(history["play"])) + 1
        paths = [run / f"step-{step}.npz" for step in validated]
        samples = [piece[: settings["validate_steps"]] for piece in pieces["valid"]]
        best = best_average(paths, options.average, samples)
    else:
        best = lv.load(run / BEST)
    print(f"{Path(options.file).stem}: log likelihood in nats per time step")
    print("".join(f"{part:>8}{'by seq.':>9}" for part in scored))
    steps = [np.array([len(piece) - 1 for piece in pieces[part]]) for part in scored]
    for name, fit in BASELINES.items():
        known = fit(pieces["train"])
        report(name, [score(known, pieces[part]) for part in scored], steps)
    nats = [nats_of_pieces(best, pieces[part]) for part in scored]
    report("lstmviz, best on validation", nats, steps)
    if options.test:
        for name, figure in PUBLISHED.get(Path(options.file).stem, {}).items():
            print(f"{'':17}{figure:8.2f}{'':9}  {name}, as published")
    print("mean over all steps; by seq.: mean over sequences of the mean of each")


def best_average(paths, count, pieces):
    """Return the mean of `count` networks in a row that predicts the pieces best.

    While the learning rate is high, weights move around a good place; their mean is
    nearer to it than each of them (Polyak & Juditsky 1992, Izmailov et al. 2018).
    """
    if len(paths) < count:
        raise ValueError(f"only {len(paths)} networks were validated, not {count}")
    lowest = np.inf
    for end in trange(count, len(paths) + 1, desc="averages", unit="network"):
        net, *others = (lv.load(path) for path in paths[end - count : end])
        for name, weights in net.parameters.items():
            weights += sum(other.parameters[name] for other in others)
            weights /= count
        loss = lv.evaluate(net, pieces).play
        if loss < lowest:
            lowest, best = loss, net
            found = f"{paths[end - count].stem} to {paths[end - 1].stem}"
    print(f"averaged: {found}")
    return best


def report(name, nats, steps):
    """Print a line of the table, from the losses (P, 2) and steps (P,) of each part."""
    line = ""
    for losses, T in zip(nats, steps, strict=True):
        losses = losses[:, PLAYED]
        line += f"{-losses.sum() / T.sum():8.2f}{-(losses / T).mean():9.2f}"
    print(f"{line}  {name}", flush=True)


def read(path, part):
    """Return one part of the data set as pieces, with silence before each sequence.

    Returns
    -------
    list of Piece
        Of 1 + T steps and 88 notes.

    Raises
    ------
    ValueError
        The file has no such part.
    """
    with np.load(path) as arrays:
        if f"{part}_roll" not in arrays or f"{part}_length" not in arrays:
            raise ValueError(f"{path}: has no '{part}_roll' and '{part}_length'")
        ends = np.cumsum(arrays[f"{part}_length"])[:-1]
        rolls = np.split(arrays[f"{part}_roll"], ends)
    states = [states_from_roll(np.pad(roll, ((1, 0), (0, 0)))) for roll in rolls]
    return [Piece(each, low=LOW) for each in states]


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks.polyphonic",
        description="Train on a standard data set of piano rolls, and score the "
        "network that was best on the validation set. The same command with --test "
        "also scores the test set, without training again.",
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    top.add_argument("file", help="jsb_chorales.npz or piano_midi.npz")
    top.add_argument("-o", "--output", help="folder of the run; resumed if it exists")
    top.add_argument(
        "--test",
        action="store_true",
        help="score the test set; only for the network that was chosen by validation",
    )
    top.add_argument(
        "--average",
        type=positive,
        default=1,
        help="how many networks, validated one after the other, are averaged",
    )
    top.add_argument("--time-layers", type=int, nargs="+", default=[150, 150])
    top.add_argument("--note-layers", type=int, nargs="+", default=[100, 50])
    add_settings(top, DEFAULTS)
    return top


if __name__ == "__main__":
    main()
