"""The parser of the command line: what each command takes, and what it says of it."""

import argparse

from lstmviz.commands.options import (
    CHECK,
    FILMS,
    GALLERY,
    NETWORK,
    TRACE,
    TRAINING,
    add_backend,
    add_look,
    add_metre,
    add_network,
    add_neuron,
    add_only,
    add_seed,
    add_settings,
    add_theme,
    add_zoom,
    natural,
    positive,
)
from lstmviz.coursework.marking import SECONDS

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

    sub = command("hear", "turn music into sound, a WAV file for any player")
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to play")
    sub.add_argument("-o", "--output", help="WAV to write; default: MUSIC.wav")
    sub.add_argument("--bpm", type=float, help="tempo; default: the song's, or 120")
    add_metre(sub)

    sub = command("compose", "compose music and write it as MIDI")
    sub.add_argument(
        "-o", "--output", default="composed.mid", help="MIDI file to write"
    )
    sub.add_argument("--wav", metavar="FILE", help="also write the sound there (.wav)")
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
    sub.add_argument("--bpm", type=float, default=120.0, help="tempo of the music")
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
    sub.add_argument("trace", metavar="TRACE", help=TRACE)
    sub.add_argument("-o", "--output", help="PNG to write; default: snapshot-STEP.png")
    sub.add_argument("--step", type=int, help="the moment; default: drawn by the seed")
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    add_only(sub)
    add_look(sub, zoom=4, optional=True)
    add_seed(sub, "which moment is drawn if none is named")

    sub = command("neuron", "draw one neuron of a trace over time and notes")
    add_neuron(sub)
    sub.add_argument("-o", "--output", help="PNG to write; default: LAYER-INDEX.png")
    sub.add_argument("--notes", action="store_true", help="show the music heard in red")
    add_only(sub)
    add_look(sub, zoom=4, optional=True)
    add_seed(sub, "which neuron is drawn if none is named")

    sub = command("gallery", "draw many neurons on one sheet", GALLERY)
    sub.add_argument("traces", metavar="TRACE", nargs="+", help=TRACE)
    sub.add_argument("-o", "--output", default="gallery.png", help="PNG to write")
    sub.add_argument("--layer", help="only of this layer; all its neurons")
    which = sub.add_mutually_exclusive_group()
    which.add_argument("--neurons", type=natural, nargs="+", help="which of the layer")
    which.add_argument(
        "--each", type=positive, help="so many of each layer, the liveliest"
    )
    sub.add_argument("--columns", type=positive, default=5, help="pictures a row")
    sub.add_argument("--notes", action="store_true", help="show the music heard in red")
    add_only(sub)
    add_look(sub, zoom=2)

    sub = command("gates", "draw the gates, cell and activation of one neuron")
    add_neuron(sub)
    sub.add_argument(
        "-o", "--output", help="PNG to write; default: gates-LAYER-INDEX.png"
    )
    add_look(sub, zoom=2)
    add_seed(sub, "which neuron is drawn if none is named")

    sub = command("saturation", "draw how often gates are shut, and how often open")
    sub.add_argument("trace", metavar="TRACE", help=TRACE)
    sub.add_argument("-o", "--output", default="saturation.png", help="PNG to write")
    add_theme(sub)
    add_zoom(sub, 4)

    sub = command("film", "film all neurons while the music plays", FILMS)
    sub.add_argument("trace", metavar="TRACE", help=TRACE)
    sub.add_argument(
        "-o", "--output", default="mind.mp4", help=".mp4, .gif, .png or .apng to write"
    )
    sub.add_argument("--bpm", type=float, default=120.0, help="tempo of the music")
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    sub.add_argument(
        "--from", dest="start", type=natural, default=0, help="first step to film"
    )
    sub.add_argument(
        "--to", dest="stop", type=positive, help="the step to stop before; default: end"
    )
    add_zoom(sub, default=2)

    sub = command("page", "write a trace as one HTML file to play and point into")
    sub.add_argument("trace", metavar="TRACE", help=TRACE)
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

    sub = command(
        "check", "mark exercises: say what is right, and what is wrong", CHECK
    )
    sub.add_argument("files", metavar="FILE", nargs="+", help="a student's Python file")
    sub.add_argument(
        "--seconds", type=float, default=SECONDS, help="how long each file may run"
    )
    sub.add_argument("--csv", metavar="FILE", help="also write the marks there (.csv)")
    return top
