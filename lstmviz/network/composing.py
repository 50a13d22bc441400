"""Composing: step by step along time and, at every step, note by note from below.

At each step the time layers hear what was just played. Then the note layers
walk up from the lowest note: each note is told what the note below decided,
dice decide against its probabilities, and its decision goes on up. The walk has
a file of its own, `walk.py`.
"""

import numpy as np
from tqdm import trange

from lstmviz.music.notes import PLAYED
from lstmviz.network import backends
from lstmviz.network.lstm import sigmoid
from lstmviz.network.trace import Trace, turned

__all__ = ["compose"]

FEW = 2  # fewer notes than this is near silence, for the adaptive rule


def compose(
    net,
    steps=256,
    seed=0,
    prompt=None,
    temperature=1.0,
    adaptive=True,
    record=False,
    progress=False,
    backend="numba",
):
    """Let the network compose.

    Parameters
    ----------
    net : Biaxial
    steps : int
        How many time steps to compose, each a sixteenth note.
    seed : int
        For the same dice, and so the same music, again.
    prompt : array_like (P, N, 2), optional
        Note states to listen to first; otherwise one step of silence.
    temperature : float
        Log-odds are divided by it before the dice are thrown: below 1 the
        network dares less, above 1 more.
    adaptive : bool
        Keep the music from dying away, by the rule of the 2015 code, see
        `adapt`.
    record : bool
        Also return the trace of all that the network thought.
    progress : bool
        Show a progress bar when it takes more than two seconds.
    backend : {"numba", "numpy"}

    Returns
    -------
    states : ndarray, uint8 (P + steps, N, 2)
        The prompt, or the step of silence, and what was composed after it.
    trace : Trace
        Only with `record`. The probabilities in it are the network's own,
        before temperature and adaptive rule.

    Raises
    ------
    ValueError
        `steps` is below 1, `temperature` is not above 0, or the prompt is not
        music for this network.

    Examples
    --------
    The same dice make the same music, and other dice other music:

    >>> from lstmviz.network.biaxial import load
    >>> net = load("tiny")
    >>> music = compose(net, steps=16, seed=1)
    >>> music.shape  # a step of silence, and sixteen composed
    (17, 78, 2)
    >>> bool((music == compose(net, steps=16, seed=1)).all())
    True
    >>> bool((music == compose(net, steps=16, seed=2)).all())
    False
    """
    if steps < 1:
        raise ValueError(f"steps must be at least 1, not {steps}")
    if not 0 < temperature < np.inf:
        raise ValueError(f"temperature must be a number above 0, not {temperature}")
    rng = np.random.default_rng(seed)
    silence = np.zeros((1, net.notes, 2), np.uint8)
    heard = silence if prompt is None else net.check(prompt, steps=1)

    states = np.concatenate([heard, np.zeros((steps, net.notes, 2), np.uint8)])
    recorded = Trace.empty(net, len(states) - 1) if record else None
    time = None  # the time layers so far: they have heard all but the last step
    if len(heard) > 1:
        if record:
            thought = net.think(heard, backend=backend)
            time, note = thought.time, turned(thought.note.layers)
            recorded.write(0, time.layers | note, sigmoid(thought.z))
        else:
            time = net.listen(heard[:-1], backend=backend)

    walk_up, power = backends.named(backend).walk_up, 1.0
    p, names = net.parameters, net.note_names
    bar = {"desc": "composing", "unit": "step", "delay": 2, "disable": not progress}
    for t in trange(len(heard), len(states), **bar):
        now = states[t - 1 : t]
        time = net.listen(now, start=t - 1, before=time, backend=backend)
        dice = rng.random((net.notes, 2))
        states[t], z, note = walk_up(p, names, time.output[0], dice, temperature, power)
        if adaptive:
            power = adapt(power, states[t, :, PLAYED].sum())
        if record:
            recorded.write(t - 1, time.layers | turned(note), sigmoid(z[None]))
    if not record:
        return states
    recorded.heard[:], recorded.chosen[:] = states[:-1], states[1:]
    return states, recorded


def adapt(power, sounding):
    """Return the power for the next step's play probabilities (2015 code).

    While fewer than two notes sound, the power sinks by 0.02 a step from 1,
    which lifts every probability until something happens; otherwise it comes
    back 30 % of the way to 1.

    >>> adapt(1.0, sounding=0), round(adapt(0.5, sounding=3), 3)
    (0.98, 0.65)
    """
    if sounding < FEW:
        return max(min(power, 1.0) - 0.02, 0.0)
    return power + 0.3 * (1 - power)
