"""The learning curve: the loss of a network at every step of its training."""

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from lstmviz.pictures.picture import Picture

__all__ = ["learning_curve"]

WIDTH, HEIGHT = 960, 540  # pixels
LEFT, TOP, RIGHT, BOTTOM = 80, 50, WIDTH - 30, HEIGHT - 60  # edges of the axes
INK, GRID, BATCH, LOSS, TOTAL, PLAY = (
    "#202020",
    "#e4e4e4",
    "#b9d9ea",
    "#0b6e99",
    "#d9730d",
    "#9a6b4f",
)


def learning_curve(history):
    """Draw the loss of every step, its running mean, and the validation loss.

    Parameters
    ----------
    history : dict of ndarray
        What `train` returns, with at least one step. The losses `loss`, `total`
        and `play` are nats per time step; `total` and `play` are NaN at steps
        without validation.

    Returns
    -------
    Picture, uint8 (540, 960, 3)
    """
    steps = 1 + np.arange(len(history["loss"]))
    validated = np.isfinite(history["total"])
    curves = [
        ("loss of each batch", BATCH, steps, history["loss"]),
        ("its running mean", LOSS, steps, running_mean(history["loss"])),
        ("validation, total", TOTAL, steps[validated], history["total"][validated]),
        ("validation, play only", PLAY, steps[validated], history["play"][validated]),
    ]
    curves = [curve for curve in curves if len(curve[2])]
    x_marks = marks(0, steps[-1])
    # The highest losses, of the first steps, would leave no height for the others.
    ceiling = np.quantile(np.concatenate([y for *_, y in curves]), 0.99)
    y_marks = marks(min(y.min() for *_, y in curves), ceiling)

    def place(x, y):
        """Return the pixel of a loss of y nats at step x."""
        right = (x - x_marks[0]) / (x_marks[-1] - x_marks[0])
        up = (y - y_marks[0]) / (y_marks[-1] - y_marks[0])
        return LEFT + right * (RIGHT - LEFT), BOTTOM - up.clip(0, 1) * (BOTTOM - TOP)

    image = Image.new("RGB", (WIDTH, HEIGHT), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    for y in y_marks:
        row = place(0, y)[1]
        draw.line([(LEFT, row), (RIGHT, row)], GRID)
        draw.text((LEFT - 8, row), f"{y:g}", INK, font, anchor="rm")
    for x in x_marks:
        column = place(x, y_marks[0])[0]
        draw.line([(column, BOTTOM), (column, BOTTOM + 5)], INK)
        draw.text((column, BOTTOM + 8), f"{x:g}", INK, font, anchor="mt")
    draw.text(((LEFT + RIGHT) / 2, HEIGHT - 14), "training step", INK, font, "ms")
    draw.text((12, 12), "nats per time step", INK, font, "lt")
    for number, (name, colour, x, y) in enumerate(curves):
        points = list(zip(*place(x, y), strict=True))
        draw.line(points, colour, width=1 if colour == BATCH else 3)
        if x is not steps:  # validation happens at some steps only: mark them
            for a, b in points:
                draw.ellipse([a - 3, b - 3, a + 3, b + 3], colour)
        column = LEFT + 150 + 180 * number
        draw.line([(column, 20), (column + 18, 20)], colour, width=3)
        draw.text((column + 24, 20), name, INK, font, anchor="lm")
    return Picture(image)


def running_mean(values, span=25):
    """Return the mean of each value and up to `span` - 1 before it.

    >>> running_mean(np.array([1.0, 2.0, 6.0]), span=2).tolist()
    [1.0, 1.5, 4.0]
    """
    sums = np.concatenate([[0.0], np.cumsum(values)])
    stop = 1 + np.arange(len(values))
    start = np.maximum(stop - span, 0)
    return (sums[stop] - sums[start]) / (stop - start)


def marks(low, high, about=6):
    """Return round numbers, evenly spaced, from at most `low` to at least `high`.

    >>> marks(0.3, 9.1).tolist()
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    rough = max(high - low, 1e-9) / about
    unit = 10 ** np.floor(np.log10(rough))
    step = next(unit * n for n in (1, 2, 2.5, 5, 10) if unit * n >= rough)
    first, last = np.floor(low / step), np.ceil(high / step)
    return step * np.arange(first, max(last, first + 1) + 1)
