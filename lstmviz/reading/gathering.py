"""Gathering: what the statistics of tuning need, added up passage by passage.

A network hears a piece. All its neurons, K in number, stand side by side on one axis;
layers do not matter here. What is kept are sums, so that memory does not grow with
the music, and so that the sums of several pieces can be added:

    bar       mean h over the notes, by the position in the bar that the network hears
    real      the same, by the position in the bar that the music has
    onset     h at the notes that sound: struck, and all
    interval  h at all notes, by which notes sound from 12 below to 12 above
    note      h of each note

Beside each of them stand the same sums for music that is shifted, so that there is
nothing to find:

    bar, real  In every 64 steps the positions are those of another place of the piece.
               A single shift for the whole piece would leave a neuron that follows
               the beat as periodic as it was.
    onset      The notes that sound keep their h, but "struck" and "held" are those of
               the notes some way later in the piece.
    interval   Which notes sound is that of another step of the piece, equally far away
               for all steps. To save time, these sums are taken at every seventh step;
               the first of them is not shifted, to compare the others with.
    note       Time does not move a note. For every 256 steps, the keyboard is turned by
               a number of notes. Fewer steps would cut what slow neurons remember.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.music.bars import bar_length, bar_lines
from lstmviz.music.features import REACH
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.reading.passages import passages

__all__ = [
    "INTERVALS",
    "PARTS",
    "Surrogates",
    "add",
    "bars_moved",
    "gather",
    "surrogates",
]

PARTS = "bar", "real", "onset", "interval", "note"
INTERVALS = np.arange(-REACH, REACH + 1)
THIN = 7  # shifted intervals: every seventh step; 7 steps make up no bar
HEARD = 32  # steps heard at once, for little memory; a part of a stretch
STRETCH = 64  # steps that are shifted together, and
TURN = 4  # stretches for which the keyboard is turned by the same number of notes
NEAR = 16  # steps: a shift by less would leave too much as it was


class Surrogates(NamedTuple):
    """The shifts of a piece of S steps with E sounding notes, R of each kind."""

    places: np.ndarray  # (R, stretches) steps by which the positions are shifted
    events: np.ndarray  # (R,) sounding notes by which struck and held are shifted
    steps: np.ndarray  # (1 + R,) steps by which the music is shifted; the first is 0
    notes: np.ndarray  # (R, stretches or more) notes by which the keyboard is turned


def surrogates(rng, shifts, steps, events, notes, count):
    """Draw the shifts of a piece of `count` stretches."""
    near = min(NEAR, (steps - 1) // 2)
    far = rng.integers(near, max(steps - near, near + 1), shifts)
    return Surrogates(
        rng.integers(0, steps, (shifts, count)),
        np.round(far * events / steps).astype(int),
        np.concatenate([[0], far]),
        rng.integers(0, notes, (shifts, -(-count // TURN))).repeat(TURN, axis=1),
    )


def gather(net, piece, real, places, parts=PARTS, shifts=0, seed=0):
    """Return the sums of one piece.

    Parameters
    ----------
    net : Biaxial
    piece : Piece
        What the network hears; S + 1 steps, at positions that it is told.
    real : ndarray (S + 1,)
        The positions that the music has.
    places : int
        P, how many positions are told apart; those from P - 1 on count as one.
    parts : sequence of str
        Which of "bar", "real", "onset", "interval", "note" to gather.
    shifts : int
        R, the number of surrogates; 0 for none.
    seed : int or sequence of int
        Of the surrogates.

    Returns
    -------
    dict of str -> ndarray
    """
    S, N, K = len(piece) - 1, net.notes, sum(net.sizes.values())
    states, told = piece.states[:-1], np.minimum(piece.position[:-1], places - 1)
    real = np.minimum(real[:-1], places - 1)
    sounding = np.argwhere(states[..., PLAYED])  # (E, 2) in the order of time
    struck = states[..., ARTICULATED][tuple(sounding.T)].astype(np.float32)
    first = np.searchsorted(sounding[:, 0], np.arange(S + 1))  # event of each step
    rng = np.random.default_rng(seed)
    shift = surrogates(rng, shifts, S, len(sounding), N, -(-S // STRETCH))

    sums = empty_sums(parts, places, N, K, shifts)
    for passage in passages(net, piece, HEARD):
        h = np.concatenate([passage.h[name] for name in net.layer_names], axis=-1)
        steps = passage.start + np.arange(len(h))
        mean = h.mean(axis=1, dtype=np.float64)
        stretch = passage.start // STRETCH
        moved = (steps + shift.places[:, stretch, None]) % S
        for name, place in ("bar", told), ("real", real):
            if name in parts:
                add_places(sums, name, mean, place[steps], place[moved])
        if "onset" in parts:
            events = np.arange(first[steps[0]], first[steps[-1] + 1])
            later = struck[(events + shift.events[:, None]) % max(len(struck), 1)]
            at = sounding[events].T
            add_onsets(sums, h[at[0] - passage.start, at[1]], struck[events], later)
        if "note" in parts:
            add_notes(sums, h, shift.notes[:, stretch])
            sums["note.square"] += squares(h)
        if "interval" in parts:
            add_intervals(sums, h, states[steps, :, PLAYED])
            sums["interval.square"] += squares(h)
            for s in np.flatnonzero(steps % THIN == 0) if shifts else []:
                elsewhere = states[(steps[s] + shift.steps) % S, :, PLAYED]
                add_thin_intervals(sums, h[s], elsewhere)
    for name in {"bar", "real"} & set(parts):
        centre(sums, name)
    return sums


def add(total, part):
    """Add the sums of one piece to a total in place; return the total."""
    for name, array in part.items():
        total[name] += array
    return total


def empty_sums(parts, P, N, K, R):
    """Return sums that are all 0, under the names that `gather` fills."""
    F = len(INTERVALS)
    shapes = {}
    for name in "bar", "real":
        shapes |= {f"{name}.count": (P,), f"{name}.sum": (P, K), f"{name}.square": (K,)}
        shapes |= {f"{name}.shifted.count": (R, P), f"{name}.shifted.sum": (R, P, K)}
    shapes |= {"onset.count": (2,), "onset.struck": (K,), "onset.sum": (K,)}
    shapes |= {"onset.square": (K,), "onset.shifted": (R, K)}
    shapes |= {"note.count": (N,), "note.sum": (N, K), "note.square": (K,)}
    shapes |= {"note.shifted": (R, N, K)}
    shapes |= {"interval.gram": (F + 1, F + 1), "interval.moments": (F + 1, K)}
    shapes |= {"interval.square": (K,)}
    shapes |= {"interval.thin.n": (), "interval.thin.sum": (K,)}
    shapes |= {"interval.thin.counts": (1 + R, F), "interval.thin.sums": (1 + R, F, K)}
    # What is large is summed in float32, which is enough for chance.
    large = "bar.shifted.sum", "real.shifted.sum", "note.shifted"
    return {
        name: np.zeros(shape, np.float32 if name in large else np.float64)
        for name, shape in shapes.items()
        if name.partition(".")[0] in parts
    }


# What a passage adds ------------------------------------------------------------


def add_places(sums, name, mean, place, shifted):
    """Add mean h over the notes (S, K) by its places (S,), and by shifted (R, S)."""
    P = len(sums[f"{name}.count"])
    here = np.eye(P, dtype=np.float32)[place]
    sums[f"{name}.count"] += here.sum(axis=0)
    sums[f"{name}.sum"] += here.T @ mean
    sums[f"{name}.square"] += np.einsum("sk,sk->k", mean, mean)
    if len(shifted):
        there = np.eye(P, dtype=np.float32)[shifted].swapaxes(1, 2)  # (R, P, S)
        sums[f"{name}.shifted.count"] += there.sum(axis=-1)
        sums[f"{name}.shifted.sum"] += there @ mean.astype(np.float32)


def centre(sums, name):
    """Take the piece's own mean out of sums by place, so that pieces can be added."""
    n = sums[f"{name}.count"].sum()
    mean = sums[f"{name}.sum"].sum(axis=0) / n
    sums[f"{name}.square"] -= n * mean**2
    for which in name, f"{name}.shifted":
        sums[f"{which}.sum"] -= sums[f"{which}.count"][..., None] * mean


def add_onsets(sums, h, struck, shifted):
    """Add h at sounding notes (E, K), struck or not (E,), and shifted (R, E)."""
    sums["onset.count"] += struck.sum(), len(struck)
    sums["onset.struck"] += struck @ h
    sums["onset.sum"] += h.sum(axis=0, dtype=np.float64)
    sums["onset.square"] += (h.astype(np.float64) ** 2).sum(axis=0)
    sums["onset.shifted"] += shifted @ h


def add_notes(sums, h, turned):
    """Add h (S, N, K) by its note, and with the keyboard turned by (R,) notes."""
    total = h.sum(axis=0)
    sums["note.count"] += len(h)
    sums["note.sum"] += total
    for shifted, turn in zip(sums["note.shifted"], turned.tolist(), strict=True):
        shifted[turn:] += total[: len(total) - turn]
        shifted[:turn] += total[len(total) - turn :]


def squares(h):
    """Return the sum of h² (S, N, K) over steps and notes."""
    return np.einsum("snk,snk->nk", h, h).sum(axis=0, dtype=np.float64)


def add_intervals(sums, h, played):
    """Add h (S, N, K) by which notes of played (S, N) sound at each interval."""
    padded = np.pad(played, [(0, 0), (REACH, REACH)]).astype(np.float32)
    near = np.lib.stride_tricks.sliding_window_view(padded, len(INTERVALS), axis=1)
    one = np.ones((*near.shape[:2], 1), np.float32)
    y = np.concatenate([one, near], axis=-1).reshape(-1, 1 + len(INTERVALS))
    sums["interval.gram"] += y.T @ y
    sums["interval.moments"] += y.T @ h.reshape(-1, h.shape[-1])


def add_thin_intervals(sums, h, played):
    """Add h (N, K) of one step by the notes that sound at several steps (R, N)."""
    N = len(h)
    sums["interval.thin.n"] += N
    sums["interval.thin.sum"] += h.sum(axis=0, dtype=np.float64)
    padded = np.pad(h, [(REACH, REACH), (0, 0)])
    inside = np.pad(np.ones(N, np.float32), REACH)
    counts, totals = sums["interval.thin.counts"], sums["interval.thin.sums"]
    for shift, n in np.argwhere(played).tolist():
        # The note n sounds k above the note n - k: these are neighbours in memory.
        counts[shift] += inside[n : n + len(INTERVALS)][::-1]
        totals[shift] += padded[n : n + len(INTERVALS)][::-1]


# Moving the bar lines -----------------------------------------------------------


def bars_moved(piece, steps):
    """Return the same music with its bar lines some steps later.

    Parameters
    ----------
    piece : Piece
    steps : int
        At least 0. What comes before the first bar line that was moved is counted so
        that it ends on it, in a bar as long as the first one.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> bars_moved(song("musette"), 3).position[:12].tolist()
    [5, 6, 7, 0, 1, 2, 3, 4, 5, 6, 7, 0]
    """
    position = piece.position
    lines = bar_lines(position)
    bar = lines[1] - lines[0] if len(lines) > 1 else bar_length(position)
    bar = max(int(bar), int(position[0]) + 1)
    before = (position[0] - steps + np.arange(steps)) % bar
    return piece.replace(
        position=np.concatenate([before, position])[: len(position)],
    )
