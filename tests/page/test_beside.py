"""Two traces of one network side by side and in step."""

import numpy as np
import pytest
from browsing import at, check, pixels, readout, settle
from helpers import random_music

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.music.piece import Piece

LOW, HIGH = 55, 79


def heard_by(network, steps, seed=4):
    music = random_music(seed, T=steps + 1, N=HIGH - LOW, density=0.2)
    return lv.trace(network, Piece(music, low=LOW))


@pytest.fixture(scope="module")
def network():
    return lv.Biaxial((12, 6), (5,), low=LOW, high=HIGH, seed=3)


@pytest.fixture(scope="module")
def two(network, files):
    """The same network, and without a group of its neurons, which hears more."""
    quiet = network.clamped({"time1": [0, 1, 2, 3]}, 0)
    traces = heard_by(network, 30), heard_by(quiet, 40, seed=5)
    names = "all <neurons>", "four & silent"
    lv.page(traces[0], files / "two.html", beside=traces[1], names=names, step=20)
    return traces


@pytest.mark.parametrize("window", [(390, 844), (1280, 800), (1920, 1080)])
def test_both_snapshots_show_the_same_step(visit, two, window):
    tab = visit("two.html", window=window)
    for step in 20, 21:
        np.testing.assert_array_equal(pixels(tab), lv.snapshot(two[0], step))
        np.testing.assert_array_equal(pixels(tab, "second"), lv.snapshot(two[1], step))
        tab.keyboard.press("ArrowRight")
        settle(tab)
    assert tab.locator("#scrub").get_attribute("max") == "29"  # of the shorter one
    assert tab.evaluate("document.documentElement.scrollWidth") <= window[0]


def test_pointing_at_the_second_one_shows_its_values(visit, two):
    tab = visit("two.html")
    width = two[0].sizes["time1"]
    column = int(tab.locator("#second").evaluate("c => c.width")) - 14 - width + 7
    tab.mouse.move(*at(tab, column, (HIGH - LOW + 5) + HIGH - LOW - 1 - 3, "second"))
    settle(tab)
    words, values = readout(tab)
    assert "time1, neuron 7\n" in words
    check(values["h"], two[1]["time1"].h[20, 3, 7])
    check(values["c"], two[1]["time1"].c[20, 3, 7])


def test_pinned_neurons_are_shown_of_both(visit, two):
    tab = visit("two.html", "#pin=time2-3&tab=pins")
    settle(tab)
    for number, trace in enumerate(two):
        canvas = tab.locator("#pinned canvas").nth(number)
        canvas.evaluate("(canvas, id) => (canvas.id = id)", f"picture{number}")
        expected = lv.neuron(trace[:30], "time2", 3)
        np.testing.assert_array_equal(pixels(tab, f"picture{number}"), expected)
    names = tab.locator("#pinned .words").all_text_contents()
    assert names == ["all <neurons>", "four & silent"]


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
def test_one_hears_the_one_or_the_other(visit, two, way):
    tab = visit("two.html")
    pressed = "[0, 1].map(k => document.getElementById(`source-${k}`).ariaPressed)"
    assert tab.evaluate(pressed) == ["true", "false"]
    if way == "mouse":
        tab.locator("#source-1").click()
    else:
        tab.keyboard.press("x")
    settle(tab)
    assert tab.evaluate(pressed) == ["false", "true"]


def test_traces_of_other_shapes_are_refused(network, tmp_path):
    other = lv.Biaxial((12,), (5,), low=LOW, high=HIGH, seed=3)
    first, second = heard_by(network, 4), heard_by(other, 4)
    with pytest.raises(
        ValueError, match="beside: its layers or notes are not"
    ) as error:
        lv.page(first, tmp_path / "a.html", beside=second)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_the_command_names_them_as_their_files(two, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    two[0].save("whole.npz"), two[1].save("quiet.npz")
    assert main(["page", "whole.npz", "--beside", "quiet.npz", "--from", "4"]) == 0
    assert "26 steps" in capsys.readouterr().out
    written = (tmp_path / "mind.html").read_text("latin-1")
    assert '"source": "whole"' in written
    assert '"source": "quiet"' in written
