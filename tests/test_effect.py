"""Statements about effects: what a clamped group costs, and what random groups cost."""

import csv

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.reading.effect import named_groups, random_group, silenced
from lstmviz.reading.effects import GroupEffect, interval_over_pieces
from lstmviz.reading.means import mean_h

LOW, NOTES = 60, 8


def small_net(seed=0, dtype=np.float32):
    """Return a network for a few notes, with every weight random and large."""
    net = lv.Biaxial((12,), (6,), LOW, LOW + NOTES, seed, dtype, backend="numpy")
    rng = np.random.default_rng(seed)
    for array in net.parameters.values():
        array += rng.normal(0, 0.5, array.shape).astype(dtype)
    return net


def planted(used):
    """Return a network in which only some neurons of time1 are read, and its music."""
    net = small_net()
    net.backend = "numba"
    unused = np.setdiff1d(np.arange(12), used)
    for name in "time1.U", "note1.W":
        net.parameters[name][unused] *= 0.01
        net.parameters[name][used] *= 3
    pieces = [lv.compose(net, steps=99, seed=seed, adaptive=False) for seed in range(8)]
    return net, pieces


def test_the_mean_is_that_of_the_traces():
    net = small_net()
    pieces = [random_music(seed, T, NOTES) for seed, T in ((1, 9), (2, 150))]
    h = [lv.trace(net, piece) for piece in pieces]
    for name, mean in mean_h(net, pieces).items():
        every = np.concatenate([trace[name].h for trace in h])
        np.testing.assert_allclose(mean, every.mean(axis=(0, 1)), atol=1e-6)


def test_what_is_lost_is_the_difference_of_two_evaluations():
    net = small_net()
    pieces = [random_music(seed, 20, NOTES) for seed in (1, 2, 3)]
    groups = {"a": {"time1": [0, 5]}, "b": {"time1": [1], "note1": [2, 3]}}
    found = lv.effect(net, pieces, groups)
    before, means = lv.evaluate(net, pieces), mean_h(net, pieces)
    assert found.baseline == pytest.approx(before)
    for name, neurons in groups.items():
        values = {layer: means[layer][list(k)] for layer, k in neurons.items()}
        after = lv.evaluate(net.clamped(neurons, values), pieces)
        np.testing.assert_allclose(
            found[name].lost, np.subtract(after, before), atol=1e-9
        )


def test_a_group_that_is_used_costs_more_than_any_random_one():
    net, pieces = planted(used=[2, 7, 9])
    found = lv.effect(
        net, pieces, {"used": {"time1": [2, 7, 9]}, "unused": {"time1": [0, 1, 3]}}
    )
    used, unused = found["used"], found["unused"]
    assert used.p == pytest.approx(1 / 21)
    assert used.beyond_interval[0, 0] > 0
    assert unused.p > 0.5
    assert abs(unused.lost.total) < 0.02 * used.lost.total


def test_a_neuron_that_nothing_reads_costs_nothing():
    net = small_net()
    for name in "time1.U", "note1.W":
        net.parameters[name][4] = 0
    found = lv.effect(net, [random_music(0, 30, NOTES)], {"time1": [4]})
    assert found["time1:4"].lost == (0, 0, 0)


def test_total_is_play_and_articulate():
    net, pieces = planted(used=[2])
    group = lv.effect(net, pieces, {"time1": [2]})["time1:2"]
    assert group.lost.total == pytest.approx(group.lost.play + group.lost.articulate)
    np.testing.assert_allclose(group.random[:, 0], group.random[:, 1:].sum(axis=1))


def test_long_pieces_count_more():
    """Nats are averaged over steps, not over pieces."""
    nats = np.array([[3.0, 0], [1.0, 0]])
    group = GroupEffect({"time1": [0]}, nats, np.zeros((20, 2, 2)), [1, 9])
    assert group.lost.play == pytest.approx(4 / 10)


def test_intervals_are_as_wide_as_pieces_differ():
    steps = np.array([10, 20, 30, 40])
    alike = steps[:, None] * np.array([[0.5, 0.1]])
    low, high = interval_over_pieces(alike, steps)
    np.testing.assert_allclose([low, high], [[0.6, 0.5, 0.1]] * 2)
    rng = np.random.default_rng(0)
    narrow, wide = (
        np.diff(interval_over_pieces(alike + rng.normal(0, s, (4, 2)), steps), axis=0)
        for s in (0.1, 3)
    )
    assert (narrow < wide).all()


def test_with_two_pieces_the_interval_reaches_from_one_to_the_other():
    low, high = interval_over_pieces(np.array([[1.0, 0], [4.0, 2]]), np.array([1, 1]))
    np.testing.assert_allclose([low, high], [[1, 1, 0], [6, 4, 2]])


def test_an_interval_holds_the_truth_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    steps = np.full(40, 10)
    held = 0
    for _ in range(200):
        nats = rng.normal(10 * 0.3, 4, (40, 2))  # 0.3 nats per step
        low, high = interval_over_pieces(nats, steps)
        held += low[1] <= 0.3 <= high[1]
    assert 0.88 <= held / 200 <= 0.99


def test_the_excess_is_paired_over_pieces():
    """Where the group costs 0.2 more than random ones in every piece, it is sure."""
    steps = np.full(5, 10)
    level = np.arange(5.0)[:, None] * np.ones(2)  # pieces differ very much
    group = GroupEffect({"time1": [0]}, level + 2, np.array([level] * 20), steps)
    assert np.ptp(group.interval[:, 1]) > 0.1
    np.testing.assert_allclose(group.beyond_interval[:, 1], 0.2)


def test_p_counts_the_random_groups_that_lose_as_much():
    random = np.zeros((24, 1, 2))
    random[:3, 0, 0] = 5, 6, 4.9
    group = GroupEffect({"time1": [0]}, np.array([[5.0, 0]]), random, [10])
    assert group.p == pytest.approx((1 + 2) / 25)


def test_without_a_second_piece_there_is_no_interval():
    group = lv.effect(small_net(), [random_music(0, 20, NOTES)], {"time1": [3]})
    assert np.isnan(group["time1:3"].interval).all()
    assert np.isfinite(group["time1:3"].lost).all()


def test_random_groups_have_as_many_neurons_of_each_layer():
    rng = np.random.default_rng(0)
    group = {"time1": [1, 2, 3], "note1": [0]}
    seen = set()
    for _ in range(200):
        drawn = random_group(group, {"time1": 5, "note1": 6}, rng)
        assert {name: len(set(k)) for name, k in drawn.items()} == {
            "time1": 3,
            "note1": 1,
        }
        seen |= {("time1", k) for k in drawn["time1"]}
        seen |= {("note1", k) for k in drawn["note1"]}
    assert len(seen) == 11  # every neuron of both layers


def test_groups_of_the_same_size_stand_beside_the_same_random_groups():
    net, pieces = small_net(), [random_music(0, 20, NOTES)]
    groups = {"a": {"time1": [0, 1]}, "b": {"time1": [2, 3]}, "c": {"time1": [2]}}
    found = lv.effect(net, pieces, groups)
    np.testing.assert_array_equal(found["a"].random, found["b"].random)
    assert (found["a"].random != found["c"].random).any()


def test_the_seed_decides_the_random_groups():
    net, pieces = small_net(), [random_music(0, 20, NOTES)]
    one, same, other = (
        lv.effect(net, pieces, {"note1": [0, 1]}, seed=seed)["note1:0,1"].random
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(one, same)
    assert (one != other).any()


def test_both_backends_find_the_same():
    net, pieces = planted(used=[2, 7])
    pieces = pieces[:2]
    fast = lv.effect(net, pieces, {"time1": [2, 7]})["time1:2,7"]
    net.backend = "numpy"
    slow = lv.effect(net, pieces, {"time1": [2, 7]})["time1:2,7"]
    np.testing.assert_allclose(fast.lost, slow.lost, atol=1e-3)
    np.testing.assert_allclose(fast.random, slow.random, atol=1e-3)


def test_silenced_neurons_say_their_mean():
    net = small_net(dtype=np.float64)
    pieces = [random_music(1, 12, NOTES)]
    means = mean_h(net, pieces)
    quiet = silenced(net, {"note1": [3]}, means)
    moved = quiet.parameters["out.b"] - net.parameters["out.b"]
    expected = means["note1"][3] * net.parameters["out.W"][3]
    np.testing.assert_allclose(moved, expected, atol=1e-12)


def test_the_table_has_a_row_for_each_group(tmp_path):
    net, pieces = planted(used=[2])
    found = lv.effect(net, pieces, {"one": {"time1": [2]}, "two": {"note1": [0, 1]}})
    found.write_csv(tmp_path / "effects.csv")
    with open(tmp_path / "effects.csv") as file:
        rows = list(csv.DictReader(file))
    assert [row["group"] for row in rows] == ["one", "two"]
    assert [row["neurons"] for row in rows] == ["1", "2"]
    for row, group in zip(rows, found.groups.values(), strict=True):
        assert float(row["total"]) == pytest.approx(group.lost.total, rel=1e-3)
        assert float(row["total_low"]) <= float(row["total"])
        assert float(row["random_highest"]) >= float(row["random_lowest"])
        assert float(row["p"]) == pytest.approx(group.p, rel=1e-3)


def test_a_result_shows_itself_in_one_line():
    net, pieces = planted(used=[2])
    found = lv.effect(net, pieces, {"time1": [2]})
    assert repr(found) == (
        "<Effect: 1 group beside 20 random ones, 792 steps of 8 pieces>"
    )
    assert repr(found["time1:2"]).startswith("<GroupEffect: 1 neuron, +")
    assert "\n" not in repr(found["time1:2"])


def test_groups_may_come_with_or_without_names():
    sizes = {"time1": 40, "note1": 6}
    assert named_groups({"time1": [3, 1]}, sizes) == {"time1:3,1": {"time1": [3, 1]}}
    many = named_groups({"time1": range(9), "note1": [2]}, sizes)
    assert list(many) == ["time1:0,1,2,3... note1:2"]
    assert list(named_groups({"beat": {"time1": [3]}}, sizes)) == ["beat"]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({}, "at least one neuron"),
        ({"time1": []}, "at least one neuron"),
        ({"beat": {"time1": []}}, "at least one neuron"),
        ({"beat": {"time9": [1]}}, "no layer 'time9'"),
        ({"time1": [99]}, "time1 has the neurons 0 to 11, not 99"),
        ([1, 2], "a group is a dict such as"),
        ({"beat": {"time1": [1]}, "time1": [2]}, "a dict from layer to numbers"),
    ],
)
def test_groups_that_are_none_are_refused_in_one_line(groups, said):
    with pytest.raises(ValueError, match=said) as error:
        lv.effect(small_net(), [random_music(0, 9, NOTES)], groups)
    assert "\n" not in str(error.value)


def test_too_few_random_groups_or_pieces_are_refused():
    net, group = small_net(), {"time1": [1]}
    with pytest.raises(ValueError, match="a whole number from 20 to 10000, not 19"):
        lv.effect(net, [random_music(0, 9, NOTES)], group, controls=19)
    for pieces in [], lv.Piece(random_music(0, 9, NOTES), low=LOW):
        with pytest.raises(ValueError, match="a sequence of one or more pieces"):
            lv.effect(net, pieces, group)
    found = lv.effect(net, [random_music(0, 9, NOTES)], group)
    with pytest.raises(ValueError, match="no group 'beat'; there are time1:1"):
        found["beat"]
