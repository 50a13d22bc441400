"""Packing: the arrays of a trace, rounded to bytes and compressed, as text for a page.

A page holds one byte for each value. The bytes of hidden and cell states are their
colours in all pictures, so that the page shows exactly the pixels of `snapshot`; gates
are rounded to steps of 1/64. Every array has the axes (neuron, note, step), so that
the values of a neuron at consecutive steps are neighbours.

Each byte is predicted, and only the residual (byte minus prediction, modulo 256) is
stored. Most residuals are close to 0, so they compress well. The predictions:

    c, i, f, o   the value at the previous step
    h            o tanh(c), with the output gate o of the previous step
    g            (c - f c_previous) / i, from c = f c_previous + i g

`web/bytes.js` makes the same predictions and adds the residuals. To get the same
result in every bit, both use the same tables, rounded to four decimals, and no
operations but + - * /.
"""

import zlib

import numpy as np

from lstmviz.pictures.colours import neuron_colours, to_bytes

__all__ = ["LEVELS", "TANH", "VALUES", "pack", "pack_decisions", "pack_layer"]

LEVELS = 64  # number of bytes that stand for a gate between 0 and 1
STEPS, NOTES = -1, -2  # axes of an array (neuron, note, step)
# An HTML parser changes NUL and CR, and < can end a script element; so each of these
# bytes is written as two. So is SOH, the first byte of such a pair.
ESCAPES = {b"\1": b"\1a", b"\0": b"\1b", b"\r": b"\1c", b"<": b"\1d"}


def _interval_centres():
    """Return the centres of the intervals of x with floor(255 σ(x)) = 0, ..., 255."""
    edges = np.arange(1, 255) / 255
    edges = np.log(edges / (1 - edges))
    # The outermost intervals are infinite; their inner edges stand for them.
    inner = (edges[1:] + edges[:-1]) / 2
    return np.round([edges[0], *inner, edges[-1], edges[-1]], 4)


VALUES = _interval_centres()
TANH = np.round(np.tanh(VALUES), 4)


def pack_layer(layer, upward, gates=False):
    """Pack the arrays of a layer.

    Parameters
    ----------
    layer : Layer
        Arrays (S, N, H).
    upward : bool
        The layer is recurrent up the notes, not along time.
    gates : bool
        Also pack i, f, g and o.

    Returns
    -------
    dict of str -> str
        The residuals of c, h and the gates, each as text.
    """
    _, h, c = neuron_colours(layer.h, layer.c).T  # axes (neuron, note, step)
    residuals = {"c": c - previous(c), "h": h - predict_h(h, c)}
    if gates:
        i, f, o = levels(layer.i), levels(layer.f), levels(layer.o)
        g = levels((layer.g.astype(np.float64) + 1) / 2, 2 * LEVELS)
        residuals |= {"i": i - previous(i), "f": f - previous(f), "o": o - previous(o)}
        c_previous = previous(c, NOTES if upward else STEPS)
        residuals["g"] = g - predict_g(i, f, c, c_previous)
    return {name: pack(array) for name, array in residuals.items()}


def pack(array):
    """Compress an array of bytes, and return it as text.

    Two strategies are tried, and the shorter result is used. Z_FILTERED also looks for
    repeated strings, which residuals that hardly vary have. Others hardly repeat, and
    become shorter with a Huffman code alone.
    """
    data = np.ascontiguousarray(array)
    strategies = zlib.Z_HUFFMAN_ONLY, zlib.Z_FILTERED
    return as_text(min((deflate(data, each) for each in strategies), key=len))


def deflate(data, strategy):
    """Return bytes compressed in the format that browsers call `deflate`."""
    compressor = zlib.compressobj(level=5, memLevel=7, strategy=strategy)
    return compressor.compress(data) + compressor.flush()


# Predictions --------------------------------------------------------------------


def previous(array, axis=STEPS):
    """Return the array shifted by one place along an axis, with 127 at the beginning.

    127 is the byte of a state of 0.
    """
    shifted = np.full_like(array, 127)
    target, source = [slice(None)] * 3, [slice(None)] * 3
    target[axis], source[axis] = slice(1, None), slice(-1)
    shifted[tuple(target)] = array[tuple(source)]
    return shifted


def predict_h(h, c):
    """Predict h = o tanh(c), with the output gate o of the previous step."""
    tanh = TANH[c]
    # A byte of h is about 127 + 64 h, so this o is about 64 times the output gate.
    with np.errstate(divide="ignore", invalid="ignore"):
        o = np.clip((h - 126.5) / tanh, 0, LEVELS)
    o[np.abs(tanh) < 0.02] = LEVELS / 2  # h = o tanh(c) is too small to give o
    o[..., 1:] = o[..., :-1]
    o[..., 0] = LEVELS / 2
    return np.floor(127 + o * tanh).astype(np.uint8)


def predict_g(i, f, c, c_previous):
    """Predict g from c = f c_previous + i g."""
    i, f = (i + 0.5) / LEVELS, (f + 0.5) / LEVELS
    g = np.clip((VALUES[c] - f * VALUES[c_previous]) / i, -1, 1)
    return np.minimum(np.floor(LEVELS * (g + 1)), 2 * LEVELS - 1).astype(np.uint8)


# Bytes --------------------------------------------------------------------------


def levels(array, count=LEVELS):
    """Return in which of `count` equal parts of [0, 1] each value lies.

    Axes (step, note, neuron) become (neuron, note, step).

    >>> levels(np.array([0.0, 0.49, 1.0]).reshape(3, 1, 1), count=4).ravel().tolist()
    [0, 1, 3]
    """
    level = np.minimum(np.floor(count * array.transpose(2, 1, 0)), count - 1)
    return level.astype(np.uint8)


def as_text(data):
    """Return bytes as text: one character each, but two for those in `ESCAPES`.

    In a file with single-byte characters, random bytes need 1.6 % more space; with
    base64, they would need 33 % more.

    >>> [ord(character) for character in as_text(bytes([255, 0, 65]))]
    [255, 1, 98, 65]
    """
    for byte, pair in ESCAPES.items():
        data = data.replace(byte, pair)
    return data.decode("latin-1")


def pack_decisions(trace):
    """Pack the probabilities (2, N, S) and the music (2, N, S + 1) of a trace.

    The first axis is play and articulate. Neither is predicted.

    Returns
    -------
    dict of str -> str
        The text of "probability" and of "music".
    """
    probability = to_bytes(trace.probability)
    return {
        "probability": pack(probability.transpose(2, 1, 0)),
        "music": pack(trace.states.transpose(2, 1, 0)),
    }
