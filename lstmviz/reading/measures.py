"""Measures: from gathered sums to one number for each neuron, and to its curves.

`MEASURES` lists them. Each is 0 for a neuron that is indifferent to the music, and the
further from 0, the closer the neuron follows it.
"""

import numpy as np

from lstmviz.reading.gathering import INTERVALS
from lstmviz.reading.statistics import (
    cohens_d,
    differences,
    eta_squared,
    in_deviations,
    regression,
    slopes,
)

__all__ = [
    "CURVES",
    "MEASURES",
    "best_interval",
    "compared",
    "curve",
    "slope",
    "values",
]

QUARTERS = 4  # a beat, a quarter note, has four sixteenths

MEASURES = {
    "bar": "η² of the position in the bar, beyond that of the beat",
    "bar_moved": "the same for the position that it was told, bar lines moved",
    "beat": "η² of the position in the beat",
    "beat_moved": "η² of the position in the beat that it was told, bar lines moved",
    "rhythm_moved": "η² of the music's own position in the beat, bar lines moved",
    "onset": "Cohen's d between struck and held notes",
    "onset_moved": "Cohen's d between struck and held notes, bar lines moved",
    "interval": "highest peak of the interval tuning curve, in deviations of h",
    "interval_alone": "the same with chords taken apart by regression",
    "note": "η² of the note's place on the keyboard",
}


CURVES = (
    *("bar", "beat", "beat_moved", "rhythm_moved"),
    *("onset", "interval", "interval_alone", "note"),
)


def values(written, moved, shifted=False):
    """Return the value of every measure for every neuron.

    Parameters
    ----------
    written, moved : dict of ndarray
        Sums that `gather` returns: of the music as it is written, and of music whose
        bar lines are moved.
    shifted : bool
        Of the surrogates instead of the music.

    Returns
    -------
    dict of str -> ndarray (K,), or (R, K) of the surrogates
        Keyed as `MEASURES`. An interval's value is that of its highest peak.
    """
    total = written["note.shifted" if shifted else "note.sum"]
    found = {
        "rhythm_moved": eta_of_bar_and_beat(moved, "real", shifted)[1],
        "onset": onset(written, shifted),
        "onset_moved": onset(moved, shifted),
        "interval": peaks(interval_curve(written, shifted)),
        "interval_alone": peaks(alone_curve(written, shifted)),
        "note": eta_squared(written["note.count"], total, written["note.square"]),
    }
    for key, sums in ("", written), ("_moved", moved):
        of_bar, of_beat = eta_of_bar_and_beat(sums, "bar", shifted)
        found |= {f"bar{key}": of_bar - of_beat, f"beat{key}": of_beat}
    return {name: found[name] for name in MEASURES}


def compared(written, moved):
    """Return the values (K,) that are compared with those of the surrogates.

    They are `values`, but those of intervals are taken at as few steps as those of
    the surrogates: fewer steps leave more to chance.
    """
    thin = {
        "interval": peaks(thin_interval_curves(written)[0]),
        "interval_alone": peaks(thin_alone_curves(written)[0]),
    }
    return values(written, moved) | thin


def curve(name, written, moved, shifted=False):
    """Return the tuning curves of all neurons, by one of the names in `CURVES`.

    Parameters
    ----------
    name : str
        "bar", "beat": mean h over the notes at each position, minus that of the
        piece; "beat_moved", "rhythm_moved": the same with bar lines moved; "onset":
        h at struck and at held notes; "interval", "interval_alone": in deviations of
        h; "note": h at each note.
    written, moved, shifted : as in `values`

    Returns
    -------
    ndarray (..., P, K)
        NaN at a position that no step has.
    """
    if name == "onset":
        return struck_and_held(written, shifted)
    if name == "interval":
        return interval_curve(written, shifted)
    if name == "interval_alone":
        return alone_curve(written, shifted)
    if name == "note":
        total = written["note.shifted" if shifted else "note.sum"]
        return means(written["note.count"], total)
    sums = moved if name.endswith("_moved") else written
    of = "real" if name == "rhythm_moved" else "bar"
    count, total, _ = places(sums, of, shifted)
    return means(*((count, total) if name == "bar" else in_beat(count, total)))


def slope(written):
    """Return how much h rises in an octave up the keyboard, in its deviations: (K,)."""
    octave = np.arange(len(written["note.count"])) / 12
    rise = slopes(written["note.count"], written["note.sum"], octave)
    return in_deviations(rise, *whole(written))


def eta_of_bar_and_beat(sums, name, shifted):
    """Return η² of the position in the bar, and of that in the beat."""
    count, total, square = places(sums, name, shifted)
    return (
        eta_squared(count, total, square),
        eta_squared(*in_beat(count, total), square),
    )


def places(sums, name, shifted):
    """Return counts (..., P), sums (..., P, K) and squares (K,) by position."""
    which = f"{name}.shifted" if shifted else name
    return sums[f"{which}.count"], sums[f"{which}.sum"], sums[f"{name}.square"]


def in_beat(count, total):
    """Return counts and sums by position in the beat, from those by position."""
    quarters = [np.arange(q, count.shape[-1], QUARTERS) for q in range(QUARTERS)]
    return (
        np.stack([count[..., q].sum(axis=-1) for q in quarters], axis=-1),
        np.stack([total[..., q, :].sum(axis=-2) for q in quarters], axis=-2),
    )


def means(count, total):
    """Return the means of groups; NaN where a group is empty."""
    count = np.where(count > 0, count, np.nan)[..., None]
    return total / count.astype(total.dtype)


def onset(sums, shifted):
    """Return Cohen's d between struck and held."""
    struck, n = sums["onset.count"]
    total = sums["onset.shifted" if shifted else "onset.struck"]
    return cohens_d(struck, total, n, sums["onset.sum"], sums["onset.square"])


def struck_and_held(sums, shifted):
    """Return mean h at struck and at held notes: (..., 2, K)."""
    struck, n = sums["onset.count"]
    total = sums["onset.shifted" if shifted else "onset.struck"]
    pair = np.stack([total, sums["onset.sum"] - total], axis=-2)
    return means(np.array([struck, n - struck]), pair)


def interval_curve(sums, shifted):
    """Return h where a note sounds at each interval minus h elsewhere: (..., 25, K)."""
    if shifted:
        return thin_interval_curves(sums)[1:]
    n, everything, square = whole(sums)
    count, total = sums["interval.gram"][0, 1:], sums["interval.moments"][1:]
    difference = differences(count, total, n, everything)
    return in_deviations(difference, n, everything, square)


def thin_interval_curves(sums):
    """Return interval curves at every seventh step: as it is, and R shifted ones."""
    of = sums["interval.thin.n"], sums["interval.thin.sum"]
    counts, totals = sums["interval.thin.counts"], sums["interval.thin.sums"]
    return in_deviations(differences(counts, totals, *of), *whole(sums))


def alone_curve(sums, shifted):
    """Return the effect of each interval alone, by regression: (..., 25, K)."""
    if shifted:
        return thin_alone_curves(sums)[1:]
    weights = regression(sums["interval.gram"], sums["interval.moments"])
    return in_deviations(weights, *whole(sums))


def thin_alone_curves(sums):
    """Return regression curves at every seventh step: as it is, and R shifted ones."""
    totals, scale = sums["interval.thin.sums"], whole(sums)[0] / sums["interval.thin.n"]
    one = np.broadcast_to(sums["interval.thin.sum"], (len(totals), 1, totals.shape[-1]))
    moments = scale * np.concatenate([one, totals], axis=1)
    return in_deviations(regression(sums["interval.gram"], moments), *whole(sums))


def whole(sums):
    """Return the number of steps and notes, and the sums of h and h² over them."""
    gram, moments = sums["interval.gram"], sums["interval.moments"]
    return gram[0, 0], moments[0], sums["interval.square"]


def peaks(curves):
    """Return the value of largest magnitude of each curve: (..., 25, K) -> (..., K)."""
    where = np.abs(curves).argmax(axis=-2)[..., None, :]
    return np.take_along_axis(curves, where, axis=-2)[..., 0, :]


def best_interval(curves):
    """Return the interval of the highest peak of each curve: (25, K) -> (K,)."""
    return INTERVALS[np.abs(curves).argmax(axis=0)]
