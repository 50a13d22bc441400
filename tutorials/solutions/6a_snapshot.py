"""Exercise 6a: a picture of all neurons at one moment.

Check your solution with

    lstmviz check 6a_snapshot.py
"""

import numpy as np


def sigmoid(z):
    """Return 1 / (1 + exp(-z))."""
    return 1 / (1 + np.exp(-z))


def snapshot(layers, probability, chosen):
    """Return a picture of the layers at one step: uint8 (height, width, 3).

    layers is a list of (h, c), from the input up, both (N, H); H differs from layer to
    layer. probability (N, 2) and chosen (N, 2), uint8, are for playing and articulating
    each note at that step. In all arrays, the lowest note comes first.

    Each layer is a band of N rows, the highest note on top, and one column a neuron:
    (red, green, blue) = (0, σ(h), σ(c)). To the right of every band is the decision, 14
    columns: 5 black, one grey P(play), one red where played, 5 black, one grey
    P(articulate), one red where articulated. The bands are below one another, the first
    layer on top, with 5 black rows between them. The widest band determines the width
    of the picture. All bands end at the right edge, with black to the left of narrower
    ones. A number x from 0 to 1 becomes the byte floor(255 x); chosen is 0 or 1.
    """
    N = len(chosen)
    decision = np.zeros((N, 14, 3))
    for kind in 0, 1:  # play, articulate
        decision[:, 7 * kind + 5] = probability[:, kind, None]
        decision[:, 7 * kind + 6, 0] = chosen[:, kind]
    width = max(h.shape[1] for h, _ in layers) + 14
    image = np.zeros((len(layers) * (N + 5) - 5, width, 3))
    for k, (h, c) in enumerate(layers):
        neurons = np.stack([0 * h, sigmoid(h), sigmoid(c)], axis=-1)
        band = np.concatenate([neurons, decision], axis=1)
        top = k * (N + 5)
        image[top : top + N, -band.shape[1] :] = band[::-1]
    return np.floor(255 * image).astype(np.uint8)
