"""The demonstration: the whole path once, from hearing music to the two pictures."""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.network.biaxial import negative_log_likelihood

__all__ = ["demo"]

SONG = "prelude-in-c"
LISTEN, COMPOSE = 128, 128  # time steps: eight bars each
ZOOM = 4  # screen pixels a neuron


def demo(folder="lstmviz-demo", network="songbook", seed=0):
    """Let a network listen and compose, and draw what went on inside.

    Writes the music (MIDI), the trace, two network snapshots and one neuron
    of every layer, and prints what it does on the way.

    Parameters
    ----------
    folder : str or path
        To write into; made if it does not exist.
    network : str
        What `load` takes.
    seed : int
        Decides which music is composed.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)

    net = lv.load(network)
    neurons = {name: len(net.parameters[f"{name}.U"]) for name in net.layer_names}
    sizes = ", ".join(f"{name} {H}" for name, H in neurons.items())
    print(f"The network {network!r}: neurons {sizes}, for {net.notes} notes.")

    heard = lv.song(SONG, net.low, net.high)[:LISTEN]
    about = lv.songbook()[SONG]
    print(f"\nIt listens to {about.title} by {about.composer}, {LISTEN // 16} bars.")
    for name, mind in ("untrained", lv.Biaxial(low=net.low, high=net.high)), ("this", net):
        nats = negative_log_likelihood(mind.think(heard).z, heard[1:])[0]
        print(f"  surprise of {name:>9} network: {nats.sum((1, 2)).mean():5.2f} nats per time step")

    print(f"\nIt composes {COMPOSE // 16} bars of its own to go on from there (seed {seed}).")
    states, trace = lv.compose(net, COMPOSE, seed, heard, record=True, progress=True)
    own = states[LISTEN:]
    print(f"  {own[..., 1].sum()} notes, {own[..., 0].sum(1).mean():.1f} sounding at a time")

    print("\nWritten:")
    lv.write_midi(states, folder / "music.mid", about.bpm, net.low)
    print(f"  {folder / 'music.mid'}   what it heard, then what it composed")
    trace.save(folder / "trace.npz")
    print(f"  {folder / 'trace.npz'}   every gate, cell and decision of {len(trace)} steps")
    for what, step in ("listening", LISTEN - 8), ("composing", len(trace) - 8):
        path = folder / f"snapshot-{what}.png"
        lv.write_image(lv.snapshot(trace, step), path, ZOOM)
        print(f"  {path}   all neurons at step {step}, {what}")
    for name in trace.names:
        index = liveliest(trace[name])
        path = folder / f"neuron-{name}-{index}.png"
        lv.write_image(lv.neuron(trace, name, index), path, ZOOM)
        print(f"  {path}   its liveliest neuron over time and notes")


def liveliest(layer):
    """Return the neuron whose hidden state varies most over steps and notes."""
    return int(np.argmax(layer.h.var(axis=(0, 1))))
