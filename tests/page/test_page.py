"""The page, in a real browser: it shows the pixels and the values of the trace."""

import re
import time

import numpy as np
import pytest
from browsing import (
    HOSTILE,
    HOSTILE_TITLE,
    LOW,
    SCRIPT,
    SIZES,
    N,
    S,
    at,
    check,
    column,
    hostile_trace,
    pixels,
    point,
    readout,
    row,
    settle,
    wait_for_step,
)

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.music.bars import positions_of_bars
from lstmviz.pictures.packing import VALUES

# What it shows ------------------------------------------------------------------


def test_its_pixels_are_those_of_the_snapshot_at_every_step(visit, trace):
    tab = visit()
    for step in range(S):
        np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, step))
        tab.keyboard.press("ArrowRight")
        settle(tab)


def test_its_pixels_are_those_of_the_neuron_picture(visit, trace):
    tab = visit(address="#neuron=note1-2")
    np.testing.assert_array_equal(pixels(tab, "neuron"), lv.neuron(trace, "note1", 2))
    tab.locator("#music").check()
    settle(tab)
    expected = lv.neuron(trace, "note1", 2, notes=True)
    np.testing.assert_array_equal(pixels(tab, "neuron"), expected)


@pytest.mark.parametrize("name", ["plain.html", "gates.html"])
def test_pointing_at_a_neuron_shows_its_values(visit, trace, name):
    tab = visit(name, "#step=7")
    rng = np.random.default_rng(1)
    for layer in SIZES:
        for k, n in rng.integers(0, [SIZES[layer], N], (5, 2)):
            words, values = point(tab, column(layer, k), row(layer, n))
            assert f"{layer}, neuron {k}\n" in words
            assert f"MIDI {LOW + n}), step 7" in words
            parts = "ch" if name == "plain.html" else "cfghio"
            assert sorted(values) == list(parts)
            for part, text in values.items():
                check(text, getattr(trace[layer], part)[7, n, k])


def test_pointing_at_the_score_shows_the_decision_of_that_step(visit, trace):
    tab = visit(address="#step=30")
    for back, n in (0, 3), (5, 20), (30, 0):
        words, values = point(tab, 150 - 1 - back, row("score", n))
        then = 30 - back
        assert "Score" in words
        assert f"step {then}\n" in words
        check(values["play"], trace.probability[then, n, 0])
        check(values["articulate"], trace.probability[then, n, 1])
        played, struck = trace.chosen[then, n]
        assert ("struck" if struck else "held" if played else "silent") in words


def test_pointing_at_a_decision_shows_its_probabilities(visit, trace):
    tab = visit(address="#step=12")
    for layer in ("score", *SIZES):
        for x in (155, 156, 162, 163):
            words, values = point(tab, x, row(layer, 9))
            assert "Decision" in words
            check(values["play"], trace.probability[12, 9, 0])
            check(values["articulate"], trace.probability[12, 9, 1])


def test_pointing_at_black_shows_the_selected_neuron(visit):
    tab = visit(address="#step=12&neuron=note2-1&note=60")
    for x, y in (2, row("score", 4)), (152, row("time1", 4)), (40, N + 2):
        words, _ = point(tab, x, y)
        assert "note2, neuron 1" in words
        assert "C4 (MIDI 60), step 12" in words


def test_clicking_a_neuron_shows_its_picture_and_curves(visit, trace):
    tab = visit("gates.html", "#step=9")
    tab.mouse.click(*at(tab, column("time2", 3), row("time2", 11)))
    settle(tab)
    np.testing.assert_array_equal(pixels(tab, "neuron"), lv.neuron(trace, "time2", 3))
    assert "Neuron time2 3" in tab.locator("#neuron-card").inner_text()
    assert "#step=9&neuron=time2-3&note=66" in tab.url
    for part in "hcifog":
        curve = tab.locator(f"#neuron-curves .curve.is-{part}").get_attribute("d")
        assert curve.count("V") == S
        text = tab.locator(f"#neuron-curves .key.is-{part} .now").inner_text()
        check(text, getattr(trace["time2"], part)[9, 11, 3])


def test_clicking_a_note_of_the_score_shows_its_probabilities(visit, trace):
    tab = visit(address="#step=20")
    tab.mouse.click(*at(tab, 140, row("score", 5)))
    settle(tab)
    assert "Note C4" in tab.locator("#note-card").inner_text()
    for kind, name in enumerate(("play", "articulate")):
        text = tab.locator(f"#note-curves .key.is-{name} .now").inner_text()
        check(text, trace.probability[20, 5, kind])


def test_clicking_the_picture_of_a_neuron_goes_to_that_step(visit, trace):
    tab = visit(address="#neuron=note1-4")
    words, values = point(tab, 33, N - 1 - 5, "neuron")
    assert "note C4 (MIDI 60), step 33" in words
    check(values["h"], trace["note1"].h[33, 5, 4])
    tab.mouse.click(*at(tab, 33, N - 1 - 5, "neuron"))
    settle(tab)
    assert "#step=33&neuron=note1-4&note=60" in tab.url
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 33))


# Navigation ---------------------------------------------------------------------


def test_keys_and_the_slider_move_through_time(visit, trace):
    tab = visit()

    def moment():
        settle(tab)
        step = int(tab.locator("#scrub").input_value())
        assert f"step={step}&" in tab.url
        np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, step))
        return step

    for key, step in (
        ("ArrowRight", 1),
        ("Shift+ArrowRight", 15),  # decides step 16, the second bar line
        ("ArrowLeft", 14),
        ("Shift+ArrowLeft", 0),
        ("ArrowLeft", 0),
        ("End", S - 1),
        ("ArrowRight", S - 1),
        ("Home", 0),
    ):
        tab.keyboard.press(key)
        assert moment() == step
    tab.locator("#scrub").fill("23")
    assert moment() == 23
    tab.locator("#forth").click()
    assert moment() == 24


def test_bars_are_those_of_the_music(browser, trace, tmp_path):
    """3/4 with a pickup of a quarter note; step s decides step s + 1 of the music."""
    waltz = lv.Trace(
        {"time1": trace["time1"]},
        {},
        trace.heard,
        trace.probability,
        trace.chosen,
        LOW,
        positions_of_bars(S + 1, bar=12, pickup=4),
        bpm=150,
    )
    lv.page(waltz, tmp_path / "waltz.html", step=0)
    tab = browser.new_page()
    tab.goto((tmp_path / "waltz.html").as_uri())
    tab.wait_for_selector("body[data-ready]")
    shown = []
    for key in "Home", "ArrowRight", "Shift+ArrowRight", "Shift+ArrowRight":
        tab.keyboard.press(key)
        settle(tab)
        shown.append(tab.locator("#moment").text_content().split(" of ")[0])
        shown.append(tab.locator("#moment").text_content().split(", ")[1])
    tab.close()
    steps = ["step 0", "step 1", "step 3", "step 15"]
    assert shown[::2] == steps
    assert shown[1::2] == ["pickup", "pickup", "bar 1", "bar 2"]


def test_keys_move_through_neurons_and_notes(visit):
    tab = visit(address="#neuron=note2-2&note=60")
    tab.keyboard.press(".")  # from the last neuron to the first
    tab.locator("#snapshot").focus()
    tab.keyboard.press("ArrowUp")
    settle(tab)
    assert "neuron=note2-0&note=61" in tab.url
    tab.keyboard.press(",")
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("ArrowDown")
    settle(tab)
    assert "neuron=note2-2&note=59" in tab.url


def test_the_address_gives_step_neuron_and_note(visit, trace):
    tab = visit(address="#step=21&neuron=note2-1&note=70")
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 21))
    np.testing.assert_array_equal(pixels(tab, "neuron"), lv.neuron(trace, "note2", 1))
    assert "note A#4 (MIDI 70), step 21" in readout(tab)[0]
    tab.evaluate("location.hash = '#step=3&neuron=time1-9'")
    tab.wait_for_timeout(100)
    settle(tab)
    words, values = readout(tab)
    assert "time1, neuron 9\n" in words
    assert "note A#4 (MIDI 70), step 3" in words
    check(values["h"], trace["time1"].h[3, 15, 9])


@pytest.mark.parametrize(
    "address",
    [
        "#step=-1&neuron=time9-1&note=1",
        "#neuron=time1",
        "#step=%&neuron=__proto__-0&note=constructor",
        "#step=<b>&neuron=<img src=x onerror=alert(1)>-1&note=<script>",
    ],
)
def test_a_wrong_address_opens_the_first_step(visit, trace, address):
    tab = visit(address=address)
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 0))


def test_search_finds_a_neuron_or_says_which_exist(visit):
    tab = visit()
    tab.keyboard.press("/")
    tab.keyboard.type("time1 17")
    tab.keyboard.press("Enter")
    settle(tab)
    assert "neuron=time1-17&" in tab.url
    for wanted, message in (
        ("note2 3", "note2 has neurons 0 to 2"),
        ("time3 1", "there are time1, time2, note1, note2"),
        ("hello", "Type a layer and a number, such as time1 17"),
    ):
        tab.locator("#wanted").fill(wanted)
        tab.keyboard.press("Enter")
        assert message in tab.locator("#not-found").inner_text()
    assert "neuron=time1-17&" in tab.url


# Playing ------------------------------------------------------------------------

LISTEN = """() => {
window.struck = [];
const start = OscillatorNode.prototype.start;
OscillatorNode.prototype.start = function (when) {
  window.struck.push([this.frequency.value, when]);
  return start.call(this, when);
};
}"""


def test_it_plays_the_chosen_notes_in_time_and_stops(visit, trace):
    tab = visit()
    tab.evaluate(LISTEN)
    begun = time.monotonic()
    tab.keyboard.press(" ")
    wait_for_step(tab, 12)
    lasted = time.monotonic() - begun
    assert tab.locator("#play").get_attribute("aria-label") == "Pause"
    tab.keyboard.press(" ")
    settle(tab)
    step = int(tab.locator("#scrub").input_value())
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, step))
    assert lasted > 12 * 0.125  # four sixteenths in each half second

    notes = np.array(tab.evaluate("window.struck"))
    midi = np.round(69 + 12 * np.log2(notes[:, 0] / 440)).astype(int)
    when = np.round((notes[:, 1] - notes[0, 1]) / 0.125).astype(int)
    for s in range(12):
        # A note that is held at the first step begins to sound there.
        sounds = trace.chosen[s, :, 1] if s else trace.chosen[s, :, 0]
        assert sorted(midi[when == s] - LOW) == np.flatnonzero(sounds).tolist()

    count = len(notes)
    tab.wait_for_timeout(300)
    assert int(tab.locator("#scrub").input_value()) == step
    assert tab.evaluate("window.struck.length") == count


def test_it_plays_to_the_end_at_twice_the_tempo(visit, trace):
    tab = visit(address="#step=30")
    tab.locator("#speed").select_option("2")
    tab.locator("#play").click()
    tab.wait_for_selector("#play[aria-label=Play]", timeout=10_000)
    settle(tab)
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, S - 1))


# Appearance ---------------------------------------------------------------------


def test_zoom_changes_the_size_but_no_pixel(visit, trace):
    tab = visit()
    width = tab.locator("#snapshot").bounding_box()["width"]
    assert width % 164 == 0
    tab.keyboard.press("+")
    assert tab.locator("#snapshot").bounding_box()["width"] == width + 164
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 0))
    tab.keyboard.press("0")
    assert tab.locator("#snapshot").bounding_box()["width"] == width


def test_light_and_dark_follow_the_system_or_the_button(visit):
    tab = visit()
    background = "getComputedStyle(document.body).backgroundColor"
    light = tab.evaluate(background)
    tab.emulate_media(color_scheme="dark")
    dark = tab.evaluate(background)
    assert dark != light
    tab.locator("#theme").click()
    assert tab.evaluate(background) == light


def test_on_a_phone_nothing_is_wider_than_the_screen(visit):
    tab = visit("gates.html")
    tab.set_viewport_size({"width": 390, "height": 844})
    settle(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390


def test_every_control_has_a_name(visit):
    tab = visit()
    nameless = tab.evaluate(
        "[...document.querySelectorAll('button, input, select, canvas, svg')].filter("
        "e => !e.closest('[aria-hidden]') &&"
        " !(e.ariaLabel || e.textContent.trim() || e.labels?.length)).length"
    )
    assert nameless == 0


# The file -----------------------------------------------------------------------


def test_the_title_is_text_and_no_markup(visit):
    assert visit().title() == "A & <B>"


def elements(tab):
    """Return how many elements of each kind the page has."""
    return tab.evaluate(
        "[...document.querySelectorAll('*')].reduce((counts, { localName }) =>"
        " ({ ...counts, [localName]: (counts[localName] ?? 0) + 1 }), {})"
    )


def test_names_and_title_are_shown_as_text_and_run_no_script(visit):
    tab = visit("hostile.html")
    assert tab.title() == HOSTILE_TITLE
    assert tab.locator("h1").text_content() == HOSTILE_TITLE
    bands = tab.locator(".band-title b").all_text_contents()
    assert bands == ["score", *HOSTILE]
    count = elements(tab)
    assert count["script"] == 2 + 2 + 6 * len(HOSTILE)  # JSON, page, music, layers
    assert not {"img", "object", "iframe"} & count.keys()
    assert tab.locator("#wanted").get_attribute("placeholder") == f"{HOSTILE[0]} 17"


@pytest.mark.parametrize("name", HOSTILE)
def test_the_address_gives_back_a_neuron_of_any_name(visit, name):
    trace, layer = hostile_trace(), HOSTILE.index(name)
    tab = visit("hostile.html")
    tab.mouse.click(*at(tab, 125 + 2, (layer + 1) * 10 + 4 - 3))
    settle(tab)
    assert tab.locator("#neuron-name").text_content() == f"{name} 2"
    np.testing.assert_array_equal(pixels(tab, "neuron"), lv.neuron(trace, name, 2))
    address = tab.url[tab.url.index("#") :]
    assert not set(address) & set("<>\" '")

    again = visit("hostile.html", address)
    assert again.locator("#readout-kind").text_content() == f"{name}, neuron 2"
    words, values = readout(again)
    assert f"MIDI {LOW + 3}), step 0" in words
    for part, text in values.items():
        check(text, getattr(trace[name], part)[0, 3, 2])


def test_what_is_searched_is_shown_as_text(visit):
    tab = visit("hostile.html")
    before = elements(tab)
    for wanted in f"<img src=x onerror='{SCRIPT}'> 1", f"{HOSTILE[0]} 99":
        tab.locator("#wanted").fill(wanted)
        tab.keyboard.press("Enter")
        settle(tab)
        assert wanted.rsplit(" ", 1)[0] in tab.locator("#not-found").text_content()
    tab.locator("#wanted").fill(f"{HOSTILE[0].upper()} 1")
    tab.keyboard.press("Enter")
    settle(tab)
    assert tab.locator("#neuron-name").text_content() == f"{HOSTILE[0]} 1"
    assert elements(tab) == before
    assert tab.title() == HOSTILE_TITLE


def test_no_page_is_written_of_a_file_with_such_a_name(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    hostile_trace(HOSTILE[:1]).save("t.npz")
    assert main(["page", "t.npz"]) == 1
    message = capsys.readouterr().err
    assert "letters, digits and underscores" in message
    assert message.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.npz"]


def test_values_are_the_middle_of_the_interval_of_their_byte():
    for byte in range(1, 254):
        edges = np.array([byte, byte + 1]) / 255
        assert VALUES[byte] == pytest.approx(
            np.log(edges / (1 - edges)).mean(), abs=1e-4
        )


def test_a_page_of_eight_bars_of_the_largest_network_is_small(
    browser, tmp_path, capsys
):
    net = lv.Biaxial(seed=0)
    trace = lv.trace(net, lv.song("prelude-in-c")[:129])
    sizes = {}
    for gates in False, True:
        path = tmp_path / f"{gates}.html"
        lv.page(trace, path, gates)
        sizes[gates] = path.stat().st_size / 1e6
    assert sizes[False] < 10
    tab = browser.new_page()
    begun = time.monotonic()
    tab.goto(f"{(tmp_path / 'False.html').as_uri()}#step=127")
    tab.wait_for_selector("body[data-ready]", timeout=20_000)
    seconds = time.monotonic() - begun
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 127))
    tab.close()
    with capsys.disabled():
        print(
            f"\na page of 128 steps: {sizes[False]:.1f} MB, with gates "
            f"{sizes[True]:.1f} MB, opened in {seconds:.1f} s"
        )


def test_the_command_prints_the_size_and_what_is_not_included(
    trace, tmp_path, monkeypatch, capsys
):
    monkeypatch.chdir(tmp_path)
    trace.save("t.npz")
    assert main(["page", "t.npz", "-o", "mind.html"]) == 0
    output = capsys.readouterr().out
    assert re.search(
        r"wrote mind.html: 40 steps of time1, time2, note1, note2 \(\d\.\d MB\)", output
    )
    missing = "not included: gates i, f, g, o (--gates or --network includes them)"
    assert missing in output
    assert main(["page", "t.npz", "--gates"]) == 0
    assert "not included" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("a.txt", {}, "must end in .html"),
        ("no/a.html", {}, "no folder"),
        ("a.html", {"bpm": 0}, "bpm must be"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(
    trace, tmp_path, name, options, message
):
    with pytest.raises(ValueError, match=message) as error:
        lv.page(trace, tmp_path / name, **options)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []
