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

from lstmviz.checks import check_choice, check_count, check_kind
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.music.piece import MAX_STEPS
from lstmviz.network.trace import Trace
from lstmviz.pictures.colours import (
    get_palette,
    layer_colours,
    neuron_colours,
    score_colours,
    to_bytes,
)
from lstmviz.pictures.labels import DECISIONS, GAP, label_snapshot
from lstmviz.pictures.legends import LARGEST_C
from lstmviz.pictures.picture import Picture, check_size
from lstmviz.pictures.sheet import style_of

__all__ = ["snapshot"]


def snapshot(
    trace,
    step,
    past=128,
    only=None,
    palette="green-blue",
    labels=False,
    contrast=None,
    **style,
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
        Put pitches, bars, names and a legend around the picture. Two things in it are
        then different: instead of P(articulate) it shows P(struck), which is P(play)
        P(articulate), and the score is not wider than the trace is long.
    contrast : {"layer"}, optional
        With labels: stretch the colours of each layer to the range of its own h and c
        (99 % of its values in the trace), so that layers with small values become
        readable. The legend gives these ranges.
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
    ranges = check_contrast(trace, contrast, only, labels)

    if labels:
        past = min(past, len(trace))
    bands = [score(trace, step, past, palette)]
    for name, layer in trace.layers.items():
        if ranges is None:
            bands.append(layer_colours(layer, step, only, palette))
        else:
            h, c = ranges[name]
            stretched = layer.h[step] / h, layer.c[step] * (LARGEST_C / c)
            bands.append(neuron_colours(*stretched, palette))
    decided = decision(trace.probability[step], trace.chosen[step], palette)
    if labels:
        decided = decision(joint(trace.probability[step]), trace.chosen[step], palette)
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
        return label_snapshot(image, trace, step, past, only, palette, ranges, style)
    return Picture(image)


def joint(probability):
    """Return P(play) and P(struck) = P(play) P(articulate), shape (N, 2)."""
    play, articulate = probability.T
    return np.stack([play, play * articulate], axis=-1)


def check_contrast(trace, contrast, only, labels):
    """Return the ranges that colours are stretched to, or None; or raise a ValueError.

    Returns
    -------
    dict of str -> (float, float)
        For each layer, what |h| and |c| exceed at 1 % of its steps, notes and neurons.
    """
    if contrast is None:
        return None
    check_choice("contrast", contrast, ["layer"])
    if not labels or only is not None:
        raise ValueError("contrast: only pictures of h and c with labels have it")
    return {
        name: tuple(max(np.quantile(np.abs(a), 0.99), 1e-6) for a in (layer.h, layer.c))
        for name, layer in trace.layers.items()
    }


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
