"""Statements about composing, and about what a trace of it holds."""

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.network.composing import adapt


@pytest.fixture(scope="module")
def net():
    """A network that plays a lot, so that there is something to see."""
    net = lv.Biaxial((6, 5), (4, 3), low=40, high=64, seed=1)
    net.parameters["out.b"][:] = -1, 0
    return net


def test_composed_music_is_music(net):
    piece = lv.compose(net, steps=20, seed=0)
    assert isinstance(piece, lv.Piece)
    assert piece.shape == (21, 24, 2)
    assert piece.states.dtype == np.uint8
    assert not piece[0].any()  # the step of silence it heard first
    assert piece[1:, :, 0].any()
    assert (piece[..., 1] <= piece[..., 0]).all()
    assert piece.low == net.low
    assert piece == piece.replace(position=np.arange(21) % 16, bpm=120)


def test_the_seed_decides_the_music(net):
    one, same, other = (lv.compose(net, steps=20, seed=s) for s in (1, 1, 2))
    assert one == same
    assert one != other


def test_recording_does_not_change_the_music(net):
    piece, trace = lv.compose(net, steps=20, seed=3, record=True)
    assert piece == lv.compose(net, steps=20, seed=3)
    assert piece == trace.piece
    np.testing.assert_array_equal(piece, trace.states)


@pytest.mark.parametrize("prompt_steps", [None, 1, 2, 9])
@pytest.mark.parametrize("bar", [16, 5])
def test_composing_and_listening_think_the_same(net, prompt_steps, bar):
    prompt = None
    if prompt_steps:
        position = (np.arange(prompt_steps) + 3) % bar
        prompt = lv.Piece(random_music(0, T=prompt_steps, N=24), position, low=40)
    metre = None if prompt_steps else f"{bar}/16"
    piece, composed = lv.compose(net, 12, 0, prompt, metre, record=True)
    heard = lv.trace(net, piece)
    assert len(composed) == len(heard) == (prompt_steps or 1) + 12 - 1
    np.testing.assert_array_equal(composed.position, heard.position)
    np.testing.assert_array_equal(heard.position, piece.position[:-1])
    np.testing.assert_allclose(composed.probability, heard.probability, atol=1e-5)
    np.testing.assert_array_equal(composed.heard, heard.heard)
    np.testing.assert_array_equal(composed.chosen, heard.chosen)
    assert composed.names == heard.names == ["time1", "time2", "note1", "note2"]
    for name in heard.names:
        for one, other in zip(composed[name], heard[name], strict=True):
            np.testing.assert_allclose(one, other, atol=1e-5)


def test_a_trace_holds_what_the_cell_computes(net):
    trace = lv.trace(net, random_music(0, T=8, N=24))
    for name in "time1", "time2":
        i, f, g, o, c, h = trace[name]
        np.testing.assert_allclose(c[1:], f[1:] * c[:-1] + i[1:] * g[1:], atol=1e-6)
        np.testing.assert_allclose(h, o * np.tanh(c), atol=1e-6)
    for name in "note1", "note2":  # these remember from note to note
        i, f, g, o, c, h = (array.swapaxes(0, 1) for array in trace[name])
        np.testing.assert_allclose(c[1:], f[1:] * c[:-1] + i[1:] * g[1:], atol=1e-6)
        np.testing.assert_allclose(h, o * np.tanh(c), atol=1e-6)
    H = {name: trace[name].h.shape for name in trace.names}
    assert list(H.values()) == [(7, 24, 6), (7, 24, 5), (7, 24, 4), (7, 24, 3)]


def test_probabilities_are_those_of_the_trace(net):
    states = random_music(0, T=8, N=24)
    trace = lv.trace(net, states)
    np.testing.assert_array_equal(trace.probability, net.probabilities(states))
    np.testing.assert_array_equal(trace.states, states)


def test_the_prompt_is_kept_and_continued(net):
    prompt = random_music(5, T=9, N=24)
    piece = lv.compose(net, 4, prompt=prompt)
    np.testing.assert_array_equal(piece[:9], prompt)
    assert len(piece) == 13


@pytest.mark.parametrize(
    "part", [(0, 5), (0, 16), (0, 30), (7, 33), (16, 29), (27, 40)]
)
def test_the_bars_and_the_tempo_of_the_prompt_continue(part):
    """A waltz with a pickup, from anywhere up to anywhere after a bar line."""
    net, song = lv.Biaxial((4,), (3,), seed=1), lv.song("blue-danube")
    start, stop = part
    piece = lv.compose(net, 50, prompt=song[start:stop])
    assert piece[: stop - start] == song[start:stop]
    np.testing.assert_array_equal(piece.position, song.position[start : stop + 50])
    assert piece.bpm == song.bpm
    assert len(piece) == stop - start + 50


def test_a_prompt_without_a_whole_bar_is_taken_to_be_in_four_four(net):
    prompt = lv.Piece(random_music(0, T=8, N=24), range(4, 12), low=40)
    piece = lv.compose(net, 20, prompt=prompt)
    assert piece.position.tolist() == [*range(4, 16), *range(16)]


@pytest.mark.parametrize(("metre", "bar"), [("3/4", 12), ("12/8", 24), ("1/16", 1)])
def test_without_a_prompt_the_metre_is_chosen(net, metre, bar):
    piece = lv.compose(net, 60, metre=metre)
    np.testing.assert_array_equal(piece.position, np.arange(61) % bar)


def test_the_bars_decide_about_the_music():
    net = lv.load("tiny")
    waltz, march = (lv.compose(net, 40, metre=metre) for metre in ("3/4", "4/4"))
    assert waltz[:12].states.tolist() == march[:12].states.tolist()
    assert (waltz.states != march.states).any()


def test_notes_are_played_as_often_as_they_are_probable():
    """With no weights but the last biases, P is the same everywhere."""
    net = lv.Biaxial((2,), (2,), seed=0)
    for array in net.parameters.values():
        array[:] = 0
    net.parameters["out.b"][:] = np.log(0.2 / 0.8), np.log(0.7 / 0.3)
    states = lv.compose(net, 200, adaptive=False).states[1:]
    played, articulated = states.sum((0, 1))
    assert played / (200 * 78) == pytest.approx(0.2, abs=0.02)
    assert articulated / played == pytest.approx(0.7, abs=0.03)
    cold = lv.compose(net, 100, adaptive=False, temperature=0.5)[1:]
    assert cold[..., 0].mean() == pytest.approx(1 / 17, abs=0.015)  # odds 1/4 squared


def test_the_adaptive_rule_breaks_the_silence():
    net = lv.Biaxial((2,), (2,), seed=0)
    net.parameters["out.b"][0] = -9
    assert lv.compose(net, 60, adaptive=False)[..., 0].sum() < 3
    assert lv.compose(net, 60, adaptive=True)[..., 0].sum() > 10


def test_the_adaptive_rule_is_that_of_2015():
    assert adapt(1.0, sounding=1) == pytest.approx(0.98)
    assert adapt(0.98, sounding=0) == pytest.approx(0.96)
    assert adapt(0.5, sounding=2) == pytest.approx(0.65)
    assert adapt(0.01, sounding=0) == 0


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (dict(steps=0), "steps must be"),
        (dict(temperature=0), "temperature must be"),
        (dict(temperature=float("nan")), "temperature must be"),
        (dict(metre="waltz"), "a metre is written as 3/4 or 6/8, not 'waltz'"),
        (dict(metre="3/5"), "3/5: the lower number is"),
        (dict(prompt=np.zeros((4, 78, 2))), "78 notes .* but the network covers 24"),
        (
            dict(prompt=lv.Piece(np.zeros((4, 24, 2)))),
            r"C1 to B2.* covers 24 \(E2",
        ),
        (dict(prompt=np.zeros((0, 24, 2))), "at least 1 step"),
    ],
)
def test_what_cannot_be_composed_is_refused(net, options, said):
    with pytest.raises(ValueError, match=said):
        lv.compose(net, **options)


def test_a_saved_trace_comes_back_whole(net, tmp_path):
    music = lv.Piece(random_music(0, T=8, N=24), np.arange(9, 17) % 12, 71.25, low=40)
    trace = lv.trace(net, music)
    trace.save(tmp_path / "t.npz")
    again = lv.Trace.load(tmp_path / "t.npz")
    assert again == trace
    assert (again.names, again.low, again.bpm) == (trace.names, 40, 71.25)
    assert again.position.tolist() == [9, 10, 11, 0, 1, 2, 3]
    assert again.piece == music
    for name in trace.names:
        for one, other in zip(trace[name], again[name], strict=True):
            np.testing.assert_array_equal(one, other)
    for what in "heard", "chosen", "probability":
        np.testing.assert_array_equal(getattr(again, what), getattr(trace, what))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda a: a.pop("heard"), "'heard' is missing"),
        (lambda a: a.pop("time1.f"), "'time1.f' is missing"),
        (lambda a: a.update(stray=a["heard"]), "a layer is called"),
        (lambda a: a.update({"time1.q": a["time1.f"]}), "'time1.q' does not belong"),
        (lambda a: a.update({"note1.c": a["note1.c"][1:]}), "'note1.c' is float32"),
        (lambda a: a.update({"note1.c": a["note1.c"].astype(float)}), "float64"),
        (lambda a: a.update(heard=a["heard"] + 2), "'heard' holds numbers from 2 to 3"),
        (lambda a: a.update(low=np.array([1, 2])), "'low' is int64"),
        (lambda a: a.update(chosen=np.zeros(3, np.uint8)), "'chosen' is uint8"),
        (lambda a: a.pop("position"), "'position' is missing"),
        (lambda a: a.pop("bpm"), "'bpm' is missing"),
        (lambda a: a.update(position=a["position"][1:]), "'position' is int64"),
        (lambda a: a.update(position=a["position"] * 1.0), "'position' is float64"),
        (
            lambda a: a.update(position=a["position"] - 1),
            "'position' holds",
        ),
        (
            lambda a: a.update(position=a["position"] * 2),
            "position 2 at step 1 follows",
        ),
        (lambda a: a.update(bpm=np.int64(90)), "'bpm' is int64"),
        (lambda a: a.update(bpm=np.float64("nan")), "'bpm' is not made of finite"),
        (lambda a: a.update(bpm=np.float64(0)), "bpm must be a number above 0"),
        (lambda a: a.update(heard=np.array([print])), "not a readable"),
    ],
)
def test_a_file_that_is_no_trace_is_refused_in_one_line(net, tmp_path, spoil, said):
    lv.trace(net, random_music(0, T=4, N=24)).save(tmp_path / "t.npz")
    with np.load(tmp_path / "t.npz") as file:
        arrays = dict(file)
    spoil(arrays)
    np.savez(tmp_path / "t.npz", **arrays)
    with pytest.raises(ValueError, match=said) as error:
        lv.Trace.load(tmp_path / "t.npz")
    assert "\n" not in str(error.value)
    assert "t.npz" in str(error.value)


def test_a_trace_knows_the_bars_and_the_tempo_of_its_music(net):
    music = lv.Piece(random_music(0, T=30, N=24), np.arange(7, 37) % 12, 83, low=40)
    trace = lv.trace(net, music)
    assert trace.position.tolist() == music.position[:29].tolist()
    assert trace.bpm == 83
    assert trace.piece == music
    part = trace[3:20]
    assert part.position.tolist() == music.position[3:20].tolist()
    assert part.piece == music[3:21]
    plain = lv.trace(net, music.states)
    assert plain.position.tolist() == [*range(16), *range(13)]
    assert plain.bpm == 120
    assert plain != trace


def test_an_unknown_layer_is_refused_by_naming_those_there_are(net):
    trace = lv.trace(net, random_music(0, T=4, N=24))
    with pytest.raises(ValueError, match="no layer 'time3'; there are time1, time2"):
        trace["time3"]


def test_a_float64_network_still_leaves_a_float32_trace(tmp_path):
    net = lv.Biaxial((3,), (2,), dtype=np.float64)
    trace = lv.trace(net, random_music(0, T=4, N=78))
    trace.save(tmp_path / "t.npz")
    assert lv.Trace.load(tmp_path / "t.npz")["time1"].h.dtype == np.float32
