"""The commands of music: list songs, make them audible, compose, record a trace."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import (
    add_backend,
    add_bpm,
    add_network,
    add_output,
    add_seed,
    natural,
    neurons_of,
    positive,
)
from lstmviz.commands.shared import (
    MIDI,
    length,
    load_music,
    load_network,
    output_file,
    print_music,
)
from lstmviz.files import check_output, check_space
from lstmviz.music.notes import counted
from lstmviz.network.clamping import check_neurons
from lstmviz.network.trace import trace_size
from lstmviz.reading.effect import silenced
from lstmviz.reading.means import mean_h

__all__ = ["add_compose", "add_hear", "add_songs", "add_trace"]

LARGE = 500_000_000  # bytes of a trace, above which its size is told beforehand
HEARD = 64  # sixteenths of a prompt


def add_songs(commands):
    commands.add("songs", run_songs, "list the songbook")


def run_songs():
    for name, song in lv.songbook().items():
        bars = -(-song.steps // song.bar_steps)
        about = f"{bars} bars of {song.metre}"
        print(f"{name:20} {about:16} {song.title} ({song.composer})")


def add_hear(commands):
    sub = commands.add("hear", run_hear, "turn music into sound, a WAV file")
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to play")
    add_output(sub, "WAV file", shown="MUSIC.wav")
    add_bpm(sub)


def run_hear(music, output, bpm):
    output = output_file(output, f"{Path(music).stem}.wav", music)
    piece = load_music(music, low=0, high=128)
    lv.write_wav(piece, output, bpm, progress=True)
    print_music(output, piece, bpm)


def add_compose(commands):
    sub = commands.add("compose", run_compose, "compose music and write it as MIDI")
    add_output(sub, "MIDI file", "composed.mid")
    sub.add_argument("--wav", metavar="FILE", help="also write the sound there (.wav)")
    sub.add_argument("--trace", metavar="FILE", help="also save the trace there (.npz)")
    add_rounded(sub)
    sub.add_argument("--steps", type=int, default=256, help="sixteenths to compose")
    sub.add_argument("--prompt", metavar="MUSIC", help="music to continue")
    sub.add_argument(
        "--prompt-steps",
        type=positive,
        help=f"sixteenths of the prompt that the network hears (default: {HEARD})",
    )
    sub.add_argument(
        "--metre", help="bars of the music without a prompt, such as 3/4 (default: 4/4)"
    )
    sub.add_argument(
        "--temperature",
        type=float,
        default=1.0,
        help="below 1 more predictable, above 1 more surprising",
    )
    sub.add_argument(
        "--no-adaptive",
        dest="adaptive",
        action="store_false",
        help="allow the music to die away",
    )
    sub.add_argument(
        "--without",
        metavar="NEURONS",
        nargs="+",
        help="clamp these neurons, such as time1:17,3 note2:0-9, to their mean over "
        "the prompt, or over the songbook if there is no prompt",
    )
    add_bpm(sub)
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "the music")


def run_compose(
    output,
    wav,
    trace,
    exact,
    steps,
    prompt,
    prompt_steps,
    metre,
    temperature,
    adaptive,
    without,
    bpm,
    network,
    backend,
    seed,
):
    inputs = [network] if prompt is None else [network, prompt]
    check_output(output, MIDI, inputs)
    for path, suffix in (wav, ".wav"), (trace, ".npz"):
        if path is not None:
            check_output(path, [suffix], inputs)
    if prompt is None and prompt_steps is not None:
        raise ValueError("--prompt-steps: say of which music, with --prompt")
    net = load_network(network, seed, backend)
    heard = None
    if prompt is not None:
        heard = load_music(prompt, net.low, net.high)[: prompt_steps or HEARD]
        print(f"listening to {prompt}: {length(heard)}")
    if without:
        net = net_without(net, neurons_of(without), heard)
    how = dict(metre=metre, temperature=temperature, adaptive=adaptive, progress=True)
    if trace is None:
        piece = lv.compose(net, steps, seed, heard, **how)
    else:
        piece, recorded = lv.compose(net, steps, seed, heard, record=True, **how)
    lv.write_midi(piece, output, bpm)
    print_music(output, piece, bpm)
    if wav is not None:
        lv.write_wav(piece, wav, bpm, progress=True)
        print_music(wav, piece, bpm)
    if trace is not None:
        save_trace(recorded, trace, exact)


def net_without(net, neurons, heard):
    """Return the network with neurons clamped to their mean, and print over what."""
    neurons = check_neurons(neurons, net.sizes)
    if heard is None or len(heard) < 2:
        songs = [lv.song(name, net.low, net.high) for name in lv.songbook()]
        means, music = mean_h(net, songs, progress=True), "the songbook"
    else:
        means, music = mean_h(net, [heard]), "the prompt"
    count = counted(sum(map(len, neurons.values())), "neuron")
    print(f"without {count}: clamped to the mean over {music}")
    return silenced(net, neurons, means)


def add_trace(commands):
    sub = commands.add(
        "trace", run_trace, "record every gate and state while a network hears music"
    )
    sub.add_argument("music", metavar="MUSIC", help="MIDI file or song to hear")
    add_output(sub, "file (.npz)", shown="MUSIC.npz")
    sub.add_argument(
        "--steps", type=natural, default=256, help="sixteenths to record, 0 for all"
    )
    add_rounded(sub)
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "the weights of the untrained network", optional=True)


def run_trace(music, output, steps, exact, network, backend, seed):
    output = output_file(output, f"{Path(music).stem}.npz", music, network)
    if seed is not None and network != "untrained":
        raise ValueError("--seed: only the network 'untrained' has weights by chance")
    net = load_network(network, seed or 0, backend)
    piece = load_music(music, net.low, net.high)
    heard = piece[: steps + 1] if steps else piece
    if len(heard) < len(piece):
        print(
            f"listening to the first {len(heard)} of {len(piece)} time steps "
            "(--steps 0 for all)"
        )
    size = trace_size(net, len(heard) - 1)
    if size > LARGE:
        print(f"{len(heard) - 1} steps take {size / 1e9:.1f} GB of memory and disk")
    check_space(output, size)
    save_trace(lv.trace(net, heard, progress=True), output, exact)


def add_rounded(sub):
    """Add the option --rounded."""
    sub.add_argument(
        "--rounded",
        dest="exact",
        action="store_false",
        help="round the trace to 1e-3: its file is about a third as large",
    )


def save_trace(trace, path, exact):
    """Save a trace, and print what was saved."""
    trace.save(path, exact)
    size = Path(path).stat().st_size / 1e6
    print(f"wrote {path}: {len(trace)} steps of {', '.join(trace)} ({size:.0f} MB)")
