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
from lstmviz.pictures.colours import (
    layer_colours,
    palette_named,
    score_colours,
    to_bytes,
)
from lstmviz.pictures.labels import DECISIONS, GAP, label_snapshot
from lstmviz.pictures.picture import Picture
from lstmviz.pictures.sheet import style_of

__all__ = ["snapshot"]


def snapshot(
    trace, step, past=128, only=None, palette="green-blue", labels=False, **style
):
    """Draw the whole network at one step.

    Parameters
    ----------
    trace : Trace
    step : int
        s, counted from 0: the moment at which step s + 1 is decided.
    past : int
        How many steps of the score to show.
    only : {"i", "f", "g", "o", "c", "h"}, optional
        Show this part of every neuron instead of its h and c.
    palette : {"green-blue", "colour-blind"}
        See `lstmviz.pictures.colours`.
    labels : bool
        Put pitches, bars, names and a legend around the picture.
    **style
        Of a picture with labels: zoom, theme, title, source
        (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)
        The height is 5 N + 20 for four layers; the width is that of the
        widest band. Labels add to both.

    Raises
    ------
    ValueError
        The trace has no such step, `past` is below 1, or an option is unknown.
    """
    if not 0 <= step < len(trace):
        last = len(trace) - 1
        raise ValueError(f"no step {step}; the trace has steps 0 up to {last}")
    if past < 1:
        raise ValueError(f"past must be at least 1 step, not {past}")
    style = style_of(labels, style)

    bands = [score(trace, step, past, palette)]
    for layer in trace.layers.values():
        bands.append(layer_colours(layer, step, only, palette))
    decided = decision(trace.probability[step], trace.chosen[step], palette)
    bands = [np.concatenate([band, decided], axis=1)[::-1] for band in bands]

    N = trace.heard.shape[1]
    image = np.zeros(
        (len(bands) * (N + GAP) - GAP, max(band.shape[1] for band in bands), 3),
        np.uint8,
    )
    for place, band in enumerate(bands):
        top = place * (N + GAP)
        image[top : top + N, -band.shape[1] :] = band  # flush right
    if labels:
        return label_snapshot(image, trace, step, past, only, palette, style)
    return Picture(image)


def score(trace, step, past, palette):
    """Draw the score so far: (N, past, 3), the lowest note first.

    One column a step: P(play), played, articulated.
    """
    begin = max(0, step + 1 - past)
    P = trace.probability[begin : step + 1, :, PLAYED]
    played, articulated = np.moveaxis(trace.chosen[begin : step + 1], -1, 0)
    band = np.zeros((P.shape[1], past, 3), np.uint8)
    band[:, -len(P) :] = score_colours(
        P, played.astype(P.dtype), articulated.astype(P.dtype), palette
    ).swapaxes(0, 1)
    return band


def decision(probability, chosen, palette):
    """Draw one step's probabilities and choices: (N, 14, 3), the lowest note first.

    Twice (for play and for articulate) 5 black columns, a grey, and a red one.
    """
    red = to_bytes(np.array(palette_named(palette).chosen))
    band = np.zeros((len(chosen), DECISIONS, 3), np.uint8)
    for kind in PLAYED, ARTICULATED:
        grey = kind * (GAP + 2) + GAP
        band[:, grey] = to_bytes(probability[:, kind])[:, None]
        band[:, grey + 1] = red * chosen[:, kind, None]
    return band
