"""The commands of music: list songs, make them heard, compose, listen."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.shared import length, music, network, say_music
from lstmviz.demo import demo
from lstmviz.music.notes import STEPS_PER_BAR

__all__ = ["MUSIC"]


def run_demo(options):
    demo(options.folder, options.network, options.seed)


def run_songs(_):
    for name, song in lv.songbook().items():
        bars = song.steps // (STEPS_PER_BAR if song.metre == "4/4" else 8)
        about = f"{bars} bars of {song.metre}"
        print(f"{name:20} {about:16} {song.title} ({song.composer})")


def run_hear(options):
    states = music(options.music, options.metre)
    song = lv.songbook().get(options.music)
    tempo = song.bpm if song else 120
    bpm = tempo if options.bpm is None else options.bpm
    output = options.output or f"{Path(options.music).stem}.wav"
    lv.write_wav(states, output, bpm, low=0)
    say_music(output, len(states), bpm)


def run_compose(options):
    net = network(options)
    prompt = None
    if options.prompt:
        prompt = music(options.prompt, options.metre, net.low, net.high)
        prompt = prompt[: options.prompt_steps]
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
    say_music(options.output, len(states), options.bpm)
    if options.wav is not None:
        lv.write_wav(states, options.wav, options.bpm, net.low)
        say_music(options.wav, len(states), options.bpm)
    if options.trace is not None:
        save_trace(result[1], options.trace)


def run_trace(options):
    net = network(options)
    states = music(options.music, options.metre, net.low, net.high)
    heard = states[: options.steps + 1] if options.steps else states
    if len(heard) < len(states):
        print(
            f"listening to the first {len(heard)} of {len(states)} time steps "
            "(--steps 0 for all)"
        )
    save_trace(
        lv.trace(net, heard), options.output or f"{Path(options.music).stem}.npz"
    )


def save_trace(trace, path):
    """Save a trace and say so."""
    trace.save(path)
    size = Path(path).stat().st_size / 1e6
    print(
        f"wrote {path}: {len(trace)} steps of {', '.join(trace.names)} ({size:.0f} MB)"
    )


MUSIC = {
    "demo": run_demo,
    "songs": run_songs,
    "hear": run_hear,
    "compose": run_compose,
    "trace": run_trace,
}
