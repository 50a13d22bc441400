"""The benchmark times what it says, and the text says what it measured."""

import doctest
import importlib
import json
import math
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

ROOT = Path(__file__).parents[1]
sys.path.append(str(ROOT))  # the benchmarks are not installed with the package

import lstmviz as lv  # noqa: E402
from benchmarks import (  # noqa: E402
    cases,
    growth,
    machine,
    measure,
    polyphonic,
    report,
    threaded_numpy,
    tricks,
)
from benchmarks.contestants import CONTESTANTS, Runner  # noqa: E402
from lstmviz.cells import lstm  # noqa: E402
from lstmviz.fast import kernels  # noqa: E402
from lstmviz.fast.jit import kernel  # noqa: E402

# The text ---------------------------------------------------------------------------


@pytest.mark.parametrize("page", report.PAGES, ids=lambda page: page.name)
def test_the_text_says_what_was_measured(page):
    """If this fails: python -m benchmarks.report"""
    text = page.read_text(encoding="utf-8")
    assert report.with_blocks(text, report.read(report.RESULTS)) == text


def test_every_block_is_shown_somewhere():
    text = "".join(page.read_text(encoding="utf-8") for page in report.PAGES)
    for name in report.BLOCKS:
        assert text.count(f"<!-- {name} -->") == 1, name


def test_a_changed_number_changes_the_text():
    page = report.PAGES[0].read_text(encoding="utf-8")
    results = report.read(report.RESULTS)
    results["rows"][0]["times"]["numba"] = [1234.0]
    assert "1230 s" in report.with_blocks(page, results)


def test_a_block_without_an_end_is_refused():
    with pytest.raises(ValueError, match="<!-- memory --> needs <!-- end of memory"):
        report.with_blocks("<!-- memory -->", report.read(report.RESULTS))


def test_results_are_the_same_when_read_again(tmp_path):
    results = report.read(report.RESULTS)
    report.save(results, tmp_path / "speed.json")
    assert report.read(tmp_path / "speed.json") == results
    assert json.loads(report.RESULTS.read_text(encoding="utf-8")) == results


@pytest.mark.parametrize("name", ["report", "growth", "machine", "measure"])
def test_examples(name):
    module = importlib.import_module(f"benchmarks.{name}")
    assert doctest.testmod(module).failed == 0


# The contestants --------------------------------------------------------------------


@given(
    seed=st.integers(0, 10**6),
    T=st.integers(1, 40),
    R=st.integers(1, 9),
    D=st.integers(1, 9),
    H=st.integers(1, 20),
)
def test_numpy_with_blocks_and_buffers_computes_the_same_layer(seed, T, R, D, H):
    rng = np.random.default_rng(seed)
    shapes = (T, R, D), (D, 4 * H), (H, 4 * H), (4 * H,), (T, R, H), (R, H), (R, H)
    x, W, U, b, dh, h0, c0 = (rng.normal(0, 0.3, s).astype(np.float32) for s in shapes)
    both = lstm, threaded_numpy
    for one, other in zip(*(m.forward(x, W, U, b, h0, c0) for m in both), strict=True):
        np.testing.assert_allclose(other, one, atol=2e-5)
    outputs = threaded_numpy.forward(x, W, U, b, h0, c0, keep=False)
    whole = lstm.forward(x, W, U, b, h0, c0)
    np.testing.assert_allclose(outputs.h, whole.h, atol=2e-5)
    np.testing.assert_allclose(outputs.c, whole.c[-1:], atol=2e-5)
    layer = lstm.forward(x, W, U, b)
    gradients = (m.backward(dh, x, layer, W, U) for m in both)
    for one, other in zip(*gradients, strict=True):
        np.testing.assert_allclose(other, one, atol=1e-4 * max(1, np.abs(one).max()))


LSTMVIZ = ["numpy", "numpy threads", "numpy buffers", "numba"]
LIBRARIES = LSTMVIZ + ["torch"] * cases.HAS_TORCH


@pytest.mark.slow
@pytest.mark.parametrize("case", ["forward", "training step", "composing", "training"])
def test_all_libraries_compute_the_same(case):
    arguments = {"steps": 2} if case == "training" else {"sizes": ((12, 9), (7, 5))}
    if case == "training step":
        arguments["batch"] = 3
    results = []
    for library in LIBRARIES:
        work, result = cases.CASES[case](library, **arguments)
        results.append(result(work()))
    for library, result in zip(LIBRARIES, results, strict=True):
        assert cases.agree(results[0], result), library


def test_results_that_differ_do_not_agree():
    result = (1.0, {"W": np.array([1.0, -2.0])})
    assert cases.agree(result, (1.0, {"W": np.array([1.0, -2.001])}))
    assert not cases.agree(result, (1.0, {"W": np.array([1.0, -2.01])}))
    assert not cases.agree(result, (1.1, {"W": np.array([1.0, -2.0])}))
    assert not cases.agree(result, (1.0, {"U": np.array([1.0, -2.0])}))
    assert not cases.agree(result, (1.0, {"W": np.array([1.0, math.nan])}))


@pytest.mark.slow
def test_a_contestant_on_one_core_has_one_core():
    with Runner(CONTESTANTS["numba 1"]) as runner:
        assert runner.ask("cores") == 1


@pytest.mark.slow
def test_an_error_in_a_contestant_comes_out():
    with Runner(CONTESTANTS["numpy"]) as runner:
        with pytest.raises(RuntimeError, match="TypeError"):
            runner.prepare("forward", sizes="no-such-size")
        assert runner.prepare("features").shape == (128, 78, 80)


# Measuring --------------------------------------------------------------------------


@given(
    power=st.floats(-2, 3),
    constant=st.floats(1e-4, 10),
    values=st.lists(st.integers(1, 500), min_size=2, max_size=6, unique=True),
)
def test_the_exponent_of_a_power_law_is_found(power, constant, values):
    seconds = [constant * value**power for value in values]
    assert growth.exponent(values, seconds) == pytest.approx(power, abs=1e-6)


def test_cores_are_doubled_up_to_all(monkeypatch):
    monkeypatch.setattr(growth, "cores", lambda: 12)
    assert growth.core_counts() == [1, 2, 4, 8, 12]
    monkeypatch.setattr(growth, "cores", lambda: 1)
    assert growth.core_counts() == [1]


def test_functions_take_turns():
    calls = []
    work = {name: lambda name=name: calls.append(name) or 0.5 for name in "ab"}
    times = measure.side_by_side(work, rounds=2)
    assert calls == ["a", "b", "a", "b"]
    assert times == {"a": [0.5, 0.5], "b": [0.5, 0.5]}


def test_a_long_case_has_three_rounds():
    assert measure.side_by_side({"a": lambda: 9.0}, rounds=7, patience=0) == {
        "a": [9.0, 9.0, 9.0]
    }


# The machine ------------------------------------------------------------------------

OPENBLAS = {
    "user_api": "blas",
    "internal_api": "openblas",
    "version": "0.3.31",
    "architecture": "SkylakeX",
    "num_threads": 2,
    "filepath": "/lib/numpy.libs/libscipy_openblas64_.so",
}
MKL = {
    "user_api": "blas",
    "internal_api": "mkl",
    "version": "2024.2",
    "num_threads": 4,
    "threading_layer": "intel",
    "filepath": "/lib/libmkl_rt.so.2",
}


def test_the_blas_of_numpy_is_described():
    facts = machine.blas([MKL, OPENBLAS])
    assert (facts["library"], facts["kernel"]) == ("openblas", "SkylakeX")


def test_what_is_not_known_of_a_blas_is_unknown():
    assert machine.blas([MKL]) == {
        "library": "mkl",
        "version": "2024.2",
        "kernel": "unknown",
        "threads": 4,
    }
    assert machine.blas([], built_with="accelerate") == {
        "library": "accelerate",
        "version": "unknown",
        "kernel": "unknown",
        "threads": "unknown",
    }


def test_the_width_of_vectors_is_that_of_arithmetic():
    """Moves and single numbers do not count."""
    width = machine.width_of_assembly
    assert width("\tvmovups\t%zmm1, (%rax)\n\tvfmadd231ps\t%ymm1, %ymm2, %ymm3") == 256
    assert width("\tmulps\t%xmm1, %xmm2") == 128
    assert width("\tfmla\tv0.4s, v1.4s, v2.4s") == 128
    assert width("\tvmulss\t%xmm1, %xmm2, %xmm3\n\tret") == 32
    assert machine.vector_bits() in (32, 128, 256, 512)


def test_variables_that_change_the_times_are_noted(monkeypatch):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Haswell")
    facts = machine.describe()
    assert facts["environment"]["OPENBLAS_CORETYPE"] == "Haswell"
    text = "\n".join(report.machine_lines({"machine": facts}))
    assert "OPENBLAS_CORETYPE=Haswell" in text


# Optimisations ----------------------------------------------------------------------


def no_tanh():
    """Replace tanh, which the kernels of the layer call, by a constant."""
    return [(kernels, "tanh", kernel(lambda x: np.float32(0.5)))]


@pytest.mark.slow
def test_a_replaced_function_is_compiled_into_the_kernels_that_call_it():
    """With the cache of an earlier process, numba would use the old machine code."""
    arguments = dict(sizes=((8,), (8,)))
    with tricks.fresh_runner() as runner:
        as_it_is = runner.prepare("tracing", **arguments)
    with tricks.fresh_runner(no_tanh) as runner:
        without = runner.prepare("tracing", **arguments)
    assert not cases.agree(as_it_is, without)


@pytest.mark.parametrize("trick", tricks.TRICKS, ids=lambda trick: trick.what)
def test_what_an_optimisation_replaces_is_there_and_different(trick):
    for owner, name, value in trick.without():
        assert getattr(owner, name) != value


def test_what_is_not_there_cannot_be_replaced():
    with pytest.raises(AssertionError, match="has no tangent to replace"):
        tricks.replace(lambda: [(kernels, "tangent", None)])


# The published benchmark ------------------------------------------------------------


def test_piano_rolls_are_read_however_well_they_are_compressed(tmp_path):
    """Those of the published data are nearly all zeros: 2 % of their size."""
    roll = np.zeros((20_000, 88), np.uint8)
    roll[::50, 40] = roll[1::50, 40] = 1
    path = tmp_path / "music.npz"
    np.savez_compressed(path, train_roll=roll, train_length=[12_000, 8_000])
    assert path.stat().st_size < roll.size / 50
    pieces = polyphonic.read(path, "train")
    assert [len(piece) for piece in pieces] == [12_001, 8_001]  # one step of silence
    played = np.concatenate([piece.states[1:, :, 0] for piece in pieces])
    np.testing.assert_array_equal(played, roll)
    assert pieces[0].states[1:4, 40].tolist() == [[1, 1], [1, 0], [0, 0]]
    with pytest.raises(ValueError, match="no 'valid_roll'"):
        polyphonic.read(path, "valid")


def test_the_test_set_is_only_scored_when_asked(tmp_path, monkeypatch, capsys):
    """And then by the network of the finished run, which learns nothing more."""
    monkeypatch.setattr("benchmarks.baselines.STEPS", 3)
    roll = np.random.default_rng(0).random((80, 88)) < 0.05
    arrays = {"train_roll": roll, "valid_roll": roll[:50], "test_roll": roll}
    lengths = {"train_length": [80], "valid_length": [50], "test_length": [50, 30]}
    monkeypatch.chdir(tmp_path)
    np.savez("jsb_chorales.npz", **arrays, **lengths)
    command = "polyphonic jsb_chorales.npz --steps 2 --time-layers 4 --note-layers 4"

    def table(*options):
        """Return the lines of the table: what they are about -> their figures."""
        monkeypatch.setattr("sys.argv", [*command.split(), *options])
        polyphonic.main()
        lines = [line.split("  ") for line in capsys.readouterr().out.splitlines()[2:]]
        return {
            name.strip(): [float(figure) for figure in figures if figure]
            for *figures, name in lines[:-1]
        }

    valid, both = table(), table("--test")
    net = lv.load("polyphonic-jsb_chorales/best.npz")
    pieces = [polyphonic.read("jsb_chorales.npz", part) for part in ("valid", "test")]
    ours = [-lv.evaluate(net, music).play for music in pieces]
    name = "lstmviz, best on validation"
    assert valid[name][:1] + both[name][2:3] == pytest.approx(ours, abs=0.005)
    assert valid == {line: both[line][:2] for line in valid}
    assert both["BALSTM, the biaxial LSTM (Johnson 2017), as published"] == [-5.05]


def test_the_best_average_is_that_of_neighbours(tmp_path):
    """Every note always sounds, so the larger the bias, the better."""
    music = [lv.Piece(np.ones((9, 88, 2)), low=21)]
    paths = [tmp_path / f"step-{step}.npz" for step in (1, 2, 3, 4)]
    for path, bias in zip(paths, (0, 8, 2, 1), strict=True):
        net = lv.Biaxial((2,), (2,), 21, 109)
        for weights in net.parameters.values():
            weights[:] = 0
        net.parameters["out.b"][:] = bias
        net.save(path)
    best = polyphonic.best_average(paths, 2, music)
    assert best.parameters["out.b"].tolist() == [5, 5]  # of 8 and 2; 4 and 1.5 are less
