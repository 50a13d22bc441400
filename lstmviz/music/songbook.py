"""The songbook: well-known pieces, written out by hand in a notation for typing.

Each piece is a text file, `songs/<name>.song`, that a reader can see and change:

    title: Lightly Row
    composer: folk song
    metre: 4/4
    bpm: 120
    ; a comment
    melody: g4:4 e4 e4:8 | f4:4 d4 d4:8 | c4:4 d4 e4 f4 | g4 g4 g4:8
    bass:   c3+e3:8 g2   | b2 g2        | %             | c3 -:4 c3

A voice is a line of bars. It may go on in later lines of the same name, as a
score goes on in its next system. The signs in a bar, with spaces between them:

    c4 f#3 bb2   a note: its letter, perhaps # or b, its octave; c4 is middle C
    c4+e4+g4     a chord
    -            a rest
    ~            a tie: what sounded last goes on sounding
    e4:6         how long, in sixteenths; without it, as long as the sign before
    |            ends a bar, which must be exactly as long as the metre says
    %            alone in a bar: the bar before once more
"""

import difflib
import re
from importlib import resources
from typing import NamedTuple

from lstmviz.music.notes import HIGH, LOW, states_from_notes

__all__ = ["Song", "parse_song", "song", "songbook"]

BAR_STEPS = {"2/4": 8, "4/4": 16}  # powers of two: bars and beat bits stay in step
HEADER = ("title", "composer", "metre", "bpm")
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {"": 0, "#": 1, "b": -1}
_NOTE = re.compile("([a-g])([#b]?)([0-9])")
_SIGN = re.compile(r"([^:]+)(?::([1-9][0-9]*))?")
_SONGS = resources.files("lstmviz.music") / "songs"


class Song(NamedTuple):
    """What the head of a song file tells, and how long the piece is."""

    title: str
    composer: str
    metre: str  # "2/4" or "4/4"
    bpm: int  # quarter notes a minute
    steps: int  # length in sixteenths


def songbook():
    """Return all songs, name -> `Song`, so that one can choose what to play.

    >>> songbook()["prelude-in-c"].metre
    '4/4'
    """
    files = sorted(_SONGS.iterdir(), key=lambda file: file.name)
    return {
        file.name.removesuffix(".song"): parse_song(file.read_text("utf-8"), file.name)[
            0
        ]
        for file in files
        if file.name.endswith(".song")
    }


def song(name, low=LOW, high=HIGH):
    """Return one song of the songbook as note states, ready for the network.

    Parameters
    ----------
    name : str
        One of `songbook()`, such as "prelude-in-c".
    low, high : int
        The MIDI notes covered: `low` up to but not including `high`.

    Returns
    -------
    ndarray, uint8 (T, high - low, 2)

    Raises
    ------
    ValueError
        The songbook has no song of this name.

    Examples
    --------
    35 bars of 16 sixteenths, each opening with the lowest note of a chord:

    >>> song("prelude-in-c").shape
    (560, 78, 2)
    """
    file = _SONGS / f"{name}.song"
    if name not in (names := list(songbook())):
        near = difflib.get_close_matches(str(name), names, n=1, cutoff=0.4)
        hint = f"did you mean {near[0]!r}? " if near else ""
        raise ValueError(f"no song {name!r}: {hint}there are {', '.join(names)}")
    head, voices = parse_song(file.read_text("utf-8"), file.name)
    notes = [note for voice in voices.values() for note in voice]
    return states_from_notes(notes, head.steps, low, high)


def parse_song(text, source="song"):
    """Read the notation described at the top of this module.

    Parameters
    ----------
    text : str
        A whole song: header lines and voices.
    source : str
        What to call the text in error messages, such as the name of its file.

    Returns
    -------
    head : Song
    voices : dict of str to list of (pitch, start, stop)
        For each voice its notes in order: MIDI note, the step it is struck on,
        the step it no longer sounds on. `states_from_notes` takes such lists.

    Raises
    ------
    ValueError
        Anything that is not the notation, with its line and bar.

    Examples
    --------
    >>> head = "title: Two Notes\\ncomposer: nobody\\nmetre: 2/4\\nbpm: 90\\n"
    >>> _, voices = parse_song(head + "melody: c4:4 e4")
    >>> voices
    {'melody': [(60, 0, 4), (64, 4, 8)]}
    """
    fields, lines = _split(text, source)
    bar_steps = _bar_steps(fields, source)
    voices = {name: _voice(bars, bar_steps) for name, bars in lines.items()}
    lengths = {name: len(bars) for name, bars in lines.items()}
    if len(set(lengths.values())) != 1:
        found = ", ".join(f"{name} {bars}" for name, bars in lengths.items())
        raise ValueError(
            f"{source}: all voices must have equally many bars, not {found or 'no voice'}"
        )
    steps = bar_steps * max(lengths.values())
    head = Song(
        fields["title"], fields["composer"], fields["metre"], int(fields["bpm"]), steps
    )
    return head, voices


def _split(text, source):
    """Sort lines into header fields and voices: name -> [(where, bar), ...]."""
    fields, voices = {}, {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith(";"):
            continue
        name, _, value = line.partition(":")
        if not name.isidentifier():
            raise ValueError(
                f"{source}, line {number}: {line!r} does not begin with the name "
                "of a voice and a colon, such as 'melody: c4:4 d4 e4 f4'"
            )
        if name in HEADER:
            fields[name] = value.strip()
            continue
        voice = voices.setdefault(name, [])
        for bar in value.strip().strip("|").split("|"):
            where = f"{source}, line {number}, {name}, bar {len(voice) + 1}"
            voice.append((where, bar.split()))
    return fields, voices


def _bar_steps(fields, source):
    """Check the header fields; return the sixteenths in a bar."""
    for name in HEADER:
        if not fields.get(name):
            raise ValueError(f"{source}: a line '{name}: ...' is missing")
    if not fields["bpm"].isdecimal() or int(fields["bpm"]) == 0:
        raise ValueError(
            f"{source}: bpm is a whole number of quarter notes a minute, "
            f"such as 120, not {fields['bpm']!r}"
        )
    if fields["metre"] not in BAR_STEPS:
        raise ValueError(f"{source}: the metre is 2/4 or 4/4, not {fields['metre']!r}")
    return BAR_STEPS[fields["metre"]]


def _voice(bars, bar_steps):
    """Lay the bars of one voice end to end: notes as (pitch, start, stop)."""
    notes, sounding, step = [], [], 0
    signs = None
    for where, bar in bars:
        if bar != ["%"]:
            signs = _bar(bar, bar_steps, signs, where)
        elif signs is None:
            raise ValueError(
                f"{where}: '%' repeats the bar before, but this is the first"
            )
        for pitches, length in signs:
            if pitches is not None:
                sounding = [[pitch, step, step] for pitch in pitches]
                notes += sounding
            elif not sounding:
                raise ValueError(f"{where}: '~' has no note before it to tie to")
            step += length
            for note in sounding:
                note[2] = step
    return [tuple(note) for note in notes]


def _bar(bar, bar_steps, before, where):
    """Read one bar as [(pitches, length), ...]: () is a rest, None is a tie.

    `before` is the bar before in the same form: it lends the first length.
    """
    length = before[-1][1] if before else None
    signs = []
    for sign in bar:
        pitches, given = _sign(sign, where)
        length = given or length
        if length is None:
            raise ValueError(
                f"{where}: the first sign of a voice tells its length in sixteenths, "
                f"such as '{sign}:4'"
            )
        signs.append((pitches, length))
    total = sum(length for _, length in signs)
    if total != bar_steps:
        raise ValueError(
            f"{where}: the bar is {total} sixteenths long, not {bar_steps}"
        )
    return signs


def _sign(sign, where):
    """Read 'c4+e4:8' as ((60, 64), 8); the length is None if it is not given."""
    match = _SIGN.fullmatch(sign)
    what, length = match.groups() if match else ("", None)
    notes = [_NOTE.fullmatch(note) for note in what.split("+")]
    if what == "-":
        pitches = ()
    elif what == "~":
        pitches = None
    elif all(notes):
        pitches = tuple(_pitch(*note.groups()) for note in notes)
    else:
        raise ValueError(
            f"{where}: {sign!r} is not a note such as c4, f#3:8 or bb2:2, "
            "a chord such as c4+e4:4, a rest -, a tie ~ or a repeat %"
        )
    return pitches, int(length) if length else None


def _pitch(letter, accidental, octave):
    """Return the MIDI note: ('c', '', '4') is 60."""
    return 12 * (int(octave) + 1) + _LETTERS[letter] + _ACCIDENTALS[accidental]
