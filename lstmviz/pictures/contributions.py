"""Why a note was played: the score, coloured by what each note contributed.

Every note has one colour: orange if it made the choice more likely, blue if it made it
less likely, white if it contributed nothing. The colour grows with the square root of
the contribution, so that small ones can be seen beside large ones. Black is silence.
To the right, after a gap, is the step that is decided: the notes chosen below, and the
note in question.
"""

import numpy as np

from lstmviz.checks import check_count, check_kind
from lstmviz.music.notes import notes_from_states, pitch_name
from lstmviz.pictures.colours import diverging
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import LEGEND, SMALL, bars, keyboard
from lstmviz.pictures.picture import Picture
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.reading.attribution import CHOICES, Attribution

__all__ = ["attribution_chart", "contributions"]

GAP = 2  # black columns before the step that is decided
EDGE = 2  # rows above the highest and below the lowest note
TEXT = 2  # pixels of text for every pixel of zoom


def contributions(why):
    """Draw what each note contributed, without labels.

    Parameters
    ----------
    why : Attribution

    Returns
    -------
    Picture, uint8 (N, S + 3, 3)
        A column for each step heard, two black ones, and the step that is decided, in
        which the note in question is grey. The highest note is on top.
    """
    S, N = why.heard.shape[:2]
    notes, low = why.notes(), why.piece.low
    most = largest(notes)
    image = np.zeros((N, S + GAP + 1, 3), np.uint8)
    for note in notes:
        first = S + GAP if note.below else note.start - why.start
        colour = diverging(np.sign(note.value) * np.sqrt(abs(note.value) / most))
        image[note.pitch - low, first : first + note.stop - note.start] = colour
    image[why.note - low, S + GAP] = 128
    return Picture(image[::-1])


def attribution_chart(why, count=8, **style):
    """Draw what each note contributed, with pitches, bars, a legend and words.

    Parameters
    ----------
    why : Attribution
    count : int
        How many of the notes to name in words, the largest contributions first.
    **style
        zoom (8 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        `count` is below 1, or an option is unknown.
    """
    check_kind("why", why, Attribution)
    check_count("count", count, 1)
    style = make_style({"zoom": 8} | style)
    zoom, sheet = style.zoom, Sheet(style, TEXT * style.zoom)
    low, size = why.piece.low, sheet.size
    bottom, top = rows_shown(why)
    image = contributions(why)[::-1][bottom:top][::-1]
    sheet.picture(0, 0, image, zoom)
    keyboard(sheet, 0, 0, low + bottom, top - bottom, zoom)
    height, right = (a * zoom for a in image.shape[:2])
    shown = slice(why.start, why.step + 1)
    bars(sheet, 0, height, why.piece.position, zoom, shown)
    sheet.text(right, -size // 2, "decided", "rs", SMALL, True)
    name, row = pitch_name(why.note), top - 1 - (why.note - low)
    sheet.text(right + size // 2, (row + 0.5) * zoom, f"< {name}", "lm", SMALL)

    kind = CHOICES[why.choice]
    done, question = ("played", "struck")[kind], ("play", "articulate")[kind]
    was = done if why.chosen[why.note - low, kind] else f"not {done}"
    facts = [
        f"P({question}) = {why.probability:.2g}; it was {was}",
        f"log-odds {why.log_odds:+.2f}, in silence {why.baseline:+.2f}",
    ]
    named = [f"{note.value:+.2f}  {note.text}" for note in why.top(count)]
    x = right + 5 * size
    y = words(sheet, x, 0, f"{name} at step {why.step + 1}", facts)
    y = words(sheet, x, y, "added to the log-odds by", named)
    legend(sheet, x, y, largest(why.notes()))
    title = f"What made {name} likely or unlikely to be {done}"
    add_title(sheet, style.title or title)
    return sheet.finish()


def largest(notes):
    """Return the largest contribution, whatever its sign, or 1 without any."""
    return max((abs(note.value) for note in notes), default=0) or 1.0


def rows_shown(why):
    """Return the first row to show and the one after the last: all that sounds."""
    N, low = why.heard.shape[1], why.piece.low
    states = np.concatenate([why.window.states, why.chosen[None]])
    rows = [pitch - low for pitch, _, _ in notes_from_states(states, low)]
    rows.append(why.note - low)
    return max(0, min(rows) - EDGE), min(N, max(rows) + EDGE + 1)


def words(sheet, x, y, heading, lines):
    """Write a heading and lines of text at (x, y), and return the y of their end."""
    size = sheet.size
    sheet.text(x, y, heading, "lt")
    y += 1.5 * size
    for line in lines:
        sheet.text(x, y, line, "lt", SMALL)
        y += 1.25 * size
    return y + 0.7 * size


def legend(sheet, x, y, most):
    """Draw the scale of contributions, from -most to +most, at (x, y)."""
    size, unit, x, y = sheet.size, 3 * sheet.unit, int(x), int(y)
    bar = np.tile(diverging(np.linspace(-1, 1, LEGEND)), (max(1, size // unit), 1, 1))
    sheet.picture(x, y, bar, unit)
    below = y + bar.shape[0] * unit
    for place in -1, -0.5, 0, 0.5, 1:  # square roots, as the colours are
        column = x + (place + 1) / 2 * LEGEND * unit
        sheet.line((column, below), (column, below + size * 0.25))
        value = f"{np.sign(place) * place**2 * most:+.2g}" if place else "0"
        sheet.text(column, below + size * 0.5, value, "mt", SMALL)
    below += 1.6 * size
    sheet.text(x, below, "less likely", "lt", SMALL, True)
    sheet.text(x + LEGEND * unit, below, "more likely", "rt", SMALL, True)
