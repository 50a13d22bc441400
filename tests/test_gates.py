"""Pictures of single gates, their colours, and how often they are saturated."""

import numpy as np
import pytest
from helpers import places, tiny_trace

import lstmviz as lv
from lstmviz.cells.lstm import Layer
from lstmviz.pictures.colours import diverging, part_colours, sequential
from lstmviz.pictures.picture import enlarged


def lightness(colours):
    """Return CIE L* of bytes (..., 3), from 0 to 100."""
    rgb = colours / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return 116 * np.cbrt(linear @ [0.2126, 0.7152, 0.0722]) - 16


def test_the_scale_of_gates_grows_lighter_in_equal_steps():
    steps = np.diff(lightness(sequential(np.linspace(0, 1, 11))))
    assert (steps > 0).all()
    np.testing.assert_allclose(steps, steps.mean(), rtol=0.15)


def test_the_scale_around_zero_is_white_and_grows_darker_both_ways():
    middle = diverging(np.zeros(1))[0]
    assert (middle == middle[0]).all()
    light = lightness(diverging(np.linspace(-1, 1, 21)))
    assert (np.diff(light[:11]) > 0).all()
    assert (np.diff(light[10:]) < 0).all()
    np.testing.assert_allclose(light, light[::-1], atol=8)


def test_both_ends_differ_for_readers_who_cannot_tell_red_from_green():
    """They see blue, and a mixture of red and green (Viénot, Brettel & Mollon 1999)."""
    for low, high in sequential(np.array([0.0, 1])), diverging(np.array([-1.0, 1])):
        seen = [[0.29 * r + 0.71 * g, b] for r, g, b in (low, high)]
        assert np.abs(np.subtract(*seen)).max() > 70


def test_a_cell_state_is_shown_as_its_tanh():
    c = np.array([-30.0, -1, 0, 1, 30])
    np.testing.assert_array_equal(part_colours("c", c), diverging(np.tanh(c)))


@pytest.mark.parametrize("part", Layer._fields)
def test_a_picture_of_one_gate_or_state_has_the_rows_and_columns_of_a_neuron(part):
    trace = tiny_trace()
    image = lv.neuron(trace, "time1", 2, only=part)
    values = getattr(trace["time1"], part)
    for s, n in np.ndindex(3, 2):
        expected = part_colours(part, values[s, n, 2:3])[0]
        assert image[1 - n, s].tolist() == expected.tolist()


def test_a_snapshot_of_one_gate_has_the_same_score_and_decisions():
    trace = tiny_trace()
    image, whole = lv.snapshot(trace, 1, past=4, only="f"), lv.snapshot(trace, 1, 4)
    np.testing.assert_array_equal(image[:2], whole[:2])  # the score
    np.testing.assert_array_equal(image[:, -14:], whole[:, -14:])  # decisions
    expected = part_colours("f", trace["time1"].f[1])[::-1]
    np.testing.assert_array_equal(image[7:9, -17:-14], expected)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_gates_and_states_of_a_neuron_are_on_its_sheet(theme):
    trace = tiny_trace(S=20, N=13)
    image = lv.gates(trace, "time1", 1, palette="colour-blind", theme=theme)
    whole = lv.neuron(trace, "time1", 1, palette="colour-blind")
    parts = [lv.neuron(trace, "time1", 1, only=part) for part in Layer._fields]
    found = [places(enlarged(raw, 2), image) for raw in (whole, *parts)]
    assert all(len(place) == 1 for place in found)
    place = dict(zip(("whole", *Layer._fields), (p[0] for p in found), strict=True))
    for left, right in "ig", "fc", "oh":  # each gate beside what it multiplies
        assert place[left][0] == place[right][0]
        assert place[left][1] < place[right][1]


def test_saturation_counts_steps_and_notes():
    layer = Layer(*np.full((6, 2, 2, 3), 0.5, np.float32))
    layer.f[..., 1] = [[0.05, 0.0], [0.95, 0.5]]
    layer.f[..., 2] = [[0.1, 0.9], [1.0, 0.91]]  # 0.1 and 0.9 themselves do not count
    shares = lv.saturation(layer)
    assert list(shares) == ["i", "f", "o"]
    assert shares["f"].tolist() == [[0, 0.5, 0], [0, 0.25, 0.5]]
    assert not shares["i"].any()


def test_the_chart_has_a_marker_at_the_fractions_of_a_neuron():
    trace = tiny_trace(S=4, N=5, sizes=(("time1", 1),))
    for gate in "ifo":
        getattr(trace["time1"], gate)[:] = 0.5
    empty = lv.saturation_chart(trace)
    trace["time1"].f[:] = 1  # moves from fractions (0, 0) to always open
    moved = np.argwhere((lv.saturation_chart(trace) != empty).any(axis=-1))
    panel = 400 + 2 * 32  # one of three, side by side
    top, left = moved.min(axis=0)
    bottom, right = moved.max(axis=0)
    assert bottom - top < 30  # along the lower edge
    assert 0.8 * 400 < right - left < panel  # within one panel


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chart_takes_any_number_of_layers(theme):
    trace = tiny_trace(sizes=[(f"time{k}", 2) for k in range(1, 7)])
    image = lv.saturation_chart(trace, theme=theme, zoom=2)
    assert isinstance(image, lv.Picture)
    assert (image[:5] == image[0, 0]).all()
