"""The network snapshot: all neurons at one step, as the 2015 post draws them.

Five bands, one above the other. In every band, a row is a note, with the highest
note on top. The first band is the score so far; the others are the layers from the
input to the output, with one column for each neuron. To the right of every band
are the probabilities and the decisions of the step.

         ┌──────────────────────────────┐┌─┐┌─┐
         │ the last `past` steps        ││▒││▒│    ▒ P(play)   █ played
         └──────────────────────────────┘└─┘└─┘    ▒ P(art.)   █ articulated
                   ┌────────────────────┐┌─┐┌─┐
                   │ time1              ││▒││▒│
                   └────────────────────┘└─┘└─┘
                             ...
"""

import numpy as np

from lstmviz.checks import check_count, check_kind
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.music.piece import MAX_STEPS
from lstmviz.network.trace import Trace
from lstmviz.pictures.colours import (
    get_palette,
    layer_colours,
    score_colours,
    to_bytes,
)
from lstmviz.pictures.labels import DECISIONS, GAP, label_snapshot
from lstmviz.pictures.picture import Picture, check_size
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
        s, counted from 0: the network has heard step s and decides step s + 1.
    past : int
        Number of steps of the score to show, the last of them the step `step`.
    only : {"i", "f", "g", "o", "c", "h"}, optional
        Show this gate or state of every neuron instead of h and c.
    palette : {"green-blue", "colour-blind"}
        See `lstmviz.pictures.colours`.
    labels : bool
        Put pitches, bars, names and a legend around the picture.
    **style
        zoom, theme, title, source of a picture with labels
        (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)
        Without labels, the height is 5 N + 20 for four layers, and the width is
        that of the widest band and its 14 columns of the decision.

    Raises
    ------
    ValueError
        The trace has no such step, `past` is below 1, or an option is unknown.
    """
    check_kind("trace", trace, Trace)
    check_count("step", step, 0, len(trace) - 1)
    check_count("past", past, 1, MAX_STEPS)
    style = style_of(labels, style)

    bands = [score(trace, step, past, palette)]
    for layer in trace.layers.values():
        bands.append(layer_colours(layer, step, only, palette))
    decided = decision(trace.probability[step], trace.chosen[step], palette)
    bands = [np.concatenate([band, decided], axis=1)[::-1] for band in bands]

    N = trace.heard.shape[1]
    check_size(len(bands) * (N + GAP), max(band.shape[1] for band in bands))
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

    One column for each step, made of P(play), played and articulated. The columns on
    the left stay black while there are fewer than `past` steps.
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

    For play and then for articulate: 5 black columns, one grey column (the
    probability) and one red column (the choice; orange in "colour-blind").
    """
    red = to_bytes(np.array(get_palette(palette).chosen))
    band = np.zeros((len(chosen), DECISIONS, 3), np.uint8)
    for kind in PLAYED, ARTICULATED:
        grey = kind * (GAP + 2) + GAP
        band[:, grey] = to_bytes(probability[:, kind])[:, None]
        band[:, grey + 1] = red * chosen[:, kind, None]
    return band
