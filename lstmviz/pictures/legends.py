"""Keyboards, marks of bars and beats, and colour legends around a picture."""

import numpy as np

from lstmviz.music.bars import STEPS_PER_BAR, STEPS_PER_BEAT, bar_lines, bar_numbers
from lstmviz.music.notes import pitch_name
from lstmviz.pictures.colours import (
    FROM_ZERO,
    neuron_colours,
    part_colours,
    score_colours,
    with_notes,
)

__all__ = [
    "LARGEST_C",
    "PART_NAMES",
    "SMALL",
    "bars",
    "colour_legend",
    "keyboard",
    "note_legend",
    "score_legend",
]

BLACK_KEYS = (1, 3, 6, 8, 10)  # pitch classes
SMALL = 0.85  # size of most text, relative to that of headings
LARGEST_C = 4  # at the end of the legend; h is at most 1
LEGEND = 30  # number of colours in a legend; each is `sheet.unit` pixels wide
PART_NAMES = {
    "i": "input gate",
    "f": "forget gate",
    "g": "candidate",
    "o": "output gate",
    "c": "cell state",
    "h": "hidden state",
}


def keyboard(sheet, x, y, low, notes, zoom):
    """Draw a piano keyboard to the left of x, one key for each row.

    Every C has a line below it and its name beside it. Where rows are too low for all
    names, only some octaves are named.

    Parameters
    ----------
    sheet : Sheet
    x, y : int
        The top left corner of the picture.
    low : int
        MIDI number of the lowest note.
    notes : int
        Number of rows.
    zoom : int
        Height of a row in pixels.
    """
    width, size = 4 * zoom, sheet.size
    left = x - width - size // 2
    every = int(np.ceil(1.1 * size / (12 * zoom)))  # name every 1st, 2nd, ... octave
    for n in range(notes):
        pitch, top = low + n, y + (notes - 1 - n) * zoom
        key = "#26262a" if pitch % 12 in BLACK_KEYS else "#f4f4f4"
        sheet.rectangle(left, top, left + width - 1, top + zoom - 1, key)
        if pitch % 12 == 0:
            sheet.line((left - size // 3, top + zoom), (left + width - 1, top + zoom))
            if pitch // 12 % every == 0:
                name = pitch_name(pitch)
                sheet.text(left - size // 2, top + zoom / 2, name, "rm", SMALL)
    bottom = y + notes * zoom
    sheet.rectangle(left - 1, y - 1, left + width, bottom, None, sheet.theme.faint)


def bars(sheet, x, y, position, zoom, shown=slice(None), names=True, above=False):
    """Draw marks at bars and beats, below or above a picture.

    Parameters
    ----------
    sheet : Sheet
    x, y : int
        The lower left corner of the picture; with `above`, the upper left corner.
    position : ndarray (T,)
        Sixteenths since the bar line, for each step of the music.
    zoom : int
        Width of a column in pixels.
    shown : slice
        The steps of the columns. The default is all steps.
    names : bool
        Write the numbers of the bars; the first full bar is 1.
    above : bool
        Draw the marks above the picture instead of below it.
    """
    size, way = sheet.size, -1 if above else 1
    y = y - 1 if above else y
    every = number_interval(position[shown], sheet.width("999") / zoom)
    numbers = bar_numbers(position)[shown].tolist()
    for step, (place, number) in enumerate(
        zip(position[shown].tolist(), numbers, strict=True)
    ):
        column = x + step * zoom
        if place == 0:
            sheet.line((column, y), (column, y + way * size * 0.6))
            if names and (number - 1) % every == 0:
                where = column, y + way * size * 1.3
                sheet.text(*where, str(number), "mm", SMALL)
        elif place % STEPS_PER_BEAT == 0 and zoom > 1:
            sheet.line((column, y), (column, y + way * size * 0.25))
    if names:
        sheet.text(x - size // 2, y + way * size * 1.3, "bar", "rm", SMALL, True)


def number_interval(position, room):
    """Return the distance between numbered bars: 1, 2, 4, ...

    A number is `room` steps wide, and no two numbers may overlap.
    """
    lines = bar_lines(position)
    bar = np.diff(lines).min() if len(lines) > 1 else STEPS_PER_BAR
    return next(2**n for n in range(32) if 2**n * bar >= room)


def colour_legend(sheet, x, y, only, palette, stretched=False):
    """Draw the legend of a neuron's colours at (x, y); return the y of its end."""
    if only is None:
        return pair_legend(sheet, x, y, palette, stretched)
    return part_legend(sheet, x, y, only)


def pair_legend(sheet, x, y, palette, stretched=False):
    """Draw a square of all mixtures of h (to the right) and c (upwards).

    Where colours are stretched, the ends are the range of each layer.
    """
    size = sheet.size
    h, c = np.linspace(-1, 1, LEGEND), np.linspace(LARGEST_C, -LARGEST_C, LEGEND)
    ends_h = ("-", "+") if stretched else ("-1", "1")
    ends_c = ("-", "+") if stretched else (f"-{LARGEST_C}", f"{LARGEST_C}")
    square = neuron_colours(*np.meshgrid(h, c), palette)
    left, top = int(x + 1.3 * size), int(y + 1.2 * size)
    right, bottom = left + LEGEND * sheet.unit, top + LEGEND * sheet.unit
    sheet.text(x, y, "cell state c", "lt", SMALL)
    sheet.picture(left, top, square, sheet.unit)
    edge, below = left - size // 3, bottom + size * 0.4
    for row, words, anchor in (top, ends_c[1], "rt"), (bottom, ends_c[0], "rb"):
        sheet.text(edge, row, words, anchor, SMALL)
    for column, words, anchor in (left, ends_h[0], "lt"), (right, ends_h[1], "rt"):
        sheet.text(column, below, words, anchor, SMALL)
    sheet.text((left + right) / 2, below, "0", "mt", SMALL)
    sheet.text(edge, (top + bottom) / 2, "0", "rm", SMALL)
    sheet.text(x, below + 1.1 * size, "hidden state h", "lt", SMALL)
    return below + 2.2 * size


def part_legend(sheet, x, y, part, name=None):
    """Draw the scale of one of i, f, g, o, c, h; return the y of its end."""
    size = sheet.size
    start = 0 if part in FROM_ZERO else -1
    x, shown = int(x), np.linspace(start, 1, LEGEND)
    with np.errstate(divide="ignore"):  # at both ends of the scale, c is infinite
        values = np.arctanh(shown) if part == "c" else shown
    sheet.text(x, y, name or f"{part}, {PART_NAMES[part]}", "lt", SMALL)
    bar = part_colours(part, np.tile(values, (max(1, size // sheet.unit), 1)))
    top = int(y + 1.3 * size)
    sheet.picture(x, top, bar, sheet.unit)
    below = top + bar.shape[0] * sheet.unit
    for value in (0, 0.5, 1) if part in FROM_ZERO else (-1, 0, 1):
        place = np.tanh(value) if part == "c" else value
        column = x + (place - start) / (1 - start) * LEGEND * sheet.unit
        sheet.line((column, below), (column, below + size * 0.25))
        sheet.text(column, below + size * 0.5, f"{value:g}", "mt", SMALL)
    return below + 1.4 * size


def score_legend(sheet, x, y, palette):
    """Draw the legend of the score, P(play) and music; return the y of its end."""
    P = np.linspace(0, 1, LEGEND)
    rows = ("struck", 1, 1), ("held", 1, 0), ("silent", 0, 0)
    strips = {
        name: score_colours(
            P, np.full_like(P, played), np.full_like(P, struck), palette
        )
        for name, played, struck in rows
    }
    return strip_legend(sheet, x, y, "P(play) from 0 to 1", strips)


def note_legend(sheet, x, y, palette):
    """Draw the legend of the notes heard: how they change a neuron's colours."""
    c = np.linspace(-4, 4, LEGEND)
    plain, sounds = neuron_colours(np.zeros_like(c), c, palette), np.ones_like(c)
    strips = {
        name: with_notes(plain, sounds, struck * sounds, palette)
        for name, struck in (("struck", 1), ("held", 0))
    }
    strip_legend(sheet, x, y, "notes heard", strips)


def strip_legend(sheet, x, y, title, strips):
    """Draw strips of colours (LEGEND, 3) with their names; return the y of the end."""
    size, height = sheet.size, max(1, sheet.size // sheet.unit)
    sheet.text(x, y, title, "lt", SMALL)
    y += 1.3 * size
    for name, strip in strips.items():
        sheet.picture(int(x), int(y), np.tile(strip, (height, 1, 1)), sheet.unit)
        middle = y + height * sheet.unit / 2
        sheet.text(x + LEGEND * sheet.unit + size // 2, middle, name, "lm", SMALL)
        y += height * sheet.unit + size * 0.35
    return y
