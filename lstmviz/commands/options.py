"""Options that several commands have, and how a command is added to the parser."""

import argparse
from dataclasses import fields

from lstmviz.cells.lstm import Layer
from lstmviz.fast.backends import BACKENDS
from lstmviz.network.optimizers import OPTIMIZERS
from lstmviz.network.settings import SCHEDULES, Settings
from lstmviz.network.weights import shipped
from lstmviz.pictures.colours import PALETTES
from lstmviz.pictures.sheet import THEMES

__all__ = [
    "NETWORK",
    "Commands",
    "add_backend",
    "add_bpm",
    "add_index",
    "add_labels",
    "add_layer",
    "add_network",
    "add_only",
    "add_output",
    "add_palette",
    "add_seed",
    "add_settings",
    "add_theme",
    "add_trace_file",
    "add_zoom",
    "natural",
    "neurons_of",
    "positive",
    "settings_of",
]

NETWORK = (
    f"a file, or one that comes with the package ({', '.join(shipped())}), "
    "or 'untrained'"
)


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


def neurons_of(texts):
    """Read neurons by layer: commas between numbers, a dash for a range.

    Raises
    ------
    ValueError
        Says how neurons are written.

    Examples
    --------
    >>> neurons_of(["time1:17,3", "note2:0-2,9"])
    {'time1': [17, 3], 'note2': [0, 1, 2, 9]}
    """
    neurons = {}
    for text in texts:
        layer, _, numbers = text.partition(":")
        for part in numbers.split(","):
            first, dash, last = part.partition("-")
            last = last if dash else first
            if not (layer and first.isdecimal() and last.isdecimal()):
                raise ValueError(
                    f"{text}: neurons are written as LAYER:NUMBERS, such as "
                    "time1:17,3 or note2:0-9"
                )
            neurons.setdefault(layer, []).extend(range(int(first), int(last) + 1))
    return neurons


SETTINGS = (
    ("steps", int, "number of updates of the weights"),
    ("batch", int, "segments a batch"),
    ("length", int, "sixteenths a segment"),
    ("optimizer", sorted(OPTIMIZERS), "how the weights are updated"),
    ("learning-rate", float, "size of the updates"),
    ("schedule", SCHEDULES, "how the learning rate changes"),
    ("warmup", int, "steps over which the learning rate rises from zero"),
    ("dropout", float, "dropout rate"),
    ("weight-decay", float, "share of the weights that is lost, times learning rate"),
    ("transpose", int, "largest transposition of a segment, in semitones"),
    ("clip", float, "largest norm of the gradient"),
    ("validate-every", int, "steps between validations"),
    ("validate-steps", int, "time steps per validation piece"),
    ("save-every", int, "steps between checkpoints"),
    ("seed", natural, "seed of the initial weights, segments and dropout"),
)


class Commands:
    """The commands of a parser: `add` adds one, with the function that runs it."""

    def __init__(self, top):
        self._parsers = top.add_subparsers(metavar="COMMAND")

    def add(self, name, run, help, more=""):
        """Return a new parser; `run` is called with its arguments, by keyword."""
        sub = self._parsers.add_parser(
            name,
            help=help,
            description=f"{help[0].upper()}{help[1:]}. {more}",
            formatter_class=HelpFormatter,
        )
        sub.set_defaults(run=run)
        return sub


class HelpFormatter(argparse.ArgumentDefaultsHelpFormatter):
    """Add the default to the help of an option that has one."""

    def _get_help_string(self, action):
        default = action.default
        if default is None or isinstance(default, bool) or default == argparse.SUPPRESS:
            return action.help
        return super()._get_help_string(action)


def add_network(sub):
    sub.add_argument("--network", default="classical", help=NETWORK)


def add_seed(sub, what, optional=False):
    """Add the option --seed; an optional one is None if it is not given."""
    text = f"seed of {what}" + (" (default: 0)" if optional else "")
    default = None if optional else 0
    sub.add_argument("--seed", type=natural, default=default, help=text)


def add_backend(sub):
    sub.add_argument(
        "--backend",
        choices=sorted(BACKENDS),
        default="numba",
        help="numpy is the definition, numba its compiled twin",
    )


def add_bpm(sub):
    sub.add_argument(
        "--bpm", type=float, help="quarter notes a minute (default: the music's own)"
    )


def add_settings(sub, defaults):
    """Add an option for each setting of a training run.

    An option that is not given is absent; `defaults` are only shown in the help.
    """
    for name, kind, help in SETTINGS:
        default = defaults[name.replace("-", "_")]
        how = {"type": kind} if callable(kind) else {"choices": kind}
        text = f"{help} (default: {default})"
        sub.add_argument(f"--{name}", help=text, default=argparse.SUPPRESS, **how)


def settings_of(options):
    """Return those of the options that are settings of a training run, as a dict."""
    names = {field.name for field in fields(Settings)}
    return {name: value for name, value in options.items() if name in names}


def add_trace_file(sub):
    sub.add_argument(
        "trace", metavar="TRACE", help="file from `lstmviz trace` or `compose --trace`"
    )


def add_layer(sub):
    sub.add_argument("layer", metavar="LAYER", help="time1, time2, note1 or note2")


def add_index(sub):
    sub.add_argument(
        "index",
        metavar="INDEX",
        type=int,
        nargs="?",
        help="number of the neuron; if not given, it is drawn at random",
    )
    add_seed(sub, "the neuron that is drawn", optional=True)


def add_only(sub):
    sub.add_argument(
        "--only",
        choices=Layer._fields,
        help="show this part of the neurons instead of h and c",
    )


def add_output(sub, what, default=None, shown=None):
    """Add the option -o; `shown` describes a default that depends on the input."""
    text = f"{what} to write" + (f" (default: {shown})" if shown else "")
    sub.add_argument("-o", "--output", metavar="FILE", default=default, help=text)


def add_palette(sub):
    sub.add_argument(
        "--palette", choices=PALETTES, default="green-blue", help="colours of h and c"
    )


def add_labels(sub):
    sub.add_argument(
        "--labels",
        action="store_true",
        help="add pitches, bars, names and a legend around the picture",
    )


def add_theme(sub):
    sub.add_argument(
        "--theme", choices=THEMES, help="colours of the labels (default: light)"
    )
    sub.add_argument("--title", help="text above the picture (default: what it shows)")


def add_zoom(sub, default):
    sub.add_argument(
        "--zoom",
        type=int,
        default=default,
        help="screen pixels for each neuron, up to 100",
    )
