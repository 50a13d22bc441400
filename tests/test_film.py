"""The film: every frame is a snapshot; sound and picture are synchronous."""

import subprocess
import sys
import tracemalloc
from fractions import Fraction

import imageio.v3 as imageio
import numpy as np
import pytest
from helpers import random_music, tiny_trace, trace_of
from PIL import Image

import lstmviz as lv
from lstmviz.cells.lstm import Layer
from lstmviz.pictures.encoders import ffmpeg

N = 6
KINDS = "gif", "png", "apng", "mp4"


def small_trace(music, sizes=(("time1", 20), ("note1", 5)), low=60):
    """Return a trace of random activations for given music (S + 1, N, 2)."""
    rng = np.random.default_rng(0)
    S, notes = len(music) - 1, music.shape[1]
    layers = {
        name: Layer(*rng.normal(0, 2, (6, S, notes, H)).astype(np.float32))
        for name, H in sizes
    }
    for layer in layers.values():
        np.tanh(layer.h, out=layer.h)
    probability = rng.random((S, notes, 2)).astype(np.float32)
    return trace_of(layers, music, probability, low)


@pytest.fixture
def trace():
    return small_trace(random_music(1, T=13, N=N))


def read(path):
    """Return the frames of a GIF or APNG, and the duration of each in seconds."""
    with Image.open(path) as image:
        frames, seconds = [], []
        for number in range(image.n_frames):
            image.seek(number)
            frames.append(np.asarray(image.convert("RGB")))
            seconds.append(image.info["duration"] / 1000)
    return np.array(frames), np.array(seconds)


def decode(path, *options):
    """Return the bytes that ffmpeg decodes from an MP4 film."""
    command = [ffmpeg(), "-v", "error", "-i", path, *options, "-"]
    return subprocess.run(command, capture_output=True, check=True).stdout


# Frames


@pytest.mark.parametrize("zoom", [1, 3])
@pytest.mark.parametrize("kind", ["png", "apng"])
def test_every_frame_of_an_apng_is_the_snapshot_pixel_by_pixel(
    tmp_path, trace, kind, zoom
):
    path = tmp_path / f"mind.{kind}"
    lv.film(trace, path, past=9, zoom=zoom)
    frames, _ = read(path)
    assert len(frames) == len(trace)
    for step, frame in enumerate(frames):
        image = lv.snapshot(trace, step, past=9)
        for dy, dx in np.ndindex(zoom, zoom):
            np.testing.assert_array_equal(frame[dy::zoom, dx::zoom], image)


def test_a_program_that_knows_only_png_sees_the_first_frame(tmp_path, trace):
    lv.film(trace, tmp_path / "mind.png", zoom=1)
    with Image.open(tmp_path / "mind.png") as image:
        image.verify()  # every checksum
    with Image.open(tmp_path / "mind.png") as image:
        np.testing.assert_array_equal(np.asarray(image), lv.snapshot(trace, 0))


def test_a_gif_has_similar_colours_and_exact_decisions(tmp_path, trace):
    lv.film(trace, tmp_path / "mind.gif", zoom=1)
    frames, _ = read(tmp_path / "mind.gif")
    assert len(frames) == len(trace)
    for step, frame in enumerate(frames):
        image = lv.snapshot(trace, step).astype(int)
        assert np.abs(frame - image).max() <= 16
        np.testing.assert_array_equal(frame[:, [-8, -1]], image[:, [-8, -1]])


def test_an_mp4_has_similar_colours(tmp_path, trace):
    lv.film(trace, tmp_path / "mind.mp4", zoom=8)
    step, image = 7, lv.snapshot(trace, 7).astype(int)
    raw = decode(tmp_path / "mind.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24")
    frames = np.frombuffer(raw, np.uint8).reshape(len(trace), 8 * len(image), -1, 3)
    assert np.abs(frames[step, 4::8, 4::8] - image).mean() < 4


def test_an_mp4_of_odd_size_gets_a_black_line(tmp_path):
    trace = small_trace(random_music(2, T=4, N=5), sizes=[("time1", 7)])
    assert lv.snapshot(trace, 0, past=3).shape == (15, 21, 3)
    lv.film(trace, tmp_path / "mind.mp4", past=3, zoom=1)
    raw = decode(tmp_path / "mind.mp4", "-f", "rawvideo", "-pix_fmt", "gray")
    frames = np.frombuffer(raw, np.uint8).reshape(3, 16, 22)
    assert frames[:, -1].max() < 40


@pytest.mark.parametrize("kind", KINDS)
def test_steps_can_be_chosen_and_the_score_also_shows_earlier_steps(
    tmp_path, trace, kind
):
    lv.film(trace, tmp_path / f"mind.{kind}", zoom=2, start=4, stop=9)
    if kind == "mp4":
        raw = decode(tmp_path / "mind.mp4", "-f", "rawvideo", "-pix_fmt", "rgb24")
        assert len(raw) == 5 * 4 * lv.snapshot(trace, 0).size
    else:
        frames, _ = read(tmp_path / f"mind.{kind}")
        assert len(frames) == 5
    if kind == "apng":
        np.testing.assert_array_equal(frames[0, ::2, ::2], lv.snapshot(trace, 4))


# Time


@pytest.mark.parametrize("bpm", [60, 97, 120, 133.7])
def test_a_gif_stays_in_time_although_it_counts_in_hundredths(tmp_path, bpm):
    trace = small_trace(random_music(1, T=41, N=N))
    lv.film(trace, tmp_path / "mind.gif", bpm, zoom=1)
    _, shown = read(tmp_path / "mind.gif")
    ends = np.arange(1, 41) * 15 / bpm
    assert np.abs(shown.cumsum() - ends).max() <= 0.005 + 1e-9


@pytest.mark.parametrize("bpm", [97, 120])
def test_an_apng_is_exactly_in_time(tmp_path, trace, bpm):
    lv.film(trace, tmp_path / "mind.png", bpm, zoom=1)
    data = (tmp_path / "mind.png").read_bytes()
    delay = np.frombuffer(data[data.index(b"fcTL") + 24 :][:4], ">u2").tolist()
    assert Fraction(*delay) == Fraction(15, bpm)


@pytest.mark.parametrize(
    ("step", "bpm"),
    [
        *((0, 120), (37, 97.3)),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in ((37, 120), (90, 400))
        ),
    ],
)
def test_a_note_appears_when_its_sound_begins(tmp_path, step, bpm):
    """Both are measured in the finished film, for a single note.

    The picture is sampled 500 times a second, at the pixel that is red while the note
    is played. The sound begins at the first sample above a tenth of the loudest.
    """
    music = np.zeros((101, N, 2), np.uint8)
    music[step + 1, 2] = 1
    lv.film(small_trace(music), tmp_path / "mind.mp4", bpm, past=4, zoom=8)

    rate, film = 500, tmp_path / "mind.mp4"
    left, top = 8 * (20 + 14 - 8), 8 * (N - 1 - 2)
    look = f"crop=8:8:{left}:{top},fps={rate}:start_time=0"
    raw = decode(film, "-vf", look, "-f", "rawvideo", "-pix_fmt", "rgb24")
    screen = np.frombuffer(raw, np.uint8).reshape(-1, 8, 8, 3)
    red = screen[:, 4, 4, 0] > 128
    appears, disappears = (
        np.flatnonzero(np.diff(red.astype(int), prepend=0, append=0)) / rate
    )

    listen = "-af", "aresample=44100:first_pts=0", "-f", "f32le"
    level = np.abs(np.frombuffer(decode(film, *listen), np.float32))
    heard = np.argmax(level > level.max() / 10) / 44100

    assert abs(appears - step * 15 / bpm) < 0.005
    assert abs(disappears - (step + 1) * 15 / bpm) < 0.005
    assert abs(heard - appears) < 0.010  # a frame is 154 to 37 ms


# Memory and files


@pytest.mark.parametrize("kind", KINDS)
def test_a_long_film_needs_no_more_memory_than_a_short_one(tmp_path, kind):
    peaks = []
    for steps in 20, 120:
        trace = small_trace(random_music(1, T=steps + 1, N=N))
        tracemalloc.start()
        lv.film(trace, tmp_path / f"mind.{kind}", bpm=900, zoom=4)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    frames = 100 * 16 * lv.snapshot(trace, 0).size
    assert peaks[1] - peaks[0] < frames / 10


@pytest.mark.parametrize("kind", KINDS)
def test_the_old_film_is_kept_if_writing_fails(tmp_path, trace, kind, monkeypatch):
    path = tmp_path / f"mind.{kind}"
    path.write_text("the old one")

    def broken(trace, step, past):
        if step == 5:
            raise MemoryError
        return lv.snapshot(trace, step, past)

    monkeypatch.setattr("lstmviz.pictures.film.snapshot", broken)
    with pytest.raises(MemoryError):
        lv.film(trace, path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


def test_an_error_of_ffmpeg_is_reported_in_one_line(tmp_path, trace, monkeypatch):
    monkeypatch.setattr("lstmviz.pictures.encoders.VIDEO", "-c:v nonsense")
    with pytest.raises(ValueError, match=r"ffmpeg could not .*nonsense") as error:
        lv.film(trace, tmp_path / "mind.mp4")
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_without_ffmpeg_the_error_says_how_to_install_it(tmp_path, trace, monkeypatch):
    monkeypatch.setitem(sys.modules, "imageio_ffmpeg", None)
    with pytest.raises(ValueError, match="pip install imageio-ffmpeg"):
        lv.film(trace, tmp_path / "mind.mp4")
    lv.film(trace, tmp_path / "mind.gif")  # needs no ffmpeg


@pytest.mark.parametrize(
    ("kind", "tag"),
    [
        ("mp4", '<video controls src="data:video/mp4;base64,'),
        ("gif", '<img src="data:image/gif;base64,R0lGOD'),
        ("png", '<img src="data:image/png;base64,iVBOR'),
        ("APNG", '<img src="data:image/apng;base64,iVBOR'),
    ],
)
def test_a_notebook_shows_the_film(tmp_path, trace, kind, tag):
    film = lv.film(trace, tmp_path / f"mind.{kind}", zoom=1)
    assert film._repr_html_().startswith(tag)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("mind.avi", {}, "must end in .mp4 or .gif or .png or .apng"),
        ("mind.gif", {"bpm": 0}, "bpm must be a number from 1 and"),
        ("mind.gif", {"bpm": float("nan")}, "bpm must be a number from 1 and"),
        (
            "mind.gif",
            {"start": 12},
            "no steps from 12 up to 12; the trace has 12 steps",
        ),
        ("mind.gif", {"stop": 13}, "no steps from 0 up to 13"),
        ("mind.gif", {"start": -1}, "start must be"),
        ("mind.gif", {"zoom": 0}, "zoom must be"),
        ("mind.mp4", {"zoom": 1.5}, "zoom must be"),
        ("mind.png", {"past": 0}, "past must be"),
        ("no/mind.mp4", {}, "no folder"),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(
    tmp_path, trace, name, options, message
):
    with pytest.raises(ValueError, match=message) as error:
        lv.film(trace, tmp_path / name, **options)
    assert "\n" not in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_a_film_with_labels_has_frames_of_one_size(tmp_path):
    trace = tiny_trace(S=12, N=20)
    lv.film(trace, tmp_path / "plain.png", zoom=2)
    lv.film(trace, tmp_path / "labels.png", zoom=2, labels=True)
    plain, labelled = (
        imageio.imread(tmp_path / name, index=None)
        for name in ("plain.png", "labels.png")
    )
    assert len(labelled) == len(plain) == 12
    assert labelled.shape[1] > plain.shape[1]
    assert all(n % 2 == 0 for n in labelled.shape[1:3])
