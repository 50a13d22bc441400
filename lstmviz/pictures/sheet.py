"""A sheet: a canvas for pictures, lines and text that grows as needed.

The picture is placed first, at the origin; labels are placed around it, also at
negative coordinates. `finish` then makes the sheet just large enough for everything,
so that no label is cut off.
"""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lstmviz.checks import check_choice, check_flag, check_text
from lstmviz.pictures.picture import Picture, check_size, check_zoom, enlarged

__all__ = ["THEMES", "Sheet", "Style", "make_style", "style_of"]

SMALLEST = 11  # pixels: smaller text cannot be read


class Theme(NamedTuple):
    """The colours of a sheet."""

    paper: str
    ink: str
    faint: str  # for lines and less important text


THEMES = {
    "light": Theme("#ffffff", "#1c1c1e", "#6e6e73"),
    "dark": Theme("#1e1f24", "#f0f0f2", "#a4a4ac"),
}


@dataclass(frozen=True)
class Style:
    """The appearance of a picture with labels.

    Attributes
    ----------
    zoom : int
        Width and height in pixels of every pixel of the raw picture. The text grows
        with it, so that the picture is drawn at its final size.
    theme : {"light", "dark"}
        Dark text on white, for paper; or light text on dark grey, for slides.
    title : str, optional
        The title above the picture. The default says what the picture shows.
    source : str, optional
        Written below the picture: where it comes from, such as a network's name.
        The version of lstmviz is always added.

    Raises
    ------
    ValueError
        `zoom` is not a whole number of at least 1, or there is no such theme.
    """

    zoom: int = 4
    theme: str = "light"
    title: str | None = None
    source: str | None = None

    def __post_init__(self):
        """Check zoom and theme."""
        check_zoom(self.zoom)
        check_choice("theme", self.theme, THEMES)
        for name in "title", "source":
            if getattr(self, name) is not None:
                check_text(name, getattr(self, name))


def style_of(labels, given):
    """Return the style of a picture; raise a ValueError if one without labels has any.

    Parameters
    ----------
    labels : bool
        The picture has labels.
    given : dict
        Arguments of `Style`.
    """
    check_flag("labels", labels)
    if given and not labels:
        raise ValueError(
            f"{', '.join(given)}: only pictures with labels have this; add labels"
        )
    return make_style(given)


def make_style(given):
    """Return the style of these arguments; raise a ValueError if one is unknown."""
    for name in given:
        if name not in Style.__match_args__:
            known = ", ".join(Style.__match_args__)
            raise ValueError(f"there is no option {name!r}; there are {known}")
    return Style(**given)


class Sheet:
    """A canvas for pictures, lines and text; `finish` returns it as a Picture.

    Coordinates are pixels, to the right and downwards, and may be negative.

    Parameters
    ----------
    style : Style
    size : int
        Height of ordinary text in pixels; at least `SMALLEST` is used.

    Attributes
    ----------
    size : int
        Height of ordinary text in pixels.
    unit : int
        Width of one colour in a legend, in pixels.
    left, top, right, bottom : float
        The smallest rectangle around everything placed so far.
    theme : Theme
    source : str
        What `finish` writes below everything.
    """

    def __init__(self, style, size):
        self.theme = THEMES[style.theme]
        name = package_name()
        self.source = f"{style.source} · {name}" if style.source else name
        self.size = max(SMALLEST, size)
        self.unit = max(2, self.size // 8)
        self.left = self.top = np.inf
        self.right = self.bottom = -np.inf
        self._painters = []  # functions of (image, draw, dx, dy): dx, dy is the origin

    def picture(self, x, y, image, zoom=1, frame=True):
        """Place an image, every pixel enlarged to a square, with a thin frame."""
        big = Image.fromarray(np.ascontiguousarray(enlarged(image, zoom)))
        stop_x, stop_y = x + big.width, y + big.height
        if frame:
            self.rectangle(x - 1, y - 1, stop_x, stop_y, None, self.theme.faint)
        self._put(
            (x, y, stop_x, stop_y),
            lambda paper, _, dx, dy: paper.paste(big, (x + dx, y + dy)),
        )

    def text(self, x, y, words, anchor="lm", size=1.0, faint=False):
        """Write text; `anchor` says which point of it is at (x, y), as in Pillow."""
        font = font_of_height(self.size * size)
        ink = self.theme.faint if faint else self.theme.ink
        x0, y0, x1, y1 = font.getbbox(words, anchor=anchor)
        self._put(
            (x + x0, y + y0, x + x1, y + y1),
            lambda _, draw, dx, dy: draw.text(
                (x + dx, y + dy), words, ink, font, anchor
            ),
        )

    def width(self, words, size=1.0):
        """Return the width of a text in pixels."""
        return font_of_height(self.size * size).getlength(words)

    def line(self, *points, width=1):
        """Draw a line through points (x, y)."""
        x, y = zip(*points, strict=True)
        self._put(
            (min(x), min(y), max(x) + width, max(y) + width),
            lambda _, draw, dx, dy: draw.line(
                [(a + dx, b + dy) for a, b in points], self.theme.faint, width
            ),
        )

    def rectangle(self, x0, y0, x1, y1, fill, outline=None):
        """Draw a rectangle from (x0, y0) to (x1, y1), both included."""
        self._put(
            (x0, y0, x1 + 1, y1 + 1),
            lambda _, draw, dx, dy: draw.rectangle(
                (x0 + dx, y0 + dy, x1 + dx, y1 + dy), fill, outline
            ),
        )

    def finish(self):
        """Write the source below everything, and return the sheet as a Picture."""
        self.text(
            self.left, self.bottom + 1.2 * self.size, self.source, "lt", 0.8, True
        )
        margin = self.size
        dx, dy = (margin - int(np.floor(a)) for a in (self.left, self.top))
        size = tuple(
            int(np.ceil(a)) + d + margin
            for a, d in ((self.right, dx), (self.bottom, dy))
        )
        check_size(*size)
        paper = Image.new("RGB", size, self.theme.paper)
        draw = ImageDraw.Draw(paper)
        for paint in self._painters:
            paint(paper, draw, dx, dy)
        return Picture(paper)

    def _put(self, box, painter):
        """Keep a painter for `finish`, and make room for the box that it paints."""
        self.left, self.top = min(self.left, box[0]), min(self.top, box[1])
        self.right, self.bottom = max(self.right, box[2]), max(self.bottom, box[3])
        self._painters.append(painter)


@cache  # making it anew for every text takes as long as drawing the text
def font_of_height(pixels):
    """Return the font of all texts in this size."""
    return ImageFont.load_default(pixels)


def package_name():
    """Return the name and version of this package."""
    try:
        return f"lstmviz {version('lstmviz')}"
    except PackageNotFoundError:  # imported from its folder without installation
        return "lstmviz"
