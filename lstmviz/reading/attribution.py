"""Attribution: which notes made a note likely or unlikely.

The log-odds of a note are compared with those in silence: the last steps silent, and
nothing chosen for the notes below. Integrated gradients divide the change among the
note states: all states grow from 0 to 1 together, and the contribution of a state is
the integral of its gradient on the way. The contributions add up to the change
(Sundararajan, Taly & Yan, Axiomatic Attribution for Deep Networks, 2017).

A note that is silent contributes nothing, because it is the same in silence: this
method cannot say what a rest contributed.
"""

from dataclasses import dataclass

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.checks import (
    check_choice,
    check_count,
    check_flag,
    check_kind,
    check_real,
    is_count,
    shown,
)
from lstmviz.music.notes import (
    ARTICULATED,
    PLAYED,
    counted,
    note_number,
    note_range,
    notes_from_states,
    pitch_name,
)
from lstmviz.music.piece import Piece
from lstmviz.network.biaxial import Biaxial
from lstmviz.reading.decision import Decision
from lstmviz.reading.integral import integrate

__all__ = ["Attribution", "NoteContribution", "attribution"]

CHOICES = {"play": PLAYED, "articulate": ARTICULATED}


@dataclass(frozen=True)
class NoteContribution:
    """What one whole note added to the log-odds of a decision.

    Attributes
    ----------
    pitch : int
        Its MIDI note.
    start, stop : int
        The steps of the piece on which it is struck and no longer sounds, within what
        was attributed; of a note below, the step that is decided and the next one.
    struck : bool
        It begins within these steps; otherwise it was held from before.
    below : bool
        It was chosen in the same step, for a note below.
    value : float
        In log-odds.
    text : str
        The same in words.
    """

    pitch: int
    start: int
    stop: int
    struck: bool
    below: bool
    value: float
    text: str


@dataclass(frozen=True, repr=False)
class Attribution:
    """What each note state added to the log-odds of one decision.

    S steps are attributed, the last of them the step that the network has just heard.

    Attributes
    ----------
    piece : Piece
        The music that the network heard, whole.
    start, step : int
        The first and the last of the S steps. The step that is decided is `step + 1`.
    note : int
        MIDI number of the note.
    choice : {"play", "articulate"}
    heard : ndarray (S, N, 2)
        The contribution of each note state: that it is played, that it is articulated.
    below : ndarray (N, 2)
        The contribution of what was chosen for each note below.
    log_odds, baseline : float
        Of the decision, and of the same decision in silence.
    points : int
        On how many points of the way the gradient was taken; 1 for gradient times
        input.
    """

    piece: Piece
    start: int
    step: int
    note: int
    choice: str
    heard: np.ndarray
    below: np.ndarray
    log_odds: float
    baseline: float
    points: int

    def __repr__(self):
        """Show the decision, its log-odds and how well the contributions add up."""
        verb = "played" if self.choice == "play" else "struck if played"
        return (
            f"<Attribution: {pitch_name(self.note)} {verb} at step {self.step + 1}: "
            f"log-odds {self.log_odds:+.2f}, in silence {self.baseline:+.2f}; "
            f"{counted(len(self.notes()), 'note')} over "
            f"{counted(len(self.heard), 'step')}, error {self.error:+.3f}>"
        )

    @property
    def window(self):
        """The S steps that are attributed: a Piece."""
        return self.piece[self.start : self.step + 1]

    @property
    def chosen(self):
        """What was played and articulated at the step that is decided: (N, 2)."""
        return self.piece[self.step + 1]

    @property
    def probability(self):
        """The probability of the choice."""
        return float(sigmoid(self.log_odds))

    @property
    def error(self):
        """By how much all contributions together differ from the change in log-odds."""
        together = float(self.heard.sum(dtype=float) + self.below.sum(dtype=float))
        return together - (self.log_odds - self.baseline)

    def notes(self):
        """Return the contribution of every whole note, those just chosen at the end.

        Returns
        -------
        list of NoteContribution
        """
        low, now, found = self.piece.low, self.step + 1, []
        for pitch, start, stop in notes_from_states(self.window.states, low):
            value = float(self.heard[start:stop, pitch - low].sum())
            struck = bool(self.window[start][pitch - low, ARTICULATED])
            ago = counted(len(self.heard) - start, "step")
            text = f"{pitch_name(pitch)} " + (
                f"struck {ago} ago" if struck else "held from before"
            )
            if stop == len(self.heard):
                text += ", still sounding"
            start, stop = self.start + start, self.start + stop
            found.append(
                NoteContribution(pitch, start, stop, struck, False, value, text)
            )
        for n in np.flatnonzero(self.chosen[: self.note - low, PLAYED]).tolist():
            struck = bool(self.chosen[n, ARTICULATED])
            text = f"{pitch_name(low + n)} {'struck' if struck else 'held on'} below it"
            value = float(self.below[n].sum())
            found.append(
                NoteContribution(low + n, now, now + 1, struck, True, value, text)
            )
        return found

    def top(self, count=10):
        """Return the notes that contributed most, for or against.

        Parameters
        ----------
        count : int

        Returns
        -------
        list of NoteContribution
            The largest first, whatever its sign.
        """
        check_count("count", count, 1)
        return sorted(self.notes(), key=lambda note: -abs(note.value))[:count]


def attribution(
    net, piece, step, note, past=64, choice="play", fast=False, tolerance=0.02
):
    """Return which notes made a note likely or unlikely.

    Contributions are in log-odds, and positive where they made the choice more likely.
    The network hears the whole piece up to `step`. What it heard before the last
    `past` steps is part of the baseline; attribute a slice of the piece to explain a
    network that hears no more than that slice.

    Parameters
    ----------
    net : Biaxial
    piece : Piece, or array_like (T, N, 2)
    step : int
        s, counted from 0: the network has heard step s and decides step s + 1.
    note : int or str
        The note that is decided: its MIDI number or its name, such as "C4".
    past : int
        How many of the steps heard to attribute, the last of them the step s.
    choice : {"play", "articulate"}
        Whether the note is played, or whether it is struck if it is played.
    fast : bool
        Take the gradient at the piece alone (gradient times input), which is some
        twenty times as fast. The contributions do not add up then.
    tolerance : float
        The integral is refined until its errors together are less than this share of
        the change in log-odds (or of 1, where the change is smaller), or until it has
        129 points.

    Returns
    -------
    Attribution

    Raises
    ------
    ValueError
        The piece has no such step, the network no such note, or an option is unknown.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> why = attribution(load("tiny"), song("ode-to-joy"), step=63, note="C4")
    >>> why.heard.shape, why.below.shape
    ((64, 78, 2), (78, 2))
    >>> abs(why.error) < 0.02 * abs(why.log_odds - why.baseline)
    True
    """
    check_kind("net", net, Biaxial)
    piece, pitch = net.check(piece), note_number(note)
    if not is_count(step, len(piece) - 1):
        raise ValueError(
            f"no step {shown(step)}; music of {len(piece)} steps has the decisions of "
            f"steps 0 to {len(piece) - 2}"
        )
    if not net.low <= pitch < net.high:
        raise ValueError(
            f"no note {pitch_name(pitch)}; the network covers "
            f"{note_range(net.low, net.notes)}"
        )
    check_count("past", past, 1)
    check_choice("choice", choice, CHOICES)
    check_flag("fast", fast)
    tolerance = check_real("tolerance", tolerance, 0, 1)
    decision = Decision(net, piece, step, pitch - net.low, past, CHOICES[choice])
    if fast:
        z, heard, below = decision.values_and_shares([1.0])
        (baseline,), points = decision.values([0.0]), 1
        log_odds, heard, below = z[0], heard[0], below[0]
    else:
        run = integrate(decision.values_and_shares, tolerance)
        (baseline, log_odds), (heard, below), points = run
    start = decision.start
    return Attribution(
        piece,
        start,
        step,
        pitch,
        choice,
        heard,
        below,
        float(log_odds),
        float(baseline),
        points,
    )
