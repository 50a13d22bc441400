"""Whatever a public function is given, it works or says in one line what is wrong.

A table of functions, their arguments and values that make no sense.
"""

import fractions
import inspect
import shutil

import numpy as np
import pytest
from helpers import random_music, tiny_trace

import lstmviz as lv
from lstmviz.cells.lstm import Layer

VALUES = {
    "None": None,
    "text": "x",
    "no text": "",
    "bytes": b"x",
    "list": [],
    "ragged": [[1], [2, 3]],
    "dict": {"time1": [99]},
    "nan": float("nan"),
    "infinite": float("inf"),
    "negative": -1,
    "half": 24.5,
    "whole float": 3.0,
    "huge": 10**30,
    "huge float": 1e300,
    "zero": 0,
    "True": True,
    "complex": 1j,
    "object": object(),
    "function": len,
    "array": np.full((3, 3, 3), np.nan),
    "strings": np.full((2, 10, 2), "x"),
    "objects": np.full((2, 10, 2), None),
    "numbers": np.full((2, 10, 2), 0.5),
    "fraction": fractions.Fraction(1, 3),
}
NET, LEARNER = (lv.Biaxial((3,), (2,), low=60, high=70, seed=0) for _ in range(2))
MUSIC = lv.Piece(np.zeros((6, 10, 2)), low=60)
TRACE = tiny_trace(S=4, N=3)
HEARD = lv.Piece(random_music(1, T=13, N=10, density=0.6), low=60)
LISTENED = lv.trace(NET, HEARD)
TUNING = lv.tuning(NET, [HEARD], shifts=20, untrained=2)
STYLES = lv.styles(NET, {"a": [HEARD] * 2, "b": [MUSIC] * 2}, deals=20)
EFFECT = lv.effect(NET, [HEARD], {"time1": [1]})
ESTIMATE = lv.estimate_effects(NET, [HEARD])
WHY = lv.attribution(NET, HEARD, step=8, note=65)
MOMENTS = lv.moments(NET, [HEARD], "time1", 0, count=2, length=4)
STYLE = dict(zoom=1, theme="dark", title="a", source="b")
TRAINED = dict(steps=1, batch=1, length=4, validate_steps=4)


def layers(number):
    return {f"layer{number}": Layer(*np.zeros((6, 2, 3, 4), np.float32))}


def gates(z):
    """The function of an exercise."""
    return np.split(z, 4, axis=-1)


# What is right: the arguments that are then replaced by a value, one at a time. None of
# them takes long or writes anything but to the path "out".
CALLS = {
    lv.note_features: dict(music=MUSIC, low=60, position=np.arange(6)),
    lv.read_midi: dict(path="in.mid", low=60, high=70),
    lv.write_midi: dict(music=MUSIC, path="out.mid", bpm=90, low=60),
    lv.write_wav: dict(
        music=MUSIC, path="out.wav", bpm=900, low=60, rate=8000, progress=False
    ),
    lv.synthesise: dict(music=MUSIC, bpm=900, low=60, rate=8000),
    lv.hear: dict(music=MUSIC, bpm=900, low=60, rate=8000),
    lv.song: dict(name="musette", low=24, high=102),
    lv.Piece: dict(
        states=MUSIC.states, position=np.arange(6), bpm=90, low=60, name="a"
    ),
    MUSIC.extended: dict(steps=2, bar=12),
    MUSIC.transposed: dict(semitones=1),
    lv.Biaxial: dict(
        time_layers=(3,), note_layers=(2,), low=60, high=70, seed=1,
        dtype=np.float32, backend="numpy",
    ),
    lv.load: dict(name="tiny"),
    NET.save: dict(path="out.npz"),
    NET.forward: dict(music=MUSIC, masks={"time1": np.ones(3), "note1": np.ones(2)}),
    NET.probabilities: dict(music=MUSIC),
    NET.loss_and_gradients: dict(
        batch=[MUSIC], masks={"time1": np.ones((1, 3)), "note1": np.ones((1, 2))}
    ),
    NET.check: dict(music=MUSIC),
    NET.clamped: dict(neurons={"time1": [0, 2]}, values=0.5),
    lv.evaluate: dict(net=NET, pieces=[MUSIC], progress=False),
    lv.trace: dict(net=NET, music=MUSIC, progress=False),
    lv.compose: dict(
        net=NET, steps=2, seed=1, prompt=MUSIC, temperature=1.0, adaptive=True,
        record=False, progress=False,
    ),
    lv.train: dict(
        net=LEARNER, pieces=[MUSIC], validation=[MUSIC], checkpoint="out", resume=False,
        watch=None, progress=False, **TRAINED, optimizer="adam", learning_rate=0.1,
        schedule="cosine", warmup=1, dropout=0.1, weight_decay=0.1,
        transpose=1, clip=1.0, validate_every=1, save_every=1, seed=1,
    ),
    lv.Trace: dict(
        time_layers=layers(1), note_layers=layers(2),
        heard=np.zeros((2, 3, 2), np.uint8), probability=np.zeros((2, 3, 2)),
        chosen=np.zeros((2, 3, 2), np.uint8), low=60, position=[0, 1, 2], bpm=90,
    ),
    TRACE.__getitem__: dict(what="time1"),
    TRACE.save: dict(path="out.npz"),
    lv.Trace.load: dict(path="t.npz"),
    lv.film: dict(
        trace=TRACE, path="out.gif", bpm=90, past=3, zoom=1, start=0, stop=2,
        progress=False, labels=False,
    ),
    lv.page: dict(
        trace=LISTENED, path="out.html", gates=False, bpm=90, title="a", net=NET,
        step=1, tuning=TUNING, why=(1, 2), beside=LISTENED, names=("a", "b"),
        progress=False,
    ),
    lv.snapshot: dict(
        trace=TRACE, step=1, past=3, only="f", palette="green-blue", labels=True,
        contrast=None, **STYLE,
    ),
    lv.neuron: dict(
        trace=TRACE, layer="time1", index=1, notes=True, palette="green-blue",
        labels=True, **STYLE,
    ),
    lv.gates: dict(trace=TRACE, layer="time1", index=1, palette="green-blue", zoom=1),
    lv.gallery: dict(
        traces={"a": TRACE}, neurons={"time1": [1]}, columns=2, notes=False,
        palette="green-blue", progress=False, zoom=1,
    ),
    lv.liveliest: dict(layer=TRACE["time1"], count=1),
    lv.saturation: dict(layer=TRACE["time1"]),
    lv.saturation_chart: dict(trace=TRACE, zoom=1),
    lv.write_image: dict(image=np.zeros((2, 2, 3), np.uint8), path="out.png", zoom=1),
    lv.tuning: dict(
        net=NET, pieces=[HEARD], shifts=20, untrained=1, seed=1, progress=False
    ),
    TUNING.save: dict(path="out.npz"),
    lv.Tuning.load: dict(path="tuning.npz"),
    TUNING.__getitem__: dict(name="time1"),
    TUNING.strongest: dict(layer="time1", measure="beat", count=1),
    TUNING.follows: dict(layer="time1", neuron=1, rate=0.05),
    TUNING.counts: dict(rate=0.05),
    TUNING.write_csv: dict(path="out.csv", rate=0.05),
    lv.tuning_curves: dict(tuning=TUNING, layer="time1", neuron=1, **STYLE),
    lv.tuning_layer: dict(tuning=TUNING, layer="time1", **STYLE),
    lv.tuning_counts: dict(tuning=TUNING, **STYLE),
    lv.styles: dict(
        net=NET, collections={"a": [HEARD] * 2, "b": [MUSIC] * 2}, deals=20, seed=1,
        progress=False,
    ),
    STYLES.most_different: dict(layer="time1", what="beat", count=1),
    lv.styles_chart: dict(styles=STYLES, what="mean", each=1, **STYLE),
    lv.effect: dict(
        net=NET, pieces=[MUSIC], groups={"time1": [0]}, controls=20, seed=1,
        progress=False,
    ),
    EFFECT.__getitem__: dict(name="time1:1"),
    EFFECT.write_csv: dict(path="out.csv"),
    lv.effect_chart: dict(effect=EFFECT, **STYLE),
    lv.estimate_effects: dict(
        net=NET, pieces=[HEARD], passages=2, length=4, seed=1, progress=False
    ),
    ESTIMATE.strongest: dict(layer="time1", count=1),
    ESTIMATE.check: dict(net=NET, each=2, seed=1, progress=False),
    lv.attribution: dict(
        net=NET, piece=HEARD, step=8, note=65, past=4, choice="play", fast=False,
        tolerance=0.1,
    ),
    WHY.top: dict(count=3),
    lv.attribution_chart: dict(why=WHY, count=3, **STYLE),
    lv.deletion_test: dict(net=NET, why=WHY, count=2),
    lv.moments: dict(
        net=NET, pieces=[HEARD], layer="time1", neuron=1, count=1, least=False,
        length=4, progress=False,
    ),
    lv.similar: dict(
        net=NET, pieces=[HEARD], piece=HEARD, step=3, layer="note1", note=65, count=1,
        length=4, seed=1, progress=False,
    ),
    lv.match: dict(
        net=NET, pieces=[HEARD], piece=HEARD, start=3, stop=5, layer="time1",
        notes=(62, 66), threshold=0.0, around=2, count=1, most=2, length=4, seed=1,
        progress=False,
    ),
    lv.excerpts: dict(moments=MOMENTS, columns=1, **STYLE),
    lv.check: dict(function=gates),
}  # fmt: skip
# Values that are no misuse after all: they are documented, or mean what they say.
FINE = {
    "x": {"checkpoint", "name", "title", "source"},
    "": {"title", "source", "name"},
}


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with what the calls read."""
    folder = tmp_path_factory.mktemp("kept")
    lv.write_midi(MUSIC.replace(states=np.ones((6, 10, 2))), folder / "in.mid")
    TRACE.save(folder / "t.npz")
    TUNING.save(folder / "tuning.npz")
    return folder


@pytest.fixture
def folder(kept, tmp_path, monkeypatch):
    """A current folder with what the calls read."""
    monkeypatch.chdir(tmp_path)
    for path in kept.iterdir():
        shutil.copy(path, tmp_path)
    return tmp_path


def cases():
    """Return every function with each of its arguments."""
    found = []
    for function, arguments in CALLS.items():
        for name in arguments:
            title = getattr(function, "__qualname__", str(function))
            found.append(pytest.param(function, name, id=f"{title}-{name}"))
    return found


@pytest.mark.parametrize("function", CALLS, ids=lambda f: f.__qualname__)
def test_what_is_right_works(folder, function):
    function(**CALLS[function])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("function", "argument"), cases())
def test_misuse_is_said_in_one_line(folder, function, argument):
    """Any value works or is refused; no other exception comes from deep inside."""
    said = {}
    for kind, value in VALUES.items():
        try:
            function(**(CALLS[function] | {argument: value}))
        except Exception as error:
            said[kind] = error
    for kind, error in said.items():
        assert type(error) is ValueError, (kind, error)
        assert str(error), kind
        assert "\n" not in str(error), kind
    assert {"object", "complex"} <= said.keys()


def test_every_public_function_and_argument_is_in_the_table():
    called = {getattr(f, "__func__", f) for f in CALLS}
    results = {"Film", "Picture", "Sound", "Effect", "EffectEstimate", "Styles"}
    results |= {"Tuning"}  # made by a function of this table, not by a user
    for name in set(lv.__all__) - results - {"songbook"}:
        function = getattr(lv, name)
        assert function in called, name
        known = CALLS[function]
        for parameter in inspect.signature(function).parameters.values():
            if parameter.kind is not parameter.VAR_KEYWORD:
                left_out = {"metre", "only"}  # not together with others in the call
                assert parameter.name in {*known, *left_out}, (name, parameter)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda: lv.Biaxial(low=24.5), "low must be a whole number .* not 24.5"),
        (lambda: lv.Biaxial(time_layers=5), "time_layers must be a sequence"),
        (lambda: lv.Biaxial(dtype=complex), "dtype must be float32 or float64"),
        (lambda: lv.Biaxial(backend="gpu"), "backend must be 'numba' or 'numpy'"),
        (lambda: NET.loss_and_gradients([]), "at least one piece"),
        (
            lambda: NET.forward(MUSIC, masks={"time1": [1]}),
            "masks must have the shapes",
        ),
        (lambda: lv.compose(NET, temperature=10**30), "temperature must be a number"),
        (lambda: lv.compose(NET, 1, prompt=MUSIC, metre="3/4"), "cannot be combined"),
        (lambda: lv.compose(NET, metre=3), "a metre is written as"),
        (lambda: lv.compose(NET, metre="9" * 5000 + "/4"), "a metre is written as"),
        (lambda: lv.synthesise(MUSIC, rate=0), "rate must be a whole number"),
        (lambda: lv.liveliest(TRACE["time1"], -1), "count must be a whole number"),
        (lambda: lv.train(NET, [MUSIC], speed=1), "there is no setting 'speed'"),
        (lambda: lv.gallery(TRACE, colour=1), "there is no option 'colour'"),
        (lambda: lv.evaluate(None, [MUSIC]), "net must be a Biaxial, not None"),
        (lambda: lv.snapshot("t.npz", 0), "trace must be a Trace, not 't.npz'"),
        (lambda: lv.neuron(TRACE, "time1", 0, only=3), "no part 3"),
        (lambda: lv.write_image(np.zeros((9000, 90, 3), np.uint8), "a.png", 99), "too"),
        (lambda: lv.snapshot(TRACE, 0, past=65536, labels=True, zoom=100), "too large"),
    ],
)
def test_what_was_expected_and_what_came_is_said(folder, call, said):
    with pytest.raises(ValueError, match=said) as error:
        call()
    assert "\n" not in str(error.value)
