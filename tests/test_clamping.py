"""Statements about clamping: a neuron outputs one value, the rest hears only that."""

import numpy as np
import pytest
from helpers import random_music
from hypothesis import given, settings
from hypothesis import strategies as st

import lstmviz as lv
from lstmviz.cells.lstm import sigmoid

LOW, NOTES = 60, 5
SIZES = {"time1": 4, "time2": 3, "note1": 3, "note2": 2}


def small_net(dtype=np.float64, seed=0):
    """Return a network for a few notes, with every weight random."""
    net = lv.Biaxial((4, 3), (3, 2), LOW, LOW + NOTES, seed, dtype, backend="numpy")
    rng = np.random.default_rng(seed)
    for array in net.parameters.values():
        array += rng.normal(0, 0.3, array.shape)
    return net


def overwritten(net, states, neurons, values):
    """Return the log-odds (S, N, 2) when hidden states are overwritten at every step.

    This is what hooks would do: the weights stay as they are, and each h is changed
    after it was computed, before anything reads it. The state before the first step
    is overwritten, too.
    """
    p = net.parameters

    def run(name, x):
        H = SIZES[name]
        h, c = np.zeros((2, x.shape[1], H))
        h[:, neurons.get(name, [])] = values.get(name, [])
        outputs = []
        for x_t in x:
            z = x_t @ p[f"{name}.W"] + h @ p[f"{name}.U"] + p[f"{name}.b"]
            i, f, g, o = (z[:, k * H : (k + 1) * H] for k in range(4))
            c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
            h = sigmoid(o) * np.tanh(c)
            h[:, neurons.get(name, [])] = values.get(name, [])
            outputs.append(h.copy())
        return np.array(outputs)

    y = run("time2", run("time1", lv.note_features(states[:-1]).astype(float)))
    below = np.zeros((len(states) - 1, NOTES, 2))
    below[:, 1:] = states[1:, :-1]
    x = np.concatenate([y, below], axis=-1).swapaxes(0, 1)
    h = run("note2", run("note1", x))
    return (h @ p["out.W"] + p["out.b"]).swapaxes(0, 1)


@st.composite
def groups(draw):
    """Draw neurons of some layers, and a value for each of them."""
    neurons, values = {}, {}
    for name, H in SIZES.items():
        chosen = draw(st.lists(st.integers(0, H - 1), unique=True))
        if chosen:
            neurons[name] = chosen
            count = len(chosen)
            one = st.floats(-1, 1)
            values[name] = draw(st.lists(one, min_size=count, max_size=count))
    return neurons, values


@settings(deadline=None)
@given(groups(), st.integers(0, 5))
def test_clamping_is_overwriting_the_hidden_state(group, seed):
    neurons, values = group
    net, states = small_net(seed=seed), random_music(seed, T=7, N=NOTES)
    z = net.clamped(neurons, values).forward(states).z
    np.testing.assert_allclose(
        z, overwritten(net, states, neurons, values), rtol=0, atol=1e-12
    )


@pytest.mark.parametrize("name", SIZES)
def test_a_whole_layer_can_be_clamped(name):
    net, states = small_net(), random_music(1, T=6, N=NOTES)
    neurons = {name: range(SIZES[name])}
    values = {name: np.linspace(-0.5, 0.5, SIZES[name])}
    z = net.clamped(neurons, values).forward(states).z
    np.testing.assert_allclose(
        z, overwritten(net, states, neurons, values), rtol=0, atol=1e-12
    )


def test_a_clamped_network_hears_passage_by_passage_what_it_hears_at_once():
    net = small_net().clamped({"time1": [0], "time2": [1]}, 0.4)
    piece = lv.Piece(random_music(2, T=9, N=NOTES), low=LOW)
    whole = net.forward(piece)
    begun = net.forward(piece[:5])
    rest = net.forward(piece[4:], before=begun.time)
    np.testing.assert_allclose(
        np.concatenate([begun.z, rest.z]), whole.z, rtol=0, atol=1e-12
    )


def test_both_backends_agree_on_a_clamped_network():
    net = small_net(np.float32).clamped({"time1": [1, 2], "note2": [0]}, 0.3)
    states = random_music(3, T=8, N=NOTES)
    slow = net.probabilities(states)
    net.backend = "numba"
    np.testing.assert_allclose(net.probabilities(states), slow, rtol=0, atol=1e-5)


def test_one_value_serves_all_neurons():
    net = small_net()
    neurons = {"time1": [3, 0], "note1": [2]}
    same = {"time1": [0.2, 0.2], "note1": [0.2]}
    one, each = (net.clamped(neurons, v).parameters for v in (0.2, same))
    assert all((one[name] == each[name]).all() for name in one)


def test_values_belong_to_the_neurons_in_the_order_named():
    net = small_net()
    one = net.clamped({"time1": [3, 0]}, {"time1": [0.1, -0.4]}).parameters
    other = net.clamped({"time1": [0, 3]}, {"time1": [-0.4, 0.1]}).parameters
    for name in one:
        np.testing.assert_allclose(one[name], other[name], rtol=0, atol=1e-15)


def test_neurons_clamped_one_after_the_other_are_clamped_together():
    net, states = small_net(), random_music(4, T=6, N=NOTES)
    together = net.clamped(
        {"time1": [1], "note1": [0]}, {"time1": [0.3], "note1": [-1]}
    )
    in_turn = net.clamped({"note1": [0]}, -1).clamped({"time1": [1]}, 0.3)
    np.testing.assert_allclose(
        in_turn.forward(states).z, together.forward(states).z, rtol=0, atol=1e-12
    )


def test_the_first_clamp_of_a_neuron_stays():
    net = small_net().clamped({"time2": [1]}, 0.3)
    again = net.clamped({"time2": [1]}, -0.9)
    for name, array in net.parameters.items():
        np.testing.assert_array_equal(again.parameters[name], array)


def test_the_original_stays_as_it_was_and_shares_no_weights():
    net = small_net()
    before = {name: array.copy() for name, array in net.parameters.items()}
    quiet = net.clamped({"time1": [0]}, 0.5)
    for array in quiet.parameters.values():
        array[:] = 7
    quiet.backend = "numba"
    assert net.backend == "numpy"
    for name, array in before.items():
        np.testing.assert_array_equal(net.parameters[name], array)


def test_nothing_clamped_is_the_same_network():
    net = small_net()
    for name, array in net.clamped({}, 0).parameters.items():
        np.testing.assert_array_equal(array, net.parameters[name])


def test_saved_and_loaded_it_stays_clamped(tmp_path):
    net = small_net().clamped({"time1": [2], "note2": [1]}, 0.7)
    net.save(tmp_path / "quiet.npz")
    again, states = lv.load(tmp_path / "quiet.npz"), random_music(5, T=6, N=NOTES)
    np.testing.assert_allclose(
        again.probabilities(states), net.probabilities(states), rtol=0, atol=1e-12
    )


def test_a_clamped_network_composes_and_is_traced():
    net = small_net(np.float32)
    quiet = net.clamped({"time1": [0, 1, 2, 3]}, 0)
    piece, trace = lv.compose(quiet, steps=12, seed=1, record=True)
    assert trace.names == list(SIZES)
    heard = lv.trace(quiet, piece)
    np.testing.assert_allclose(trace.probability, heard.probability, atol=1e-5)
    assert (lv.trace(net, piece).probability != heard.probability).any()


@pytest.mark.parametrize("backend", ["numpy", "numba"])
def test_a_clamped_network_keeps_notes_dtype_and_backend(backend):
    net = small_net(np.float32)
    net.backend = backend
    quiet = net.clamped({"time1": [0]}, 0.1)
    kept = quiet.low, quiet.high, quiet.dtype, quiet.sizes, quiet.backend
    assert kept == (LOW, LOW + NOTES, np.dtype(np.float32), SIZES, backend)


@pytest.mark.parametrize(
    ("neurons", "values", "said"),
    [
        ({"time3": [0]}, 0, "no layer 'time3'; there are time1, time2, note1, note2"),
        ({"time1": [4]}, 0, "time1 has the neurons 0 to 3, not 4"),
        ({"time1": [-1]}, 0, "time1 has the neurons 0 to 3, not -1"),
        ({"time1": [2, 1, 2]}, 0, "neuron 2 of time1 is named twice"),
        ({"time1": [0.5]}, 0, "whole numbers"),
        ({"time1": 2}, 0, "whole numbers, not 2"),
        ([17, 3], 0, "a dict from layer to numbers"),
        ({"time1": [1, 2]}, {"time1": [0.1]}, "2 neurons need as many values"),
        ({"time1": [1]}, {"time1": 0.1}, "1 neurons? needs? as many values"),
        ({"time1": [1]}, {"time2": [0.1]}, "values are for time2, but .* of time1"),
        ({"time1": [1]}, {}, "for no layer"),
        ({"time1": [1]}, np.nan, "not all finite"),
        ({"time1": [1]}, {"time1": [np.inf]}, "values of time1 are not all finite"),
        ({"time1": [1]}, {"time1": ["loud"]}, "values of time1 are no numbers"),
        ({"time1": [1]}, "loud", "no numbers"),
        ({"time1": [1]}, None, "not all finite"),
    ],
)
def test_what_cannot_be_clamped_is_refused_in_one_line(neurons, values, said):
    with pytest.raises(ValueError, match=said) as error:
        small_net().clamped(neurons, values)
    assert "\n" not in str(error.value)
