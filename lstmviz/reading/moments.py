"""Moments: where in the music a neuron is most active, or a layer's state is alike.

Of each step heard, only one number for each note is kept, not the 1.4 MB of a trace.
"""

from functools import partial
from typing import NamedTuple

import numpy as np

from lstmviz.checks import check_count, check_flag, check_known, is_count, shown
from lstmviz.music.notes import note_number, note_range, pitch_name
from lstmviz.music.piece import MAX_STEPS, Piece
from lstmviz.progress import progress_bar
from lstmviz.reading.means import check_pieces
from lstmviz.reading.passages import passages

__all__ = ["Moment", "Similar", "check_neuron", "moments", "similar", "strongest"]

LENGTH = 32  # steps of an excerpt: two bars of 4/4
SHUFFLES = 20  # random states that the control of `similar` looks for


class Moment(NamedTuple):
    """A place in the music, with the steps around it.

    S steps are shown, W values a step: one for each note, or one for all.
    """

    piece: int  # which of the pieces
    name: str  # its name
    step: int  # the step of the piece that the network had just heard
    note: int | None  # MIDI note; None if the value is that of the whole step
    value: float  # what was searched for, at that step and note
    start: int  # the step of the piece on which the excerpt starts
    excerpt: Piece  # S steps around the moment
    values: np.ndarray  # (S, W) the same at all steps and notes of the excerpt

    def __repr__(self):
        """Show piece, step, note and value in one line."""
        note = "" if self.note is None else f", {pitch_name(self.note)}"
        name = self.name or f"piece {self.piece}"
        return f"<Moment: {name}, step {self.step}{note}: {self.value:+.3f}>"


class Similar(NamedTuple):
    """Moments whose state is like a given one, and what chance gives."""

    moments: list  # of Moment; their values are cosines
    control: np.ndarray  # highest cosine with each of 20 states of shuffled neurons


def moments(
    net, pieces, layer, neuron, count=8, least=False, length=LENGTH, progress=False
):
    """Return where in the music a neuron is most active.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
    layer : str
        One of `net.layer_names`.
    neuron : int
        Which neuron of the layer, counted from 0.
    count : int
        How many moments; fewer if the music is short.
    least : bool
        Where its hidden state is lowest, instead of highest.
    length : int
        Steps of an excerpt; no two moments of a piece are closer than that.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    list of Moment
        The most extreme first; their values are hidden states.

    Raises
    ------
    ValueError
        There is no such layer or neuron, or the music does not fit the network.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.loading import load
    >>> moments(load("tiny"), [song("musette")], "time2", 3, count=1)[0].excerpt.shape
    (32, 78, 2)
    """
    pieces = check_pieces(net, pieces)
    check_neuron(net, layer, neuron)
    check_search(count, length, progress)
    check_flag("least", least)
    found = net.functions.map(partial(hidden, net, layer, neuron), pieces)
    h = list(progress_bar(found, "listening", "piece", progress, len(pieces)))
    sign = -1 if least else 1
    places = strongest([sign * values for values in h], count, length)
    return [moment(pieces, h, *place, length) for place in places]


def similar(
    net,
    pieces,
    piece,
    step,
    layer,
    note=None,
    count=8,
    length=LENGTH,
    seed=0,
    progress=False,
):
    """Return the moments at which a layer's state is most like that of a given step.

    The likeness is the cosine of the hidden states after their mean over all the music
    has been subtracted: 1 if they are proportional, 0 if they are orthogonal. Without
    `note`, the state of all notes at once is compared. With it, the state at this note
    is compared with that at every note, so that the same music a third higher is found.
    The music is heard twice, first for the mean.

    Parameters
    ----------
    net : Biaxial
    pieces : sequence of Pieces or array_like (T, N, 2)
        The music to search.
    piece : Piece, or array_like (T, N, 2)
        The music of the given step. If it is one of the pieces, the steps around the
        given one are left out.
    step : int
        The step that the network has just heard.
    layer : str
        One of `net.layer_names`.
    note : int or str, optional
        MIDI number, or name such as "C4".
    count, length, progress
        As in `moments`.
    seed : int
        Seed of the control.

    Returns
    -------
    Similar
        The moments, the most similar first, and the control: the highest cosine found
        for each of 20 random states, which have the same numbers as the given one in
        another order of the neurons.

    Raises
    ------
    ValueError
        There is no such step, layer or note, or the music does not fit the network.
    """
    pieces, piece = check_pieces(net, pieces), net.check(piece)
    check_neuron(net, layer)
    check_search(count, length, progress)
    check_count("seed", seed)
    check_step(piece, step)
    n = None if note is None else note_number(note) - net.low
    if n is not None and not 0 <= n < net.notes:
        raise ValueError(
            f"no note {pitch_name(n + net.low)}; the network covers "
            f"{note_range(net.low, net.notes)}"
        )
    mean = mean_state(net, pieces, layer, n is not None, progress)
    state = state_at(net, piece, step, layer) - mean
    query = state if n is None else state[n]
    shuffled = np.random.default_rng(seed).permuted(
        np.tile(query, (SHUFFLES, *[1] * query.ndim)), axis=-1
    )
    compared = net.functions.map(
        partial(cosines, net, layer, mean, [query, *shuffled]), pieces
    )
    compared = progress_bar(compared, "comparing", "piece", progress, len(pieces))
    values, highest = zip(*compared, strict=True)
    control = np.max(highest, axis=0)[1:]
    allowed = [array.copy() for array in values]
    for place, heard in enumerate(pieces):
        if heard is piece or heard == piece:
            allowed[place][max(0, step - length + 1) : step + length] = -np.inf
    places = strongest(allowed, count, length)
    found = [moment(pieces, values, *place, length) for place in places]
    return Similar(found, control)


# Shared with `match` ------------------------------------------------------------


def strongest(values, count, apart):
    """Return where the values of several pieces are highest.

    Parameters
    ----------
    values : list of ndarray (S, W)
        One for each piece; W places at each step. -inf is never chosen.
    count : int
        How many to find; there can be fewer.
    apart : int
        How many steps two places in a piece are apart, at least.

    Returns
    -------
    list of (piece, step, place)
        The highest value first.

    Examples
    --------
    >>> strongest([np.array([[1.0], [3.0], [2.0]]), np.array([[2.5]])], 3, apart=2)
    [(0, 1, 0), (1, 0, 0)]
    """
    best = [array.max(axis=1, initial=-np.inf) for array in values]
    found = []
    while len(found) < count:
        tops = [steps.max(initial=-np.inf) for steps in best]
        piece = int(np.argmax(tops))
        if tops[piece] == -np.inf:
            break
        step = int(np.argmax(best[piece]))
        found.append((piece, step, int(np.argmax(values[piece][step]))))
        best[piece][max(0, step - apart + 1) : step + apart] = -np.inf
    return found


def moment(pieces, values, piece, step, place, length):
    """Return the moment at a step and place, with the steps around it."""
    heard = pieces[piece]
    start = max(0, min(step - length // 2, len(heard) - length))
    shown = slice(start, start + length)
    several = values[piece].shape[1] > 1
    return Moment(
        piece,
        heard.name,
        step,
        heard.low + place if several else None,
        float(values[piece][step, place]),
        start,
        heard[shown],
        values[piece][shown],
    )


def hidden(net, layer, neuron, piece):
    """Return the hidden states of one neuron over a piece: (S, N)."""
    return np.concatenate([p.h[layer][..., neuron] for p in passages(net, piece)])


def mean_state(net, pieces, layer, over_notes, progress):
    """Return the mean of h over all steps: (N, H), or (H,) if also over the notes."""
    sums = net.functions.map(partial(sum_of_states, net, layer), pieces)
    sums = progress_bar(sums, "finding the mean", "piece", progress, len(pieces))
    mean = sum(sums) / sum(len(piece) - 1 for piece in pieces)
    mean = mean.mean(axis=0) if over_notes else mean
    return mean.astype(net.dtype)


def sum_of_states(net, layer, piece):
    """Return the sum of h over the steps of a piece: (N, H)."""
    return sum(p.h[layer].sum(axis=0, dtype=float) for p in passages(net, piece))


def cosines(net, layer, mean, queries, piece):
    """Return the cosines of a piece with the first query, and the highest with each."""
    found, highest = [], []
    for passage in passages(net, piece):
        h = passage.h[layer] - mean
        each = [cosine(h, query) for query in queries]
        found.append(each[0])
        highest.append([array.max() for array in each])
    return np.concatenate(found), np.max(highest, axis=0)


def cosine(h, query):
    """Return the cosine of states (S, N, H) with a query (N, H) or (H,): (S, W)."""
    if query.ndim == 2:
        h, query = h.reshape(len(h), 1, -1), query.ravel()
    lengths = np.linalg.norm(h, axis=-1) * np.linalg.norm(query)
    return h @ query / np.maximum(lengths, np.finfo(h.dtype).tiny)


def state_at(net, piece, step, layer):
    """Return the hidden states (N, H) of a layer at a step of a piece."""
    for passage in passages(net, piece[: step + 2]):
        state = passage.h[layer][-1]
    return state


def check_search(count, length, progress):
    """Raise a ValueError unless these are what each search of moments takes."""
    check_count("count", count, 1)
    check_count("length", length, 1, MAX_STEPS)
    check_flag("progress", progress)


def check_neuron(net, layer, neuron=0):
    """Raise a ValueError unless the network has this layer and this neuron."""
    H = net.sizes[check_known("layer", layer, net.sizes)]
    if not is_count(neuron, H):
        raise ValueError(f"no neuron {shown(neuron)}; {layer} has neurons 0 to {H - 1}")


def check_step(piece, step):
    """Raise a ValueError unless the network decides something at this step."""
    if not is_count(step, len(piece) - 1):
        last = len(piece) - 2
        raise ValueError(
            f"no step {shown(step)}; the network has states at 0 to {last}"
        )
