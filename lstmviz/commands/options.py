"""Options that several commands take, or that take some telling."""

import argparse
from dataclasses import fields

from lstmviz.network.lstm import Layer
from lstmviz.network.optimizers import OPTIMIZERS
from lstmviz.network.settings import SCHEDULES, Settings
from lstmviz.network.weights import shipped
from lstmviz.pictures.colours import PALETTES
from lstmviz.pictures.sheet import THEMES

TRACE = "file from `trace` or `compose`"
GALLERY = (
    "If no neurons are named, the liveliest 4 of each time layer and 5 of each note "
    "layer are drawn. Several traces show the same neurons over several pieces."
)
FILMS = (
    'MP4 is small and has the sound; it needs `pip install "lstmviz[film]"`. PNG '
    "(an APNG) has every pixel as `snapshot` draws it. GIF has 256 colours near them."
)
TRAINING = (
    "RUN will hold checkpoint.npz (to go on from after Ctrl-C, with --resume), "
    "best.npz (the network that knew the validation pieces best: the result), "
    "log.csv, learning-curve.png, music.txt, and samples of what it composes."
)
CHECK = (
    "The exercises are in tutorials/exercises. Each FILE runs in a process of its own. "
    "The exit status is 0 if all is right, 1 if not."
)
NETWORK = (
    f"a file, or one that comes with the package ({', '.join(shipped())}), "
    "or 'untrained'"
)


def add_settings(sub):
    """Add an option for each setting of a training run, with its default."""
    for name, type, help in (
        ("steps", int, "how many times to move the weights"),
        ("batch", int, "segments to learn from at each step"),
        ("length", int, "sixteenths a segment"),
        ("optimizer", sorted(OPTIMIZERS), "how to move the weights"),
        ("learning-rate", float, "how far; default: what suits the optimizer"),
        ("schedule", SCHEDULES, "how the learning rate changes"),
        ("warmup", int, "steps over which it rises from zero"),
        ("dropout", float, "share of neurons that fall silent"),
        ("transpose", int, "semitones that segments are moved by, at most"),
        ("clip", float, "longest gradient to trust"),
        ("validate-every", int, "steps between looks at the validation pieces"),
        ("validate-steps", int, "sixteenths of each to hear at a look"),
        ("save-every", int, "steps between checkpoints"),
    ):
        kind = {"type": type} if callable(type) else {"choices": type}
        default = getattr(Settings, name.replace("-", "_"))
        sub.add_argument(f"--{name}", default=default, help=help, **kind)


def settings_of(options):
    """Return the settings of a training run that the options name, as a dict."""
    return {field.name: getattr(options, field.name) for field in fields(Settings)}


def add_network(sub):
    sub.add_argument("--network", default="classical", help=NETWORK)


def add_seed(sub, what):
    sub.add_argument("--seed", type=natural, default=0, help=f"decides {what}")


def add_metre(sub):
    sub.add_argument(
        "--metre",
        choices=["stop", "skip", "refuse"],
        default="stop",
        help="what to do where a MIDI file leaves 2/4 and 4/4",
    )


def add_backend(sub):
    sub.add_argument(
        "--backend",
        choices=["numba", "numpy"],
        default="numba",
        help="numpy is the definition, numba its fast twin",
    )


def add_neuron(sub):
    sub.add_argument("trace", metavar="TRACE", help=TRACE)
    sub.add_argument(
        "layer", metavar="LAYER", help="such as time1, time2, note1, note2"
    )
    sub.add_argument(
        "index", metavar="INDEX", type=int, nargs="?", help="default: drawn by the seed"
    )


def add_only(sub):
    sub.add_argument(
        "--only",
        choices=Layer._fields,
        help="this part of the neurons instead of their h and c",
    )


def add_look(sub, zoom, optional=False):
    """Add the options for labels and colours; some pictures always have labels."""
    if optional:
        sub.add_argument(
            "--labels",
            action="store_true",
            help="put pitches, bars, names and a legend around the picture",
        )
    sub.add_argument(
        "--palette",
        choices=PALETTES,
        default="green-blue",
        help="colours of h and c",
    )
    add_theme(sub, labels=not optional)
    add_zoom(sub, zoom)


def add_theme(sub, labels=True):
    sub.add_argument("--theme", choices=THEMES, help="paper and ink of the labels")
    sub.add_argument("--title", help="what the labels say above the picture")
    if labels:
        sub.set_defaults(labels=True)


def add_zoom(sub, default):
    sub.add_argument("--zoom", type=int, default=default, help="screen pixels a neuron")


def natural(text):
    """Read a whole number from 0 up."""
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 0 up, not {text}"
        )
    return int(text)


def positive(text):
    """Read a whole number from 1 up."""
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(
            f"must be a whole number from 1 up, not {text}"
        )
    return int(text)
