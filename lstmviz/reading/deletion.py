"""Deletion: does a note that an attribution names really matter?

The notes named are removed from what the network hears, and the log-odds are computed
anew. The control removes as many other notes, equally recent and about as long.
"""

from typing import NamedTuple

from lstmviz.checks import check_count, check_kind
from lstmviz.music.notes import counted
from lstmviz.network.biaxial import Biaxial
from lstmviz.reading.attribution import CHOICES, Attribution
from lstmviz.reading.decision import Decision

__all__ = ["Deletion", "alike", "deletion_test", "without"]


class Deletion(NamedTuple):
    """How far the log-odds of a decision move when notes are removed."""

    named: float  # without the notes that the attribution names
    others: float  # without as many others, equally recent
    predicted: float  # minus the contributions of those named
    named_notes: list  # of NoteContribution
    other_notes: list


def deletion_test(net, why, count=5):
    """Remove the notes that an attribution names, and as many others as a control.

    Parameters
    ----------
    net : Biaxial
        The network whose decision was attributed.
    why : Attribution
    count : int
        How many heard notes to remove: those with the largest contributions, whatever
        their sign. Notes below, chosen in the same step, stay.

    Returns
    -------
    Deletion

    Raises
    ------
    ValueError
        Fewer than 2 `count` notes were heard.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> from lstmviz.reading.attribution import attribution
    >>> net = load("tiny")
    >>> why = attribution(net, song("ode-to-joy"), step=63, note="C4")
    >>> found = deletion_test(net, why)
    >>> [len(notes) for notes in (found.named_notes, found.other_notes)]
    [5, 5]
    """
    check_kind("net", net, Biaxial)
    net.check(check_kind("why", why, Attribution).piece)
    check_count("count", count, 1)
    heard = [note for note in why.notes() if not note.below]
    if len(heard) < 2 * count:
        raise ValueError(
            f"{counted(len(heard), 'note')} were heard; to remove {count} and as many "
            f"others, {2 * count} are needed"
        )
    heard.sort(key=lambda note: -abs(note.value))
    named, others = heard[:count], alike(heard[:count], heard[count:])
    decision = Decision(
        net,
        why.piece,
        why.step,
        why.note - why.piece.low,
        len(why.heard),
        CHOICES[why.choice],
    )
    moved = [
        float(decision.hearing(without(why, notes)).values([1.0])[0]) - why.log_odds
        for notes in (named, others)
    ]
    return Deletion(*moved, -sum(note.value for note in named), named, others)


def alike(notes, candidates):
    """Return for each note one of the candidates that began and ended about then.

    Each candidate is taken once; among equally good ones, the first.
    """
    candidates, found = list(candidates), []
    for note in notes:
        found.append(
            min(
                candidates,
                key=lambda c: abs(c.start - note.start) + abs(c.stop - note.stop),
            )
        )
        candidates.remove(found[-1])
    return found


def without(why, notes):
    """Return the note states (S, N, 2) that were heard, without some of the notes."""
    states = why.window.states.copy()
    for note in notes:
        steps = slice(note.start - why.start, note.stop - why.start)
        states[steps, note.pitch - why.piece.low] = 0
    return states
