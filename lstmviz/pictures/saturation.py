"""Gate saturation: how often each neuron's gates are closed, and how often open.

The definition is that of Karpathy, Johnson & Fei-Fei (Visualizing and Understanding
Recurrent Networks, 2015). A gate below 0.1 is left-saturated: it is closed and lets
almost nothing through. A gate above 0.9 is right-saturated: it is open and lets
almost everything through. A neuron whose forget gate is right-saturated most of the
time remembers for many steps; one whose forget gate is left-saturated most of the
time forgets at every step.
"""

import numpy as np
from PIL import Image, ImageDraw

from lstmviz.cells.lstm import Layer
from lstmviz.checks import check_kind
from lstmviz.network.trace import Trace
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import PART_NAMES, SMALL
from lstmviz.pictures.sheet import Sheet, make_style

__all__ = ["GATES", "saturation", "saturation_chart"]

GATES = "ifo"  # the gates that run from 0 to 1
CLOSED, OPEN = 0.1, 0.9  # below, above

SIDE, TEXT = 100, 8  # size of a panel and of text, in pixels for every pixel of zoom
SMOOTH = 4  # panels are drawn this many times larger and reduced: markers are smooth
# Colours that colour-blind readers can distinguish (Okabe & Ito, Color Universal
# Design, 2002), and corners (0 is a disc), so that shapes distinguish layers too.
MARKERS = ("#0072b2", 0), ("#e69f00", 4), ("#009e73", 3), ("#cc79a7", 5)


def saturation(layer):
    """Return the fractions of steps and notes at which gates are closed, and open.

    Parameters
    ----------
    layer : Layer
        Such as `trace["time1"]`.

    Returns
    -------
    dict of str -> ndarray (2, H)
        For each of the gates i, f, o: in row 0 the fraction of all steps and notes
        at which each neuron's gate is below 0.1, in row 1 the fraction at which it
        is above 0.9.

    Examples
    --------
    Two steps, one note, two neurons: the first neuron's gates are closed, then open.

    >>> from lstmviz.cells.lstm import Layer
    >>> gates = np.array([[[0.0, 0.5]], [[1.0, 0.5]]])
    >>> saturation(Layer(*[gates] * 6))["f"].tolist()
    [[0.5, 0.0], [0.5, 0.0]]
    """
    check_kind("layer", layer, Layer)
    shares = {}
    for gate in GATES:
        x = getattr(layer, gate)
        shares[gate] = np.stack([(x < CLOSED).mean((0, 1)), (x > OPEN).mean((0, 1))])
    return shares


def saturation_chart(trace, **style):
    """Draw how often each neuron's gates are closed, and how often open.

    One row of panels for each of the gates i, f, o, and one column for each layer. A
    neuron is a marker at x, the fraction of steps and notes at which its gate is open,
    and y, the fraction at which it is closed. No marker can be above the diagonal,
    because the two fractions add up to at most 1.

    Parameters
    ----------
    trace : Trace
    **style
        zoom, theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        An option is unknown.
    """
    check_kind("trace", trace, Trace)
    style = make_style(style)
    sheet = Sheet(style, TEXT * style.zoom)
    size, side = sheet.size, SIDE * style.zoom
    for column, (name, layer) in enumerate(trace.layers.items()):
        shares = saturation(layer)
        left = column * (side + 2 * size)
        sheet.text(left, -size // 2, name, "ls")
        for row, gate in enumerate(GATES):
            top = row * (side + 2 * size)
            sheet.picture(left, top, panel(shares[gate], side, column, sheet.theme))
            for value in (0, 0.5, 1):
                x = left + axis_pixel(value, side)
                y = top + axis_pixel(1 - value, side)
                sheet.line((x, top + side), (x, top + side + size * 0.3))
                sheet.line((left - size * 0.3, y), (left, y))
                below = top + side + size * 0.6
                sheet.text(x, below, f"{value:g}", "mt", SMALL)
                if column == 0:
                    sheet.text(-size * 0.5, y, f"{value:g}", "rm", SMALL)
            if column == 0:
                sheet.text(-2.5 * size, top + side / 2, PART_NAMES[gate], "rm")
    what = "Each marker is a neuron: to the right, the fraction of steps and notes at "
    what += f"which its gate is open (above {OPEN}); upwards, closed (below {CLOSED})"
    sheet.text(0, sheet.bottom + size, what, "lt", SMALL, faint=True)
    add_title(sheet, style.title or "How often gates are closed, and how often open")
    return sheet.finish()


def panel(shares, side, number, theme):
    """Draw the markers of one gate of a layer: open to the right, closed upwards.

    Parameters
    ----------
    shares : ndarray (2, H)
        The fractions closed and open of each neuron.
    side : int
    number : int
        Of the layer: it decides the colour and shape of the markers.
    theme : Theme

    Returns
    -------
    ndarray, uint8 (side, side, 3)
    """
    large = side * SMOOTH
    image = Image.new("RGB", (large, large), theme.paper)
    draw = ImageDraw.Draw(image)
    ends = axis_pixel(0, large), axis_pixel(1, large)
    draw.line([(end, end) for end in ends], theme.faint, SMOOTH)
    closed, opened = shares
    x, y = axis_pixel(opened, large), axis_pixel(1 - closed, large)
    for place in zip(x, y, strict=True):
        marker(draw, *place, large / 55, number, theme)
    return np.asarray(image.reduce(SMOOTH))


def axis_pixel(fraction, side):
    """Return the pixel of a fraction from 0 to 1, with a margin for markers."""
    return side * (0.04 + 0.92 * fraction)


def marker(draw, x, y, radius, number, theme):
    """Draw the marker of a layer, with an edge that separates it from others."""
    colour, corners = MARKERS[number % len(MARKERS)]
    if corners == 0:
        box = x - radius, y - radius, x + radius, y + radius
        draw.ellipse(box, colour, theme.paper, max(1, int(radius / 6)))
    else:
        draw.regular_polygon((x, y, radius * 1.2), corners, 0, colour, theme.paper)
