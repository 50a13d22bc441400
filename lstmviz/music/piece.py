"""A piece of music: note states, and where in its bar each of them stands.

`read_midi`, `song` and `compose` return pieces. Everything that takes music takes a
piece or plain note states; plain ones are in 4/4 from their first step on.
"""

import copy

import numpy as np

from lstmviz.checks import check_count, check_real, check_text
from lstmviz.music.bars import (
    bar_lines,
    bar_numbers,
    check_positions,
    continued,
    positions_of_bars,
)
from lstmviz.music.notes import LOW, check_states, counted, note_range, transposed

__all__ = ["BPM", "Piece", "as_piece", "check_bpm"]

BPM = 120  # quarter notes a minute, where nothing is said
MAX_STEPS = 65536  # the longest music read and composed: over two hours at this tempo
FASTEST = 60e6  # quarter notes a minute, of a microsecond each


class Piece:
    """Note states with their bars, tempo and name.

    `len`, indexing and `np.asarray` behave like the states'. A slice of the steps is
    a piece again, and keeps its place in the bars; any other index gives an array.

    Parameters
    ----------
    states : array_like (T, N, 2)
        Note states, see `lstmviz.music.notes`.
    position : array_like (T,), optional
        Sixteenths since the bar line, 0 on it; if not given, 4/4 from the first step.
    bpm : float
        Quarter notes a minute.
    low : int
        The MIDI note of index 0.
    name : str
        What to call it.

    Attributes
    ----------
    states : ndarray, uint8 (T, N, 2)
    position : ndarray (T,)
    bpm : float
    low : int
    name : str

    Raises
    ------
    ValueError
        The states are no music, or the positions do not count from bar line to bar
        line.

    Examples
    --------
    Two bars of 3/4, after a quarter note:

    >>> from lstmviz.music.bars import positions_of_bars
    >>> states = np.zeros((28, 78, 2), np.uint8)
    >>> waltz = Piece(states, positions_of_bars(28, bar=12, pickup=4), bpm=160)
    >>> waltz
    <Piece: 28 steps, pickup + 2 bars of 12 steps, 160 bpm, C1 to F7, 0 notes>
    >>> waltz[4:16].position.tolist()
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    """

    def __init__(self, states, position=None, bpm=BPM, low=LOW, name=""):
        states = check_states(states)
        if states.ndim != 3:
            raise ValueError(f"one piece (T, N, 2) is needed, not {states.shape}")
        if position is None:
            position = positions_of_bars(len(states))
        self.states = states
        self.position = check_positions(position, len(states))
        self.bpm, self.low = check_bpm(bpm), check_count("low", low, 0, 127)
        self.name = check_text("name", name)

    def __len__(self):
        """T, the number of time steps."""
        return len(self.states)

    def __getitem__(self, index):
        """Return the piece of a slice of the steps, or else part of the states."""
        if not isinstance(index, slice):
            return self.states[index]
        if index.step not in (None, 1):
            raise ValueError(f"music is sliced step by step, not by {index.step}")
        part = copy.copy(self)  # of a right piece, any part is right
        part.states, part.position = self.states[index], self.position[index]
        return part

    def __array__(self, dtype=None, copy=None):
        """Return the states, for NumPy."""
        if dtype is None and not copy:
            return self.states
        return np.array(self.states, dtype)

    def __eq__(self, other):
        """Return whether two pieces have the same notes, bars and tempo."""
        if not isinstance(other, Piece):
            return NotImplemented
        return (
            (self.low, self.bpm) == (other.low, other.bpm)
            and np.array_equal(self.states, other.states)
            and np.array_equal(self.position, other.position)
        )

    __hash__ = None  # its arrays can be changed

    def __repr__(self):
        """Show name, length, bars, tempo, range and number of notes in one line."""
        title = f"Piece {self.name!r}" if self.name else "Piece"
        steps = counted(len(self), "step")
        notes = counted(int(self.states[..., 1].sum()), "note")
        return (
            f"<{title}: {steps}, {self._bars()}, {self.bpm:g} bpm, "
            f"{note_range(self.low, self.shape[1])}, {notes}>"
        )

    def _repr_html_(self):
        """Show the notes with bar lines, and a player, in a notebook."""
        from lstmviz.music.score import player, score  # they take pieces themselves

        return score(self) + player(self)

    def _bars(self):
        """Return in words how many bars there are, and how long they are."""
        lines = bar_lines(self.position)
        pickup = "pickup + " if len(self) and self.position[0] else ""
        lengths = np.unique(np.diff(lines)).tolist()
        if len(lines) == 1:
            lengths = [len(self) - int(lines[0])]
        if not 0 < len(lengths) < 4:  # none, or too many to be named
            return f"{pickup}{counted(len(lines), 'bar')}"
        said = " or ".join([*map(str, lengths[:-1]), counted(lengths[-1], "step")])
        return f"{pickup}{counted(len(lines), 'bar')} of {said}"

    @property
    def shape(self):
        """The shape of the states, (T, N, 2)."""
        return self.states.shape

    @property
    def bars(self):
        """The number of each step's bar: 1 for the first full one, 0 for a pickup."""
        return bar_numbers(self.position)

    def replace(self, **changes):
        """Return a piece that differs in some of states, position, bpm, low, name."""
        same = {name: getattr(self, name) for name in ("bpm", "low", "name")}
        arrays = {"states": self.states, "position": self.position}
        return Piece(**(arrays | same | changes))

    def extended(self, steps, bar=None):
        """Return the piece with so many silent steps after it, which may be written to.

        They continue its bars; `bar` is the length of a bar in sixteenths, where that
        of the last bar is not meant.
        """
        check_count("steps", steps, 0, MAX_STEPS)
        bar = None if bar is None else check_count("bar", bar, 1, 255)
        silence = np.zeros((steps, *self.shape[1:]), np.uint8)
        position = continued(self.position, steps, bar)
        return self.replace(
            states=np.concatenate([self.states, silence]),
            position=np.concatenate([self.position, position]),
        )

    def transposed(self, semitones):
        """Return the piece moved up by so many semitones, or down if negative.

        Raises
        ------
        ValueError
            A note would leave the range.
        """
        check_count("semitones", semitones, -127, 127)
        return self.replace(states=transposed(self.states, semitones))


def check_bpm(bpm):
    """Return a tempo as a float, or raise a ValueError if it cannot be one."""
    return check_real("bpm", bpm, 0, FASTEST, above=True)


def as_piece(music, low=None):
    """Return music in any form as a piece.

    Parameters
    ----------
    music : Piece, Trace or array_like (T, N, 2)
        A trace stands for the music that it heard and chose. Plain note states are in
        4/4 from their first step on, at 120 quarter notes a minute.
    low : int, optional
        The MIDI note of index 0. If not given, what the music says, or else 24.

    Raises
    ------
    ValueError
        It is no music.
    """
    piece = getattr(music, "piece", music)  # a trace has one
    if not isinstance(piece, Piece):
        return Piece(piece, low=LOW if low is None else low)
    return piece if low is None else piece.replace(low=low)
