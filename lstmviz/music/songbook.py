"""The songbook: well-known pieces, written out in a notation made for typing.

Each piece is a text file, `songs/<name>.song`, that a reader can see and change:

    title: Lightly Row
    composer: folk song
    metre: 4/4
    bpm: 120
    ; a comment
    melody: g4:4 e4 e4:8 | f4:4 d4 d4:8 | c4:4 d4 e4 f4 | g4:4 g4 g4:8
    bass:   c3+g3:8 ~    | b2+g3 ~      | c3+e3 -       | %

A voice is a line of bars. It may continue in a later line of the same name, as a
score continues in its next system. A bar consists of signs with spaces between them:

    c4 f#3 bb2   a note: letter, perhaps # or b, octave; c4 is middle C
    c4+e4+g4     a chord
    -            a rest
    ~            a tie: the last note or chord continues to sound
    c4:6 -:6     the length in sixteenths; if not given, that of the sign before
    |            ends a bar, which must be exactly as long as the metre says
    %            alone in a bar: the bar before is repeated

The metre is any whose bar is a whole number of sixteenths, such as 3/4, 6/8 or
5/4; bpm counts quarter notes in all of them. A piece that begins with a pickup
says how many sixteenths it has in one more header line:

    pickup: 2

Then the first bar of every voice has exactly this length. The last bar may be
full, or shorter by the pickup, as in most scores.
"""

import difflib
import re
from functools import cache
from importlib import resources
from typing import NamedTuple

from lstmviz.checks import shown
from lstmviz.music.bars import bar_steps, positions_of_bars
from lstmviz.music.notes import HIGH, LOW, check_range, states_from_notes
from lstmviz.music.piece import Piece

__all__ = ["Song", "parse_song", "song", "songbook"]

_SONGS = resources.files("lstmviz.music") / "songs"
_HEADER = ("title", "composer", "metre", "bpm")
_OPTIONAL = ("pickup",)
_LETTERS = {"c": 0, "d": 2, "e": 4, "f": 5, "g": 7, "a": 9, "b": 11}
_ACCIDENTALS = {"#": 1, "": 0, "b": -1}
_NOTE = re.compile("([a-g])([#b]?)([0-9])")
_SIGN = re.compile("([^:]+)(?::([1-9][0-9]*))?")


class Song(NamedTuple):
    """The header of a song, and how long the piece is."""

    title: str
    composer: str
    metre: str  # such as "4/4", "3/4" or "6/8"
    bpm: int  # quarter notes a minute, in every metre
    steps: int  # T, the length in sixteenths
    pickup: int = 0  # sixteenths before the first bar line, 0 without a pickup

    @property
    def bar_steps(self):
        """The length of a full bar in sixteenths.

        >>> Song("A Jig", "folk song", metre="6/8", bpm=180, steps=96).bar_steps
        12
        """
        return bar_steps(self.metre)


def songbook():
    """Return what there is to play: a dict from the name of each piece to its `Song`.

    >>> songbook()["prelude-in-c"].title
    'Prelude in C major, BWV 846'
    """
    return {name: _read(name)[0] for name in _names()}


def song(name, low=LOW, high=HIGH):
    """Return a piece of the songbook, ready for the network.

    Parameters
    ----------
    name : str
        One of `songbook()`, such as "prelude-in-c".
    low, high : int
        The MIDI notes covered: `low` up to but not including `high`.

    Returns
    -------
    Piece

    Raises
    ------
    ValueError
        The songbook has no piece of this name.

    Examples
    --------
    >>> song("prelude-in-c")
    <Piece 'prelude-in-c': 560 steps, 35 bars of 16 steps, 72 bpm, C1 to F7, 549 notes>
    """
    check_range(low, high)
    names = _names()
    if not isinstance(name, str) or name not in names:
        near = difflib.get_close_matches(str(name), names, n=1)
        hint = f" (did you mean {near[0]!r}?)" if near else ""
        known = ", ".join(names)
        raise ValueError(f"no song is called {shown(name)}{hint}; there are {known}")
    head, voices = _read(name)
    notes = [note for voice in voices.values() for note in voice]
    states = states_from_notes(notes, head.steps, low, high)
    position = positions_of_bars(head.steps, head.bar_steps, head.pickup)
    return Piece(states, position, head.bpm, low, name)


def parse_song(text, source="song"):
    r"""Read a piece in the notation described at the top of this module.

    Parameters
    ----------
    text : str
        Header lines and voices.
    source : str
        What error messages call the text, such as the name of its file.

    Returns
    -------
    head : Song
    voices : dict of str to list of (pitch, start, stop)
        The notes of each voice: MIDI note, the step it is struck on, the step
        it no longer sounds on; `states_from_notes` takes such lists.

    Raises
    ------
    ValueError
        The text breaks a rule of the notation; the message says in which bar.

    Examples
    --------
    >>> text = "title: A Third\ncomposer: me\nmetre: 2/4\nbpm: 90\ntune: c4:4 e4"
    >>> parse_song(text)[1]
    {'tune': [(60, 0, 4), (64, 4, 8)]}
    """
    header, lines = _split(text, source)
    head = _head(header, source)
    voices, steps = {}, {}
    for name, bars in lines.items():
        voices[name], steps[name] = _voice(bars, _bar_lengths(len(bars), head))
    bars = {name: len(bars) for name, bars in lines.items()}
    _check_voices_agree("number of bars", bars, source)
    _check_voices_agree("length in sixteenths", steps, source)
    return head._replace(steps=next(iter(steps.values()))), voices


def _names():
    """Return the names of all song files, in alphabetical order."""
    files = sorted(file.name for file in _SONGS.iterdir())
    return [file.removesuffix(".song") for file in files if file.endswith(".song")]


@cache
def _read(name):
    """Parse the song file of this name, once."""
    file = _SONGS / f"{name}.song"
    return parse_song(file.read_text("utf-8"), file.name)


def _split(text, source):
    """Sort lines into header fields and voices, each a list of (where, signs)."""
    header, voices = {}, {}
    for number, line in enumerate(text.splitlines(), start=1):
        line = line.strip()
        if not line or line.startswith(";"):
            continue
        name, colon, value = line.partition(":")
        if not colon or not name.isidentifier():
            raise ValueError(
                f"{source}, line {number}: {line!r} does not begin with "
                "a one-word name and a colon, such as 'melody: c4:4 d4 e4 f4'"
            )
        if name in _HEADER + _OPTIONAL:
            header[name] = value.strip()
            continue
        voice = voices.setdefault(name, [])
        for bar in value.strip().strip("|").split("|"):
            where = f"{source}, line {number}, {name}, bar {len(voice) + 1}"
            voice.append((where, bar.split()))
    return header, voices


def _head(header, source):
    """Check the header fields and return them as a `Song` that has no steps yet."""
    for name in _HEADER:
        if not header.get(name):
            raise ValueError(f"{source}: there is no line '{name}: ...'")
    title, composer, metre, bpm = (header[name] for name in _HEADER)
    try:
        bar = bar_steps(metre)
    except ValueError as error:
        raise ValueError(f"{source}: {error}") from None
    if not re.fullmatch("[1-9][0-9]*", bpm):
        raise ValueError(
            f"{source}: bpm is a whole number of quarter notes a minute, "
            f"such as 120, not {bpm!r}"
        )
    pickup = header.get("pickup", "0")
    if not (pickup.isdecimal() and int(pickup) < bar):
        raise ValueError(
            f"{source}: pickup is a whole number of sixteenths, "
            f"fewer than the {bar} of a bar, not {pickup!r}"
        )
    return Song(title, composer, metre, int(bpm), steps=0, pickup=int(pickup))


def _bar_lengths(bars, head):
    """Return for each bar of a voice the tuple of the lengths it may have."""
    full = head.bar_steps
    if not head.pickup:
        return [(full,)] * bars
    middle = [(full,)] * (bars - 2)
    return [(head.pickup,), *middle, (full, full - head.pickup)][:bars]


def _check_voices_agree(what, found, source):
    """Raise a ValueError if a number differs between voices, or there are none."""
    if len(set(found.values())) != 1:
        listed = ", ".join(f"{name} {number}" for name, number in found.items())
        raise ValueError(
            f"{source}: voices must all have the same {what}, "
            f"but there are: {listed or 'no voices'}"
        )


def _voice(bars, lengths):
    """Lay the bars of one voice end to end.

    Returns its notes (pitch, start, stop) and its length in sixteenths.
    """
    notes, sounding = [], []
    step, signs = 0, None
    for (where, bar), allowed in zip(bars, lengths, strict=True):
        if bar != ["%"]:
            signs = _bar(bar, signs, where)
        elif signs is None:
            raise ValueError(f"{where}: '%' repeats the bar before, but there is none")
        _check_length(signs, allowed, where)
        for pitches, length in signs:
            if pitches is not None:
                sounding = [[pitch, step, step] for pitch in pitches]
                notes += sounding
            elif not sounding:
                raise ValueError(
                    f"{where}: '~' continues a note, but there is none before it"
                )
            step += length
            for note in sounding:
                note[2] = step
    return [tuple(note) for note in notes], step


def _bar(bar, before, where):
    """Read the signs of a bar as [(pitches, length), ...].

    `before` is the bar before, read likewise; its last length is taken over.
    """
    length = before[-1][1] if before else None
    signs = []
    for sign in bar:
        pitches, written = _sign(sign, where)
        length = int(written) if written else length
        if length is None:
            raise ValueError(
                f"{where}: the first sign of a voice must say how long it is, "
                f"in sixteenths, such as '{sign}:4'"
            )
        signs.append((pitches, length))
    return signs


def _check_length(signs, allowed, where):
    """Raise a ValueError unless the signs of a bar last as long as one of `allowed`."""
    total = sum(length for _, length in signs)
    if total not in allowed:
        raise ValueError(
            f"{where}: the bar is {total} sixteenths long, "
            f"but must be {' or '.join(map(str, allowed))}"
        )


def _sign(sign, where):
    """Read 'c4+e4:8' as ([60, 64], '8'); a rest has no pitches, a tie has None."""
    match = _SIGN.fullmatch(sign)
    what, length = match.groups() if match else (sign, None)
    if what in ("-", "~"):
        return ([] if what == "-" else None), length
    notes = [_NOTE.fullmatch(note) for note in what.split("+")]
    if not all(notes):
        raise ValueError(
            f"{where}: {sign!r} is not a note such as c4, f#3:8 or bb2, a chord such "
            "as c4+e4:4, a rest -, a tie ~ or, alone in a bar, a repeat %"
        )
    return [_pitch(*note.groups()) for note in notes], length


def _pitch(letter, accidental, octave):
    """Return the MIDI note of its name: ('c', '', '4') is 60."""
    return 12 * (int(octave) + 1) + _LETTERS[letter] + _ACCIDENTALS[accidental]
