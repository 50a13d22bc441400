"""What the commands share: networks and music by name, and how long music is."""

from pathlib import Path

import lstmviz as lv
from lstmviz.music.library import midi_files, read_library
from lstmviz.music.notes import STEPS_PER_BAR

__all__ = ["gather", "length", "load_music", "load_network", "print_music"]

FEW = 3  # how many of the refused files are named on the screen


def load_network(name, seed=0, backend="numba"):
    """Return a network by its name or file; "untrained" has random weights."""
    net = lv.Biaxial(seed=seed) if name == "untrained" else lv.load(name)
    net.backend = backend
    return net


def load_music(name, metre, low=0, high=128):
    """Return the notes `low` up to `high` of a song, by its name, or a MIDI file."""
    if name in lv.songbook():
        return lv.song(name, low, high)
    if not Path(name).exists():
        raise ValueError(f"{name}: is neither a file nor a song (see `lstmviz songs`)")
    return lv.read_midi(name, low, high, metre)


def gather(names, net, metre):
    """Return the music of files, songs and whole folders, and print what is left out.

    Returns
    -------
    pieces : dict of str -> ndarray (T, N, 2)
    refused : dict of path -> str
        Why a file of a folder was left out.
    """
    pieces, refused = {}, {}
    for name in names:
        if not Path(name).is_dir():
            pieces[str(name)] = load_music(name, metre, net.low, net.high)
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


def print_music(path, steps, bpm):
    """Print what music was written."""
    print(f"wrote {path}: {length(steps)} at {bpm:g} beats/minute")


def length(steps):
    """Return in words how long some music is."""
    return f"{steps} time steps ({steps / STEPS_PER_BAR:.4g} bars)"
