"""Statements about traces: parts of them, equality, files."""

import numpy as np
import pytest
from helpers import random_music, tiny_trace

import lstmviz as lv


@pytest.fixture
def trace():
    return tiny_trace(S=6, N=4, sizes=(("time1", 3), ("time2", 2), ("note1", 5)))


def test_a_slice_of_the_steps_is_a_trace_of_the_same_numbers(trace):
    part = trace[2:5]
    assert len(part) == 3
    assert part.low == trace.low
    np.testing.assert_array_equal(part.heard, trace.heard[2:5])
    np.testing.assert_array_equal(part.chosen, trace.chosen[2:5])
    np.testing.assert_array_equal(part.probability, trace.probability[2:5])
    for name in trace:
        for array, whole in zip(part[name], trace[name], strict=True):
            np.testing.assert_array_equal(array, whole[2:5])
    assert np.shares_memory(part["time1"].h, trace["time1"].h)  # views, no copies


def test_a_slice_of_a_real_trace_is_the_trace_of_that_music():
    """Heard from its own beginning, a network without recurrence computes the same."""
    net, music = lv.Biaxial((5,), (4,), low=60, high=70), random_music(0, T=20, N=10)
    whole = lv.trace(net, music)
    np.testing.assert_array_equal(whole[4:9].states, music[4:10])


def test_iteration_goes_over_the_names_of_the_layers(trace):
    assert list(trace) == trace.names == ["time1", "time2", "note1"]
    assert "time2" in trace
    assert "time3" not in trace
    assert trace.sizes == {"time1": 3, "time2": 2, "note1": 5}


def test_the_axis_of_a_layer_does_not_depend_on_its_name():
    parts = tiny_trace(sizes=(("notes_of_time", 3), ("up", 2)))
    trace = lv.Trace(
        {"notes_of_time": parts["notes_of_time"]},
        {"up": parts["up"]},
        parts.heard,
        parts.probability,
        parts.chosen,
    )
    assert trace.time_names == ["notes_of_time"]
    assert trace.note_names == ["up"]


def test_traces_are_equal_if_all_their_numbers_are(trace, tmp_path):
    trace.save(tmp_path / "t.npz")
    same = lv.Trace.load(tmp_path / "t.npz")
    assert trace == same
    assert trace[:] == trace
    assert trace != trace[1:]
    assert trace != "a trace"
    same["time2"].c[1, 2, 0] += 1
    assert trace != same


def test_a_layer_that_is_not_there_is_named(trace):
    with pytest.raises(ValueError, match="no layer 'time9'; there are time1, time2"):
        trace["time9"]
    with pytest.raises(ValueError, match="no layer 3"):
        trace[3]


@pytest.mark.parametrize("name", ['x"></script><script>', "time 1", "", "zeit.1", "é"])
def test_a_file_with_another_kind_of_layer_name_is_refused(trace, tmp_path, name):
    parts = trace["time1"]
    bad = lv.Trace(
        {name: parts}, {}, trace.heard, trace.probability, trace.chosen, trace.low
    )
    bad.save(tmp_path / "t.npz")
    with pytest.raises(ValueError, match="letters, digits and underscores"):
        lv.Trace.load(tmp_path / "t.npz")


def test_what_can_be_shown_in_one_line_is():
    net = lv.Biaxial((300, 300), (100, 50))
    trace = lv.trace(net, np.zeros((9, 78, 2), np.uint8))
    assert repr(net) == (
        "<Biaxial: time1 300, time2 300, note1 100, note2 50 neurons, C1 to F7, "
        "1,369,902 weights, float32, 5.48 MB>"
    )
    assert repr(trace) == (
        "<Trace: 8 steps, C1 to F7, time1 300, time2 300, note1 100, note2 50 neurons, "
        "11.2 MB>"
    )
    assert repr(trace["note2"]) == (
        "<Layer: i, f, g, o, c, h, each 8 x 78 x 50 float32, 0.749 MB>"
    )
    settings = lv.network.settings.Settings(steps=7)
    assert repr(settings).startswith("Settings(steps=7, batch=10")
    assert "\n" not in repr(settings)


def test_music_is_written_with_the_notes_that_a_trace_covers(tmp_path):
    trace = tiny_trace(S=16, N=5)  # its lowest note is 60
    lv.write_midi(trace, tmp_path / "t.mid")
    np.testing.assert_array_equal(
        lv.read_midi(tmp_path / "t.mid", 60, 65), trace.states
    )
    np.testing.assert_array_equal(
        lv.synthesise(trace, rate=8000), lv.synthesise(trace.states, low=60, rate=8000)
    )


def test_a_rounded_trace_is_read_back_within_a_thousandth(tmp_path):
    exact, rounded = tmp_path / "exact.npz", tmp_path / "rounded.npz"
    net = lv.load("tiny")
    trace = lv.trace(net, lv.song("musette")[:33])
    trace.save(exact)
    trace.save(rounded, exact=False)
    again = lv.Trace.load(rounded)
    for name in trace:
        for before, after in zip(trace[name], again[name], strict=True):
            assert after.dtype == np.float32
            np.testing.assert_allclose(after, before, rtol=1e-3, atol=1e-3)
    np.testing.assert_allclose(again.probability, trace.probability, atol=1e-3)
    assert again.piece == trace.piece
    assert rounded.stat().st_size < 0.4 * exact.stat().st_size


def test_a_long_piece_is_heard_in_passages_as_if_it_were_heard_whole():
    net = lv.Biaxial((5,), (4,), low=60, high=72, backend="numpy", dtype=np.float64)
    rng = np.random.default_rng(0)
    played = rng.random((300, 12)) < 0.2
    music = np.stack([played, played], axis=-1).astype(np.uint8)
    trace, whole = lv.trace(net, music), net.forward(music)
    np.testing.assert_allclose(trace["time1"].h, whole.time.layers["time1"].h, 1e-5)
    up = np.swapaxes(whole.note.layers["note1"].c, 0, 1)
    np.testing.assert_allclose(trace["note1"].c, up, rtol=1e-5, atol=1e-7)
