"""The command line: `lstmviz COMMAND ...`, also as `python -m lstmviz ...`.

Each command reads files, calls the one function of the library that does the
work, and writes files; what it prints is what it did and where the result is.
"""

import argparse
import os
import sys
from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.demo import demo
from lstmviz.music.notes import STEPS_PER_BAR
from lstmviz.network.weights import shipped

__all__ = ["main"]


def main(arguments=None):
    """Run one command and return its exit status; errors are one line, no traceback."""
    options = parser().parse_args(arguments)
    try:
        options.run(options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, MemoryError) as error:
        print(f"lstmviz: error: {error or 'out of memory'}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("lstmviz: stopped", file=sys.stderr)
        return 130
    return 0


# The commands -------------------------------------------------------------------


def run_demo(options):
    demo(options.folder, options.network, options.seed)


def run_songs(_):
    for name, song in lv.songbook().items():
        bars = song.steps // (STEPS_PER_BAR if song.metre == "4/4" else 8)
        about = f"{bars} bars of {song.metre}"
        print(f"{name:20} {about:16} {song.title} ({song.composer})")


def run_compose(options):
    net = network(options)
    prompt = None
    if options.prompt:
        prompt = music(options.prompt, net, options.metre)[: options.prompt_steps]
        print(f"listening to {options.prompt}: {length(len(prompt))}")
    result = lv.compose(
        net,
        options.steps,
        options.seed,
        prompt,
        options.temperature,
        adaptive=not options.no_adaptive,
        record=options.trace is not None,
        progress=True,
        backend=options.backend,
    )
    states = result if options.trace is None else result[0]
    lv.write_midi(states, options.output, options.bpm, net.low)
    print(
        f"wrote {options.output}: {length(len(states))} at {options.bpm:g} beats/minute"
    )
    if options.trace is not None:
        save_trace(result[1], options.trace)


def run_trace(options):
    net = network(options)
    states = music(options.music, net, options.metre)
    heard = states[: options.steps + 1] if options.steps else states
    if len(heard) < len(states):
        print(
            f"listening to the first {len(heard)} of {len(states)} time steps "
            "(--steps 0 for all)"
        )
    save_trace(
        lv.trace(net, heard), options.output or f"{Path(options.music).stem}.npz"
    )


def run_snapshot(options):
    trace = lv.Trace.load(options.trace)
    step = options.step
    if step is None:
        step = int(np.random.default_rng(options.seed).integers(len(trace)))
    output = options.output or f"snapshot-{step}.png"
    lv.write_image(lv.snapshot(trace, step, options.past), output, options.zoom)
    print(f"wrote {output}: the network at step {step} of {len(trace)}")


def run_neuron(options):
    trace = lv.Trace.load(options.trace)
    index = options.index
    if index is None:
        neurons = trace[options.layer].h.shape[-1]
        index = int(np.random.default_rng(options.seed).integers(neurons))
    output = options.output or f"{options.layer}-{index}.png"
    image = lv.neuron(trace, options.layer, index, options.notes)
    lv.write_image(image, output, options.zoom)
    print(f"wrote {output}: neuron {index} of {options.layer} over {len(trace)} steps")


def run_train(options):
    net = lv.Biaxial(options.time_layers, options.note_layers, seed=options.seed)
    pieces = [
        music(name, net, options.metre) for name in options.music or lv.songbook()
    ]
    steps = sum(map(len, pieces))
    print(f"learning from {len(pieces)} pieces, {length(steps)} together")
    history = lv.train(
        net,
        pieces,
        options.steps,
        options.batch,
        options.length,
        learning_rate=options.learning_rate,
        dropout=options.dropout,
        seed=options.seed,
        progress=True,
        backend=options.backend,
    )
    net.save(options.output)
    print(
        f"wrote {options.output}: the loss went from {history[0]:.2f} "
        f"to {history[-10:].mean():.2f} nats per time step"
    )


# What they share ----------------------------------------------------------------


def network(options):
    """Return the network that the options name."""
    if options.network == "untrained":
        return lv.Biaxial(seed=options.seed)
    return lv.load(options.network)


def music(name, net, metre):
    """Return note states for the network from a song's name or a MIDI file."""
    if name in lv.songbook():
        return lv.song(name, net.low, net.high)
    if not Path(name).exists():
        raise ValueError(f"{name}: is neither a file nor a song (see `lstmviz songs`)")
    return lv.read_midi(name, net.low, net.high, metre)


def save_trace(trace, path):
    """Save a trace and say so."""
    trace.save(path)
    size = Path(path).stat().st_size / 1e6
    print(
        f"wrote {path}: {len(trace)} steps of {', '.join(trace.names)} ({size:.0f} MB)"
    )


def length(steps):
    """Say how long some music is."""
    return f"{steps} time steps ({steps / STEPS_PER_BAR:.4g} bars)"


# The options --------------------------------------------------------------------


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="lstmviz",
        description="See how an LSTM thinks while it hears and composes music.",
        epilog="Begin with `lstmviz demo`. MUSIC is a MIDI file or the name of a song "
        "in the songbook (`lstmviz songs` lists them).",
    )
    commands = top.add_subparsers(metavar="COMMAND", required=True)

    def command(name, run, help):
        sub = commands.add_parser(
            name,
            help=help,
            description=help[0].upper() + help[1:] + ".",
            formatter_class=argparse.ArgumentDefaultsHelpFormatter,
        )
        sub.set_defaults(run=run)
        return sub

    sub = command("demo", run_demo, "listen, compose, and draw what went on inside")
    sub.add_argument("folder", nargs="?", default="lstmviz-demo", help="to write into")
    add_network(sub)
    add_seed(sub, "which music is composed")

    command("songs", run_songs, "list the songbook")

    sub = command("compose", run_compose, "compose music and write it as MIDI")
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

    sub = command(
        "trace", run_trace, "record what a network thinks while it hears music"
    )
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to listen to")
    sub.add_argument("-o", "--output", help="file to write (.npz); default: MUSIC.npz")
    sub.add_argument(
        "--steps", type=natural, default=256, help="sixteenths to record, 0 for all"
    )
    add_metre(sub)
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "weights of the untrained network")

    sub = command("snapshot", run_snapshot, "draw all neurons at one moment of a trace")
    sub.add_argument("trace", metavar="TRACE", help="file from `trace` or `compose`")
    sub.add_argument("-o", "--output", help="PNG to write; default: snapshot-STEP.png")
    sub.add_argument("--step", type=int, help="the moment; default: drawn by the seed")
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    add_zoom(sub)
    add_seed(sub, "which moment is drawn if none is named")

    sub = command(
        "neuron", run_neuron, "draw one neuron of a trace over time and notes"
    )
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

    sub = command("train", run_train, "teach a new network some pieces of music")
    sub.add_argument(
        "music",
        metavar="MUSIC",
        nargs="*",
        help="MIDI files or songs; default: all songs",
    )
    sub.add_argument(
        "-o", "--output", default="network.npz", help="file to write (.npz)"
    )
    sub.add_argument("--steps", type=int, default=1200, help="training steps")
    sub.add_argument("--batch", type=int, default=4, help="segments a training step")
    sub.add_argument("--length", type=int, default=128, help="sixteenths a segment")
    sub.add_argument("--time-layers", type=positive, nargs="+", default=[64, 64])
    sub.add_argument("--note-layers", type=positive, nargs="+", default=[32, 16])
    sub.add_argument("--learning-rate", type=float, default=0.005)
    sub.add_argument(
        "--dropout", type=float, default=0.1, help="share of silent neurons"
    )
    add_metre(sub)
    add_backend(sub)
    add_seed(sub, "first weights, segments and dropout")
    return top


def add_network(sub):
    names = ", ".join(shipped())
    sub.add_argument(
        "--network",
        default="songbook",
        help=f"a file, or one that comes with the package ({names}), or 'untrained'",
    )


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
