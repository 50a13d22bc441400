"""Colours: how a neuron, a note and a gate become a pixel.

Two numbers make a neuron's colour, its hidden state h and its cell c. Which
colours they mix is a palette:

- "green-blue", that of the 2015 post: h is green, c is blue, and red is free
  to show the music.
- "colour-blind": h is orange, c is blue. About one man in twelve cannot tell
  red from green (Okabe & Ito, Color Universal Design, 2002), but orange from
  blue he can: they differ along the axis from yellow to blue, which he has. He
  sees two dimensions of colour, not three. Two numbers fill them, so that music
  cannot have a colour of its own; here it lightens the neuron's.

A gate is one number. It has a scale whose steps look equally large, because
they are, in a space made to measure what people see: Oklab (Björn Ottosson, A
perceptual color space for image processing, 2020). Both scales run between blue
and yellow or orange, as cividis does (Nuñez, Anderton & Renslow, 2018), and
colour-blind readers see them like all others.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.cells.lstm import Layer, sigmoid

__all__ = [
    "PALETTES",
    "layer_colours",
    "neuron_colours",
    "part_colours",
    "score_colours",
    "to_bytes",
    "with_notes",
]


class Palette(NamedTuple):
    """What each number adds to a pixel, as (red, green, blue) from 0 to 1."""

    h: tuple  # σ(h) of a neuron
    c: tuple  # σ(c) of a neuron
    probability: tuple  # P(play), in the score
    played: tuple  # a note that sounds, in the score
    articulated: tuple  # and one that is struck
    chosen: tuple  # a decision, beside its grey probability
    note: tuple  # the channels that a note heard lightens in a neuron's picture


PALETTES = {
    "green-blue": Palette(
        h=(0, 1, 0),
        c=(0, 0, 1),
        probability=(1, 0, 0),
        played=(0, 1, 0),
        articulated=(0, 0, 1),
        chosen=(1, 0, 0),
        note=(1, 0, 0),
    ),
    "colour-blind": Palette(
        h=(1, 0.5, 0),
        c=(0, 0.5, 1),
        probability=(0, 0.5, 1),
        played=(0.5, 0.25, 0),
        articulated=(0.5, 0.25, 0),
        chosen=(1, 0.5, 0),
        note=(1, 1, 1),
    ),
}
STRUCK, HELD = 255, 128  # how much a note lightens, of 255


def palette_named(name):
    """Return a palette, or say which there are."""
    if name not in PALETTES:
        raise ValueError(f"no palette {name!r}; there are {', '.join(PALETTES)}")
    return PALETTES[name]


def neuron_colours(h, c, palette="green-blue"):
    """Mix activation and memory: (0, σ(h), σ(c)) as (red, green, blue) by default.

    Parameters
    ----------
    h, c : ndarray (...)
        Hidden and cell states.
    palette : {"green-blue", "colour-blind"}

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    colours = palette_named(palette)
    return mix((sigmoid(h), colours.h), (sigmoid(c), colours.c))


def score_colours(probability, played, articulated, palette="green-blue"):
    """Mix expectation and music: (P, played, articulated) by default.

    Parameters
    ----------
    probability, played, articulated : ndarray (...)
        From 0 to 1.
    palette : {"green-blue", "colour-blind"}

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    colours = palette_named(palette)
    return mix(
        (probability, colours.probability),
        (played, colours.played),
        (articulated, colours.articulated),
    )


def with_notes(image, played, struck, palette="green-blue"):
    """Lighten pixels where a note sounds: wholly where struck, half where held.

    Parameters
    ----------
    image : ndarray, uint8 (..., 3)
    played, struck : ndarray (...)
        0 or 1.
    palette : {"green-blue", "colour-blind"}

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    light = np.where(struck, STRUCK, HELD * (played > 0))[..., None]
    room = (255 - image) * np.array(palette_named(palette).note)
    return (image + room * light / 255).astype(np.uint8)


def mix(*parts):
    """Add up amounts (...) of colours (3,): uint8 (..., 3)."""
    return to_bytes(
        sum(np.multiply.outer(x, np.array(colour, x.dtype)) for x, colour in parts)
    )


def to_bytes(x):
    """Turn floats in [0, 1] into bytes by floor(255 x)."""
    return np.floor(255 * x).astype(np.uint8)


# One number alone ---------------------------------------------------------------

FROM_ZERO = "ifo"  # the gates run from 0 to 1, and all else from -1 to 1


def layer_colours(layer, where, only=None, palette="green-blue"):
    """Colour a layer's neurons at the places `where`: h and c, or one part only."""
    if only is None:
        return neuron_colours(layer.h[where], layer.c[where], palette)
    return part_colours(check_part(only), getattr(layer, only)[where])


def check_part(part):
    """Return `part`, or say which there are."""
    if part not in Layer._fields:
        raise ValueError(f"no part {part!r}; there are {', '.join(Layer._fields)}")
    return part


def part_colours(part, values):
    """Colour one of i, f, g, o, c, h alone.

    The gates i, f and o run from 0 to 1, from dark blue to light yellow; g, c
    and h from -1 to 1, from blue by white to orange. A cell c knows no bounds
    and is shown as tanh(c), which is how the output gate sees it.

    Parameters
    ----------
    part : {"i", "f", "g", "o", "c", "h"}
    values : ndarray (...)

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    if part in FROM_ZERO:
        return sequential(values)
    return diverging(np.tanh(values) if part == "c" else values)


def sequential(x):
    """Colour numbers from 0 to 1 by a straight line: dark blue, grey, light yellow.

    >>> sequential(np.array([0.0, 1.0])).tolist()
    [[11, 13, 61], [254, 227, 143]]
    """
    return oklab(0.2 + 0.73 * x, 0.005, -0.09 + 0.2 * x)


def diverging(x):
    """Colour numbers from -1 to 1 by two straight lines: blue, white, orange.

    >>> diverging(np.array([-1.0, 0.0, 1.0])).tolist()
    [[32, 97, 207], [244, 244, 244], [177, 63, 0]]
    """
    below, above = np.maximum(-x, 0), np.maximum(x, 0)
    return oklab(
        0.97 - 0.45 * (below + above),
        -0.03 * below + 0.11 * above,
        -0.18 * below + 0.13 * above,
    )


def oklab(L, a, b):
    """Turn lightness L, redness a and yellowness b into bytes (red, green, blue).

    What a screen cannot show is clipped to the nearest it can.
    """
    lms = (
        L + 0.3963377774 * a + 0.2158037573 * b,
        L - 0.1055613458 * a - 0.0638541728 * b,
        L - 0.0894841775 * a - 1.2914855480 * b,
    )
    to_rgb = [
        [+4.0767416621, -3.3077115913, +0.2309699292],
        [-1.2684380046, +2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, +1.7076147010],
    ]
    light = np.clip(np.stack(lms, axis=-1) ** 3 @ np.transpose(to_rgb), 0, 1)
    # What screens do with numbers (sRGB): almost the power of 1 / 2.4.
    bent = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    return to_bytes(np.where(light <= 0.0031308, 12.92 * light, bent))
