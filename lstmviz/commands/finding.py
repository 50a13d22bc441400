"""The commands that search music: for activity, for likeness, for neurons together."""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.commands.options import (
    add_backend,
    add_network,
    add_seed,
    natural,
    positive,
)
from lstmviz.commands.shared import gather, load_music, load_network
from lstmviz.files import save_table
from lstmviz.music.notes import counted, note_number, pitch_name

__all__ = ["add_match", "add_moments", "add_similar"]

WRITES = (
    "It writes a folder: each moment with the steps around it as a MIDI file, all of "
    "them as a picture, and a list."
)


def add_moments(commands):
    sub = commands.add(
        "moments", run_moments, "find where in music a neuron is most active", WRITES
    )
    add_search(sub, "moments")
    sub.add_argument(
        "--neuron", type=natural, required=True, help="its number in the layer"
    )
    sub.add_argument(
        "--least", action="store_true", help="where it is lowest, instead of highest"
    )


def run_moments(
    music, layer, neuron, least, count, length, output, network, backend, seed
):
    net = load_network(network, seed, backend)
    pieces = named_pieces(music, net)
    found = lv.moments(net, pieces, layer, neuron, count, least, length, progress=True)
    how = "lowest" if least else "highest"
    write_moments(found, output, f"Neuron {neuron} of {layer} where it is {how}", "h")


def add_similar(commands):
    sub = commands.add(
        "similar",
        run_similar,
        "find moments whose state is like that of a step",
        WRITES,
    )
    add_search(sub, "similar")
    add_piece(sub)
    sub.add_argument(
        "--step", type=natural, required=True, help="the step just heard, from 0"
    )
    sub.add_argument(
        "--note", help="compare the state at this note with that at every note"
    )


def run_similar(
    music, layer, piece, step, note, count, length, output, network, backend, seed
):
    net = load_network(network, seed, backend)
    pieces = named_pieces(music, net)
    given = given_piece(piece, pieces, net)
    found = lv.similar(
        net, pieces, given, step, layer, note, count, length, progress=True
    )
    at = f" at {note}" if note else ""
    title = f"States of {layer} like that of {given.name}, step {step}{at}"
    write_moments(found.moments, output, title, "cosine")
    print(
        f"with the neurons in random order, the highest cosine is "
        f"{np.mean(found.control):.2f} in the mean, {found.control.max():.2f} at most"
    )


def add_match(commands):
    sub = commands.add(
        "match",
        run_match,
        "find neurons that are on in a span of steps, and where else they are",
        WRITES,
    )
    add_search(sub, "match")
    add_piece(sub)
    sub.add_argument(
        "--from", dest="start", type=natural, required=True, help="first step"
    )
    sub.add_argument(
        "--to", dest="stop", type=positive, required=True, help="step to stop before"
    )
    sub.add_argument(
        "--notes",
        nargs=2,
        metavar=("LOWEST", "HIGHEST"),
        help="only these notes; elsewhere as many at any pitch",
    )
    sub.add_argument(
        "--threshold",
        type=float,
        default=0.5,
        help="from how many standard deviations on a neuron is on",
    )


def run_match(
    music,
    layer,
    piece,
    start,
    stop,
    notes,
    threshold,
    count,
    length,
    output,
    network,
    backend,
    seed,
):
    net = load_network(network, seed, backend)
    pieces = named_pieces(music, net)
    given = given_piece(piece, pieces, net)
    notes = notes and [note_number(note) for note in notes]
    found = lv.match(
        net,
        pieces,
        given,
        start,
        stop,
        layer,
        notes,
        threshold,
        count=count,
        length=length,
        progress=True,
    )
    print(f"on at steps {start} to {stop - 1} of {given.name}, and off around them")
    print(f"{'neuron':>8}{'there':>8}{'around':>8}   standard deviations from its mean")
    for s in found.neurons:
        print(f"{s.neuron:8}{s.inside:8.2f}{s.around:8.2f}")
    title = f"Where {counted(len(found.neurons), 'neuron')} of {layer} are on together"
    write_moments(found.moments, output, title, "share")
    if found.control:
        print(
            f"with each neuron moved in time, the highest share is "
            f"{found.control[0]:.2f}"
        )


# What they share ------------------------------------------------------------------


def add_search(sub, folder):
    """Add what all searches take."""
    sub.add_argument(
        "music", metavar="MUSIC", nargs="+", help="folders of MIDI files, files, songs"
    )
    sub.add_argument("--layer", required=True, help="time1, time2, note1 or note2")
    sub.add_argument("--count", type=positive, default=8, help="how many moments")
    sub.add_argument(
        "--length", type=positive, default=32, help="steps of each excerpt"
    )
    sub.add_argument(
        "-o", "--output", metavar="FOLDER", default=folder, help="folder to write"
    )
    add_network(sub)
    add_backend(sub)
    add_seed(sub, "the weights of the untrained network")


def add_piece(sub):
    sub.add_argument(
        "--piece",
        metavar="MUSIC",
        help="the music of the given step; needed if several pieces are searched",
    )


def named_pieces(music, net):
    """Return the music to search as pieces that bear the names of their files."""
    pieces, _ = gather(music, net)
    return [piece.replace(name=name) for name, piece in pieces.items()]


def given_piece(name, pieces, net):
    """Return the piece that is meant: by its name, or the only one."""
    if name is None:
        if len(pieces) > 1:
            raise ValueError("--piece: say in which of the pieces the step is")
        return pieces[0]
    piece = load_music(name, net.low, net.high).replace(name=Path(name).name)
    same = [other for other in pieces if other == piece]
    return same[0] if same else piece


def write_moments(moments, folder, title, measure):
    """Write moments as MIDI, as a picture and as a list, and print the list."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    rows = [("number", "piece", "step", "note", measure, "file")]
    print(f"{measure:>8}  {'step':>6}  {'note':5} piece")
    for number, found in enumerate(moments, start=1):
        note = "" if found.note is None else pitch_name(found.note)
        file = f"{number:02}-{Path(found.name).stem}-{found.step}.mid"
        lv.write_midi(found.excerpt, folder / file)
        rows.append((number, found.name, found.step, note, found.value, file))
        print(f"{found.value:+8.3f}  {found.step:6}  {note:5} {found.name}")
    lv.write_image(lv.excerpts(moments, title=title), folder / "moments.png")
    save_table(rows, folder / "moments.csv")
    print(
        f"wrote {folder}/: {counted(len(moments), 'excerpt')} as MIDI, moments.png, "
        "moments.csv"
    )
