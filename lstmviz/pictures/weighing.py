"""Weights for a page, from which it computes the gates that it does not hold.

The gates of a trace take twice the space of its states. But they follow from what a
page has anyway, the music and the hidden states h, by

    z = x W + h_previous U + b        i, f, o = σ(z)        g = tanh(z)

so a page needs only the weights. One column of W and U belongs to one gate of one
neuron. It is rounded to whole numbers from -127 to 127, times a scale of its own.
"""

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.music.features import FEATURES, note_features
from lstmviz.pictures.colours import to_bytes
from lstmviz.pictures.packing import VALUES, pack

__all__ = ["gate_errors", "pack_weights"]

CHECKED = 8  # steps over which the computed gates are compared with those of the trace
OTHER = 0.15  # an error that rounding causes in less than 1 % of the gates


def pack_weights(net):
    """Pack the weights of every layer.

    Parameters
    ----------
    net : Biaxial

    Returns
    -------
    texts : dict of str -> str
        Layer -> the rounded weights (4H, X + H) as text: first those of the input,
        then those of the previous hidden state.
    scales : dict of str -> dict
        Layer -> "scale" and "b", each a list of 4H numbers, for JSON. Of the first
        layer also "position", the unrounded weights of the note's index: that feature
        is many times as large as the others.
    """
    texts, scales = {}, {}
    for name, (matrix, scale, b) in rounded_weights(net).items():
        texts[name] = pack(matrix.T.astype(np.int8).view(np.uint8))
        scales[name] = {"scale": short(scale), "b": short(b)}
    first = next(iter(texts))
    position = net.parameters[f"{first}.W"][FEATURES["position"]].ravel()
    scales[first]["position"] = short(position)
    return texts, scales


def rounded_weights(net):
    """Return for each layer the rounded weights (X + H, 4H), their scale, and b."""
    rounded = {}
    for number, name in enumerate(net.sizes):
        W = net.parameters[f"{name}.W"].copy()
        if number == 0:
            W[FEATURES["position"]] = 0
        matrix = np.concatenate([W, net.parameters[f"{name}.U"]])
        scale = np.maximum(np.abs(matrix).max(axis=0), 1e-12) / 127
        rounded[name] = np.round(matrix / scale), scale, net.parameters[f"{name}.b"]
    return rounded


def short(numbers):
    """Return numbers with six digits, as a list for JSON.

    >>> short(np.array([1 / 3]))
    [0.333333]
    """
    return [float(f"{number:.6g}") for number in numbers]


def gate_errors(trace, net):
    """Return the largest errors of the gates that the page computes.

    They are computed as in the page, from rounded weights and states, for some steps
    in the middle of the trace and for its first one.

    Parameters
    ----------
    trace : Trace
    net : Biaxial

    Returns
    -------
    dict of str -> float
        "i", "f", "g", "o" -> the error that 99.9 % of the values do not exceed.

    Raises
    ------
    ValueError
        The trace is not of this network, or it is a part of a longer one.
    """
    if net.sizes != trace.sizes or (net.low, net.notes) != (
        trace.low,
        trace.heard.shape[1],
    ):
        raise ValueError("net: its layers or notes are not those of the trace")
    middle = len(trace) // 2
    shown = np.r_[0, np.arange(max(middle, 1), min(middle + CHECKED, len(trace)))]
    errors = {gate: [] for gate in "ifgo"}
    for name, gates in computed_gates(trace, net, shown).items():
        for gate, values in gates.items():
            error = np.abs(values - getattr(trace[name], gate)[shown])
            errors[gate].append(error.ravel())
            if len(shown) > 1 and np.quantile(error[1:], 0.99) > OTHER:
                raise ValueError(f"net: the trace is not of this network ({name})")
            if np.quantile(error[0], 0.99) > OTHER:
                raise ValueError(
                    "net: the trace does not start with the music, so the gates of its "
                    "first step cannot be computed; they can be included (gates)"
                )
    return {
        gate: float(np.quantile(np.concatenate(error), 0.999))
        for gate, error in errors.items()
    }


def computed_gates(trace, net, steps):
    """Return the gates of every layer at some steps, computed as the page does.

    Returns
    -------
    dict of str -> dict of str -> ndarray (len(steps), N, H)
    """
    weights = rounded_weights(net)
    x = note_features(trace.piece[:-1])[steps]
    index = x[..., FEATURES["position"]]
    shift = index * net.parameters[f"{trace.names[0]}.W"][FEATURES["position"]]
    first_up = trace.note_names[0] if trace.note_names else None
    computed = {}
    for name in trace.names:
        h = VALUES[to_bytes(sigmoid(trace[name].h))]
        if name == first_up:  # it also hears the choices made for the note below
            x = np.concatenate([x, moved(trace.chosen[steps], axis=1)], axis=-1)
        upward = name in trace.note_names
        previous = moved(h[steps], axis=1) if upward else moved(h, axis=0)[steps]
        matrix, scale, b = weights[name]
        z = np.concatenate([x, previous], axis=-1) @ matrix * scale + b + shift
        i, f, g, o = np.split(z, 4, axis=-1)
        computed[name] = {
            "i": sigmoid(i),
            "f": sigmoid(f),
            "g": np.tanh(g),
            "o": sigmoid(o),
        }
        x, shift = h[steps], 0
    return computed


def moved(array, axis):
    """Return an array moved by one place along an axis, with 0 at its beginning."""
    ahead = np.moveaxis(array, axis, 0)
    return np.moveaxis(np.concatenate([0 * ahead[:1], ahead[:-1]]), 0, axis)
