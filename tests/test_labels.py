"""Labels around the pictures: they are correct and change no pixel."""

import numpy as np
import pytest
from helpers import places, tiny_trace

import lstmviz as lv
from lstmviz.music.bars import positions_of_bars
from lstmviz.pictures.legends import bars, keyboard
from lstmviz.pictures.picture import enlarged
from lstmviz.pictures.sheet import Sheet, Style

LAYERS = (("time1", 9), ("note1", 4))


class RecordingSheet(Sheet):
    """A sheet that records its texts and rectangles."""

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
def test_labels_do_not_change_the_raw_picture(theme, palette, only, zoom):
    trace = tiny_trace(S=40, N=30, sizes=LAYERS)
    how = {"only": only, "palette": palette}
    style = {"labels": True, "theme": theme, "zoom": zoom}
    short = how | {"past": len(trace)}
    for raw, labelled in (
        (
            lv.snapshot(with_joint_probability(trace), 20, **short),
            lv.snapshot(trace, 20, **how, **style),
        ),
        (
            lv.neuron(trace, "time1", 5, **how),
            lv.neuron(trace, "time1", 5, **how, **style),
        ),
    ):
        assert isinstance(labelled, lv.Picture)
        assert len(places(enlarged(raw, zoom), labelled)) == 1


def with_joint_probability(trace):
    """Return the trace with P(struck) = P(play) P(articulate) for P(articulate)."""
    joint = trace[:]
    joint.probability = trace.probability.copy()
    joint.probability[..., 1] *= joint.probability[..., 0]
    return joint


def test_a_score_with_labels_is_no_wider_than_the_trace_is_long():
    trace = tiny_trace(S=20, N=30, sizes=LAYERS)
    long, short = (lv.snapshot(trace, 9, past, labels=True) for past in (128, 20))
    np.testing.assert_array_equal(long, short)


def test_a_stretch_of_colours_uses_the_range_of_each_layer():
    trace = tiny_trace(S=20, N=30, sizes=LAYERS)
    faint = trace[:]
    faint.layers = {
        name: layer._replace(h=layer.h / 8, c=layer.c / 8)
        for name, layer in trace.layers.items()
    }
    how = {"labels": True, "contrast": "layer", "zoom": 1}
    pictures = [lv.snapshot(t, 9, **how)[:, :100] for t in (trace, faint)]
    np.testing.assert_allclose(*(p.astype(int) for p in pictures), atol=1)
    for wrong in {"contrast": "layer"}, {"labels": True, "contrast": "all"}:
        with pytest.raises(ValueError, match="contrast"):
            lv.snapshot(trace, 9, **wrong)


def test_labels_do_not_change_a_picture_with_notes():
    trace = tiny_trace(S=20, N=30, sizes=LAYERS)
    raw = lv.neuron(trace, "note1", 3, notes=True)
    labelled = lv.neuron(trace, "note1", 3, notes=True, labels=True, zoom=2)
    assert len(places(enlarged(raw, 2), labelled)) == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_label_is_cut_off(theme):
    """Every sheet has an empty margin on all sides, also around small pictures."""
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
    """The boxes of all texts and pictures on the sheets that a test draws."""
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
def test_no_text_covers_another_text_or_a_picture(boxes, zoom, S, N, draw):
    draw(tiny_trace(S=S, N=N, sizes=LAYERS), zoom=zoom)
    for k, (what, (left, top, right, bottom)) in enumerate(boxes):
        for other, (x0, y0, x1, y1) in boxes[:k]:
            apart = right <= x0 or x1 <= left or bottom <= y0 or y1 <= top
            assert apart, f"{what} and {other}"


def test_title_and_source_can_be_given():
    trace = tiny_trace()
    plain = lv.neuron(trace, "time1", 0, labels=True)
    for words in {"title": "Mine"}, {"source": "songbook, step 3"}:
        changed = lv.neuron(trace, "time1", 0, labels=True, **words)
        assert not np.array_equal(plain, changed)
    again = lv.neuron(trace, "time1", 0, labels=True, title="Neuron 0 of time1")
    np.testing.assert_array_equal(plain, again)


def test_every_c_is_named_on_the_row_of_its_key():
    sheet = RecordingSheet()
    keyboard(sheet, 0, 0, low=24, notes=78, zoom=4)
    rows = {name: (y - 2) / 4 for name, _, y in sheet.words}
    assert rows == {f"C{k + 1}": 77 - 12 * k for k in range(7)}


def test_the_keys_are_black_where_a_piano_has_black_keys():
    sheet = RecordingSheet()
    keyboard(sheet, 0, 0, low=60, notes=12, zoom=1)
    black = [11 - y for y, fill in sheet.rectangles if fill == "#26262a"]
    assert sorted(black) == [1, 3, 6, 8, 10]


def test_bars_are_counted_from_one_at_their_first_step():
    sheet = RecordingSheet()
    bars(sheet, 100, 0, np.arange(80) % 16, zoom=4, shown=slice(30, 70))
    names = {words: x for words, x, _ in sheet.words}
    assert names == {"3": 100 + 4 * 2, "4": 100 + 4 * 18, "5": 100 + 4 * 34, "bar": 95}


def test_where_bars_are_narrow_only_some_are_numbered():
    sheet = RecordingSheet()
    bars(sheet, 0, 0, np.arange(160) % 16, zoom=1)
    assert [words for words, *_ in sheet.words] == ["1", "3", "5", "7", "9", "bar"]


def test_bars_follow_the_metre_and_the_pickup_of_the_music():
    """3/4 with a pickup of a quarter note: bar lines are at steps 4, 16 and 28."""
    sheet = RecordingSheet()
    bars(sheet, 0, 0, positions_of_bars(34, bar=12, pickup=4), zoom=4)
    names = {words: x for words, x, _ in sheet.words if words != "bar"}
    assert names == {"1": 4 * 4, "2": 4 * 16, "3": 4 * 28}


def test_the_bars_of_the_score_are_those_of_the_chosen_steps(monkeypatch):
    """The column of step s shows what was chosen for step s + 1 of the music."""
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
    played = trace.chosen[13, :, 0]  # for step 14 of the music
    np.testing.assert_array_equal(image[:2, column, 1], 255 * played[::-1])
