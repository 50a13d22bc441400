"""What the commands share: networks and music by name, and how long music is."""

import os
import shlex
from pathlib import Path

import lstmviz as lv
from lstmviz.files import check_output
from lstmviz.music.library import midi_files, read_library
from lstmviz.music.midi import read_with_report
from lstmviz.music.notes import HIGH, LOW, counted

__all__ = [
    "MIDI",
    "gather",
    "length",
    "load_music",
    "load_network",
    "load_trace",
    "output_file",
    "print_music",
]

MIDI = ".mid", ".midi"
FEW = 3  # how many files of a kind are named on the screen


def output_file(given, default, *inputs, suffixes=()):
    """Return the file that a command will write, checked before it begins to work.

    Parameters
    ----------
    given : str, optional
        What the user gave.
    default : str
        What is written if nothing was given.
    *inputs : str
        Files, songs and networks that the command reads: none may be overwritten.
    suffixes : sequence of str, optional
        The endings that are allowed; that of the default if not given.

    Raises
    ------
    ValueError
        It cannot be written, see `lstmviz.files.check_output`.
    """
    path = default if given is None else given
    check_output(path, suffixes or [Path(default).suffix], inputs)
    return path


def load_network(name, seed=0, backend="numba"):
    """Return a network by its name or file; "untrained" has random weights."""
    net = lv.Biaxial(seed=seed) if name == "untrained" else lv.load(name)
    net.backend = backend
    return net


def load_trace(name):
    """Return the trace in a file; for music, say with which command to record one."""
    path = Path(name)
    if name in lv.songbook() or path.suffix.lower() in MIDI:
        raise ValueError(
            f"{name}: is music, not a trace; record one with `lstmviz trace "
            f"{shlex.quote(name)}`, which writes {path.stem}.npz"
        )
    return lv.Trace.load(name)


def load_music(name, low=LOW, high=HIGH):
    """Return a song, by its name, or a MIDI file; print what was left out of it."""
    if name in lv.songbook():
        return lv.song(name, low, high)
    if not os.path.exists(name):
        raise ValueError(f"{name}: is neither a file nor a song (see `lstmviz songs`)")
    piece, report = read_with_report(name, low, high)
    for line in report.lines():
        print(f"{name}: {line}")
    return piece


def gather(names, net):
    """Return the music of files, songs and whole folders, and print what is left out.

    Returns
    -------
    pieces : dict of str -> Piece
        By name: that of the song or the file, or the path in the folder. Where two have
        the same name, the second one has as many folders before it as are needed. So a
        name does not depend on the folder from which a command is run.
    refused : dict of path -> str
        Why a file of a folder was left out.
    """
    pieces, refused = {}, {}
    for name in dict.fromkeys(map(str, names)):
        path = Path(name)
        if path.is_dir():
            found, bad = read_folder(name, net)
            pieces |= with_new_names(found, path.resolve(), pieces)
            refused |= bad
        else:
            found = {path.name: load_music(name, net.low, net.high)}
            pieces |= with_new_names(found, path.resolve().parent, pieces)
    for name in [name for name, piece in pieces.items() if len(piece) < 2]:
        refused[name] = f"{name}: lasts less than two time steps"
        del pieces[name]
    if not pieces:
        raise ValueError(f"{', '.join(map(str, names))}: there is no music to use")
    return pieces, refused


def with_new_names(found, folder, pieces):
    """Return what was found in a folder by names that no other piece has."""
    parts, named = folder.parts, found
    for start in reversed(range(len(parts))):
        if not named.keys() & pieces.keys():
            break
        before = Path(*parts[start:])
        named = {(before / key).as_posix(): piece for key, piece in found.items()}
    return named


def read_folder(folder, net):
    """Return the pieces of a folder by their path in it, and why files are left out."""
    files = midi_files(folder)
    found, reports, refused = read_library(files, net.low, net.high, progress=True)
    print(f"{folder}: read {len(found)} of {len(files)} MIDI files")
    print_few([f"left out: {reason}" for reason in refused.values()])
    for line in summary(reports.values()):
        print(f"  {line}")
    unaligned = [path for path, report in reports.items() if report.unaligned]
    print_few([f"played freely, not on the grid: {path}" for path in unaligned])
    relative = {path: path.relative_to(folder).as_posix() for path in found}
    return {relative[path]: found[path] for path in found}, refused


def summary(reports):
    """Return what was left out of a folder of music, in sentences."""
    lines = []
    for count, what in (
        (sum(report.outside for report in reports), "notes outside the range"),
        (sum(report.drums for report in reports), "drum notes"),
    ):
        if count:
            lines.append(f"{count} {what} were left out")
    return lines


def print_few(lines):
    """Print the first lines, and how many more there are."""
    for line in lines[:FEW]:
        print(f"  {line}")
    if len(lines) > FEW:
        print(f"  ... and {len(lines) - FEW} more")


def print_music(path, piece, bpm=None):
    """Print what music was written."""
    bpm = piece.bpm if bpm is None else bpm
    print(f"wrote {path}: {length(piece)} at {bpm:g} quarter notes a minute")


def length(piece):
    """Return in words how long a piece is, and over how many bars it extends."""
    bars = counted(len(set(piece.bars.tolist())), "bar")
    return f"{len(piece)} time steps ({bars})"
