"""The two raw pictures, pixel by pixel, against pictures computed by hand."""

import imageio.v3 as imageio
import numpy as np
import pytest
from helpers import tiny_trace

import lstmviz as lv
from lstmviz.pictures.colours import PALETTES, neuron_colours


def byte(x):
    """Return the byte of a float in [0, 1]: floor(255 x)."""
    return int(np.floor(255 * np.float32(x)))


def sigma(x):
    return 1 / (1 + np.exp(-x))


def test_a_neuron_with_states_of_zero_is_half_green_and_half_blue():
    assert neuron_colours(np.zeros(1), np.zeros(1)).tolist() == [[0, 127, 127]]


def test_green_is_the_hidden_state_and_blue_the_cell_state():
    big = np.array([20.0])
    assert neuron_colours(big, -big).tolist() == [[0, 254, 0]]
    assert neuron_colours(-big, big * 10).tolist() == [[0, 0, 255]]


@pytest.mark.parametrize("step", [0, 1, 2])
def test_the_snapshot_is_the_definition_pixel_by_pixel(step):
    trace = tiny_trace()
    past, N = 2, 2
    widest = max(past, 3) + 14
    expected = np.zeros((3 * N + 2 * 5, widest, 3), int)
    for n in range(N):
        for band, top in enumerate((0, 7, 14)):
            row = top + (N - 1 - n)
            play, art = trace.probability[step, n]
            played, articulated = trace.chosen[step, n]
            expected[row, -9] = [byte(play)] * 3
            expected[row, -8] = [255 * played, 0, 0]
            expected[row, -2] = [byte(art)] * 3
            expected[row, -1] = [255 * articulated, 0, 0]
            if band == 0:
                for back in range(past):
                    s = step - back
                    if s >= 0:
                        expected[row, widest - 14 - 1 - back] = [
                            byte(trace.probability[s, n, 0]),
                            255 * trace.chosen[s, n, 0],
                            255 * trace.chosen[s, n, 1],
                        ]
                continue
            layer = trace[("time1", "note1")[band - 1]]
            H = layer.h.shape[-1]
            for k in range(H):
                h, c = layer.h[step, n, k], layer.c[step, n, k]
                pixel = [0, byte(sigma(h)), byte(sigma(c))]
                expected[row, widest - 14 - H + k] = pixel
    np.testing.assert_array_equal(lv.snapshot(trace, step, past), expected)


def test_the_snapshot_of_the_2015_network_is_410_by_314_pixels():
    sizes = ("time1", 300), ("time2", 300), ("note1", 100), ("note2", 50)
    trace = tiny_trace(S=2, N=78, sizes=sizes)
    assert lv.snapshot(trace, 1).shape == (5 * 78 + 20, 314, 3)
    assert lv.snapshot(trace, 1, past=400).shape == (5 * 78 + 20, 414, 3)


def test_the_score_is_black_on_the_left_while_there_are_few_steps():
    trace = tiny_trace()
    score = lv.snapshot(trace, 0, past=10)[:2, :10]
    assert not score[:, :9].any()
    assert score[:, 9].any()


def test_the_neuron_picture_is_the_definition_pixel_by_pixel():
    trace = tiny_trace()
    image = lv.neuron(trace, "time1", 2)
    assert image.shape == (2, 3, 3)
    assert image.dtype == np.uint8
    for s, n in np.ndindex(3, 2):
        h, c = trace["time1"].h[s, n, 2], trace["time1"].c[s, n, 2]
        assert image[1 - n, s].tolist() == [0, byte(sigma(h)), byte(sigma(c))]


def test_the_music_heard_shows_in_red_and_changes_nothing_else():
    trace = tiny_trace()
    plain, music = (lv.neuron(trace, "time1", 1, notes=n) for n in (False, True))
    np.testing.assert_array_equal(plain[..., 1:], music[..., 1:])
    red = {(0, 0): 0, (1, 0): 128, (1, 1): 255}
    seen = set()
    for s, n in np.ndindex(3, 2):
        state = tuple(map(int, trace.heard[s, n]))
        assert music[1 - n, s, 0] == red[state]
        seen.add(state)
    assert (1, 1) in seen


def test_a_picture_is_a_plain_array_that_a_notebook_shows():
    trace = tiny_trace()
    for image in lv.snapshot(trace, 1), lv.neuron(trace, "time1", 0):
        assert isinstance(image, lv.Picture)
        assert type(np.asarray(image)) is np.ndarray
        shown = imageio.imread(image._repr_png_())
        zoom = len(shown) // len(image)
        assert 400 < max(shown.shape) <= 800
        np.testing.assert_array_equal(shown[::zoom, ::zoom], image)


def test_a_slice_that_is_not_an_image_is_shown_as_numbers():
    image = lv.neuron(tiny_trace(), "time1", 0)
    assert image[:1]._repr_png_() is not None
    assert image[..., 0]._repr_png_() is None
    assert image[:0]._repr_png_() is None
    assert (image > 7)._repr_png_() is None


def test_the_colour_blind_palette_mixes_orange_and_blue():
    trace = tiny_trace()
    image = lv.neuron(trace, "time1", 2, palette="colour-blind")
    for s, n in np.ndindex(3, 2):
        h, c = (sigma(x[s, n, 2]) for x in (trace["time1"].h, trace["time1"].c))
        assert image[1 - n, s].tolist() == [byte(h), byte((h + c) / 2), byte(c)]


def test_in_the_colour_blind_palette_notes_make_the_neuron_lighter():
    trace = tiny_trace()
    plain, music = (
        lv.neuron(trace, "time1", 1, notes=notes, palette="colour-blind")
        for notes in (False, True)
    )
    played, struck = (trace.heard[..., kind].T[::-1] == 1 for kind in (0, 1))
    np.testing.assert_array_equal(music[~played], plain[~played])
    np.testing.assert_array_equal(music[struck], 255)
    held = played & ~struck
    assert (music[held] > plain[held]).all()


def test_the_palette_changes_colours_and_not_places():
    trace = tiny_trace()
    one, other = (lv.snapshot(trace, 1, palette=name) for name in PALETTES)
    assert one.shape == other.shape
    assert (one != other).any()
    # Probabilities are grey in both; beside them, red becomes orange.
    np.testing.assert_array_equal(one[:, [-9, -2]], other[:, [-9, -2]])
    np.testing.assert_array_equal(other[:, [-8, -1], 0], one[:, [-8, -1], 0])


def test_drawing_does_not_change_the_trace():
    trace = tiny_trace()
    before = [array.copy() for array in (*trace["time1"], trace.heard)]
    lv.snapshot(trace, 1)
    lv.neuron(trace, "time1", 0, notes=True)
    for array, kept in zip((*trace["time1"], trace.heard), before, strict=True):
        np.testing.assert_array_equal(array, kept)


@pytest.mark.parametrize("zoom", [1, 3])
def test_a_written_picture_has_every_pixel_as_a_square(tmp_path, zoom):
    image = lv.snapshot(tiny_trace(), 1)
    lv.write_image(image, tmp_path / "s.png", zoom)
    read = imageio.imread(tmp_path / "s.png")
    assert read.shape == (image.shape[0] * zoom, image.shape[1] * zoom, 3)
    for dy, dx in np.ndindex(zoom, zoom):
        np.testing.assert_array_equal(read[dy::zoom, dx::zoom], image)


def test_the_old_picture_is_kept_if_writing_fails(tmp_path, monkeypatch):
    path = tmp_path / "s.png"
    path.write_text("the old one")

    def full_disk(*_):
        raise OSError("no space left on device")

    monkeypatch.setattr("os.replace", full_disk)
    with pytest.raises(ValueError, match=r"written .no space"):
        lv.write_image(lv.snapshot(tiny_trace(), 0), path)
    assert path.read_text() == "the old one"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("draw", "message"),
    [
        (lambda t, _: lv.snapshot(t, 3), "number from 0 to 2, not 3"),
        (lambda t, _: lv.snapshot(t, -1), "step must be .* not -1"),
        (lambda t, _: lv.snapshot(t, 0, past=0), "past must be"),
        (lambda t, _: lv.neuron(t, "time1", 3), "number from 0 to 2, not 3"),
        (lambda t, _: lv.neuron(t, "time1", -1), "neuron of time1 must be .* not -1"),
        (
            lambda t, _: lv.neuron(t, "time1", 0, palette="grey"),
            "palette must",
        ),
        (lambda t, _: lv.neuron(t, "time1", 0, only="x"), "no part 'x'"),
        (lambda t, _: lv.neuron(t, "time1", 0, True, "f"), "notes and only cannot"),
        (lambda t, _: lv.snapshot(t, 0, only="count"), "no part 'count'"),
        (lambda t, _: lv.snapshot(t, 0, theme="dark"), "theme: only pictures with"),
        (
            lambda t, _: lv.snapshot(t, 0, labels=True, theme="red"),
            "theme must be",
        ),
        (lambda t, _: lv.snapshot(t, 0, labels=True, zoom=0), "zoom must be"),
        (lambda t, _: lv.neuron(t, "time9", 0), "there are time1, note1"),
        (lambda t, p: lv.write_image(np.zeros((2, 2)), p / "a.png"), "an image is"),
        (
            lambda t, p: lv.write_image(lv.snapshot(t, 0), p / "a.jpg"),
            "must end in",
        ),
        (lambda t, p: lv.write_image(lv.snapshot(t, 0), p / "a.png", 0), "zoom must"),
        (lambda t, p: lv.write_image(lv.snapshot(t, 0), p / "a.png", 1.5), "zoom must"),
        (
            lambda t, p: lv.write_image(lv.snapshot(t, 0), p / "b" / "a.png"),
            "no folder",
        ),
    ],
)
def test_wrong_arguments_are_refused_in_one_line(tmp_path, draw, message):
    with pytest.raises(ValueError, match=message) as error:
        draw(tiny_trace(), tmp_path)
    assert "\n" not in str(error.value)
