"""The demonstration: the whole path once, from hearing music to the two pictures."""

from pathlib import Path

import lstmviz as lv
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.network.biaxial import negative_log_likelihood
from lstmviz.pictures.gallery import liveliest

__all__ = ["demo"]

SONG = "prelude-in-c"
LISTEN, COMPOSE = 128, 128  # time steps: eight bars each
ZOOM = 4  # screen pixels a neuron


def demo(folder="lstmviz-demo", network="songbook", seed=0):
    """Let a network listen and compose, and draw what went on inside.

    Writes the music (MIDI and sound), the trace, two network snapshots and one neuron
    of every layer, and prints what it does on the way.

    Parameters
    ----------
    folder : str or path
        To write into; made if it does not exist.
    network : str or path
        What `load` takes.
    seed : int
        Decides which music is composed.

    Raises
    ------
    ValueError
        `folder` is a file, or there is no such network.
    """
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder}: is a file; give the name of a folder")
    folder.mkdir(parents=True, exist_ok=True)
    net = lv.load(network)
    sizes = [f"{name} {len(net.parameters[f'{name}.U'])}" for name in net.layer_names]
    print(f"The network {str(network)!r} has neurons {', '.join(sizes)}.")

    about, heard = lv.songbook()[SONG], lv.song(SONG, net.low, net.high)[:LISTEN]
    print(f"\nIt listens to {about.title} by {about.composer}, {LISTEN} steps.")
    print(f"  surprise: {surprise(net, heard):5.2f} nats per time step,")
    untrained = lv.Biaxial(low=net.low, high=net.high, seed=seed)
    print(f"  untrained {surprise(untrained, heard):5.2f}")

    print(f"\nIt goes on from there for {COMPOSE} steps of its own (seed {seed}).")
    states, trace = lv.compose(net, COMPOSE, seed, heard, record=True, progress=True)
    own = states[LISTEN:]
    sounding = own[..., PLAYED].sum(axis=1).mean()
    print(f"  {own[..., ARTICULATED].sum()} notes, {sounding:.1f} sounding at a time")

    print("\nWritten:")

    def say(path, what):
        print(f"  {path!s:40} {what}")

    lv.write_midi(states, folder / "music.mid", about.bpm, net.low)
    say(folder / "music.mid", "what it heard, then what it composed")
    lv.write_wav(states, folder / "music.wav", about.bpm, net.low)
    say(folder / "music.wav", "the same as sound")
    trace.save(folder / "trace.npz")
    say(folder / "trace.npz", f"every gate, cell and decision of {len(trace)} steps")
    for doing, step in ("listening", LISTEN - 8), ("composing", len(trace) - 8):
        path = folder / f"snapshot-{doing}.png"
        lv.write_image(lv.snapshot(trace, step), path, ZOOM)
        say(path, f"all neurons at step {step}, {doing}")
    for name in trace.names:
        index = liveliest(trace[name])[0]
        path = folder / f"neuron-{name}-{index}.png"
        lv.write_image(lv.neuron(trace, name, index), path, ZOOM)
        say(path, "the layer's liveliest neuron over time and notes")


def surprise(net, states):
    """Return how surprising the network finds a piece, in nats per time step."""
    nats, _ = negative_log_likelihood(net.think(states).z, states[1:])
    return nats.sum() / len(nats)
