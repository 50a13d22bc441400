"""What the file of a tuning must hold, see `lstmviz.arrays.load_arrays`."""

import re

from lstmviz.arrays import Expected, UnexpectedError
from lstmviz.reading.gathering import INTERVALS
from lstmviz.reading.measures import CURVES, MEASURES, QUARTERS

__all__ = ["OWN", "PEAKS", "tuning_schema"]

OWN = "low", "notes", "steps", "pieces", "shifts"  # numbers of the whole tuning
PEAKS = "interval", "interval_alone"  # measures whose interval is kept
LARGEST = 1e9  # no measure is larger: the least deviation of h is 1e-5
LAYER = re.compile(r"([A-Za-z0-9_]{1,40})\.slope")  # also written into pages


def tuning_schema(headers):
    """Return what the file of a tuning must hold.

    The layers, their sizes, the number of untrained networks, the positions in the
    bar and the notes are taken from the file; all layers must agree on them.
    """
    layers = [match[1] for name in headers if (match := LAYER.fullmatch(name))]
    if not layers:
        raise UnexpectedError("is not a tuning (no layer is in it)")
    lengths = {
        name: getattr(headers.get(f"{layers[0]}.{name}"), "shape", (0,))[:1]
        for name in ("curves.bar", "curves.note", "untrained.onset")
    }
    places, notes, untrained = lengths.values()
    points = {
        "bar": places,
        "beat": (QUARTERS,),
        "beat_moved": (QUARTERS,),
        "rhythm_moved": (QUARTERS,),
        "onset": (2,),
        "interval": INTERVALS.shape,
        "interval_alone": INTERVALS.shape,
        "note": notes,
    }
    expected = {name: Expected((), "int64", 0, 2**53) for name in OWN}
    expected["notes"] = Expected((), "int64", *notes, *notes)
    expected["names"] = Expected((len(layers),), "text")
    for layer in layers:
        H = headers[f"{layer}.slope"].shape[:1]
        number, share = numbers(H), Expected(H, "float64", 0, 1)
        expected[f"{layer}.slope"] = number
        for name in MEASURES:
            expected[f"{layer}.value.{name}"] = number
            expected[f"{layer}.shifted.{name}"] = number
            expected[f"{layer}.p.{name}"] = expected[f"{layer}.q.{name}"] = share
            several = numbers((*untrained, *H))._replace(empty=True)
            expected[f"{layer}.untrained.{name}"] = several
        for name in PEAKS:
            at = Expected(H, "int64", int(INTERVALS[0]), int(INTERVALS[-1]))
            expected[f"{layer}.at.{name}"] = at
        for name in CURVES:  # nan at a position that no step has
            line = numbers((*points[name], *H))._replace(nan=True)
            band = numbers((2, *points[name], *H))._replace(nan=True)
            expected[f"{layer}.curves.{name}"] = line
            expected[f"{layer}.chance.{name}"] = band
    return expected


def numbers(shape):
    """Return what an array of numbers of a tuning must be."""
    return Expected(shape, "float64", -LARGEST, LARGEST)
