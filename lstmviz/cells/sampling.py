"""Sampling one time step, note by note from the lowest up.

The note layers run up the notes. Each note is told what was chosen for the note
below it. Its two probabilities are compared with two uniform random numbers, the
dice, and its own choice goes on to the note above. In this way the notes of a chord
depend on one another.
"""

import numpy as np

from lstmviz.cells import stack
from lstmviz.cells.lstm import Layer, sigmoid

__all__ = ["sample_notes"]


def sample_notes(parameters, names, y, dice, temperature=1.0, power=1.0):
    """Choose the notes of one time step.

    A note is played if its first die is below P(play)^power. A note that is played
    is articulated if its second die is below P(articulate).

    Parameters
    ----------
    parameters : dict of ndarray
        Weights of the network.
    names : sequence of str
        Its note layers, from the lowest to the highest.
    y : ndarray (N, H)
        Output of the time layers at this step.
    dice : ndarray (N, 2)
        Random numbers, uniform from 0 to 1.
    temperature : float
        The log-odds are divided by it before they become probabilities.
    power : float
        From 0 to 1; a power below 1 makes every note more probable.

    Returns
    -------
    chosen : ndarray, uint8 (N, 2)
    z : ndarray (N, 2)
        Log-odds of play and articulate, before the temperature.
    layers : dict of Layer
        The note layers; each array is (N, 1, H).
    """
    N = len(y)
    chosen = np.zeros((N, 2), np.uint8)
    z = np.zeros((N, 2), y.dtype)
    below = np.zeros(2, y.dtype)
    note, steps = None, []
    for n in range(N):
        x = np.concatenate([y[n], below])[None, None]
        note = stack.forward(parameters, names, x, before=note)
        z[n] = note.output[0, 0] @ parameters["out.W"] + parameters["out.b"]
        p_play, p_articulate = sigmoid(z[n] / temperature)
        played = dice[n, 0] < p_play**power
        chosen[n] = below[:] = played, played and dice[n, 1] < p_articulate
        steps.append(note.layers)
    layers = {
        name: Layer(*map(np.concatenate, zip(*(s[name] for s in steps), strict=True)))
        for name in names
    }
    return chosen, z, layers
