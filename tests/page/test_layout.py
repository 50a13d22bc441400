"""The page at every size: nothing hidden, nothing wider than the window."""

import re

import numpy as np
import pytest
from browsing import LOW, S, check, pixels, readout, settle, until

import lstmviz as lv
from lstmviz.cells.lstm import Layer

WINDOWS = [(1280, 800), (1366, 768), (1920, 1080)]


@pytest.fixture(scope="module")
def network():
    """The largest shipped sizes, with random weights."""
    return lv.Biaxial(seed=0)


@pytest.fixture(scope="module")
def composed(network):
    """A trace that hears a bar and a half, and composes as much."""
    heard = lv.song("prelude-in-c", network.low, network.high)[:24]
    return lv.compose(network, 24, seed=1, prompt=heard, record=True)[1]


@pytest.fixture(scope="module")
def large(composed, network, files):
    lv.page(composed, files / "large.html", net=network, step=23)
    return "large.html"


@pytest.mark.parametrize("window", WINDOWS)
def test_nothing_of_the_snapshot_is_under_the_footer(visit, large, window):
    tab = visit(large, window=window)
    snapshot = tab.locator("#snapshot").bounding_box()
    footer = tab.locator("footer").bounding_box()
    assert snapshot["y"] + snapshot["height"] <= footer["y"]
    assert snapshot["height"] > 0.7 * window[1]
    assert footer["y"] + footer["height"] <= window[1]
    assert tab.evaluate("document.documentElement.scrollWidth") <= window[0]


def test_a_browser_zoom_of_200_percent_makes_neurons_larger(visit, large):
    def screen_pixels(window, scale):
        tab = visit(large, window=window, scale=scale)
        return tab.locator("#snapshot").bounding_box()["width"] * scale

    for width, height in WINDOWS:
        once = screen_pixels((width, height), 1)
        assert screen_pixels((width // 2, height // 2), 2) > once


def test_on_a_phone_everything_is_within_the_window(visit, large):
    tab = visit(large, window=(390, 844))
    settle(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= 390
    assert tab.locator("#snapshot").bounding_box()["width"] >= 300


def test_it_opens_where_asked_or_where_many_notes_are_in_view(
    visit, large, composed, files
):
    assert "step=23&" in visit(large).url
    lv.page(composed, files / "default.html")
    step = int(re.search(r"step=(\d+)", visit("default.html").url)[1])
    struck = composed.chosen[..., 1].sum(axis=1)

    def in_view(s):
        return struck[max(0, s - 31) : s + 1].sum()

    assert in_view(step) == max(map(in_view, range(len(composed))))


# Gates --------------------------------------------------------------------------


def test_gates_are_computed_from_the_weights(visit, large, composed):
    tab = visit(large)
    rng = np.random.default_rng(0)
    for name in composed.names:
        for _ in range(3):
            k, n, s = rng.integers(0, [composed.sizes[name], 78, len(composed)])
            tab.evaluate(f"location.hash = 'step={s}&neuron={name}-{k}&note={24 + n}'")
            title = f"{name}, neuron {k}"
            until(
                tab,
                f"document.getElementById('readout-kind').textContent === '{title}'",
            )
            words, values = readout(tab)
            assert f"{name}, neuron {k}\n" in words
            for gate in "ifgo":
                check(values[gate], getattr(composed[name], gate)[s, n, k])


def test_weights_of_another_network_are_refused(tmp_path):
    one, other = (lv.Biaxial((4,), (3,), seed=seed) for seed in (0, 1))
    trace = lv.trace(one, lv.song("prelude-in-c")[:24])
    with pytest.raises(ValueError, match="not of this network"):
        lv.page(trace, tmp_path / "a.html", net=other)
    with pytest.raises(ValueError, match="not those of the trace"):
        lv.page(trace, tmp_path / "a.html", net=lv.load("tiny"))
    assert list(tmp_path.iterdir()) == []


def test_a_trace_that_no_browser_could_open_is_refused_beforehand(tmp_path):
    def still(steps, H):
        """A trace without memory of its own: every number is the same zero."""
        zeros = np.broadcast_to(np.float32(0), (steps, 78, H))
        music = np.broadcast_to(np.uint8(0), (steps, 78, 2))
        layers = {"time1": Layer(*[zeros] * 6)}
        return lv.Trace(layers, {}, music, np.float32(music), music)

    with pytest.raises(
        ValueError, match=r"2,000 steps is too large.*--to 1709"
    ) as error:
        lv.page(still(2000, 750), tmp_path / "a.html")
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


# Colours ------------------------------------------------------------------------


def test_colours_for_colour_blind_readers_are_those_of_the_pictures(visit, trace):
    """To within the 1 by which the mean of two rounded bytes can be lower."""
    tab = visit(address="#step=30&neuron=note1-2&music=1")
    tab.keyboard.press("c")
    settle(tab)
    assert "palette=colour-blind" in tab.url
    blind = lv.snapshot(trace, 30, palette="colour-blind")
    assert np.abs(pixels(tab).astype(int) - blind).max() <= 1
    neuron = lv.neuron(trace, "note1", 2, notes=True, palette="colour-blind")
    assert np.abs(pixels(tab, "neuron").astype(int) - neuron).max() <= 1
    tab.locator("#palette").click()
    settle(tab)
    np.testing.assert_array_equal(pixels(tab), lv.snapshot(trace, 30))


# Time ---------------------------------------------------------------------------


def test_time_can_be_zoomed_and_scrolled(visit):
    tab = visit(address="#step=20")
    whole = tab.locator("#neuron").bounding_box()["width"]
    tab.keyboard.press("i")
    settle(tab)
    assert tab.locator("#neuron").bounding_box()["width"] == pytest.approx(2 * whole, 2)
    assert tab.locator("#shown-steps").text_content() == "steps 10 to 29"
    assert "time=10-30" in tab.url
    tab.locator("#scroll").fill("0")
    settle(tab)
    assert "step=20&" in tab.url  # scrolling does not change the moment
    assert tab.locator("#shown-steps").text_content() == "steps 0 to 19"
    tab.locator("#neuron").hover()
    tab.mouse.wheel(50, 0)
    until(tab, "document.getElementById('scroll').value === '4'")
    tab.keyboard.press("End")  # the last step comes into view
    settle(tab)
    assert tab.locator("#shown-steps").text_content() == f"steps 20 to {S - 1}"
    tab.locator("#time-all").click()
    settle(tab)
    assert tab.locator("#shown-steps").text_content() == f"steps 0 to {S - 1}"
    again = visit(address="#step=3&time=8-16")
    assert again.locator("#shown-steps").text_content().endswith(("to 9", "to 8"))


def test_bars_and_beats_are_drawn_where_the_music_has_them(visit):
    tab = visit()

    def lines(selector):
        d = tab.locator(selector).first.get_attribute("d")
        return [int(x) for x in re.findall(r"M(\d+) ", d)]

    assert lines("#over-neuron .bars") == [0, 16, 32]
    assert lines("#over-neuron .beats") == list(range(0, S, 4))
    assert lines("#note-curves .bars") == [15, 31]  # they decide steps 16 and 32
    names = tab.locator("#bar-names span").all_text_contents()
    assert names == ["1", "2", "3"]


# For everyone -------------------------------------------------------------------


def test_while_playing_a_screen_reader_is_not_told_every_step(visit):
    tab = visit()
    live = "['moment', 'readout'].map(id => document.getElementById(id).ariaLive)"
    assert tab.evaluate(live) == ["polite", "polite"]
    tab.keyboard.press(" ")
    tab.wait_for_selector("#play[aria-label=Pause]")
    assert tab.evaluate(live) == ["off", "off"]
    tab.keyboard.press(" ")
    tab.wait_for_selector("#play[aria-label=Play]")
    assert tab.evaluate(live) == ["polite", "polite"]


def test_pictures_and_curves_say_what_they_show(visit, trace):
    tab = visit(address=f"#step=12&neuron=time2-3&note={LOW + 5}")
    label = tab.locator("#neuron").get_attribute("aria-label")
    assert "Neuron time2 3 over steps 0 to 39 and notes G3 to F#5" in label
    assert "at step 12, note C4: h " in label
    check(re.search(r"h (\S+ ±\S+),", label)[1], trace["time2"].h[12, 5, 3])
    curve = tab.locator("#neuron-curves svg").first.get_attribute("aria-label")
    h = trace["time2"].h[:, 5, 3]
    found = re.search(
        r"lowest (\S+ ±\S+) at step (\d+), highest (\S+ ±\S+) at step (\d+)", curve
    )
    check(found[1], h[int(found[2])])
    assert h[int(found[2])] == pytest.approx(h.min(), abs=0.04)
    assert h[int(found[4])] == pytest.approx(h.max(), abs=0.04)
    plays = [f"{p}" for p in np.flatnonzero(trace.chosen[12, :, 0])]
    told = tab.locator("#snapshot").get_attribute("aria-label")
    assert told.split("it plays ")[1].split(";")[0].count(",") == len(plays) - 1


def test_pictures_and_curves_are_reached_with_the_keyboard(visit):
    tab = visit("gates.html", "#step=12&note=60")
    tab.keyboard.press("i")
    settle(tab)
    reached = set()
    for _ in range(40):
        tab.keyboard.press("Tab")
        reached |= {
            tab.evaluate(
                "document.activeElement.id ||"
                " document.activeElement.closest('[id]')?.id"
            )
        }
    assert {"snapshot", "neuron", "neuron-curves", "note-curves", "scroll"} <= reached
    tab.locator("#neuron").focus()
    tab.keyboard.press("ArrowUp")
    tab.keyboard.press("ArrowRight")
    settle(tab)
    assert "step=13&" in tab.url
    assert "note=61" in tab.url


def test_after_a_search_keys_are_keys_again(visit):
    tab = visit()
    tab.keyboard.press("/")
    tab.keyboard.type("time2 neuron 3")
    tab.keyboard.press("Enter")
    tab.keyboard.press("ArrowRight")
    settle(tab)
    assert "step=1&neuron=time2-3&" in tab.url
    tab.keyboard.press("/")
    tab.keyboard.type("c5")
    tab.keyboard.press("Enter")
    settle(tab)
    assert "note=72" in tab.url
    tab.keyboard.press("/")
    tab.keyboard.press("Escape")
    tab.keyboard.press(" ")
    tab.wait_for_selector("#play[aria-label=Pause]")
    tab.keyboard.press(" ")


def test_a_key_changes_the_layer(visit):
    tab = visit(address="#neuron=time1-100")
    tab.keyboard.press("]")
    settle(tab)
    assert "neuron=time2-3&" in tab.url  # time2 has only four
    tab.keyboard.press("[")
    tab.keyboard.press("[")
    settle(tab)
    assert "neuron=note2-2&" in tab.url
