"""Gate saturation: how often each neuron's gates are shut, and how often open.

As Karpathy, Johnson & Fei-Fei look at it (Visualizing and Understanding
Recurrent Networks, 2015): a gate below 0.1 is left-saturated, it lets nothing
through; a gate above 0.9 is right-saturated, it lets everything through. A
neuron whose forget gate is right-saturated most of the time remembers for long;
one whose forget gate is left-saturated forgets at once.
"""

import numpy as np
from PIL import Image, ImageDraw

from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import PART_NAMES, SMALL
from lstmviz.pictures.sheet import Sheet, Style

__all__ = ["GATES", "saturation", "saturation_chart"]

GATES = "ifo"  # those that run from 0 to 1
SHUT, OPEN = 0.1, 0.9

SIDE, TEXT = 100, 8  # of a panel and of text, in pixels for every pixel of zoom
SMOOTH = 4  # drawn so many times larger, then reduced, for round dots
# Colours that colour-blind readers tell apart (Okabe & Ito, Color Universal
# Design, 2002); the shape says the same again.
DOTS = ("#0072b2", 0), ("#e69f00", 4), ("#009e73", 3), ("#cc79a7", 5)


def saturation(layer):
    """Return the share of all steps and notes where each gate is shut, or open.

    Parameters
    ----------
    layer : Layer
        Such as `trace["time1"]`.

    Returns
    -------
    dict of str -> ndarray (2, H)
        For each of the gates i, f, o: in row 0 the share in which each
        neuron's gate is below 0.1, in row 1 that in which it is above 0.9.

    Examples
    --------
    Two steps, one note, two neurons: the first neuron's gates are shut, then open.

    >>> from lstmviz.cells.lstm import Layer
    >>> gates = np.array([[[0.0, 0.5]], [[1.0, 0.5]]])
    >>> saturation(Layer(*[gates] * 6))["f"].tolist()
    [[0.5, 0.0], [0.5, 0.0]]
    """
    shares = {}
    for gate in GATES:
        x = getattr(layer, gate)
        shares[gate] = np.stack([(x < SHUT).mean((0, 1)), (x > OPEN).mean((0, 1))])
    return shares


def saturation_chart(trace, **style):
    """Draw every neuron as a dot: how often its gate is open, and how often shut.

    One panel for each of the gates i, f, o; the dots of each layer have a
    colour and a shape. No dot can be above the diagonal: there, a gate would
    be shut and open at once.

    Parameters
    ----------
    trace : Trace
    **style
        zoom, theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)
    """
    style = Style(**style)
    sheet = Sheet(style, TEXT * style.zoom)
    size, side = sheet.size, SIDE * style.zoom
    shares = {name: saturation(layer) for name, layer in trace.layers.items()}
    for place, gate in enumerate(GATES):
        left = place * (side + 2 * size)
        sheet.text(left, -size // 2, f"{gate}, {PART_NAMES[gate]}", "ls")
        points = [shares[name][gate] for name in trace.names]
        sheet.picture(left, 0, panel(points, side, sheet.theme))
        for value in (0, 0.5, 1):
            x, y = left + inside(value, side), inside(1 - value, side)
            sheet.line((x, side), (x, side + size * 0.3))
            sheet.text(x, side + size * 0.6, f"{value:g}", "mt", SMALL)
            sheet.line((left - size * 0.3, y), (left, y))
            if place == 0:
                sheet.text(-size * 0.5, y, f"{value:g}", "rm", SMALL)
        below = side + 1.7 * size
        sheet.text(left + side / 2, below, "share open (above 0.9)", "mt", SMALL)
    sheet.text(sheet.left, -2.2 * size, "share shut (below 0.1)", "ls", SMALL)
    layer_legend(sheet, sheet.right + size, 0, trace.names)
    add_title(sheet, style.title or "How often gates are shut, and how often open")
    return sheet.finish()


def panel(points, side, theme):
    """Draw a square of dots: open to the right, shut upwards.

    Parameters
    ----------
    points : list of ndarray (2, H)
        For each layer, the shares shut and open.
    side : int
    theme : Theme

    Returns
    -------
    ndarray, uint8 (side, side, 3)
    """
    large = side * SMOOTH
    image = Image.new("RGB", (large, large), theme.paper)
    draw = ImageDraw.Draw(image)
    ends = inside(0, large), inside(1, large)
    draw.line([(end, end) for end in ends], theme.faint, SMOOTH)
    for number, (shut, opened) in enumerate(points):
        places = zip(inside(opened, large), inside(1 - shut, large), strict=True)
        for x, y in places:
            dot(draw, x, y, large / 55, number, theme)
    return np.asarray(image.reduce(SMOOTH))


def inside(share, side):
    """Return where a share from 0 to 1 stands, with room for dots at both ends."""
    return side * (0.04 + 0.92 * share)


def dot(draw, x, y, radius, number, theme):
    """Draw the sign of a layer, edged in paper so that neighbours stay apart."""
    colour, corners = DOTS[number % len(DOTS)]
    if corners == 0:
        box = x - radius, y - radius, x + radius, y + radius
        draw.ellipse(box, colour, theme.paper, max(1, int(radius / 6)))
    else:
        draw.regular_polygon((x, y, radius * 1.2), corners, 0, colour, theme.paper)


def layer_legend(sheet, x, y, names):
    """Show which sign belongs to which layer."""
    side = sheet.size
    for number, name in enumerate(names):
        large = side * SMOOTH
        image = Image.new("RGB", (large, large), sheet.theme.paper)
        middle = large / 2
        dot(ImageDraw.Draw(image), middle, middle, large / 4, number, sheet.theme)
        top = int(y + number * 1.3 * side)
        sheet.picture(int(x), top, image.reduce(SMOOTH), frame=False)
        sheet.text(x + 1.3 * side, top + side / 2, name, "lm", SMALL)
