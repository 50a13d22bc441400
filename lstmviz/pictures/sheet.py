"""A sheet of paper: pictures, lines and text, laid where they belong.

A picture comes first, at the origin, and what explains it is put around it,
also at negative coordinates. Only then is the paper cut to size, so that no
text can fall off its edge.
"""

from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import NamedTuple

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lstmviz.pictures.picture import Picture, check_zoom, enlarged

__all__ = ["THEMES", "Sheet", "Style", "style_of"]

SMALLEST = 11  # pixels of text that can still be read


class Theme(NamedTuple):
    """The colours of a sheet."""

    paper: str
    ink: str
    faint: str  # for what should be there but not catch the eye


THEMES = {
    "light": Theme("#ffffff", "#1c1c1e", "#6e6e73"),
    "dark": Theme("#1e1f24", "#f0f0f2", "#a4a4ac"),
}


@dataclass(frozen=True)
class Style:
    """How a picture with labels looks.

    Attributes
    ----------
    zoom : int
        Pixels a neuron, a note or a step. The text grows with it, so that the
        picture is drawn at its final size.
    theme : {"light", "dark"}
        For paper, or for slides.
    title : str, optional
        Above the picture; what it shows, if not given.
    source : str, optional
        Below it: where it comes from, such as a network's name. The version
        of lstmviz is always added.
    """

    zoom: int = 4
    theme: str = "light"
    title: str | None = None
    source: str | None = None

    def __post_init__(self):
        """Refuse what cannot be drawn."""
        check_zoom(self.zoom)
        if self.theme not in THEMES:
            raise ValueError(f"no theme {self.theme!r}; there are {', '.join(THEMES)}")


def style_of(labels, given):
    """Return the style of a picture with labels, of which a raw one has none."""
    if given and not labels:
        raise ValueError(
            f"{', '.join(given)}: only pictures with labels have this; add the labels"
        )
    return Style(**given)


class Sheet:
    """Paper that pictures, lines and text are put on; `finish` cuts it.

    Coordinates are pixels, to the right and downwards.

    Parameters
    ----------
    style : Style
    size : int
        Pixels of ordinary text.

    Attributes
    ----------
    size, unit : int
        Pixels of ordinary text, and of one colour in a legend.
    left, top, right, bottom : float
        The smallest rectangle around all there is so far.
    """

    def __init__(self, style, size):
        self.theme = THEMES[style.theme]
        self.source = f"{style.source} · {own_name()}" if style.source else own_name()
        self.size = max(SMALLEST, size)
        self.unit = max(2, self.size // 8)
        self.left = self.top = np.inf
        self.right = self.bottom = -np.inf
        self._painters = []  # each a function of (image, draw, right, down)

    def picture(self, x, y, image, zoom=1, frame=True):
        """Put an image, every pixel a square, with a fine frame around it."""
        big = Image.fromarray(np.ascontiguousarray(enlarged(image, zoom)))
        stop_x, stop_y = x + big.width, y + big.height
        if frame:
            self.rectangle(x - 1, y - 1, stop_x, stop_y, None, self.theme.faint)
        self._put(
            (x, y, stop_x, stop_y),
            lambda paper, _, dx, dy: paper.paste(big, (x + dx, y + dy)),
        )

    def text(self, x, y, words, anchor="lm", size=1.0, faint=False):
        """Put words; `anchor` says which point of them is at (x, y), as in Pillow."""
        font = ImageFont.load_default(self.size * size)
        ink = self.theme.faint if faint else self.theme.ink
        x0, y0, x1, y1 = font.getbbox(words, anchor=anchor)
        self._put(
            (x + x0, y + y0, x + x1, y + y1),
            lambda _, draw, dx, dy: draw.text(
                (x + dx, y + dy), words, ink, font, anchor
            ),
        )

    def width(self, words, size=1.0):
        """Return how many pixels wide some words are."""
        return ImageFont.load_default(self.size * size).getlength(words)

    def line(self, *points, width=1):
        """Put a line through points (x, y)."""
        x, y = zip(*points, strict=True)
        self._put(
            (min(x), min(y), max(x) + width, max(y) + width),
            lambda _, draw, dx, dy: draw.line(
                [(a + dx, b + dy) for a, b in points], self.theme.faint, width
            ),
        )

    def rectangle(self, x0, y0, x1, y1, fill, outline=None):
        """Put a rectangle from (x0, y0) up to and including (x1, y1)."""
        self._put(
            (x0, y0, x1 + 1, y1 + 1),
            lambda _, draw, dx, dy: draw.rectangle(
                (x0 + dx, y0 + dy, x1 + dx, y1 + dy), fill, outline
            ),
        )

    def finish(self):
        """Sign the sheet with its source, cut it and return it as a Picture."""
        self.text(
            self.left, self.bottom + 1.2 * self.size, self.source, "lt", 0.8, True
        )
        margin = self.size
        dx, dy = (margin - int(np.floor(a)) for a in (self.left, self.top))
        size = tuple(
            int(np.ceil(a)) + d + margin
            for a, d in ((self.right, dx), (self.bottom, dy))
        )
        paper = Image.new("RGB", size, self.theme.paper)
        draw = ImageDraw.Draw(paper)
        for paint in self._painters:
            paint(paper, draw, dx, dy)
        return Picture(paper)

    def _put(self, box, painter):
        """Remember to paint something, and that it fills a box."""
        self.left, self.top = min(self.left, box[0]), min(self.top, box[1])
        self.right, self.bottom = max(self.right, box[2]), max(self.bottom, box[3])
        self._painters.append(painter)


def own_name():
    """Return the name and version of this package."""
    try:
        return f"lstmviz {version('lstmviz')}"
    except PackageNotFoundError:  # not installed, but imported from its folder
        return "lstmviz"
