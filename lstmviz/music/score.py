"""A piece in a notebook: its notes with bar lines as a drawing, and a player.

The drawing is SVG, text that a browser draws: one rectangle a note, one line a bar.
"""

import numpy as np

from lstmviz.music.bars import bar_lines, bar_numbers
from lstmviz.music.notes import notes_from_states, pitch_name
from lstmviz.music.synth import FASTEST, SLOWEST, hear

__all__ = ["player", "score"]

STEP, NOTE = 4, 4  # size of a step and of a note, in pixels
LONGEST = 1024  # steps that are drawn and played: 64 bars of 4/4
RATE = 22050  # samples a second: a notebook keeps the sound of all that it shows
EDGE = 2  # notes of room above the highest note and below the lowest


def score(piece):
    """Return the notes of a piece, with bar lines and bar numbers, as SVG.

    Parameters
    ----------
    piece : Piece
        Of a long piece, the first 1024 steps.

    Returns
    -------
    str
    """
    shown = piece[:LONGEST]
    notes = notes_from_states(shown.states, shown.low)
    pitches = [pitch for pitch, _, _ in notes] or [60]
    top, bottom = max(pitches) + EDGE, min(pitches) - EDGE
    width, height = STEP * len(shown), NOTE * (top - bottom + 1)
    parts = [
        f'<rect x="{STEP * start}" y="{NOTE * (top - pitch)}" '
        f'width="{STEP * (stop - start) - 1}" height="{NOTE - 1}" fill="#0b6e99">'
        f"<title>{pitch_name(pitch)}, step {start}</title></rect>"
        for pitch, start, stop in notes
    ]
    numbers = bar_numbers(shown.position)
    every = label_interval(shown.position)
    for step in bar_lines(shown.position).tolist():
        x, number = STEP * step, int(numbers[step])
        parts.append(f'<line x1="{x}" x2="{x}" y1="0" y2="{height}" stroke="#8888" />')
        if (number - 1) % every == 0:
            parts.append(
                f'<text x="{x + 2}" y="{height + 11}" font-size="10" '
                f'font-family="sans-serif" fill="currentColor">{number}</text>'
            )
    return (
        '<div style="overflow-x: auto">'
        f'<svg width="{width}" height="{height + 14}" role="img" '
        f'aria-label="{len(notes)} notes over {len(shown)} steps">'
        f"{''.join(parts)}</svg></div>"
    )


def label_interval(position):
    """Return the distance of bar numbers, so that they do not touch each other."""
    lines = bar_lines(position)
    shortest = int(np.diff(lines).min()) if len(lines) > 1 else len(position)
    return max(1, -(-24 // (STEP * max(shortest, 1))))


def player(piece):
    """Return a player of a piece's sound as HTML; of a long piece, its beginning."""
    bpm = min(max(piece.bpm, SLOWEST), FASTEST)  # a file may hold any tempo
    return hear(piece[:LONGEST], bpm, rate=RATE)._repr_html_()
