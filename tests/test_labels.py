"""Labels around the pictures: they say what is true and change no pixel."""

import numpy as np
import pytest
from helpers import places, tiny_trace

import lstmviz as lv
from lstmviz.music.bars import positions_of_bars
from lstmviz.pictures.legends import bars, keyboard
from lstmviz.pictures.picture import enlarged
from lstmviz.pictures.sheet import Sheet, Style

LAYERS = (("time1", 9), ("note1", 4))


class Paper(Sheet):
    """A sheet that remembers its words and its rectangles."""

    def __init__(self):
        super().__init__(Style(), size=10)
        self.words, self.rectangles = [], []

    def text(self, x, y, words, *how, **more):
        self.words.append((words, x, y))
        super().text(x, y, words, *how, **more)

    def rectangle(self, x0, y0, x1, y1, fill, outline=None):
        self.rectangles.append((y0, fill))
        super().rectangle(x0, y0, x1, y1, fill, outline)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("palette", ["green-blue", "colour-blind"])
@pytest.mark.parametrize("only", [None, "f", "c"])
@pytest.mark.parametrize("zoom", [1, 4])
def test_the_raw_picture_stands_unchanged_among_its_labels(theme, palette, only, zoom):
    trace = tiny_trace(S=40, N=30, sizes=LAYERS)
    how = {"only": only, "palette": palette}
    style = {"labels": True, "theme": theme, "zoom": zoom}
    for raw, labelled in (
        (lv.snapshot(trace, 20, **how), lv.snapshot(trace, 20, **how, **style)),
        (
            lv.neuron(trace, "time1", 5, **how),
            lv.neuron(trace, "time1", 5, **how, **style),
        ),
    ):
        assert isinstance(labelled, lv.Picture)
        assert len(places(enlarged(raw, zoom), labelled)) == 1


def test_with_notes_too_the_raw_picture_is_unchanged():
    trace = tiny_trace(S=20, N=30, sizes=LAYERS)
    raw = lv.neuron(trace, "note1", 3, notes=True)
    labelled = lv.neuron(trace, "note1", 3, notes=True, labels=True, zoom=2)
    assert len(places(enlarged(raw, 2), labelled)) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_label_is_cut_off(theme):
    """All around, a margin of bare paper is left, however small the picture."""
    title = "A title that is far longer than the picture is wide, and then some"
    style = {"labels": True, "theme": theme, "title": title, "source": 9 * "source "}
    for S, N in (3, 2), (40, 30):
        trace = tiny_trace(S=S, N=N)
        for image in (
            lv.snapshot(trace, 1, past=5, **style),
            lv.neuron(trace, "time1", 0, **style),
        ):
            edges = image[:5], image[-5:], image[:, :5], image[:, -5:]
            assert all((edge == image[0, 0]).all() for edge in edges)


@pytest.fixture
def boxes(monkeypatch):
    """The boxes of all words and pictures on the sheets drawn in a test."""
    found = []
    for kind in "text", "picture":
        put = getattr(Sheet, kind)

        def watched(sheet, x, y, what, *how, put=put, kind=kind, **more):
            whole = sheet.left, sheet.top, sheet.right, sheet.bottom
            sheet.left = sheet.top = np.inf
            sheet.right = sheet.bottom = -np.inf
            put(sheet, x, y, what, *how, **more)
            box = sheet.left, sheet.top, sheet.right, sheet.bottom
            found.append((what if kind == "text" else kind, box))
            sheet.left, sheet.top = np.minimum(whole[:2], box[:2])
            sheet.right, sheet.bottom = np.maximum(whole[2:], box[2:])

        monkeypatch.setattr(Sheet, kind, watched)
    return found


@pytest.mark.parametrize("zoom", [1, 2, 3, 4, 6])
@pytest.mark.parametrize(("S", "N"), [(3, 2), (40, 30), (256, 78)])
@pytest.mark.parametrize(
    "draw",
    [
        lambda t, **how: lv.snapshot(t, 2, labels=True, **how),
        lambda t, **how: lv.snapshot(t, 2, only="c", labels=True, **how),
        lambda t, **how: lv.neuron(t, "time1", 0, notes=True, labels=True, **how),
        lambda t, **how: lv.neuron(t, "time1", 0, only="f", labels=True, **how),
        lambda t, **how: lv.gallery(t, notes=True, **how),
        lambda t, **how: lv.gates(t, "note1", 0, **how),
        lambda t, **how: lv.saturation_chart(t, **how),
    ],
)
def test_no_word_covers_another_or_a_picture(boxes, zoom, S, N, draw):
    draw(tiny_trace(S=S, N=N, sizes=LAYERS), zoom=zoom)
    for k, (what, (left, top, right, bottom)) in enumerate(boxes):
        for other, (x0, y0, x1, y1) in boxes[:k]:
            apart = right <= x0 or x1 <= left or bottom <= y0 or y1 <= top
            assert apart, f"{what} and {other}"


def test_title_and_source_are_the_callers_or_sensible():
    trace = tiny_trace()
    plain = lv.neuron(trace, "time1", 0, labels=True)
    for words in {"title": "Mine"}, {"source": "songbook, step 3"}:
        changed = lv.neuron(trace, "time1", 0, labels=True, **words)
        assert not np.array_equal(plain, changed)
    again = lv.neuron(trace, "time1", 0, labels=True, title="Neuron 0 of time1")
    np.testing.assert_array_equal(plain, again)


def test_every_c_is_named_on_the_row_of_its_key():
    paper = Paper()
    keyboard(paper, 0, 0, low=24, notes=78, zoom=4)
    rows = {name: (y - 2) / 4 for name, _, y in paper.words}
    assert rows == {f"C{k + 1}": 77 - 12 * k for k in range(7)}


def test_the_keys_are_black_where_a_piano_has_black_keys():
    paper = Paper()
    keyboard(paper, 0, 0, low=60, notes=12, zoom=1)
    black = [11 - y for y, fill in paper.rectangles if fill == "#26262a"]
    assert sorted(black) == [1, 3, 6, 8, 10]


def test_bars_are_counted_from_one_at_their_first_step():
    paper = Paper()
    bars(paper, 100, 0, np.arange(80) % 16, zoom=4, shown=slice(30, 70))
    names = {words: x for words, x, _ in paper.words}
    assert names == {"3": 100 + 4 * 2, "4": 100 + 4 * 18, "5": 100 + 4 * 34, "bar": 95}


def test_where_bars_are_narrow_not_every_one_is_named():
    paper = Paper()
    bars(paper, 0, 0, np.arange(160) % 16, zoom=1)
    assert [words for words, *_ in paper.words] == ["1", "3", "5", "7", "9", "bar"]


def test_bars_are_those_of_the_music():
    """A quarter note before 3/4; its bar lines follow at steps 4, 16 and 28."""
    paper = Paper()
    bars(paper, 0, 0, positions_of_bars(34, bar=12, pickup=4), zoom=4)
    names = {words: x for words, x, _ in paper.words if words != "bar"}
    assert names == {"1": 4 * 4, "2": 4 * 16, "3": 4 * 28}


def test_the_score_has_its_bars_where_they_are_played(monkeypatch):
    """The column of step s shows what was chosen for the time s + 1."""
    seen = {}
    monkeypatch.setattr(
        "lstmviz.pictures.labels.bars",
        lambda sheet, x, y, position, zoom, shown, above: seen.update(x=x, shown=shown),
    )
    trace = tiny_trace(S=40, N=2)
    image = lv.snapshot(trace, 20, past=8)
    lv.snapshot(trace, 20, past=8, labels=True, zoom=3)
    assert seen["shown"] == slice(14, 22)
    column = seen["x"] // 3
    played = trace.chosen[13, :, 0]  # for time 14
    np.testing.assert_array_equal(image[:2, column, 1], 255 * played[::-1])
