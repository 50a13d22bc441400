"""The gallery: the pictures of many neurons on one sheet."""

import numpy as np
import pytest
from helpers import places, tiny_trace

import lstmviz as lv
from lstmviz.pictures.gallery import liveliest_of_each
from lstmviz.pictures.picture import enlarged

SIZES = (("time1", 8), ("time2", 6), ("note1", 5), ("note2", 3))


@pytest.fixture
def trace():
    return tiny_trace(S=20, N=13, sizes=SIZES)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_it_contains_the_picture_of_every_neuron_once(trace, theme):
    image = lv.gallery(trace, {"time1": range(8), "note2": [1]}, zoom=1, theme=theme)
    found = [places(lv.neuron(trace, "time1", k), image) for k in range(8)]
    assert all(len(place) == 1 for place in found)
    rows = [place[0][0] for place in found]
    assert len(set(rows[:5])) == 1  # five pictures in a row, then the rest
    assert len(set(rows[5:])) == 1
    assert rows[5] > rows[0]
    (below,) = places(lv.neuron(trace, "note2", 1), image)
    assert below[0] > rows[5]
    assert len(places(lv.neuron(trace, "note2", 0), image)) == 0


def test_it_shows_as_many_neurons_of_each_layer_as_the_2015_post(trace):
    neurons = liveliest_of_each(trace)
    assert [len(indices) for indices in neurons.values()] == [4, 4, 5, 3]  # all of 3
    np.testing.assert_array_equal(lv.gallery(trace), lv.gallery(trace, neurons))


def test_the_neurons_of_largest_variance_come_first(trace):
    layer = trace["time1"]
    order = lv.liveliest(layer, 8)
    assert sorted(order) == list(range(8))
    variances = layer.h.var(axis=(0, 1))[order]
    assert (np.diff(variances) <= 0).all()
    assert lv.liveliest(layer, 2) == order[:2]


def test_one_neuron_over_several_pieces_in_the_same_scale(trace):
    other = tiny_trace(S=12, N=13, sizes=SIZES, seed=1)
    pieces = {"one": trace, "other": other}
    image = lv.gallery(pieces, {"time2": [3]}, notes=True)
    for piece in pieces.values():
        raw = lv.neuron(piece, "time2", 3, notes=True)
        assert len(places(enlarged(raw, 2), image)) == 1


def test_it_can_show_one_gate_of_each_neuron(trace):
    image = lv.gallery(trace, {"time2": [3]}, only="f")
    raw = lv.neuron(trace, "time2", 3, only="f")
    assert len(places(enlarged(raw, 2), image)) == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"neurons": {"time1": [8]}}, "number from 0 to 7"),
        ({"neurons": {"time3": [0]}}, "no layer 'time3'"),
        ({"neurons": {}}, "at least one neuron"),
        ({"traces": {}}, "at least one trace"),
        ({"columns": 0}, "columns must be"),
        ({"theme": "red"}, "theme must be"),
    ],
)
def test_wrong_arguments_are_refused(trace, arguments, message):
    with pytest.raises(ValueError, match=message):
        lv.gallery(**{"traces": trace} | arguments)
