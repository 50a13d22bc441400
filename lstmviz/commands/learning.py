"""The commands of learning: train a network, and measure how well it predicts music."""

import argparse
import json
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.commands.diary import write_diary
from lstmviz.commands.options import (
    NETWORK,
    add_backend,
    add_settings,
    positive,
    settings_of,
)
from lstmviz.commands.shared import gather, load_network
from lstmviz.fast.backends import BACKENDS
from lstmviz.files import save_bytes
from lstmviz.music.library import split
from lstmviz.network.checkpoints import BEST, CHECKPOINT, check_new, run_folder
from lstmviz.network.evaluating import nats_of_pieces
from lstmviz.network.settings import Settings

__all__ = ["add_evaluate", "add_train"]

TRAINING = (
    "RUN is a folder: checkpoint.npz (after Ctrl-C, `lstmviz train -o RUN --resume` "
    "resumes from it), best.npz (the network with the lowest validation loss: the "
    "result), log.csv, learning-curve.png, music.txt, and samples of what it composes."
)
RATES = "0.002 for adam, 1 for adadelta"
COMMAND = "command.json"  # in RUN: what the run was begun with, for --resume
DEFAULTS = {
    "music": [],
    "time_layers": [300, 300],
    "note_layers": [100, 50],
    "validation": 0.1,
    "backend": "numba",
}


def add_train(commands):
    sub = commands.add("train", run_train, "train a new network on music", TRAINING)
    # An option that is not given is absent: then a resumed run keeps its own.
    sub.argument_default = argparse.SUPPRESS
    sub.add_argument(
        "music",
        metavar="MUSIC",
        nargs="*",
        default=argparse.SUPPRESS,
        help="folders of MIDI files, files or songs (default: all songs)",
    )
    sub.add_argument(
        "-o",
        "--output",
        metavar="RUN",
        default="lstmviz-run",
        help="folder of the run",
    )
    sub.add_argument(
        "--resume",
        action="store_true",
        default=False,
        help="continue the run in that folder; no other argument is needed, and only "
        "--steps can change",
    )
    layers = dict(type=positive, nargs="+", metavar="NEURONS")
    for name, axis in ("time", "along time"), ("note", "up the notes"):
        sizes = " ".join(map(str, DEFAULTS[f"{name}_layers"]))
        help = f"neurons of each layer {axis} (default: {sizes})"
        sub.add_argument(f"--{name}-layers", help=help, **layers)
    sub.add_argument(
        "--network",
        metavar="NETWORK",
        help="begin with the weights of this network instead of random ones: "
        + NETWORK,
    )
    sub.add_argument(
        "--validation",
        type=float,
        help=f"share of the pieces set apart (default: {DEFAULTS['validation']})",
    )
    add_settings(sub, asdict(Settings()) | {"learning_rate": RATES})
    sub.add_argument(
        "--backend",
        choices=sorted(BACKENDS),
        help="numpy is the definition, numba its compiled twin (default: numba)",
    )


def run_train(output, resume, **given):
    if output == "":
        raise ValueError("the name of the folder of the run must not be empty")
    with run_folder(output):
        train_in(Path(output), resume, given)


def train_in(folder, resume, given):
    """Train in the folder of a run; `given` are the arguments that were given."""
    if resume:
        command = resumed_command(folder, given)
    else:
        check_new(folder)
        command = DEFAULTS | given
    settings = settings_of(command)
    net = network_to_train(command, given)
    names = command["music"] or lv.songbook()
    check_apart(folder, names)
    pieces, refused = gather(names, net)
    training, validation = split(list(pieces), command["validation"])
    steps = sum(len(pieces[name]) for name in training)
    print(
        f"learning from {len(training)} pieces ({steps} time steps), "
        f"{len(validation)} set apart for validation"
    )
    with command_saved(command, folder):
        history = lv.train(
            net,
            [pieces[name] for name in training],
            [pieces[name] for name in validation],
            checkpoint=folder,
            resume=resume,
            watch=lambda net, history: write_diary(net, history, folder),
            progress=True,
            **settings,
        )
    write_music_list(training, validation, refused, folder / "music.txt")
    report_training(folder, history, command.get("steps", Settings.steps))


def network_to_train(command, given):
    """Return the network that a run begins with: a given one, or a new one."""
    seed, backend = command.get("seed", 0), command["backend"]
    if "network" not in command:
        layers = command["time_layers"], command["note_layers"]
        return lv.Biaxial(*layers, seed=seed, backend=backend)
    for layers in "time_layers", "note_layers":
        if layers in given:
            raise ValueError(
                f"--{layers.replace('_', '-')} cannot be given with --network: "
                f"{command['network']} has its own layers"
            )
    return load_network(command["network"], seed, backend)


def check_apart(folder, names):
    """Raise a ValueError if what a run writes would become music to learn from."""
    for path in map(Path, names):
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise ValueError(
                f"{folder}: lies in {path}, so the samples written there would be "
                "read as music; choose a folder elsewhere"
            )


# What a run was begun with --------------------------------------------------------


@contextmanager
def command_saved(command, folder):
    """Keep what the run was begun with beside its checkpoint; without one, not."""
    path = folder / COMMAND
    text = json.dumps(with_absolute_paths(command), indent=1)
    save_bytes(text.encode(), path)
    try:
        yield
    finally:
        if not (folder / CHECKPOINT).exists():
            path.unlink()


def resumed_command(folder, given):
    """Return what the run in `folder` was begun with, and what was given now.

    Raises
    ------
    ValueError
        The folder holds no run, or something else than `steps` was given that differs.
    """
    path = folder / COMMAND
    try:
        command = DEFAULTS | json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(f"{folder}: holds no training run to resume") from None
    except (OSError, TypeError, ValueError) as error:
        raise ValueError(f"{path}: is damaged ({error})") from None
    given = with_absolute_paths(given)
    for name, value in given.items():
        fixed = name in command and name not in ("steps", "backend")
        if fixed and value != command[name]:
            raise ValueError(
                f"{folder}: was begun with {name} {command[name]}, not {value}; "
                "only steps can change"
            )
    return command | given


def with_absolute_paths(command):
    """Return it with absolute paths; songs and shipped networks keep their names."""
    command = dict(command)
    if "music" in command:
        command["music"] = [absolute(name) for name in command["music"]]
    if "network" in command:
        command["network"] = absolute(command["network"])
    return command


def absolute(name):
    """Return the absolute path of a file or folder; the name of anything else."""
    return str(Path(name).resolve()) if Path(name).exists() else name


# What came of it ------------------------------------------------------------------


def write_music_list(training, validation, refused, path):
    """Write which pieces were learned from, set apart, and refused and why."""
    lines = [f"learned    {name}" for name in training]
    lines += [f"validation {name}" for name in validation]
    lines += [f"refused    {reason}" for reason in refused.values()]
    text = "\n".join([*lines, ""])
    save_bytes(text.encode("utf-8", "backslashreplace"), path)


def report_training(folder, history, steps):
    """Print the result of a training run, and how to resume it."""
    done, loss, total = len(history["loss"]), history["loss"], history["total"]
    print(
        f"{done} steps, {history['seconds'].mean():.2g} s each; the loss went from "
        f"{loss[:10].mean():.2f} to {loss[-10:].mean():.2f} nats per time step"
    )
    if done < steps:
        print(f"to resume: lstmviz train -o {folder} --resume")
    if np.isfinite(total).any():
        best = int(np.nanargmin(total))
        print(
            f"the best network, of step {best + 1}, has a validation loss of "
            f"{total[best]:.2f} nats per time step (play {history['play'][best]:.2f}, "
            f"articulate {history['articulate'][best]:.2f})"
        )
    written = BEST, "learning-curve.png", "log.csv", "music.txt", "samples"
    print(f"wrote {folder}/: {', '.join(n for n in written if (folder / n).exists())}")
    print(f"see it think: lstmviz demo --network {folder / BEST}")


def add_evaluate(commands):
    sub = commands.add(
        "evaluate", run_evaluate, "measure how surprising music is to a network"
    )
    sub.add_argument("network", metavar="NETWORK", help=NETWORK)
    sub.add_argument(
        "music", metavar="MUSIC", nargs="+", help="folders of MIDI files, files, songs"
    )
    add_backend(sub)


def run_evaluate(network, music, backend):
    net = load_network(network, backend=backend)
    pieces, _ = gather(music, net)
    nats = nats_of_pieces(net, list(pieces.values()), progress=True)
    steps = np.array([len(piece) - 1 for piece in pieces.values()])
    print("nats per time step")
    print(f"{'total':>8}{'play':>8}{'artic.':>8}{'steps':>8}  piece")
    for name, count, of_piece in zip(pieces, steps, nats, strict=True):
        print(table_row(of_piece / count, count, name))
    total = nats.sum(axis=0) / steps.sum()
    print(table_row(total, steps.sum(), "all steps together"))


def table_row(nats, steps, name):
    """Return a line of the table of `evaluate`."""
    total, play, articulate = nats.sum(), *nats
    return f"{total:8.3f}{play:8.3f}{articulate:8.3f}{steps:8}  {name}"
