"""Do the notes that an attribution names matter? They are removed.

For notes that are struck in the validation pieces, the five heard notes with the
largest contributions are removed from what the network hears. The controls: five others
that are equally recent, and the five most recent ones, which need no network to be
named. `python -m benchmarks.neurons --part why` writes the table into the page.
"""

import numpy as np
from tqdm import tqdm

import lstmviz as lv
from lstmviz.music.notes import ARTICULATED
from lstmviz.reading.attribution import CHOICES
from lstmviz.reading.decision import Decision
from lstmviz.reading.deletion import alike, without

PAST, LONGEST, COUNT = 64, 256, 5
EACH = 13  # decisions of each piece
CONTROL = "others, equally recent"


def write(net, options, pieces, names):
    """Return the table of this part, for `benchmarks.neurons`."""
    return {"why": table(measure(net, [pieces[name] for name in names], EACH))}


def measure(net, pieces, each, seed=0):
    """Return the measures of so many decisions of each piece, as a list of dicts."""
    rng, rows = np.random.default_rng(seed), []
    decisions = [
        (piece, step, note)
        for piece in pieces
        for step, note in draw_decisions(piece, each, rng)
    ]
    for piece, step, note in tqdm(decisions, desc="removing notes", delay=2):
        full, fast = (
            lv.attribution(net, piece, step, note, PAST, fast=fast, tolerance=0.05)
            for fast in (False, True)
        )
        heard = [n for n in full.notes() if not n.below]
        if len(heard) >= 2 * COUNT:
            rows.append(remove(net, full, fast, heard))
    return rows


def draw_decisions(piece, each, rng):
    """Draw decisions in which a note was struck, with `PAST` steps before them."""
    struck = piece[PAST : min(len(piece), LONGEST), :, ARTICULATED]
    found = rng.permutation(np.argwhere(struck))[:each]
    found += PAST - 1, piece.low
    return sorted(found.tolist())


def remove(net, full, fast, heard):
    """Return how far the log-odds move without notes chosen in several ways."""
    by_fast = [n for n in fast.notes() if not n.below]
    order = np.argsort([-abs(n.value) for n in heard])
    named, rest = ([heard[k] for k in part] for part in (order[:COUNT], order[COUNT:]))
    chosen = {
        "integrated gradients": named,
        "gradient times input": largest(by_fast),
        "the most recent": sorted(heard, key=lambda n: (-n.start, n.pitch))[:COUNT],
        CONTROL: alike(named, rest),
    }
    place = full.note - full.piece.low
    decision = Decision(net, full.piece, full.step, place, PAST, CHOICES[full.choice])
    row = {
        "change": full.log_odds - full.baseline,
        "error": abs(full.error),
        "points": full.points,
        "predicted": -sum(n.value for n in named),
        "correlation": np.corrcoef(
            [n.value for n in heard], [n.value for n in by_fast]
        )[0, 1],
    }
    for name, notes in chosen.items():
        (z,) = decision.hearing(without(full, notes)).values([1.0])
        ago = np.mean([full.step + 1 - n.start for n in notes])
        row[name] = float(z) - full.log_odds, ago
    return row


def largest(notes):
    """Return the notes with the largest contributions."""
    return sorted(notes, key=lambda n: -abs(n.value))[:COUNT]


def table(rows):
    """Return the measures as a table in Markdown and some sentences."""
    names = [name for name, cell in rows[0].items() if isinstance(cell, tuple)]
    moved = {name: np.abs([row[name][0] for row in rows]) for name in names}
    control = moved[CONTROL]
    lines = [
        "| five notes removed, named by | change of the log-odds | times the control "
        "| larger than the control in | steps ago |\n"
        "|---|---|---|---|---|"
    ]
    for name in names:
        ago = np.mean([row[name][1] for row in rows])
        lines.append(
            f"| {name} | {moved[name].mean():.2f} "
            f"| {moved[name].mean() / control.mean():.1f} "
            f"| {np.mean(moved[name] > control):.0%} | {ago:.1f} |"
        )
    get = {
        key: np.array([row[key] for row in rows], float)
        for key in rows[0]
        if key not in names
    }
    signed = np.array([row["integrated gradients"][0] for row in rows])
    lines += [
        "",
        f"*{len(rows)} decisions in the validation pieces. Change: mean of its "
        f"absolute value. Without any of the notes, the log-odds change by "
        f"{np.abs(get['change']).mean():.1f} in the mean.*",
        "",
        f"- The contributions add up to the change in log-odds to within "
        f"{get['error'].mean():.3f} in the mean, {get['error'].max():.2f} at most, "
        f"with {get['points'].mean():.0f} points.",
        f"- Correlation of the contributions of notes with those of gradient times "
        f"input: median {np.median(get['correlation']):.2f}, in half of the decisions "
        f"between {np.quantile(get['correlation'], 0.25):.2f} and "
        f"{np.quantile(get['correlation'], 0.75):.2f}.",
        f"- Correlation of the change when the five are removed with the sum of their "
        f"contributions: {np.corrcoef(signed, get['predicted'])[0, 1]:.2f}.",
    ]
    return "\n".join(lines)
