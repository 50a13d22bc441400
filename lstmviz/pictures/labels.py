"""Labels around a snapshot and around a neuron's picture.

The raw picture is in the middle, with every pixel enlarged to a square and no colour
changed. All labels are outside it.
"""

from lstmviz.pictures.legends import (
    PART_NAMES,
    SMALL,
    bars,
    colour_legend,
    keyboard,
    note_legend,
    score_legend,
)
from lstmviz.pictures.sheet import Sheet

__all__ = ["DECISIONS", "GAP", "add_title", "label_neuron", "label_snapshot"]

GAP = 5  # black rows between bands, black columns before each pair of columns
DECISIONS = 2 * (GAP + 2)  # columns of the decision, at the right edge
TEXT = 8  # pixels of text for every pixel of zoom


def label_snapshot(image, trace, step, past, only, palette, ranges, style):
    """Return a snapshot with pitches, bars, names and a legend around it.

    Parameters
    ----------
    image : ndarray, uint8 (height, width, 3)
        The raw snapshot.
    trace, step, past, only, palette
        As in `snapshot`.
    ranges : dict of str -> (float, float), or None
        The h and c of each layer with the strongest colours, if they are stretched.
    style : Style

    Returns
    -------
    Picture
    """
    zoom = style.zoom
    sheet = Sheet(style, TEXT * zoom)
    sheet.picture(0, 0, image, zoom)
    size, N, right = sheet.size, trace.heard.shape[1], image.shape[1] * zoom

    # The column of step s shows what was chosen for the time s + 1.
    begin = max(0, step + 1 - past)
    heard = step + 1 - begin
    score_left = right - (DECISIONS + heard) * zoom
    shown = slice(begin + 1, step + 2)
    bars(sheet, score_left, 0, trace.piece.position, zoom, shown, above=True)
    decision_names(sheet, right, zoom)

    x, y = right + size, 0
    for place, name in enumerate(["score", *trace.names]):
        top = place * (N + GAP) * zoom
        keyboard(sheet, 0, top, trace.low, N, zoom)
        y = max(y, top)  # the text can be taller than the band beside it
        sheet.text(x, y + 0.8 * size, name, "ls")
        count = f"{trace.sizes[name]} neurons" if place else f"{heard} steps"
        if ranges and place:
            h, c = ranges[name]
            count += f", h ±{h:.2g}, c ±{c:.2g}"
        after = x + sheet.width(f"{name}  ")
        sheet.text(after, y + 0.8 * size, count, "ls", SMALL, faint=True)
        y += 1.8 * size
        if place == 0:
            y = score_legend(sheet, x, y, palette)
        elif place == 1:
            y = colour_legend(sheet, x, y, only, palette, ranges is not None)

    what = f"{PART_NAMES[only]}s" if only else "neurons"
    add_title(
        sheet, style.title or f"All {what} at step {step}, {bar_name(trace, step)}"
    )
    return sheet.finish()


def label_neuron(image, trace, layer, index, notes, only, palette, style):
    """Return a neuron's picture with pitches, bars and a legend around it.

    Parameters
    ----------
    image : ndarray, uint8 (N, S, 3)
        The raw picture.
    trace, layer, index, notes, only, palette
        As in `neuron`.
    style : Style

    Returns
    -------
    Picture
    """
    zoom = style.zoom
    sheet = Sheet(style, TEXT * zoom)
    sheet.picture(0, 0, image, zoom)
    N, S = image.shape[:2]
    keyboard(sheet, 0, 0, trace.low, N, zoom)
    bars(sheet, 0, N * zoom, trace.position, zoom)
    x = S * zoom + sheet.size
    y = colour_legend(sheet, x, 0, only, palette)
    if notes:
        note_legend(sheet, x, y + sheet.size, palette)
    part = f", {PART_NAMES[only]}" if only else ""
    add_title(sheet, style.title or f"Neuron {index} of {layer}{part}")
    return sheet.finish()


def bar_name(trace, step):
    """Return the bar of what is decided at a step, such as "bar 3"."""
    return f"bar {trace.piece.bars[step + 1]}"


def decision_names(sheet, right, zoom):
    """Write the names of the four columns at the right edge, with a line to each."""
    size = sheet.size
    names = "P(play)", "played", "P(struck)", "struck"
    columns = GAP, GAP + 1, 2 * GAP + 2, 2 * GAP + 3
    for k, (name, column) in enumerate(zip(names, columns, strict=True)):
        x = right - (DECISIONS - column) * zoom + zoom // 2
        y = round((k - 4.3) * 1.15 * size)
        sheet.line((x, -2), (x, y), (right + size // 2, y))
        sheet.text(right + size, y, name, "lm", SMALL)


def add_title(sheet, title):
    """Write the title above everything."""
    sheet.text(sheet.left, sheet.top - 1.2 * sheet.size, title, "ls", 1.3)
