"""Statistics from sums are the statistics of the numbers themselves."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lstmviz.reading.statistics import (
    benjamini_hochberg,
    cohens_d,
    differences,
    eta_squared,
    in_deviations,
    p_values,
    regression,
    slopes,
)

seeds = st.integers(0, 2**32 - 1)


def grouped(x, group, P):
    """Return counts (P,) and sums (P, K) of x (n, K) by group (n,)."""
    one = np.eye(P)[group]
    return one.sum(axis=0), one.T @ x


@given(seeds, st.integers(1, 6), st.integers(8, 60))
def test_eta_squared_is_the_share_of_variance_between_groups(seed, P, n):
    rng = np.random.default_rng(seed)
    x, group = rng.normal(size=(n, 3)), rng.integers(0, P, n)
    count, total = grouped(x, group, P + 2)  # two groups are empty
    means = np.array([x[group == g].mean(axis=0) for g in group])
    expected = means.var(axis=0) / x.var(axis=0)
    np.testing.assert_allclose(
        eta_squared(count, total, (x**2).sum(axis=0)), expected, atol=1e-9
    )


@given(seeds, st.integers(1, 40), st.integers(1, 40))
def test_cohens_d_is_the_difference_in_pooled_deviations(seed, n, m):
    assume(n + m > 2)
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(n, 3)), rng.normal(1, 2, size=(m, 3))
    pooled = np.sqrt((n * a.var(axis=0) + m * b.var(axis=0)) / (n + m))
    x = np.concatenate([a, b])
    d = cohens_d(n, a.sum(axis=0), n + m, x.sum(axis=0), (x**2).sum(axis=0))
    np.testing.assert_allclose(d, (a.mean(axis=0) - b.mean(axis=0)) / pooled)


@given(seeds)
def test_regression_takes_apart_what_comes_together(seed):
    rng = np.random.default_rng(seed)
    y = rng.integers(0, 2, (200, 4)).astype(float)
    y[:, 1] = np.where(rng.random(200) < 0.8, y[:, 0], y[:, 1])  # a chord
    w = rng.normal(size=(4, 3))
    Y = np.column_stack([np.ones(200), y])
    x = 0.7 + y @ w
    np.testing.assert_allclose(regression(Y.T @ Y, Y.T @ x), w, atol=1e-8)


@given(seeds)
def test_differences_and_slopes_are_those_of_the_numbers(seed):
    rng = np.random.default_rng(seed)
    x, so = rng.normal(size=(50, 3)), rng.random((50, 4)) < 0.5
    so[0], so[1] = True, False
    n, total, square = 50, x.sum(axis=0), (x**2).sum(axis=0)
    found = differences(so.sum(axis=0), so.T.astype(float) @ x, n, total)
    expected = [x[s].mean(axis=0) - x[~s].mean(axis=0) for s in so.T]
    np.testing.assert_allclose(found, expected, atol=1e-12)
    np.testing.assert_allclose(
        in_deviations(found, n, total, square), expected / x.std(axis=0)
    )
    group = rng.integers(0, 5, 50)
    group[:2] = 0, 1
    place = np.array([0, 1, 2, 4, 8])
    expected = np.polyfit(place[group], x, 1)[0]
    np.testing.assert_allclose(slopes(*grouped(x, group, 5), place), expected)


def test_a_constant_neuron_follows_nothing():
    x, group = np.full((20, 1), 0.3), np.arange(20) % 4
    square = (x**2).sum(axis=0)
    assert eta_squared(*grouped(x, group, 4), square) == 0
    assert cohens_d(5, x[:5].sum(axis=0), 20, x.sum(axis=0), square) == 0
    assert (
        in_deviations(np.ones((2, 1)), 20, x.sum(axis=0), square).tolist() == [[0]] * 2
    )
    assert p_values(np.zeros(1), np.zeros((50, 1))) == 1


@pytest.mark.parametrize(("size", "follows"), [(3e-6, False), (1e-4, True)])
def test_what_varies_less_than_float32_can_tell_is_constant(size, follows):
    """Numbers of two groups, 0 and 1, that each group has alone."""
    group = np.arange(20) % 2
    x = 0.3 + size * group[:, None]
    total, square = x.sum(axis=0), (x**2).sum(axis=0)
    assert eta_squared(*grouped(x, group, 2), square) == pytest.approx(float(follows))
    d = cohens_d(10, x[group == 1].sum(axis=0), 20, total, square)
    assert (d > 0) == follows
    assert (in_deviations(np.ones(1), 20, total, square) > 0) == follows


def test_without_one_of_the_groups_there_is_no_difference():
    x = np.random.default_rng(0).normal(size=(20, 2))
    total, square = x.sum(axis=0), (x**2).sum(axis=0)
    for count, part in (0, 0 * total), (20, total):
        assert (cohens_d(count, part, 20, total, square) == 0).all()
        assert (differences([count], part[None], 20, total) == 0).all()


@given(seeds, st.integers(1, 50))
def test_benjamini_hochberg_finds_what_the_definition_finds(seed, n):
    """The largest i with p_(i) ≤ i rate / n: it and all smaller ones are found."""
    p, rate = np.random.default_rng(seed).random(n) ** 3, 0.1
    passing = np.flatnonzero(np.sort(p) <= rate * np.arange(1, n + 1) / n)
    limit = np.sort(p)[passing[-1]] if len(passing) else -1
    assert ((benjamini_hochberg(p) <= rate) == (p <= limit)).all()


@pytest.mark.parametrize("shape", ["normal", "chi-square"])
def test_p_values_of_noise_are_uniform(shape):
    rng = np.random.default_rng(0)
    noise = rng.normal(size=(201, 2000)) * rng.uniform(0.1, 10, 2000)
    if shape == "chi-square":
        noise = noise**2
    p = p_values(noise[0], noise[1:])
    for level in 0.001, 0.01, 0.05, 0.5:
        slack = 4 * np.sqrt(level * (1 - level) / 2000) + 0.1 * level
        assert abs((p <= level).mean() - level) < slack


def test_p_is_small_only_where_the_value_is_larger_than_chance():
    noise = np.random.default_rng(0).normal(size=(200, 10))
    p = p_values(np.array([10.0] + [-10.0] * 9), noise)
    assert p[0] == 1 / 2001
    assert (p[1:] == 1).all()
