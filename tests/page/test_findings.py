"""The page shows what `lstmviz.reading` finds: tuning, effects, and why notes came."""

import re

import numpy as np
import pytest
from browsing import at, settle
from helpers import random_music

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.music.piece import Piece
from lstmviz.pictures.findings import CURVES

LOW, HIGH = 55, 79
STEPS = 40
NAMES = ["time1", "time2", "note1"]


@pytest.fixture(scope="module")
def network():
    return lv.Biaxial((12, 6), (5,), low=LOW, high=HIGH, seed=3)


@pytest.fixture(scope="module")
def heard(network):
    music = random_music(4, T=STEPS + 1, N=HIGH - LOW, density=0.2)
    return lv.trace(network, Piece(music, low=LOW))


@pytest.fixture(scope="module")
def tuned(network, heard):
    return lv.tuning(network, [heard.piece], shifts=20, untrained=1)


@pytest.fixture(scope="module")
def written(network, heard, tuned, files):
    options = {"net": network, "tuning": tuned, "why": (20, 24), "step": 30}
    lv.page(heard, files / "findings.html", **options)
    return "findings.html"


def texts(tab, selector):
    settle(tab)
    return tab.locator(selector).all_text_contents()


def numbers(words):
    return [float(n) for n in re.findall(r"-?\d+\.\d+", words.replace("−", "-"))]


# Tuning and effects ---------------------------------------------------------------


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
@pytest.mark.parametrize("window", [(390, 844), (1280, 800), (1920, 1080)])
def test_which_neuron_answers_to_onsets_most(visit, written, tuned, way, window):
    tab = visit(written, window=window)
    if way == "mouse":
        tab.locator("#tab-list").click()
        tab.locator("#list-layer").select_option("time2")
        tab.locator("#list-head button", has_text="onset").click()
    else:
        tab.keyboard.press("/")
        tab.keyboard.type("time2 onsets")
        tab.keyboard.press("Enter")
    strongest = tuned.strongest("time2", "onset_moved", 6)
    assert texts(tab, "#list-rows .name") == [f"time2 {k}" for k in strongest]
    heads = texts(tab, "#list-head th")
    cells = texts(tab, "#list-rows tr:first-child > *")
    value = tuned["time2"].value["onset_moved"][strongest[0]]
    assert numbers(cells[heads.index("onset")]) == pytest.approx([value], abs=0.006)
    tab.locator("#list-rows .name").first.focus()
    tab.keyboard.press("Enter")
    settle(tab)
    assert f"neuron=time2-{strongest[0]}&" in tab.url
    assert tab.locator("#neuron-card").is_visible()
    words = ", ".join(tuned.follows("time2", strongest[0]))
    told = texts(tab, "#follows")[0].replace("−", "-")
    for word in words.split(", "):
        assert not word or word.split(" ")[0] in told


def test_tuning_curves_are_those_that_were_measured(visit, written, tuned):
    tab = visit(written, "#neuron=time1-4")
    for number, key in enumerate(CURVES):
        curve = tuned["time1"].curves[key][:, 4]
        band = tuned["time1"].chance[key][:, :, 4]
        svg = tab.locator("#tuning-curves svg").nth(number)
        line = svg.locator(".curve").get_attribute("d")
        y = np.array([float(v) for v in re.findall(r"V(-?[\d.]+)", line)])
        extent = max(np.abs(curve).max(), np.abs(band).max())
        np.testing.assert_allclose((50 - y) / 48, curve / extent, atol=0.02)
        assert svg.locator(".sounds").get_attribute("d").count("V") == 2 * len(curve)


def test_effects_are_listed_in_nats(visit, written, network, heard):
    effects = lv.estimate_effects(network, [heard.piece])
    tab = visit(written, "#tab=list&sort=effect")
    heads = texts(tab, "#list-head th")
    first = texts(tab, "#list-rows tr:first-child > *")
    layer, index = first[0].split(" ")
    highest = max(np.abs(effects[name]).max() for name in NAMES)
    assert abs(effects[layer][int(index)]) == pytest.approx(highest)
    told = numbers(first[heads.index("effect")])
    assert told == pytest.approx([effects[layer][int(index)]], abs=6e-5)


def test_it_says_on_how_little_music_it_was_measured(network, heard, files, visit):
    lv.page(heard, files / "here.html", net=network)
    tab = visit("here.html", "#tab=list")
    told = tab.locator("#list-source").text_content()
    assert f"on the {STEPS} steps of this page alone: too little" in told
    lv.page(heard, files / "none.html")
    tab = visit("none.html", "#tab=list&sort=onset")  # there is no such column
    assert texts(tab, "#list-head th") == ["neuron", "variance"]
    assert not tab.locator("#tuned").is_visible()
    assert not tab.locator("#tab-why").count()


# Why ------------------------------------------------------------------------------


def explained(heard):
    """Return a step from 20 to 23 and a note that is struck there, after others."""
    struck = np.argwhere(heard.chosen[20:24, :, 1])
    step, note = struck[-1]
    return 20 + int(step), int(note)


@pytest.mark.parametrize("way", ["mouse", "keyboard"])
@pytest.mark.parametrize("window", [(390, 844), (1280, 800), (1920, 1080)])
def test_why_a_note_was_played(visit, written, network, heard, way, window):
    step, note = explained(heard)
    if way == "mouse":
        tab = visit(written, "#step=30", window=window)
        column = int(tab.locator("#snapshot").evaluate("c => c.width")) - 14 - 1
        tab.mouse.click(*at(tab, column - (30 - step), HIGH - LOW - 1 - note))
    else:
        tab = visit(written, f"#step={step}&note={LOW + note}", window=window)
        tab.keyboard.press("w")
    settle(tab)
    assert f"why={step}-{LOW + note}" in tab.url
    assert tab.locator("#panel-why").is_visible()
    why = lv.attribution(network, heard.piece, step, LOW + note)
    top = why.top(12)
    rows = texts(tab, "#why-notes li")
    for row, contribution in zip(rows, top, strict=False):
        assert numbers(row)[0] == pytest.approx(contribution.value, abs=0.006)
        assert ("below it" in row) == contribution.below
    rest = sum(each.value for each in why.notes()) - sum(each.value for each in top)
    assert numbers(rows[-1])[0] == pytest.approx(rest, abs=0.02)
    words = tab.locator("#why-words").text_content()
    assert f"{100 * why.probability:.1f} %" in words
    assert (
        tab.locator("#frame .mark.for:visible").count()
        == sum(each.value >= 0 and each.start <= 31 for each in why.top(24))
        if way == "mouse"
        else True
    )
    tab.keyboard.press("Escape")
    settle(tab)
    assert "why=" not in tab.url
    assert tab.locator("#frame .mark.for:visible").count() == 0


def test_a_note_that_is_not_explained_is_only_selected(visit, written, heard):
    tab = visit(written, "#step=30")
    step, note = np.argwhere(heard.chosen[28:31, :, 1])[0]
    column = int(tab.locator("#snapshot").evaluate("c => c.width")) - 14 - 1
    tab.mouse.click(*at(tab, column - (2 - int(step)), HIGH - LOW - 1 - int(note)))
    settle(tab)
    assert f"note={LOW + note}" in tab.url
    assert "why=" not in tab.url
    tab.keyboard.press("w")
    settle(tab)
    assert "does not explain that step" in tab.locator("#why-words").text_content()


# The command ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"why": (0, 4)}, "needs the network"),
        ({"net": True, "why": (30, 50)}, "no steps from 30 up to 50; the trace has 40"),
        ({"tuning": True}, "its layers are not those of the trace"),
        ({"step": 40}, "no step 40"),
    ],
)
def test_what_does_not_fit_is_refused(network, tuned, tmp_path, options, message):
    other = lv.Biaxial((4,), (3,), low=LOW, high=HIGH, seed=0)
    net = other if options.get("tuning") else network
    music = random_music(4, T=STEPS + 1, N=HIGH - LOW, density=0.2)
    trace = lv.trace(net, Piece(music, low=LOW))
    given = options | {
        key: value
        for key, value in (("net", net), ("tuning", tuned))
        if options.get(key) is True
    }
    with pytest.raises(ValueError, match=message) as error:
        lv.page(trace, tmp_path / "a.html", **given)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_the_command_takes_network_tuning_and_steps(
    network, heard, tuned, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    network.save("net.npz"), heard.save("t.npz"), tuned.save("tuning.npz")
    command = "page t.npz --network net.npz --tuning tuning.npz --to 30 --why 20 21"
    assert main(command.split()) == 0
    assert "30 steps of time1, time2, note1" in capsys.readouterr().out
    written = (tmp_path / "mind.html").read_text("latin-1")
    assert '"why": {"start": 20, "stop": 21' in written
    assert "Measured on 1 piece, 40 time steps" in written
    assert main(["page", "t.npz", "--why", "2", "3"]) == 1
    assert "name it with --network" in capsys.readouterr().err
