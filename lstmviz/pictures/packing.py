"""Packing: the bytes of a trace, small, and as text that a page can carry.

A page keeps one byte of each value. The hidden and cell states are kept as the
pixels they are in every picture, so that the page shows the very pixels of
`snapshot`; the gates, from 0 to 1, in steps of 1/64. Every array lies as
(neuron, note, step), a neuron's story in one piece.

What is stored is only how each byte surprises a simple guess, modulo 256, which
is mostly nearly nothing and so compresses well:

    c, i, f, o   are guessed to stay as they were at the step before;
    h            to be o tanh(c), with the output gate of the step before;
    g            to be (c - f c_before) / i, as the cell's equation has it.

`web/bytes.js` makes the same guesses and adds the surprise. For both to agree
in every bit, they look values up in the same tables of four decimals, and
compute with nothing but + - * /.
"""

import zlib

import numpy as np

from lstmviz.pictures.colours import neuron_colours, to_bytes

__all__ = ["LEVELS", "TANH", "VALUES", "pack_decisions", "pack_layer"]

LEVELS = 64  # values of a gate between 0 and 1
STEPS, NOTES = -1, -2  # axes of an array (neuron, note, step)
# NUL, CR and < would not survive in the text of a page, so each is written as two
# bytes, and so is the first of such two, SOH.
ESCAPES = {b"\1": b"\1a", b"\0": b"\1b", b"\r": b"\1c", b"<": b"\1d"}


def _middles():
    """Return the middle of the values x with floor(255 σ(x)) = 0 ... 255."""
    edges = np.arange(1, 255) / 255
    edges = np.log(edges / (1 - edges))
    # Beyond the outermost edges lies infinity; the edges themselves stand for it.
    inner = (edges[1:] + edges[:-1]) / 2
    return np.round([edges[0], *inner, edges[-1], edges[-1]], 4)


VALUES = _middles()
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
        Keep i, f, g and o, too.

    Returns
    -------
    dict of str -> str
        The text of each part.
    """
    _, h, c = neuron_colours(layer.h, layer.c).T  # turned to (neuron, note, step)
    surprises = {"c": c - before(c), "h": h - guess_h(h, c)}
    if gates:
        i, f, o = levels(layer.i), levels(layer.f), levels(layer.o)
        g = levels((layer.g.astype(np.float64) + 1) / 2, 2 * LEVELS)
        surprises |= {"i": i - before(i), "f": f - before(f), "o": o - before(o)}
        surprises["g"] = g - guess_g(i, f, c, before(c, NOTES if upward else STEPS))
    return {name: pack(array) for name, array in surprises.items()}


def pack(array):
    """Pack an array of bytes as text.

    Restless surprises hardly ever come as the same string twice, and go into less
    with a code alone (Huffman's), fitted anew to every few thousand bytes; quiet
    ones repeat themselves. Each array gets what suits it.
    """
    data = np.ascontiguousarray(array)
    ways = zlib.Z_HUFFMAN_ONLY, zlib.Z_FILTERED
    return as_text(min((deflated(data, way) for way in ways), key=len))


def deflated(data, strategy):
    """Return bytes compressed as the browser's `deflate`."""
    deflate = zlib.compressobj(level=5, memLevel=7, strategy=strategy)
    return deflate.compress(data) + deflate.flush()


# The guesses --------------------------------------------------------------------


def before(array, axis=STEPS):
    """Return what stood one place before along an axis, and 127 at the beginning."""
    moved = np.full_like(array, 127)
    ahead, behind = [slice(None)] * 3, [slice(None)] * 3
    ahead[axis], behind[axis] = slice(1, None), slice(-1)
    moved[tuple(ahead)] = array[tuple(behind)]
    return moved


def guess_h(h, c):
    """Guess h = o tanh(c), if the output gate stayed as it was a step before."""
    tanh = TANH[c]
    # A byte lies about 64 h above 127, so this is about 64 times the output gate.
    with np.errstate(divide="ignore", invalid="ignore"):
        o = np.clip((h - 126.5) / tanh, 0, LEVELS)
    o[np.abs(tanh) < 0.02] = LEVELS / 2  # too little memory to tell
    o[..., 1:] = o[..., :-1]
    o[..., 0] = LEVELS / 2
    return np.floor(127 + o * tanh).astype(np.uint8)


def guess_g(i, f, c, c_before):
    """Guess g from c = f c_before + i g."""
    i, f = (i + 0.5) / LEVELS, (f + 0.5) / LEVELS
    g = np.clip((VALUES[c] - f * VALUES[c_before]) / i, -1, 1)
    return np.minimum(np.floor(LEVELS * (g + 1)), 2 * LEVELS - 1).astype(np.uint8)


# Bytes --------------------------------------------------------------------------


def levels(array, count=LEVELS):
    """Return which of `count` equal parts of [0, 1] each value lies in, packed order.

    >>> levels(np.array([0.0, 0.49, 1.0]).reshape(3, 1, 1), count=4).ravel().tolist()
    [0, 1, 3]
    """
    level = np.minimum(np.floor(count * array.transpose(2, 1, 0)), count - 1)
    return level.astype(np.uint8)


def as_text(data):
    """Write bytes as text, a character each, but for four that take two.

    In a file of single-byte characters this adds 4 bytes to 256; base64 adds 85.

    >>> [ord(character) for character in as_text(bytes([255, 0, 65]))]
    [255, 1, 98, 65]
    """
    for byte, two in ESCAPES.items():
        data = data.replace(byte, two)
    return data.decode("latin-1")


def pack_decisions(trace):
    """Pack the probabilities (2, N, S) and the music (2, N, S + 1) of a trace."""
    probability = to_bytes(trace.probability)
    return {
        "probability": pack(probability.transpose(2, 1, 0)),
        "music": pack(trace.states.transpose(2, 1, 0)),
    }
