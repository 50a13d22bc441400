"""Colours: how a neuron, a note and a gate become a pixel.

The colour of a neuron is mixed from two numbers, its hidden state h and its cell
state c. A palette says which colour each of them adds:

- "green-blue", the colours of the 2015 post: h is green, c is blue, and red is
  free to show the music.
- "colour-blind": h is orange, c is blue. About one man in twelve cannot
  distinguish red from green (Okabe & Ito, Color Universal Design, 2002). He can
  distinguish orange from blue, because they differ along the axis from yellow to
  blue. He sees two dimensions of colour, not three, and h and c use both. So the
  music has no colour of its own in this palette: it makes the neuron lighter.

A gate is one number. Its colour scale is perceptually uniform: equal steps of the
number are equal steps in Oklab, a colour space that is made to measure perceived
differences (Björn Ottosson, A perceptual color space for image processing, 2020).
Both scales run from blue to yellow or orange, as cividis does (Nuñez, Anderton &
Renslow, 2018), so that colour-blind readers can read them too.
"""

from typing import NamedTuple

import numpy as np

from lstmviz.cells.lstm import Layer, sigmoid
from lstmviz.checks import check_choice, shown

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
    """The colour that each number adds to a pixel: (red, green, blue) from 0 to 1."""

    h: tuple  # σ(h) of a neuron
    c: tuple  # σ(c) of a neuron
    probability: tuple  # P(play), in the score
    played: tuple  # a note that sounds, in the score
    articulated: tuple  # a note that is struck, in the score
    chosen: tuple  # a decision, beside its grey probability
    note: tuple  # the channels that a note makes lighter in a neuron's picture


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
STRUCK, HELD = 255, 128  # how much lighter a note makes a pixel, out of 255


def get_palette(name):
    """Return the palette of this name; a ValueError lists the names that exist."""
    return PALETTES[check_choice("palette", name, PALETTES)]


def neuron_colours(h, c, palette="green-blue"):
    """Return the colours of neurons: (0, σ(h), σ(c)) in the "green-blue" palette.

    Parameters
    ----------
    h, c : ndarray (...)
        Hidden and cell states.
    palette : {"green-blue", "colour-blind"}

    Returns
    -------
    ndarray, uint8 (..., 3)
        Red, green and blue.

    Raises
    ------
    ValueError
        There is no such palette.
    """
    colours = get_palette(palette)
    return mix((sigmoid(h), colours.h), (sigmoid(c), colours.c))


def score_colours(probability, played, articulated, palette="green-blue"):
    """Return the colours of the score: (P, played, articulated) in "green-blue".

    Parameters
    ----------
    probability, played, articulated : ndarray (...)
        From 0 to 1; `probability` is P(play).
    palette : {"green-blue", "colour-blind"}

    Returns
    -------
    ndarray, uint8 (..., 3)
        Red, green and blue.

    Raises
    ------
    ValueError
        There is no such palette.
    """
    colours = get_palette(palette)
    return mix(
        (probability, colours.probability),
        (played, colours.played),
        (articulated, colours.articulated),
    )


def with_notes(image, played, struck, palette="green-blue"):
    """Make pixels lighter where a note sounds: fully if struck, half if held.

    Parameters
    ----------
    image : ndarray, uint8 (..., 3)
        The colours of neurons.
    played, struck : ndarray (...)
        0 or 1.
    palette : {"green-blue", "colour-blind"}
        Which channels become lighter: red alone, or all three.

    Returns
    -------
    ndarray, uint8 (..., 3)

    Raises
    ------
    ValueError
        There is no such palette.
    """
    light = np.where(struck, STRUCK, HELD * (played > 0))[..., None]
    room = (255 - image) * np.array(get_palette(palette).note)
    return (image + room * light / 255).astype(np.uint8)


def mix(*parts):
    """Return the weighted sum of colours, for pairs (weight (...), colour (3,))."""
    return to_bytes(
        sum(np.multiply.outer(x, np.array(colour, x.dtype)) for x, colour in parts)
    )


def to_bytes(x):
    """Convert floats in [0, 1] to bytes by floor(255 x)."""
    return np.floor(255 * x).astype(np.uint8)


# One gate or state alone --------------------------------------------------------

FROM_ZERO = "ifo"  # these run from 0 to 1; g, h and tanh(c) run from -1 to 1


def layer_colours(layer, where, only=None, palette="green-blue"):
    """Return the colours of neurons, from h and c, or from one gate or state alone.

    Parameters
    ----------
    layer : Layer
        Arrays (S, N, H).
    where : index
        Which elements of the arrays to colour, such as a step.
    only : {"i", "f", "g", "o", "c", "h"}, optional
    palette : {"green-blue", "colour-blind"}
        Of h and c together.

    Returns
    -------
    ndarray, uint8 (..., 3)

    Raises
    ------
    ValueError
        There is no such palette, or no such gate or state.
    """
    if only is None:
        return neuron_colours(layer.h[where], layer.c[where], palette)
    return part_colours(check_part(only), getattr(layer, only)[where])


def check_part(part):
    """Return `part`; a ValueError lists the parts that exist."""
    if not isinstance(part, str) or part not in Layer._fields:
        raise ValueError(f"no part {shown(part)}; there are {', '.join(Layer._fields)}")
    return part


def part_colours(part, values):
    """Return the colours of one of i, f, g, o, c, h alone.

    The gates i, f and o, from 0 to 1, run from dark blue to light yellow; g and h,
    from -1 to 1, run from blue through white to orange. A cell state c has no
    bounds; it is shown as tanh(c), the value that the output gate multiplies.

    Parameters
    ----------
    part : {"i", "f", "g", "o", "c", "h"}
    values : ndarray (...)
        Of this part, as in the trace.

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    if part in FROM_ZERO:
        return sequential(values)
    return diverging(np.tanh(values) if part == "c" else values)


def sequential(x):
    """Return the colours of numbers from 0 to 1: dark blue, grey, light yellow.

    The scale is a straight line in Oklab.

    >>> sequential(np.array([0.0, 1.0])).tolist()
    [[11, 13, 61], [254, 227, 143]]
    """
    return oklab(0.2 + 0.73 * x, 0.005, -0.09 + 0.2 * x)


def diverging(x):
    """Return the colours of numbers from -1 to 1: blue, white, orange.

    The scale is two straight lines in Oklab, which meet in white at 0.

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
    """Convert Oklab to bytes (red, green, blue).

    L is the lightness, a runs from green to red, b from blue to yellow. Red, green
    and blue are clipped to what a screen can show.
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
    # Screens expect sRGB numbers: roughly the light to the power of 1 / 2.4.
    bent = 1.055 * np.maximum(light, 0.0031308) ** (1 / 2.4) - 0.055
    return to_bytes(np.where(light <= 0.0031308, 12.92 * light, bent))
