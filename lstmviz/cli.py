"""The command line: `lstmviz COMMAND ...`, also as `python -m lstmviz ...`.

Each command reads files, calls the one function of the library that does the
work, and writes files; what it prints is what it did and where the result is.
"""

import os
import shlex
import sys
from dataclasses import fields
from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.demo import demo
from lstmviz.diary import write_diary
from lstmviz.files import write_whole
from lstmviz.music.library import midi_files, read_library, split
from lstmviz.music.notes import STEPS_PER_BAR
from lstmviz.network.evaluating import nats_of_pieces
from lstmviz.network.settings import Settings
from lstmviz.options import parser

__all__ = ["main"]

FEW = 3  # so many refused files are named on the screen


def main(arguments=None):
    """Run one command and return its exit status; errors are one line, no traceback."""
    options = parser().parse_args(arguments)
    try:
        COMMANDS[options.command](options)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except (ValueError, OSError, MemoryError, FloatingPointError) as error:
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


def run_page(options):
    trace = lv.Trace.load(options.trace)
    lv.page(trace, options.output, options.gates, options.bpm, options.title)
    size = Path(options.output).stat().st_size / 1e6
    print(
        f"wrote {options.output}: {len(trace)} steps of {', '.join(trace.names)} "
        f"({size:.1f} MB); open it in a browser"
    )
    print("rounded: h and gates to ±0.02, c coarser as it grows, beyond ±5.5 unknown")
    if not options.gates:
        print("left out: gates i, f, g, o (--gates keeps them)")


def run_train(options):
    names = [field.name for field in fields(Settings)]
    settings = {name: getattr(options, name) for name in names}
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
        **settings,
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
        print(f"see it think: lstmviz demo --network {folder / 'best.npz'}")
    print(f"wrote {folder}/: learning-curve.png, log.csv, music.txt, samples/")


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


COMMANDS = {
    "demo": run_demo,
    "songs": run_songs,
    "compose": run_compose,
    "trace": run_trace,
    "snapshot": run_snapshot,
    "neuron": run_neuron,
    "page": run_page,
    "train": run_train,
    "evaluate": run_evaluate,
}


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


def gather(names, net, metre):
    """Return the music of files, songs and whole folders by name, saying what is left.

    Returns
    -------
    pieces : dict of str -> ndarray (T, N, 2)
    refused : dict of path -> str
        Why a file of a folder was left out.
    """
    pieces, refused = {}, {}
    for name in names:
        if not Path(name).is_dir():
            pieces[str(name)] = music(name, net, metre)
            continue
        files = midi_files(name)
        found, bad = read_library(files, net.low, net.high, metre, progress=True)
        print(f"{name}: read {len(found)} of {len(files)} MIDI files")
        for reason in list(bad.values())[:FEW]:
            print(f"  left out: {reason}")
        if len(bad) > FEW:
            print(f"  ... and {len(bad) - FEW} more")
        pieces |= {str(path.relative_to(name)): found[path] for path in found}
        refused |= bad
    short = [name for name, states in pieces.items() if len(states) < 2]
    for name in short:
        refused[name] = f"{name}: lasts less than two time steps"
        del pieces[name]
    if not pieces:
        raise ValueError(f"{', '.join(map(str, names))}: there is no music to use")
    return pieces, refused


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
