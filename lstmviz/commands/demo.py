"""The command `demo`: the whole path, from hearing music to one of each picture."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import add_network, add_seed
from lstmviz.commands.shared import load_network
from lstmviz.files import check_output
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.pictures.film import film_suffix

__all__ = ["add_demo"]

SONG = "prelude-in-c"
TRACE = "trace.npz"
LISTEN, COMPOSE = 64, 128  # time steps: four bars, then eight
SAVED = 48  # steps whose trace is saved: half a megabyte each
ZOOM = 4  # screen pixels a neuron


def add_demo(commands):
    sub = commands.add(
        "demo", run_demo, "hear and compose music, and draw what happens in the network"
    )
    sub.add_argument(
        "folder", nargs="?", default="lstmviz-demo", help="folder to write into"
    )
    add_network(sub)
    add_seed(sub, "the music")


def run_demo(folder, network, seed):
    folder = Path(folder)
    if folder.exists() and not folder.is_dir():
        raise ValueError(f"{folder}: is a file; give the name of a folder")
    net = load_network(network, seed)
    folder.mkdir(parents=True, exist_ok=True)
    check_output(folder / TRACE, inputs=[network])
    print(f"The network {network!r}: {net}")

    about, heard = lv.songbook()[SONG], lv.song(SONG, net.low, net.high)[:LISTEN]
    print(f"\nIt hears {about.title} by {about.composer}, {LISTEN} steps.")
    print(f"  surprise: {lv.evaluate(net, [heard]).total:5.2f} nats per time step")
    untrained = lv.Biaxial(low=net.low, high=net.high, seed=seed)
    print(f"  untrained {lv.evaluate(untrained, [heard]).total:5.2f}")

    print(f"\nIt continues with {COMPOSE} steps of its own (seed {seed}).")
    piece, trace = lv.compose(net, COMPOSE, seed, heard, record=True, progress=True)
    own = piece.states[LISTEN:]
    sounding = own[..., PLAYED].sum(axis=1).mean()
    print(f"  {own[..., ARTICULATED].sum()} notes, {sounding:.1f} sounding at a time")

    print("\nWritten, in the order in which to open it:")
    written = write_all(net, trace, folder, f"the network {network!r}")
    for number, (name, what) in enumerate(written, start=1):
        size = (folder / name).stat().st_size / 1e6
        print(f"  {number:2}. {folder / name!s:36} {size:6.1f} MB  {what}", flush=True)


def write_all(net, trace, folder, source):
    """Write one of each, and yield (name, what it is) in the order to look at them."""
    # All count the same steps, from the first that it heard on. The page opens at the
    # one on which the network begins to compose.
    title = f"A network hears {LISTEN} steps, then composes"
    where = folder / "mind.html"
    lv.page(trace, where, title=title, net=net, step=LISTEN - 1, progress=True)
    yield "mind.html", "in a browser: play it, point at any pixel, find neurons"
    # With its sound where the extra `film` is installed; a GIF needs nothing.
    film = f"mind{film_suffix()}"
    lv.film(trace, folder / film, progress=True, labels=True)
    yield film, "a film of all neurons while it hears and composes"
    lv.write_wav(trace, folder / "music.wav", progress=True)
    yield "music.wav", "what it heard, then what it composed"
    lv.write_midi(trace, folder / "music.mid")
    yield "music.mid", "the same as notes"

    step, labels = len(trace) - 8, {"labels": True, "source": source}
    lv.write_image(lv.snapshot(trace, step, **labels), folder / "snapshot-labels.png")
    yield "snapshot-labels.png", f"all neurons at step {step}, with names and a legend"
    lv.write_image(
        lv.gallery(trace, progress=True, source=source), folder / "gallery.png"
    )
    yield "gallery.png", "the liveliest neurons of every layer, over time and notes"
    liveliest = {name: lv.liveliest(trace[name])[0] for name in trace.names}
    name = trace.names[1]
    image = lv.gates(trace, name, liveliest[name], source=source)
    lv.write_image(image, folder / f"gates-{name}-{liveliest[name]}.png")
    yield f"gates-{name}-{liveliest[name]}.png", "every gate of one neuron"
    lv.write_image(lv.saturation_chart(trace, source=source), folder / "saturation.png")
    yield "saturation.png", "how often gates are closed, and how often open"

    for doing, step in ("listening", LISTEN - 8), ("composing", len(trace) - 8):
        image = lv.snapshot(trace, step)
        lv.write_image(image, folder / f"snapshot-{doing}.png", ZOOM)
        yield f"snapshot-{doing}.png", f"all neurons at step {step}, {doing}"
    for name, index in liveliest.items():
        image = lv.neuron(trace, name, index)
        lv.write_image(image, folder / f"neuron-{name}-{index}.png", ZOOM)
        yield f"neuron-{name}-{index}.png", f"the liveliest neuron of {name}"
    trace[:SAVED].save(folder / TRACE, exact=False)
    yield TRACE, f"every gate, cell and decision of the first {SAVED} steps, rounded"
