"""How the time of a training step grows with each size, and falls with cores.

Where the time is proportional to a power of a size, its logarithm is a straight line
over the logarithm of the size, and the exponent is the slope of the line: 1 where twice
the size takes twice the time, 2 where it takes four times as long, -1 where twice as
many cores take half the time.
"""

from statistics import median

import numpy as np

from benchmarks.cases import LENGTH
from lstmviz.fast.threads import cores

__all__ = ["CONTESTANTS", "cases_of_growth", "core_counts", "exponent", "exponents"]

CONTESTANTS = "numpy", "numba", "torch"
VALUES = {
    "T": (32, 64, 128, 256),
    "N": (26, 39, 52, 78),
    "B": (2, 4, 8, 16),
    "H": (32, 64, 128, 256),
}


def cases_of_growth():
    """Yield (symbol, value, arguments of `cases.training_step`).

    The network has H, H / H/2, H/4 neurons. One size is changed at a time; the others
    are T = 128, N = 78, B = 2 and H = 128.
    """
    for symbol, values in VALUES.items():
        for value in values:
            size = {"T": LENGTH, "N": 78, "B": 2, "H": 128, symbol: value}
            H = size["H"]
            yield (
                symbol,
                value,
                {
                    "sizes": ((H, H), (H // 2, H // 4)),
                    "batch": size["B"],
                    "length": size["T"],
                    "notes": size["N"],
                },
            )


def core_counts():
    """Return 1, 2, 4, ... and the number of cores of this machine."""
    counts = {cores()}
    count = 1
    while count < cores():
        counts.add(count)
        count *= 2
    return sorted(counts)


def exponent(values, seconds):
    """Return the p of the power law seconds = constant · valueᵖ that fits best.

    >>> round(exponent([1, 2, 4], [0.3, 1.2, 4.8]), 3)
    2.0
    """
    slope, _ = np.polyfit(np.log(values), np.log(seconds), 1)
    return float(slope)


def exponents(rows):
    """Return the exponent of each contestant for each symbol.

    Parameters
    ----------
    rows : list of dict
        With the keys symbol, value, and times: contestant -> list of seconds.

    Returns
    -------
    dict of str -> dict of str -> float
        By symbol, then by contestant. There is none for a symbol with one value.
    """
    found = {}
    for symbol in dict.fromkeys(row["symbol"] for row in rows):
        own = [row for row in rows if row["symbol"] == symbol]
        values = [row["value"] for row in own]
        if len(set(values)) > 1:
            found[symbol] = {
                name: round(
                    exponent(values, [median(r["times"][name]) for r in own]), 2
                )
                for name in own[0]["times"]
            }
    return found
