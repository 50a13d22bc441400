"""The network snapshot: all neurons at one moment, as the 2015 post draws them.

Five bands, one above the other, each with the notes upwards: the score so
far, then the layers from the input to the output, one column a neuron. To the
right of each stands what came of it: the probabilities and the decisions.

         ┌──────────────────────────────┐┌─┐┌─┐
         │ the last `past` steps        ││▒││▒│    ▒ P(play)   █ played
         └──────────────────────────────┘└─┘└─┘    ▒ P(art.)   █ articulated
                   ┌────────────────────┐┌─┐┌─┐
                   │ time1              ││▒││▒│
                   └────────────────────┘└─┘└─┘
                             ...
"""

import numpy as np

from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.pictures.colours import neuron_colours, to_bytes

__all__ = ["snapshot"]

GAP = 5  # black rows between bands, black columns before each pair of columns


def snapshot(trace, step, past=128):
    """Draw the whole network at one step.

    Parameters
    ----------
    trace : Trace
    step : int
        s, counted from 0: the moment at which step s + 1 is decided.
    past : int
        How many steps of the score to show.

    Returns
    -------
    ndarray, uint8 (height, width, 3)
        The height is 5 N + 20 for four layers; the width is that of the
        widest band.

    Raises
    ------
    ValueError
        The trace has no such step, or `past` is below 1.
    """
    if not 0 <= step < len(trace):
        last = len(trace) - 1
        raise ValueError(f"no step {step}; the trace has steps 0 up to {last}")
    if past < 1:
        raise ValueError(f"past must be at least 1 step, not {past}")

    bands = [score(trace, step, past)]
    for layer in trace.layers.values():
        bands.append(neuron_colours(layer.h[step], layer.c[step]))
    decided = decision(trace.probability[step], trace.chosen[step])
    bands = [np.concatenate([band, decided], axis=1)[::-1] for band in bands]

    N = trace.heard.shape[1]
    image = np.zeros(
        (len(bands) * (N + GAP) - GAP, max(band.shape[1] for band in bands), 3),
        np.uint8,
    )
    for place, band in enumerate(bands):
        top = place * (N + GAP)
        image[top : top + N, -band.shape[1] :] = band  # flush right
    return image


def score(trace, step, past):
    """Draw the score so far: (N, past, 3), the lowest note first.

    One column a step, (P(play), played, articulated) as (red, green, blue).
    """
    begin = max(0, step + 1 - past)
    P = trace.probability[begin : step + 1, :, PLAYED]
    chosen = trace.chosen[begin : step + 1]
    colours = np.stack([P, chosen[..., PLAYED], chosen[..., ARTICULATED]], axis=-1)
    band = np.zeros((P.shape[1], past, 3), np.uint8)
    band[:, -len(P) :] = to_bytes(colours).swapaxes(0, 1)
    return band


def decision(probability, chosen):
    """Draw one step's probabilities and choices: (N, 14, 3), the lowest note first.

    Twice (for play and for articulate) 5 black columns, a grey, and a red one.
    """
    band = np.zeros((len(chosen), 2 * (GAP + 2), 3), np.uint8)
    for kind in PLAYED, ARTICULATED:
        grey = kind * (GAP + 2) + GAP
        band[:, grey] = to_bytes(probability[:, kind])[:, None]
        band[:, grey + 1, 0] = 255 * chosen[:, kind]
    return band
