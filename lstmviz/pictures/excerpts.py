"""Moments of the music, side by side: the notes, and what was searched for.

A tile shows the steps around one moment twice: on the left the notes (white if struck,
grey if held), on the right the values, from -1 (blue) through 0 (white) to 1 (orange).
A mark above both is at the step of the moment.
"""

import numpy as np

from lstmviz.checks import check_count, check_kind, check_list
from lstmviz.music.notes import ARTICULATED, PLAYED, pitch_name
from lstmviz.pictures.colours import diverging, with_notes
from lstmviz.pictures.gallery import lay_rows
from lstmviz.pictures.labels import add_title
from lstmviz.pictures.legends import SMALL, part_legend
from lstmviz.pictures.picture import Picture
from lstmviz.pictures.sheet import Sheet, make_style
from lstmviz.reading.moments import Moment

__all__ = ["excerpt", "excerpts"]

GAP = 2  # black columns between the notes and the values
TEXT = 4  # pixels of text for every pixel of zoom
MARK = 255, 160, 60


def excerpt(moment):
    """Draw one moment: (N + 2, 2 S + 2, 3), the highest note on top.

    Parameters
    ----------
    moment : Moment

    Returns
    -------
    Picture
    """
    states, values = moment.excerpt.states, moment.values
    S, N = states.shape[:2]
    if values.shape[1] == 1:  # one value for all notes
        values = np.repeat(values, N, axis=1)
    image = np.zeros((N + 2, 2 * S + GAP, 3), np.uint8)
    played, struck = states[..., PLAYED], states[..., ARTICULATED]
    black = np.zeros((S, N, 3), np.uint8)
    image[:N, :S] = with_notes(black, played, struck, "colour-blind").swapaxes(0, 1)
    shown = diverging(np.clip(values, -1, 1)).swapaxes(0, 1)
    image[: len(shown), S + GAP : S + GAP + shown.shape[1]] = shown
    column = moment.step - moment.start
    image[N + 1, [column, S + GAP + column]] = MARK
    return Picture(image[::-1])


def excerpts(moments, columns=4, **style):
    """Draw several moments on one sheet.

    Parameters
    ----------
    moments : sequence of Moment
    columns : int
        How many side by side.
    **style
        zoom (3 if not given), theme, title, source (`lstmviz.pictures.sheet.Style`).

    Returns
    -------
    Picture, uint8 (height, width, 3)

    Raises
    ------
    ValueError
        There are no moments, or an option is unknown.
    """
    moments = check_list("moments", moments, "moments")
    for moment in moments:
        check_kind("a moment", moment, Moment)
    check_count("columns", columns, 1)
    if not moments:
        raise ValueError("there is no moment to draw")
    style = make_style({"zoom": 3} | style)
    sheet = Sheet(style, TEXT * style.zoom)
    tiles = [
        (f"{number}. {caption(moment)}", excerpt(moment), moment.excerpt.position)
        for number, moment in enumerate(moments, start=1)
    ]
    rows = [tiles[k : k + columns] for k in range(0, len(tiles), columns)]
    lay_rows(sheet, rows, style.zoom)
    part_legend(sheet, sheet.right + sheet.size, 0, "h", "value")
    low, N = moments[0].excerpt.low, moments[0].excerpt.shape[1]
    scale = (
        f"Left the notes, right the value at each note, from {pitch_name(low)} up to "
        f"{pitch_name(low + N - 1)}; long marks are bars"
    )
    sheet.text(0, sheet.bottom + sheet.size, scale, "lt", SMALL, faint=True)
    add_title(sheet, style.title or "Moments of the music")
    return sheet.finish()


def caption(moment):
    """Return the name, step, note and value of a moment in a few words."""
    name = (moment.name or f"piece {moment.piece}").rsplit("/", 1)[-1]
    note = "" if moment.note is None else f" {pitch_name(moment.note)}"
    return f"{name} {moment.step}{note}: {moment.value:+.2f}"
