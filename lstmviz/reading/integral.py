"""An integral that is refined until its parts add up to what they are to explain."""

import numpy as np

__all__ = ["integrate"]

PANELS, MOST = 8, 129  # panels at first, points at most


def integrate(function, tolerance):
    """Integrate the parts of a derivative from 0 to 1 until they explain the change.

    Simpson's rule on 8 panels; then panels are halved, the worst two at a time. How
    wrong a panel is needs no estimate: the parts must add up to the change in value
    between its ends.

    Parameters
    ----------
    function : callable
        Takes a list of P numbers; returns the values there (P,), and arrays (P, ...)
        whose elements, over all arrays, add up to the derivatives there.
    tolerance : float
        The largest sum of the errors of all panels, as a share of the change from 0 to
        1, or of 1 where the change is smaller.

    Returns
    -------
    ends : (float, float)
        The values at 0 and 1.
    integrals : list of ndarray
    points : int
        At how many points the function was taken.

    Examples
    --------
    >>> def square(x):  # two parts of the derivative of x²: x and x
    ...     x = np.array(x)
    ...     return x**2, x[:, None], x[:, None]
    >>> ends, (half, other), points = integrate(square, tolerance=0.01)
    >>> float(ends[1]), half.round(3), points
    (1.0, array([0.5]), 17)
    """
    value, parts, slope = {}, {}, {}

    def visit(points):
        values, *arrays = function(points)
        for k, point in enumerate(points):
            value[point] = float(values[k])
            parts[point] = [array[k] for array in arrays]
            slope[point] = sum(part.sum(dtype=float) for part in parts[point])

    def error(panel):
        left, middle, right = panel
        together = (slope[left] + 4 * slope[middle] + slope[right]) / 6
        return abs(together * (right - left) - (value[right] - value[left]))

    visit((np.arange(2 * PANELS + 1) / (2 * PANELS)).tolist())
    grid = sorted(value)
    panels = list(zip(grid[:-2:2], grid[1::2], grid[2::2], strict=True))
    allowed = tolerance * max(abs(value[1.0] - value[0.0]), 1)
    while sum(map(error, panels)) > allowed and len(value) < MOST:
        panels.sort(key=error)
        halves = [
            (a, (a + b) / 2, b)
            for left, middle, right in (panels.pop(), panels.pop())
            for a, b in ((left, middle), (middle, right))
        ]
        visit([middle for _, middle, _ in halves])
        panels += halves

    weight = dict.fromkeys(value, 0.0)
    for panel in panels:
        for point, share in zip(panel, (1 / 6, 4 / 6, 1 / 6), strict=True):
            weight[point] += share * (panel[2] - panel[0])
    integrals = [
        sum(weight[point] * arrays[k] for point, arrays in parts.items())
        for k in range(len(parts[0.0]))
    ]
    return (value[0.0], value[1.0]), integrals, len(value)
