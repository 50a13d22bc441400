"""Statements about the estimate: what two backward passes say about every clamp."""

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.reading.estimate import Check, second_derivative, spread_passages
from lstmviz.reading.means import mean_h

LOW, NOTES = 60, 6


def small_net(seed=0):
    """Return a network in float64 for a few notes, with every weight random."""
    net = lv.Biaxial((4, 3), (3, 2), LOW, LOW + NOTES, seed, np.float64, "numpy")
    rng = np.random.default_rng(seed)
    for array in net.parameters.values():
        array += rng.normal(0, 0.3, array.shape)
    return net


def in_part(net, name, k, value, alpha):
    """Return a network whose neuron is clamped in part: h (1 - alpha) + value alpha."""
    whole = net.clamped({name: [k]}, value)
    part = net.clamped({}, 0)
    for key, array in net.parameters.items():
        part.parameters[key] = (1 - alpha) * array + alpha * whole.parameters[key]
    return part


def each_neuron(net):
    return [(name, k) for name, H in net.sizes.items() for k in range(H)]


def test_the_slope_is_the_derivative_of_the_loss_by_a_partial_clamp():
    net, pieces = small_net(), [random_music(seed, 9, NOTES) for seed in (1, 2)]
    found = lv.estimate_effects(net, pieces, length=8)
    for name, k in each_neuron(net):
        above, below = (
            lv.evaluate(in_part(net, name, k, found.means[name][k], alpha), pieces)
            for alpha in (1e-5, -1e-5)
        )
        measured = (above.total - below.total) / 2e-5
        assert found.slope[name][k] == pytest.approx(measured, rel=1e-5, abs=1e-8)


def test_the_slope_is_gradient_times_distance_from_the_mean():
    """Of the highest layer, whose gradient by h is that by the log-odds times W."""
    net, states = small_net(), random_music(1, 9, NOTES)
    net.parameters["note2.U"][:] = 0  # without recurrence, only the output reads h
    found = lv.estimate_effects(net, [states], length=8)
    activations = net.forward(states)
    _, dz = negative_log_likelihood(activations.z, states[1:])
    dh = dz @ net.parameters["out.W"].T
    away = found.means["note2"] - activations.note.layers["note2"].h.swapaxes(0, 1)
    np.testing.assert_allclose(found.slope["note2"], (dh * away).sum((0, 1)) / 8)


def test_the_curvature_is_that_of_the_decisions():
    """The mean over many random signs is Σ Λ (∂z/∂α)² / 2, by finite differences."""
    net, states = small_net(), random_music(3, 7, NOTES)
    found = [
        lv.estimate_effects(net, [states], length=6, seed=seed) for seed in range(150)
    ]
    z = net.forward(states).z
    for name, k in each_neuron(net):
        value = found[0].means[name][k]
        above, below = (
            in_part(net, name, k, value, alpha).forward(states).z
            for alpha in (1e-5, -1e-5)
        )
        slope = (above - below) / 2e-5
        expected = (second_derivative(z, states[1:]) * slope**2).sum() / 2 / 6
        values = np.array([one.curvature[name][k] for one in found])
        error = values.std() / np.sqrt(len(values))
        assert abs(values.mean() - expected) < 5 * error


def test_the_second_derivative_is_that_of_the_nats():
    rng = np.random.default_rng(0)
    z, chosen = rng.normal(size=(3, 4, 2)), random_music(0, 3, 4, density=0.5)
    above, below = (
        negative_log_likelihood(z + step, chosen)[1] for step in (1e-6, -1e-6)
    )
    measured = (above - below) / 2e-6
    np.testing.assert_allclose(second_derivative(z, chosen), measured, atol=1e-8)


def test_the_means_are_those_of_the_passages():
    net, pieces = small_net(), [random_music(seed, 30, NOTES) for seed in (1, 2)]
    found = lv.estimate_effects(net, pieces, passages=3, length=10)
    for name, mean in mean_h(net, found.passages).items():
        np.testing.assert_allclose(found.means[name], mean, atol=1e-12)


@pytest.mark.slow
def test_estimates_agree_with_true_clamping():
    """Of all neurons of a trained network, over music that it never heard."""
    net = lv.load("tiny")
    pieces = [lv.song(name)[:129] for name in ("musette", "minuet-in-g", "fuer-elise")]
    found = lv.estimate_effects(net, pieces, length=32)
    check = found.check(net, each=12)
    assert sum(map(len, check.neurons.values())) == 48
    assert check.correlation() > 0.8
    assert check.correlation(ranks=True) > 0.7
    first_term_alone = np.corrcoef(
        np.concatenate([found.slope[n][k] for n, k in check.neurons.items()]),
        np.concatenate(list(check.lost.values())),
    )[0, 1]
    assert first_term_alone < check.correlation()


def test_a_check_is_what_evaluating_says():
    net, pieces = small_net(), [random_music(1, 20, NOTES)]
    found = lv.estimate_effects(net, pieces, length=19)
    check = found.check(net, each=2, seed=3)
    (k, _), (lost, _) = check.neurons["note1"], check.lost["note1"]
    quiet = net.clamped({"note1": [k]}, found.means["note1"][k])
    before, after = (lv.evaluate(one, pieces).total for one in (net, quiet))
    assert lost == pytest.approx(after - before, abs=1e-9)
    assert check.estimated["note1"][0] == found["note1"][k]


def test_a_check_takes_each_neuron_once():
    net = small_net()
    found = lv.estimate_effects(net, [random_music(1, 10, NOTES)], length=9)
    for name, neurons in found.check(net, each=99).neurons.items():
        assert neurons.tolist() == list(range(net.sizes[name]))


def test_correlations_are_of_one_layer_or_of_all():
    numbers = {"time1": np.array([1.0, 2, 3]), "note1": np.array([9.0, 5, 1])}
    lost = {"time1": np.array([2.0, 4, 8]), "note1": np.array([1.0, 2, 3])}
    neurons = {name: np.arange(3) for name in numbers}
    check = Check(neurons, numbers, lost)
    assert check.correlation("time1", ranks=True) == pytest.approx(1)
    assert check.correlation("note1") == pytest.approx(-1)
    assert check.correlation() == pytest.approx(
        np.corrcoef([1, 2, 3, 9, 5, 1], [2, 4, 8, 1, 2, 3])[0, 1]
    )


def test_passages_are_spread_over_all_pieces():
    pieces = [
        lv.Piece(random_music(seed, T, NOTES), low=LOW)
        for seed, T in ((1, 101), (2, 33), (3, 9))
    ]
    every = spread_passages(pieces, 100, 16)
    assert [len(passage) - 1 for passage in every] == [16] * 6 + [16] * 2 + [8]
    assert every[3] == pieces[0][48:65]  # with the bars that it has in its piece
    few = spread_passages(pieces, 3, 16)
    assert few == [every[0], every[4], every[8]]


def test_the_end_of_a_piece_counts_if_it_is_half_a_passage():
    piece = lv.Piece(random_music(0, 16 + 8 + 1, NOTES), low=LOW)
    assert [len(p) - 1 for p in spread_passages([piece], 9, 16)] == [16, 8]
    assert [len(p) - 1 for p in spread_passages([piece[:-1]], 9, 16)] == [16]


def test_a_neuron_that_nothing_reads_has_no_effect():
    net = small_net()
    net.parameters["time2.U"][1] = net.parameters["note1.W"][1] = 0
    found = lv.estimate_effects(net, [random_music(1, 20, NOTES)])
    assert found["time2"][1] == 0
    assert (found["time2"][[0, 2]] != 0).all()


def test_both_backends_estimate_the_same():
    net = lv.load("tiny")
    pieces = [lv.song("musette")[:33]]
    fast = lv.estimate_effects(net, pieces, length=16)
    net.backend = "numpy"
    slow = lv.estimate_effects(net, pieces, length=16)
    for name in net.layer_names:
        np.testing.assert_allclose(fast[name], slow[name], rtol=0.02, atol=1e-4)


def test_the_table_names_every_neuron(tmp_path):
    net = small_net()
    found = lv.estimate_effects(net, [random_music(1, 20, NOTES)])
    heading, *rows = found.table()
    assert [tuple(row[:2]) for row in rows] == each_neuron(net)
    assert heading[2] == "nats"
    (best,) = found.strongest("time1")
    assert rows[best][2] == max(row[2] for row in rows[:4])
    found.write_csv(tmp_path / "all.csv")
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 1 + len(rows)


def test_what_cannot_be_estimated_is_refused_in_one_line():
    net, piece = small_net(), random_music(1, 20, NOTES)
    with pytest.raises(ValueError, match="a sequence of one or more pieces"):
        lv.estimate_effects(net, [])
    with pytest.raises(ValueError, match="passages must be a whole number from 1"):
        lv.estimate_effects(net, [piece], passages=0)
    found = lv.estimate_effects(net, [piece])
    with pytest.raises(ValueError, match="no layer 'time9'; there are time1"):
        found["time9"]
    with pytest.raises(
        ValueError, match="each must be a whole number from 2 up, not 1"
    ):
        found.check(net, each=1)
