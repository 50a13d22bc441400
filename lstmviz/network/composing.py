"""Composing: step by step along time and, at every step, note by note from below.

At each step the time layers hear what was just played. Then the note layers run up
the notes, and each note is chosen at random with the probabilities that the network
gives it, see `lstmviz.cells.sampling`.
"""

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.checks import check_count, check_flag, check_kind, check_real
from lstmviz.music.bars import bar_steps
from lstmviz.music.notes import PLAYED
from lstmviz.music.piece import MAX_STEPS, Piece
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.trace import Trace, swap_layer_axes
from lstmviz.progress import progress_bar

__all__ = ["compose"]

TEMPERATURES = 0.001, 1000  # the lowest and the highest
FEW = 2  # the adaptive rule acts while fewer notes than this sound


def compose(
    net,
    steps=256,
    seed=0,
    prompt=None,
    metre=None,
    temperature=1.0,
    adaptive=True,
    record=False,
    progress=False,
):
    """Let the network compose.

    Parameters
    ----------
    net : Biaxial
    steps : int
        How many time steps to compose, each a sixteenth note: from 1 to 65536.
    seed : int
        The same seed gives the same music.
    prompt : Piece, or array_like (P, N, 2), optional
        Music to hear first, and to continue in its own bars and tempo; if not given,
        one step of silence.
    metre : str, optional
        Such as "3/4": the bars of the music without a prompt; 4/4 if not given.
    temperature : float
        Log-odds are divided by it before they become probabilities: below 1 the
        network plays what is probable, above 1 it surprises more; 0.001 to 1000.
    adaptive : bool
        Keep the music from dying away, by the rule of the 2015 code, see `adapt`.
    record : bool
        Also return the trace.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    piece : Piece
        The prompt, or the step of silence, and what was composed after it.
    trace : Trace
        Only with `record`. Its probabilities are the network's own, before
        temperature and adaptive rule.

    Raises
    ------
    ValueError
        An argument is out of its range, the metre is none, or the prompt is not music
        for this network.

    Examples
    --------
    The same seed gives the same music, another seed other music:

    >>> from lstmviz.network.loading import load
    >>> net = load("tiny")
    >>> music = compose(net, steps=16, seed=1)
    >>> len(music)  # a step of silence, and sixteen composed
    17
    >>> music == compose(net, steps=16, seed=1)
    True
    >>> music == compose(net, steps=16, seed=2)
    False
    """
    check_kind("net", net, Biaxial)
    check_count("steps", steps, 1, MAX_STEPS)
    check_count("seed", seed)
    temperature = check_real("temperature", temperature, *TEMPERATURES)
    for name, flag in (
        ("adaptive", adaptive),
        ("record", record),
        ("progress", progress),
    ):
        check_flag(name, flag)
    rng = np.random.default_rng(seed)
    if prompt is not None and metre is not None:
        raise ValueError("metre and prompt cannot be combined: a prompt has its bars")
    if prompt is None:
        heard = Piece(np.zeros((1, net.notes, 2)), [0], low=net.low)
        piece = heard.extended(steps, bar_steps("4/4" if metre is None else metre))
    else:
        heard = net.check(prompt, steps=1)
        piece = heard.extended(steps)
    recorded = Trace.empty(net, piece) if record else None
    time = hear_prompt(net, heard, recorded)

    sample_notes, power = net.functions.sample_notes, 1.0
    p, names = net.parameters, net.note_names
    new = range(len(heard), len(piece))
    for t in progress_bar(new, "composing", "step", progress):
        time = net.forward_time(piece[t - 1 : t], before=time)
        y, dice = time.output[0], rng.random((net.notes, 2))
        chosen, z, note = sample_notes(p, names, y, dice, temperature, power)
        piece.states[t] = chosen
        if adaptive:
            power = adapt(power, chosen[:, PLAYED].sum())
        if record:
            layers = time.layers | swap_layer_axes(note)
            recorded.write(t - 1, layers, sigmoid(z[None]))
    if not record:
        return piece
    recorded.heard[:], recorded.chosen[:] = piece.states[:-1], piece.states[1:]
    return piece, recorded


def hear_prompt(net, heard, recorded):
    """Run the network over all but the last step of the prompt.

    Returns the activations of the time layers, to continue from; None for a prompt of
    one step. The note layers run only to be recorded.
    """
    if len(heard) == 1:
        return None
    if recorded is None:
        return net.forward_time(heard[:-1])
    activations = net.forward(heard)
    layers = activations.time.layers | swap_layer_axes(activations.note.layers)
    recorded.write(0, layers, sigmoid(activations.z))
    return activations.time


def adapt(power, sounding):
    """Return the power for the next step's play probabilities (2015 code).

    While fewer than two notes sound, the power falls by 0.02 a step from 1, which
    raises every probability until a note is played. Otherwise it returns 30 % of the
    way to 1.

    >>> adapt(1.0, sounding=0), round(adapt(0.5, sounding=3), 3)
    (0.98, 0.65)
    """
    if sounding < FEW:
        return max(min(power, 1.0) - 0.02, 0.0)
    return power + 0.3 * (1 - power)
