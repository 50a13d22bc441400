"""The commands of learning: train a network, and measure what it has learned."""

import shlex
import sys
from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.commands.options import settings_of
from lstmviz.commands.shared import gather, length, network
from lstmviz.diary import write_diary
from lstmviz.files import write_whole
from lstmviz.music.library import split
from lstmviz.network.evaluating import nats_of_pieces

__all__ = ["LEARNING"]


def run_train(options):
    folder = Path(options.output)
    net = lv.Biaxial(options.time_layers, options.note_layers, seed=options.seed)
    pieces, refused = gather(options.music or lv.songbook(), net, options.metre)
    training, validation = split(list(pieces), options.validation)
    steps = sum(len(pieces[name]) for name in training)
    print(
        f"learning from {len(training)} pieces ({length(steps)}), "
        f"{len(validation)} set apart for validation"
    )
    history = lv.train(
        net,
        [pieces[name] for name in training],
        [pieces[name] for name in validation],
        checkpoint=folder,
        resume=options.resume,
        watch=lambda net, history: write_diary(folder, net, history),
        progress=True,
        backend=options.backend,
        **settings_of(options),
    )
    write_music_list(folder / "music.txt", training, validation, refused)
    report_training(options, folder, history)


def write_music_list(path, training, validation, refused):
    """Write down which pieces were learned from, set apart, and refused and why."""
    lines = [f"learned    {name}" for name in training]
    lines += [f"validation {name}" for name in validation]
    lines += [f"refused    {reason}" for reason in refused.values()]
    write_whole(path, lambda file: file.write("\n".join([*lines, ""]).encode()))


def report_training(options, folder, history):
    """Say what came of a training run, and how to go on."""
    done, loss, total = len(history["loss"]), history["loss"], history["total"]
    print(
        f"{done} steps, {history['seconds'].mean():.2g} s each; the loss went from "
        f"{loss[:10].mean():.2f} to {loss[-10:].mean():.2f} nats per time step"
    )
    if done < options.steps:
        arguments = [a for a in sys.argv[1:] if a != "--resume"]
        print(f"go on with: lstmviz {shlex.join([*arguments, '--resume'])}")
    if np.isfinite(total).any():
        best = int(np.nanargmin(total))
        print(
            f"the best network, of step {best + 1}, has a validation loss of "
            f"{total[best]:.2f} nats per time step (play {history['play'][best]:.2f}, "
            f"articulate {history['articulate'][best]:.2f})"
        )
    print(
        f"wrote {folder}/: best.npz, learning-curve.png, log.csv, music.txt, samples/"
    )
    print(f"see it think: lstmviz demo --network {folder / 'best.npz'}")


def run_evaluate(options):
    net = network(options)
    pieces, _ = gather(options.music, net, options.metre)
    nats = nats_of_pieces(net, list(pieces.values()), options.backend, progress=True)
    steps = np.array([len(states) - 1 for states in pieces.values()])
    print("nats per time step")
    print(f"{'total':>8}{'play':>8}{'artic.':>8}{'steps':>8}  piece")
    for name, count, of_piece in zip(pieces, steps, nats, strict=True):
        print(row(of_piece / count, count, name))
    print(row(nats.sum(axis=0) / steps.sum(), steps.sum(), "all steps together"))


def row(nats, steps, name):
    """Return a line of the table of `evaluate`."""
    total, play, articulate = nats.sum(), *nats
    return f"{total:8.3f}{play:8.3f}{articulate:8.3f}{steps:8}  {name}"


LEARNING = {"train": run_train, "evaluate": run_evaluate}
