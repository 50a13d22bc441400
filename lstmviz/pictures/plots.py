"""Plots: lines, bands and bars within two axes, placed on a sheet."""

import numpy as np
from PIL import Image, ImageColor, ImageDraw

from lstmviz.pictures.curve import marks
from lstmviz.pictures.legends import SMALL
from lstmviz.pictures.picture import check_size

__all__ = ["COLOURS", "Plot", "line_legend"]

# Colours that colour-blind readers can distinguish (Okabe & Ito, Color Universal
# Design, 2002), in the order in which a plot uses them.
COLOURS = "#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00"
SMOOTH = 4  # a plot is drawn this many times larger and reduced: lines are smooth


class Plot:
    """A rectangle in which numbers are drawn.

    Parameters
    ----------
    width, height : int
        In pixels.
    x, y : (float, float)
        The numbers at the left and right edge, and at the lower and upper edge.
    theme : Theme
        Of the sheet.
    """

    def __init__(self, width, height, x, y, theme):
        self.width, self.height, self.x, self.y = width, height, x, y
        self.theme = theme
        size = width * SMOOTH, height * SMOOTH
        check_size(*size)
        self.image = Image.new("RGB", size, theme.paper)
        self.draw = ImageDraw.Draw(self.image)
        self.thick = max(1, height // 60) * SMOOTH

    def column(self, x, scale=1):
        """Return the pixel column of x."""
        low, high = self.x
        return (np.asarray(x, float) - low) / (high - low) * self.width * scale

    def row(self, y, scale=1):
        """Return the pixel row of y."""
        low, high = self.y
        y = np.clip(y, low, high)
        return (1 - (y - low) / (high - low)) * self.height * scale

    def points(self, x, y):
        """Return pixels (column, row); points without a number are left out."""
        pairs = zip(self.column(x, SMOOTH), self.row(y, SMOOTH), strict=True)
        return [pair for pair in pairs if np.isfinite(pair).all()]

    def band(self, x, low, high, strength=0.18):
        """Fill the area between two curves, faintly."""
        outline = self.points(x, low) + self.points(x, high)[::-1]
        if len(outline) > 2:
            self.draw.polygon(outline, self.mixed(self.theme.faint, strength))

    def line(self, x, y, colour, dots=False):
        """Draw a curve; with `dots`, a dot at each of its points."""
        points = self.points(x, y)
        if points:  # Pillow cannot draw a thick line through none
            self.draw.line(points, colour, self.thick, joint="curve")
        for a, b in points if dots else []:
            r = 1.6 * self.thick
            self.draw.ellipse([a - r, b - r, a + r, b + r], colour)

    def level(self, y):
        """Draw a thin horizontal line."""
        row = self.row(y, SMOOTH)
        ends = [(0, row), (self.width * SMOOTH, row)]
        self.draw.line(ends, self.mixed(self.theme.faint, 0.5), SMOOTH)

    def bar(self, x, width, y, colour):
        """Draw a bar from 0 up or down to y."""
        left, right = self.column([x - width / 2, x + width / 2], SMOOTH)
        top, bottom = sorted((self.row(y, SMOOTH), self.row(0, SMOOTH)))
        self.draw.rectangle([left, top, right, bottom], colour)

    def mixed(self, colour, strength):
        """Return a colour mixed with that of the paper."""
        pair = [ImageColor.getrgb(c) for c in (self.theme.paper, colour)]
        paper, ink = np.array(pair, float)
        return tuple((paper + strength * (ink - paper)).astype(int).tolist())

    def place(self, sheet, left, top, title, x_marks, y_marks=None, below=""):
        """Put the plot on a sheet, with its title, and marks on both axes.

        Parameters
        ----------
        sheet : Sheet
        left, top : int
        title : str
        x_marks : dict of float -> str
        y_marks : sequence of float, optional
            If not given, round numbers.
        below : str
            What the horizontal axis shows.
        """
        size = sheet.size
        sheet.picture(left, top, self.image.reduce(SMOOTH))
        sheet.text(left, top - size // 2, title, "ls")
        bottom = top + self.height
        for x, words in x_marks.items():
            column = left + float(self.column(x))
            sheet.line((column, bottom), (column, bottom + size * 0.3))
            sheet.text(column, bottom + size * 0.5, words, "mt", SMALL)
        if y_marks is None:
            inside = [y for y in marks(*self.y, about=4) if self.y[0] <= y <= self.y[1]]
            y_marks = inside
        for y in y_marks:
            row = top + float(self.row(y))
            sheet.line((left - size * 0.3, row), (left, row))
            sheet.text(left - size * 0.5, row, f"{y:g}", "rm", SMALL)
        if below:
            middle = left + self.width / 2
            sheet.text(middle, bottom + 1.6 * size, below, "mt", SMALL, faint=True)


def line_legend(sheet, x, y, entries):
    """Write what each colour stands for; return the y below the last entry.

    Parameters
    ----------
    sheet : Sheet
    x, y : float
        The upper left corner.
    entries : sequence of (colour, str)
    """
    size = sheet.size
    for colour, words in entries:
        middle = y + size / 2
        box = int(x), int(middle - size * 0.25), int(x + size), int(middle + size * 0.1)
        sheet.rectangle(*box, colour)
        sheet.text(x + 1.4 * size, middle, words, "lm", SMALL)
        y += 1.3 * size
    return y
