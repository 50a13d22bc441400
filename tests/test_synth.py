"""The synthesiser: in tune, on time, without clicks, and never too loud."""

import tracemalloc
import wave

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.music.notes import states_from_notes
from lstmviz.music.synth import RATE, RELEASE, tone

A4, C1, F7 = 69, 24, 101


def one_note(pitch=A4, start=0, stop=16, steps=16):
    return states_from_notes([(pitch, start, stop)], steps)


def cents(sound, expected):
    """Return how far the strongest frequency lies above the expected one.

    In a spectrum seen through a Gaussian window, the logarithm of a peak is a
    parabola: three points tell its top to far better than one bin.
    """
    t = np.linspace(-4, 4, len(sound))
    levels = np.log(np.abs(np.fft.rfft(sound * np.exp(-(t**2) / 2))))
    top = levels.argmax()
    before, peak, after = levels[top - 1 : top + 2]
    place = top + (before - after) / (2 * (before - 2 * peak + after))
    return 1200 * np.log2(place * RATE / len(sound) / expected)


def onset(sound, rate=RATE):
    """Return the seconds until a hundredth of the loudest sample is passed."""
    level = np.abs(sound)
    return np.argmax(level > level.max() / 100) / rate


@pytest.mark.parametrize(
    ("pitch", "frequency"), [(A4, 440), (C1, 32.7032), (60, 261.6256), (F7, 2793.826)]
)
def test_notes_are_in_tune_within_a_cent(pitch, frequency):
    assert abs(cents(lv.synthesise(one_note(pitch)), frequency)) < 1


def test_low_names_the_note_of_index_0():
    states = np.ones((16, 1, 2), np.uint8) * [1, 0]
    assert abs(cents(lv.synthesise(states, low=A4), 440)) < 1


@pytest.mark.parametrize("pitch", [C1, A4, F7])
@pytest.mark.parametrize(("step", "bpm"), [(0, 120), (7, 97.3), (111, 120), (31, 400)])
def test_a_note_begins_within_a_millisecond_of_its_step(pitch, step, bpm):
    sound = lv.synthesise(one_note(pitch, step, step + 4, steps=120), bpm)
    assert abs(onset(sound) - step * 15 / bpm) < 0.001


def test_every_stroke_of_a_piece_is_on_time():
    """Cut off before a stroke, a piece sounds the same up to there, and then not."""
    piece, rate = lv.song("prelude-in-c").states[:12], 16_000
    whole = lv.synthesise(piece, bpm=97, rate=rate)
    for step in np.flatnonzero(piece[..., 1].any(axis=1))[1:]:
        before = piece.copy()
        before[step:] *= 1 - piece[step, :, 1:]
        rest = whole - lv.synthesise(before, bpm=97, rate=rate)
        assert abs(onset(rest, rate) - step * 15 / 97) < 0.001


def test_a_held_note_dies_away_and_a_note_struck_again_is_as_loud_as_before():
    held = lv.synthesise(one_note(A4, 0, 16))
    again = lv.synthesise(states_from_notes([(A4, 0, 16), (A4, 8, 16)], 16))
    half = RATE
    assert np.abs(held[half:]).max() < 0.5 * np.abs(held[:half]).max()
    # What is left of the first stroke sounds through the second.
    loud = np.abs(again[half:]).max() / np.abs(again[:half]).max()
    assert 0.8 < loud < 1.3


def test_a_note_let_go_is_silent_soon():
    sound = lv.synthesise(one_note(A4, 0, 4))
    end = round((4 / 8 + RELEASE) * RATE)
    assert np.abs(sound[end - RATE // 200 :]).max() < 0.01
    assert not sound[end + 1 :].any()


def test_a_note_held_for_ever_comes_to_rest():
    sound = lv.synthesise(one_note(C1, 0, 64, steps=64))
    assert not sound[round(6 * RATE) :].any()


# A click is a jump. A wave moves a little from each sample to the next, in the bass
# a hundredth of its height; a note that is cut off jumps by all its height at once.


def largest_jump(sound, start, stop):
    """Return the furthest that neighbouring samples between two steps are apart."""
    start, stop = (round(step * RATE / 8) for step in (start, stop))
    return np.abs(np.diff(sound[max(start - 1, 0) : stop + 1])).max()


@pytest.mark.parametrize("pitch", [C1, 36, A4, F7])
@pytest.mark.parametrize("stop", [1, 3, 16])
def test_a_note_let_go_does_not_click(pitch, stop):
    sound = lv.synthesise(one_note(pitch, 0, stop, steps=20))
    ringing = largest_jump(sound, stop - 1, stop - 0.01)
    assert largest_jump(sound, stop, 20) < 1.01 * ringing
    at_rest = largest_jump(sound, stop + 8 * RELEASE - 0.001, 20)
    assert at_rest < ringing / 1000


@pytest.mark.parametrize("pitch", [C1, 36, A4, F7])
def test_a_note_begins_from_nothing(pitch):
    sound = lv.synthesise(one_note(pitch))
    assert sound[0] == 0
    assert np.abs(np.diff(sound[:5])).max() < np.abs(sound).max() / 100


@pytest.mark.parametrize("pitch", [C1, 36, A4, F7])
def test_a_note_struck_again_does_not_click(pitch):
    once, twice = (
        lv.synthesise(states_from_notes([(pitch, 0, 8), (pitch, again, 8)], steps=8))
        for again in (0, 4)
    )
    second = twice - once
    start = 4 * RATE // 8
    assert not second[:start].any()
    assert np.abs(np.diff(second[start - 1 : start + 5])).max() < 0.001
    assert largest_jump(twice, 4, 8) < 2 * largest_jump(once, 0, 4)


def test_all_notes_at_once_do_not_clip():
    """What clips has flat tops: neighbouring samples at the loudest level."""
    sound = lv.synthesise(np.ones((4, 78, 2), np.uint8), rate=16_000)
    top = np.abs(sound).max()
    assert 0.9 < top < 1
    assert not ((np.abs(sound[1:]) == top) & (np.abs(sound[:-1]) == top)).any()


def test_partials_above_half_the_rate_are_left_out():
    spectrum = np.abs(np.fft.rfft(tone(F7, rate=8000)))
    hertz = np.fft.rfftfreq(len(tone(F7, rate=8000)), 1 / 8000)
    other = np.abs(hertz - 2793.826) > 500
    assert spectrum[other].max() < spectrum.max() / 100


def test_the_same_music_gives_the_same_bytes(tmp_path):
    states = random_music(3, T=24, N=78, density=0.05)
    for name in "a.wav", "b.wav":
        lv.write_wav(states, tmp_path / name, bpm=300, rate=8000)
    assert (tmp_path / "a.wav").read_bytes() == (tmp_path / "b.wav").read_bytes()


def test_a_wav_file_holds_the_sound(tmp_path):
    states = random_music(4, T=12, N=78, density=0.05)
    lv.write_wav(states, tmp_path / "a.wav", bpm=90, rate=8000)
    with wave.open(str(tmp_path / "a.wav")) as file:
        assert file.getparams()[:3] == (1, 2, 8000)
        read = np.frombuffer(file.readframes(file.getnframes()), "<i2") / 32767
    sound = lv.synthesise(states, bpm=90, rate=8000)
    np.testing.assert_allclose(read, sound, atol=1 / 32767)
    assert len(sound) == round(12 * 15 / 90 * 8000) + round(RELEASE * 8000)


def test_memory_does_not_grow_with_the_music(tmp_path):
    peaks = []
    for steps in 100, 1000:
        states = one_note(A4, 0, steps, steps)
        tracemalloc.start()
        lv.write_wav(states, tmp_path / "a.wav", bpm=480, rate=8000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    # The notes themselves are 156 bytes a step; the sound would be 1000.
    assert peaks[1] - peaks[0] < 900 * 300


def test_a_notebook_shows_a_player():
    html = lv.hear(one_note(steps=16), rate=8000)._repr_html_()
    assert html.startswith('<audio controls src="data:audio/wav;base64,UklGR')


def test_a_failed_wav_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "a.wav"
    path.write_text("the old one")

    def full_disk(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(ValueError, match=r"written .no space"):
        lv.write_wav(one_note(), path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda _: lv.synthesise(np.zeros((2, 3))), "note states have shape"),
        (lambda _: lv.synthesise(np.zeros((1, 2, 3, 2))), "one piece"),
        (lambda _: lv.synthesise(one_note(), bpm=0), "bpm must be a number"),
        (
            lambda _: lv.synthesise(one_note(), bpm=np.nan),
            "bpm must be a number",
        ),
        (lambda _: lv.synthesise(one_note(), rate=100), "rate must be a whole"),
        (
            lambda _: lv.synthesise(one_note(), rate=8000.5),
            "rate must be a whole",
        ),
        (lambda p: lv.write_wav(one_note(), p / "no" / "a.wav"), "no folder"),
    ],
)
def test_sounds_that_cannot_be_are_refused_in_one_line(tmp_path, make, said):
    with pytest.raises(ValueError, match=said) as error:
        make(tmp_path)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []
