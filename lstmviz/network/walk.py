"""The walk up the notes: deciding one time step, note by note from the lowest up.

Each note is told what the note below decided, two dice are thrown against its
probabilities, and its own decision goes on up. That is how the notes of a
chord come to know of one another.
"""

import numpy as np

from lstmviz.network import lstm, stack
from lstmviz.network.lstm import Layer, sigmoid

__all__ = ["walk_up"]


def walk_up(parameters, names, y, dice, temperature=1.0, power=1.0):
    """Decide one time step.

    A note is played if its first die falls below P(play)^power, and, if so,
    articulated if its second falls below P(articulate).

    Parameters
    ----------
    parameters : dict
        Weights of the network.
    names : sequence of str
        Its note layers, from the bottom up.
    y : ndarray (N, H)
        Output of the time layers for this step.
    dice : ndarray (N, 2)
        Uniform in 0 ... 1.
    temperature : float
        What the log-odds are divided by before the dice are thrown.
    power : float
        Between 0 and 1; less than 1 makes every note likelier.

    Returns
    -------
    chosen : ndarray, uint8 (N, 2)
    z : ndarray (N, 2)
        Log-odds of play and articulate, before temperature.
    layers : dict of Layer
        The note layers, each array (N, 1, H).
    """
    N = len(y)
    chosen = np.zeros((N, 2), np.uint8)
    z = np.zeros((N, 2), y.dtype)
    below = np.zeros(2, y.dtype)
    note, steps = None, []
    for n in range(N):
        x = np.concatenate([y[n], below])[None, None]
        note = stack.forward(lstm, parameters, names, x, before=note)
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
