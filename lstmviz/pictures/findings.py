"""Findings for a page: what neurons follow and cause, and why notes were played.

The numbers of `lstmviz.reading` as the page's scripts take them: a column of the list
of neurons for each measure, small curves beside the band in which they stay by chance,
and for each explained note the notes that spoke for and against it.
"""

import numpy as np

from lstmviz.music.notes import ARTICULATED, PLAYED, counted
from lstmviz.pictures.packing import pack
from lstmviz.progress import progress_bar
from lstmviz.reading.attribution import attribution
from lstmviz.reading.estimate import estimate_effects
from lstmviz.reading.tuning import tuning as measure_tuning

__all__ = ["explain_notes", "measure_here", "measured_on", "pack_findings"]

COLUMNS = {  # what a neuron can follow -> the measure that shows it, and what it is
    "beat": ("beat_moved", "η² of the position in the beat, with bar lines moved"),
    "onset": ("onset_moved", "d between struck and held notes, with bar lines moved"),
    "interval": (
        "interval_alone",
        "highest peak at an interval to a sounding note, in deviations of h",
    ),
    "bar": ("bar_moved", "η² of the position in the bar, with bar lines moved"),
    "note": ("note", "η² of the note's place on the keyboard"),
}
CURVES = {  # a curve of the tuning -> its name, what it is, and the first x
    "bar": ("bar", "mean h at each position of the bar", 0),
    "interval_alone": ("interval", "h at each interval to a sounding note", -12),
}
HERE = {"shifts": 50, "untrained": 1}  # controls where only the page's music is heard
NAMED = 24  # notes of an explanation; what the others add is summed up


# What neurons follow and cause ----------------------------------------------------


def measure_here(net, trace):
    """Return tuning and effects measured on the music of a trace alone."""
    piece = trace.piece
    return measure_tuning(net, [piece], **HERE), estimate_effects(net, [piece])


def pack_findings(tuning, effects, source):
    """Return what the list of neurons shows: texts of arrays, and the rest for JSON.

    Parameters
    ----------
    tuning : Tuning
    effects : EffectEstimate, optional
    source : str
        On which music it was measured, in words.

    Returns
    -------
    texts : dict of str -> str
        "NUMBER-curve-NAME" -> the curve (P, 3, H) of each layer as bytes: value, and
        the band in which it stays by chance. 128 is 0, and the distance of 127 from it
        is the number in `scales`.
    about : dict
    """
    layers = list(tuning.layers.values())
    columns = [column(layers, what) for what in COLUMNS]
    if effects is not None:
        values = [rounded(effects[name]) for name in tuning]
        about = "nats a time step lost if it is clamped to its mean (estimated)"
        effect = {"key": "effect", "name": "effect", "about": about, "digits": 4}
        columns.insert(0, effect | {"values": values})
    texts, curves = {}, []
    for key, (name, about, first) in CURVES.items():
        scales = []
        for number, layer in enumerate(layers):
            lines = np.stack([layer.curves[key], *layer.chance[key]], axis=1)
            lines = np.nan_to_num(lines)  # a position that no step has
            scale = np.maximum(np.abs(lines).max(axis=(0, 1)), 1e-9)
            levels = np.round(127 * lines / scale) + 128
            texts[f"{number}-curve-{name}"] = pack(levels.astype(np.uint8))
            scales.append(rounded(scale))
        points = len(layers[0].curves[key])
        curve = {"name": name, "about": about, "first": first, "points": points}
        curves.append(curve | {"scales": scales})
    return texts, {"source": source, "columns": columns, "curves": curves}


def column(layers, what):
    """Return the column of what a neuron can follow, for JSON."""
    measure, about = COLUMNS[what]
    found = {
        "key": what,
        "name": what,
        "about": about,
        "values": [rounded(layer.value[measure]) for layer in layers],
        "follows": [layer.follows(what).astype(int).tolist() for layer in layers],
    }
    if measure in layers[0].at:
        found["at"] = [layer.at[measure].tolist() for layer in layers]
    return found


def rounded(values):
    """Return numbers with four digits, as a list for JSON."""
    return [float(f"{value:.4g}") for value in values]


def measured_on(tuning):
    """Return in words on which music a tuning was measured."""
    music = f"{counted(tuning.pieces, 'piece')}, {counted(tuning.steps, 'time step')}"
    controls = f"{counted(tuning.shifts, 'shift')} of the music, "
    controls += counted(tuning.untrained, "untrained network")
    return f"Measured on {music}; controls: {controls}."


# Why notes were played ------------------------------------------------------------


def explain_notes(net, trace, start, stop, progress=False):
    """Return why the notes were played that the network decided at some steps.

    Of a note that sounds for several steps, the first of these decisions is explained.

    Parameters
    ----------
    net : Biaxial
    trace : Trace
        Of that network, from the beginning of the music.
    start, stop : int
        Steps of the trace: from `start` up to but not including `stop`.
    progress : bool

    Returns
    -------
    list of dict, for JSON
        step, note (its index), log_odds and baseline; notes, the largest contributions
        as [note, start, stop, below, value] in steps of the music; and rest, the sum of
        all smaller ones.
    """
    played = trace.chosen[start:stop, :, PLAYED] == 1
    new = played & (trace.chosen[start:stop, :, ARTICULATED] == 1)
    new[:1] |= played[:1]
    found = []
    decisions = np.argwhere(new).tolist()
    for step, note in progress_bar(decisions, "explaining", "note", progress):
        why = attribution(net, trace.piece, start + step, trace.low + note)
        top = why.top(NAMED)
        everything = sum(each.value for each in why.notes())
        found.append(
            {
                "step": start + step,
                "note": note,
                "log_odds": round(float(why.log_odds), 2),
                "baseline": round(float(why.baseline), 2),
                "notes": [
                    [
                        *(each.pitch - trace.low, each.start, each.stop),
                        *(int(each.below), round(each.value, 3)),
                    ]
                    for each in top
                ],
                "rest": round(everything - sum(each.value for each in top), 3),
            }
        )
    return found
