"""The options of the command line: what each command takes, and what it says of it."""

import argparse

from lstmviz.network.optimizers import OPTIMIZERS
from lstmviz.network.settings import SCHEDULES, Settings
from lstmviz.network.weights import shipped

__all__ = ["parser"]


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="lstmviz",
        description="See how an LSTM thinks while it hears and composes music.",
        epilog="Begin with `lstmviz demo`. MUSIC is a MIDI file or the name of a song "
        "in the songbook (`lstmviz songs` lists them).",
    )
    commands = top.add_subparsers(metavar="COMMAND", dest="command", required=True)

    def command(name, help, more=""):
        return commands.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}. {more}",
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )

    sub = command("demo", "listen, compose, and draw what went on inside")
    sub.add_argument("folder", nargs="?", default="lstmviz-demo", help="to write into")
    add_network(sub)
    add_seed(sub, "which music is composed")

    command("songs", "list the songbook")

    sub = command("compose", "compose music and write it as MIDI")
    sub.add_argument(
        "-o", "--output", default="composed.mid", help="MIDI file to write"
    )
    sub.add_argument("--trace", metavar="FILE", help="also save the trace there (.npz)")
    sub.add_argument("--steps", type=int, default=256, help="sixteenths to compose")
    sub.add_argument("--prompt", metavar="MUSIC", help="music to listen to first")
    sub.add_argument(
        "--prompt-steps",
        type=positive,
        default=64,
        help="how much of it, in sixteenths",
    )
    sub.add_argument(
        "--temperature", type=float, default=1.0, help="below 1 tamer, above 1 wilder"
    )
    sub.add_argument(
        "--no-adaptive",
        action="store_true",
        help="let the music fall silent if it will",
    )
    sub.add_argument("--bpm", type=float, default=120.0, help="tempo of the MIDI file")
    add_metre(sub)
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "which music is composed")

    sub = command("trace", "record what a network thinks while it hears music")
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to listen to")
    sub.add_argument("-o", "--output", help="file to write (.npz); default: MUSIC.npz")
    sub.add_argument(
        "--steps", type=natural, default=256, help="sixteenths to record, 0 for all"
    )
    add_metre(sub)
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "weights of the untrained network")

    sub = command("snapshot", "draw all neurons at one moment of a trace")
    sub.add_argument("trace", metavar="TRACE", help="file from `trace` or `compose`")
    sub.add_argument("-o", "--output", help="PNG to write; default: snapshot-STEP.png")
    sub.add_argument("--step", type=int, help="the moment; default: drawn by the seed")
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    add_zoom(sub)
    add_seed(sub, "which moment is drawn if none is named")

    sub = command("neuron", "draw one neuron of a trace over time and notes")
    sub.add_argument("trace", metavar="TRACE", help="file from `trace` or `compose`")
    sub.add_argument(
        "layer", metavar="LAYER", help="such as time1, time2, note1, note2"
    )
    sub.add_argument(
        "index", metavar="INDEX", type=int, nargs="?", help="default: drawn by the seed"
    )
    sub.add_argument("-o", "--output", help="PNG to write; default: LAYER-INDEX.png")
    sub.add_argument("--notes", action="store_true", help="show the music heard in red")
    add_zoom(sub)
    add_seed(sub, "which neuron is drawn if none is named")

    sub = command("page", "write a trace as one HTML file to play and point into")
    sub.add_argument("trace", metavar="TRACE", help="file from `trace` or `compose`")
    sub.add_argument("-o", "--output", default="mind.html", help="HTML file to write")
    sub.add_argument("--title", default="A network thinking", help="its heading")
    sub.add_argument("--bpm", type=float, default=120.0, help="tempo it plays at")
    sub.add_argument(
        "--gates",
        action="store_true",
        help="keep the gates: about three times as large",
    )

    sub = command("train", "teach a new network some pieces of music", TRAINING)
    sub.add_argument(
        "music",
        metavar="MUSIC",
        nargs="*",
        help="folders of MIDI files, files or songs; default: all songs",
    )
    sub.add_argument(
        "-o", "--output", metavar="RUN", default="lstmviz-run", help="folder to write"
    )
    sub.add_argument(
        "--resume", action="store_true", help="go on with the run in that folder"
    )
    sub.add_argument("--time-layers", type=positive, nargs="+", default=[300, 300])
    sub.add_argument("--note-layers", type=positive, nargs="+", default=[100, 50])
    sub.add_argument(
        "--validation", type=float, default=0.1, help="share of the pieces set apart"
    )
    add_settings(sub)
    add_metre(sub)
    add_backend(sub)
    add_seed(sub, "first weights, segments and dropout")

    sub = command("evaluate", "measure how surprising a network finds music")
    sub.add_argument("network", metavar="NETWORK", help=NETWORK)
    sub.add_argument(
        "music", metavar="MUSIC", nargs="+", help="folders of MIDI files, files, songs"
    )
    add_metre(sub)
    add_backend(sub)
    sub.set_defaults(seed=0)
    return top


TRAINING = (
    "RUN will hold checkpoint.npz (to go on from after Ctrl-C, with --resume), "
    "best.npz (the network that knew the validation pieces best: the result), "
    "log.csv, learning-curve.png, music.txt, and samples of what it composes."
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


def add_zoom(sub):
    sub.add_argument("--zoom", type=int, default=4, help="screen pixels a neuron")


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
