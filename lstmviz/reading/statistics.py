"""Statistics of tuning, from sums that can be gathered passage by passage.

Every function takes counts and sums instead of the numbers themselves, so the numbers
need not be kept. K is the number of neurons. Leading axes, such as that of the shifts,
are carried along.

A neuron whose h does not vary has no tuning: its η², its d and its differences are 0.
Standard deviations below 1e-5 count as 1e-5, so that d stays finite.
"""

import numpy as np

__all__ = [
    "benjamini_hochberg",
    "cohens_d",
    "differences",
    "eta_squared",
    "in_deviations",
    "p_values",
    "regression",
    "slopes",
]

LEAST_VARIANCE = 1e-10  # below it, h is taken to be constant: float32 is no finer


def eta_squared(count, total, squares):
    """Return the fraction of the variance of x that lies between groups.

        η² = Σ_p n_p (mean_p - mean)² / Σ (x - mean)²

    It is 1 if the group determines x, and near 0 if it says nothing about x.

    Parameters
    ----------
    count : ndarray (..., P)
        How many numbers belong to each group; groups may be empty.
    total : ndarray (..., P, K)
        Sum of x in each group.
    squares : ndarray (K,)
        Sum of x² over all groups.

    Returns
    -------
    ndarray (..., K)
    """
    n, everything = count.sum(axis=-1)[..., None], total.sum(axis=-2)
    rest = everything**2 / np.maximum(n, 1)
    between = (total**2 / np.maximum(count, 1)[..., None]).sum(axis=-2) - rest
    return ratio(between, squares - rest, n)


def cohens_d(count, total, n, everything, squares):
    """Return how far the means of two groups differ, in pooled standard deviations.

        d = (mean_1 - mean_2) / σ      σ² = (n_1 variance_1 + n_2 variance_2) / n

    Parameters
    ----------
    count : ndarray (...)
        n_1, how many of the numbers belong to the first group.
    total : ndarray (..., K)
        Their sum.
    n : int
        How many numbers there are: n_1 + n_2.
    everything, squares : ndarray (K,)
        Sum of all of them, and of their squares.

    Returns
    -------
    ndarray (..., K)
    """
    a, b = np.asarray(count, float)[..., None], n - np.asarray(count, float)[..., None]
    first, second = total / np.maximum(a, 1), (everything - total) / np.maximum(b, 1)
    within = (squares - a * first**2 - b * second**2) / max(n, 1)
    varies = (
        (a > 0) & (b > 0) & (squares - everything**2 / max(n, 1) > LEAST_VARIANCE * n)
    )
    return np.where(varies, first - second, 0) / np.sqrt(
        np.maximum(within, LEAST_VARIANCE)
    )


def differences(count, total, n, everything):
    """Return mean x where something is so minus mean x where it is not.

    Parameters
    ----------
    count : ndarray (..., F)
        At how many of the n places each of F things is so.
    total : ndarray (..., F, K)
        Sum of x at these places.
    n : int
    everything : ndarray (K,)
        Sum of x over all places.

    Returns
    -------
    ndarray (..., F, K)
        0 where something is always so, or never.
    """
    a = np.asarray(count, float)[..., None]
    with_it = total / np.maximum(a, 1)
    without = (everything - total) / np.maximum(n - a, 1)
    return np.where((a > 0) & (a < n), with_it - without, 0.0)


def regression(gram, moments):
    """Return the weights with which F things together come closest to x.

    By least squares:

        x ≈ w_0 + Σ_k w_k y_k      w = (YᵀY)⁻¹ Yᵀx

    The weight of each thing describes its effect while the others stay as they are.
    Where the things do not determine the weights, the smallest weights are returned.

    Parameters
    ----------
    gram : ndarray (1 + F, 1 + F)
        YᵀY, where the first column of Y is 1.
    moments : ndarray (..., 1 + F, K)
        Yᵀx.

    Returns
    -------
    ndarray (..., F, K)
        w without w_0.
    """
    return np.linalg.pinv(gram, hermitian=True)[1:] @ moments


def slopes(count, total, place):
    """Return the slope of the line that comes closest to x by least squares.

    Parameters
    ----------
    count : ndarray (P,)
    total : ndarray (P, K)
        As in `eta_squared`.
    place : ndarray (P,)
        Where each group stands on the axis.

    Returns
    -------
    ndarray (K,)
        Change of x for every unit of `place`.
    """
    away = place - (count * place).sum() / max(count.sum(), 1)
    spread = (count * away**2).sum()
    return away @ total / spread if spread > 0 else np.zeros(total.shape[1])


def in_deviations(x, n, everything, squares):
    """Return x (..., K) divided by the standard deviation of each neuron's h.

    Parameters
    ----------
    x : ndarray (..., K)
    n : int
    everything, squares : ndarray (K,)
        Sum of h, and of h², over n places.
    """
    variance = np.maximum(squares - everything**2 / n, 0) / n
    varies = variance > LEAST_VARIANCE
    return np.where(varies, x / np.sqrt(np.where(varies, variance, 1)), 0.0)


def ratio(part, whole, n):
    """Return part / whole, sums of squares of n numbers; 0 where x is constant."""
    varies = whole > LEAST_VARIANCE * n
    return np.where(varies, np.maximum(part, 0) / np.where(varies, whole, 1), 0.0)


# Is it more than chance? --------------------------------------------------------


def p_values(value, shifted):
    """Return how often chance reaches a value: the p value of each neuron.

    The value of a neuron is compared with the values of all neurons at all shifts,
    each in standard deviations of its own neuron's shifts, so that p can be as small
    as 1 / (1 + R K).

    Parameters
    ----------
    value : ndarray (K,)
    shifted : ndarray (R, K)
        The same measure in R surrogates in which there is nothing to find.

    Returns
    -------
    ndarray (K,)
        From 0 to 1.
    """
    mean, deviation = shifted.mean(axis=0), shifted.std(axis=0)
    varies = deviation > 1e-12 * np.maximum(np.abs(mean), 1)
    scale = np.where(varies, deviation, 1)
    chance = np.sort(np.where(varies, (shifted - mean) / scale, 0).ravel())
    z = np.where(varies, (value - mean) / scale, 0)
    reached = chance.size - np.searchsorted(chance, z, side="left")
    return np.where(varies, (1 + reached) / (1 + chance.size), 1.0)


def benjamini_hochberg(p):
    """Return the smallest false-discovery rate at which each finding is one.

    Of the findings with q ≤ 0.05, at most 5 % are expected to be false (Benjamini &
    Hochberg 1995): q_(i) = min over j ≥ i of p_(j) n / j, for p in ascending order.

    Parameters
    ----------
    p : ndarray (n,)

    Returns
    -------
    ndarray (n,)

    Examples
    --------
    >>> benjamini_hochberg(np.array([0.01, 0.5, 0.02, 0.03])).round(3).tolist()
    [0.04, 0.5, 0.04, 0.04]
    """
    order = np.argsort(p)
    scaled = p[order] * len(p) / (1 + np.arange(len(p)))
    q = np.empty(len(p))
    q[order] = np.minimum.accumulate(scaled[::-1])[::-1].clip(max=1)
    return q
