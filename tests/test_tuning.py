"""Tuning finds what was planted, and nothing in noise."""

import csv
from types import SimpleNamespace

import numpy as np
import pytest
from helpers import packed

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.music.bars import check_positions, positions_of_bars
from lstmviz.music.features import FEATURES
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.reading import gathering
from lstmviz.reading.gathering import INTERVALS, add, bars_moved, gather
from lstmviz.reading.measures import (
    MEASURES,
    compared,
    curve,
    thin_alone_curves,
    thin_interval_curves,
    values,
)
from lstmviz.reading.passages import Passage
from lstmviz.reading.statistics import benjamini_hochberg, p_values
from lstmviz.reading.tuned import FOLLOWED, learned_by_none
from lstmviz.reading.tuning import MOVES

SONGS = "musette", "minuet-in-g", "the-entertainer", "korobeiniki", "greensleeves"
SHORT = {"shifts": 40, "untrained": 2}

# Planted truth --------------------------------------------------------------------

BEAT, ONSET, FIFTH, BAR, KEY, NOISE = 0, 1, 2, 3, 4, slice(5, 29)
VICINITY = FEATURES["vicinity"]
OWN = VICINITY.start + 2 * 12  # the note's own place in the vicinity


def planted():
    """Return a network whose first layer does what we say, and nothing else.

    Neuron 0 is high on every beat, neuron 1 where its note is struck, neuron 2 where
    a note sounds a fifth above, neuron 3 in every other quarter of a bar; neuron 4
    rises from the lowest note to the highest. The other 24 are a chaotic network: the
    music changes their state by a hundredth at a time, and a few steps later nobody
    can tell how.
    """
    net, rng = lv.Biaxial((29,), (2,), seed=1), np.random.default_rng(5)
    W, U, b = (net.parameters[f"time1.{part}"] for part in "WUb")
    W[:], U[:], b[:] = 0, 0, 0
    input_gate, forget_gate, _, output_gate = np.split(b, 4)  # views of b
    input_gate[:], forget_gate[:], output_gate[:] = 9, -9, 9  # h = tanh(tanh(z_g))
    W, U, b = (np.split(a, 4, axis=-1)[2] for a in (W, U, b))  # of the candidate g
    W[FEATURES["beat"], BEAT], b[BEAT] = (-2, -2, 0, 0), -2
    W[OWN + ARTICULATED, ONSET], b[ONSET] = 3, -1
    W[OWN + 2 * 7 + PLAYED, FIFTH], b[FIFTH] = 3, -1
    W[FEATURES["beat"], BAR] = 0, 0, 2, 0
    W[FEATURES["position"], KEY], b[KEY] = 0.03, -1
    W[VICINITY, NOISE] = rng.normal(0, 0.01, (50, 24))
    U[NOISE, NOISE] = rng.normal(0, 3 / np.sqrt(24), (24, 24))
    b[NOISE] = rng.normal(0, 0.2, 24)
    return net


@pytest.fixture(scope="module")
def found():
    pieces = [lv.song(name)[:193] for name in SONGS]
    return lv.tuning(planted(), pieces, shifts=100, untrained=2, seed=0)


def test_the_noise_is_chaos():
    """It does not repeat itself, and is another one at another note."""
    h = lv.trace(planted(), lv.song("musette"))["time1"].h[..., NOISE]
    assert (h.std(axis=0) > 0.2).all()
    assert len(np.unique(h[100:, 40].round(3), axis=0)) == len(h[100:])
    assert np.abs(h[100:, 40] - h[100:, 41]).mean() > 0.3


def test_each_planted_neuron_follows_what_was_planted(found):
    words = found["time1"].words()
    assert words[BEAT] == ["beat"]
    assert words[ONSET] == ["onset", "interval +0"] or words[ONSET] == ["onset"]
    assert words[FIFTH] == ["interval +7"]
    assert words[BAR] == ["bar"]
    assert words[KEY] == ["note"]
    assert found["time1"].slope[KEY] > 0.3  # deviations an octave
    assert found.strongest("time1", "beat_moved") == [BEAT]
    assert found.strongest("time1", "onset_moved") == [ONSET]


def test_noise_follows_nothing(found):
    layer = found["time1"]
    assert layer.words()[NOISE] == [[]] * 24
    measures = "bar", "beat", "beat_moved", "onset", "onset_moved", "interval"
    wrong = [layer.more_than_chance(measure)[NOISE].sum() for measure in measures]
    assert sum(wrong) <= 0.05 * 24 * len(measures)


def test_moved_bar_lines_tell_beat_and_onset_apart(found):
    """Notes are struck on beats, so each of the two seems to follow the other."""
    layer = found["time1"]
    assert layer.value["beat_moved"][BEAT] > 0.99
    assert layer.value["rhythm_moved"][BEAT] < 0.01
    assert layer.value["beat_moved"][ONSET] < 0.01 < layer.value["beat"][ONSET]
    assert layer.value["rhythm_moved"][ONSET] > 0.8 * layer.value["beat"][ONSET]
    d, moved = layer.value["onset"], layer.value["onset_moved"]
    assert abs(moved[BEAT]) < 0.3 * abs(d[BEAT])
    assert layer.value["onset_moved"][ONSET] > 10


def test_regression_leaves_only_the_planted_interval(found):
    raw, alone = (
        found["time1"].curves[name][:, FIFTH] for name in ("interval", "interval_alone")
    )
    others = INTERVALS != 7
    assert alone[~others] > 1
    assert np.abs(alone[others]).max() < 1e-3 < np.abs(raw[others]).max()


# Noise ------------------------------------------------------------------------------


class Wanderers:
    """A net that is not: h of K neurons, each of them noise with a memory."""

    notes, layer_names = 78, ["noise"]

    def __init__(self, K, seed):
        self.sizes, self.seed = {"noise": K}, seed


def noise_passages(net, piece, length):
    """Yield hidden states that have nothing to do with the piece."""
    rng = np.random.default_rng(net.seed)
    K, S = net.sizes["noise"], len(piece) - 1
    memory = rng.uniform(0, 0.95, K).astype(np.float32)
    h = rng.normal(size=(S, net.notes, K)) + rng.normal(size=(S, 1, K))
    h = h.astype(np.float32)
    for s in range(1, S):
        h[s] = memory * h[s - 1] + np.sqrt(1 - memory**2) * h[s]
    for start in range(0, S, length):
        part = piece[start : start + length + 1]
        yield Passage(
            start, part[:-1], part[1:], {"noise": h[start : start + length]}, None
        )


@pytest.mark.slow
def test_false_discoveries_in_noise_stay_at_the_stated_rate(monkeypatch):
    """30 layers of 20 noise neurons: hardly any is said to follow anything."""
    monkeypatch.setattr(gathering, "passages", noise_passages)
    layers, rate, sums = 30, 0.05, {}
    for seed, name in enumerate(SONGS[:4]):
        piece, net = lv.song(name)[:201], Wanderers(20 * layers, seed)
        part = gather(net, piece, piece.position, 16, shifts=200, seed=seed)
        sums = add(sums, part) if sums else part
    value, chance = compared(sums, sums), values(sums, sums, shifted=True)
    for measure in MEASURES:
        p, wrong = [], 0
        for layer in np.split(np.arange(20 * layers), layers):
            own, shifted = value[measure][layer], chance[measure][:, layer]
            p.append(p_values(np.abs(own), np.abs(shifted)))
            wrong += (benjamini_hochberg(p[-1]) <= rate).any()
        slack = 3 * np.sqrt(rate * (1 - rate) / layers)
        assert wrong / layers <= rate + slack, measure
        assert 0.01 < (np.concatenate(p) <= rate).mean() < 0.08, measure


# The measures are those of the numbers ------------------------------------------


@pytest.fixture(scope="module")
def heard():
    """The sums of two pieces in different metres, and the numbers themselves."""
    net = lv.Biaxial((7, 5), (4, 3), seed=2)
    pieces = [lv.song("musette")[:101], lv.song("greensleeves")[:131]]
    sums, traces = {}, [lv.trace(net, piece) for piece in pieces]
    for piece in pieces:
        part = gather(net, piece, piece.position, 12)
        sums = add(sums, part) if sums else part
    h = [np.concatenate([t[name].h for name in t], -1).astype(float) for t in traces]
    return sums, traces, h


def test_bars_and_beats_in_any_metre(heard):
    sums, traces, h = heard
    m = np.concatenate([x.mean(axis=1) - x.mean(axis=(0, 1)) for x in h])
    place = np.concatenate([trace.position for trace in traces])
    value, eta = values(sums, sums), {}
    for name, group in ("bar", place), ("beat", place % 4):
        mean = np.array([m[group == p].mean(axis=0) for p in np.unique(group)])
        eta[name] = mean[group].var(axis=0) / m.var(axis=0)
        np.testing.assert_allclose(curve(name, sums, sums), mean, atol=1e-6)
    np.testing.assert_allclose(value["beat"], eta["beat"], atol=1e-3)
    np.testing.assert_allclose(value["bar"], eta["bar"] - eta["beat"], atol=1e-3)


def test_onsets(heard):
    sums, traces, h = heard
    sounds = [trace.heard[..., PLAYED] == 1 for trace in traces]
    struck = [
        trace.heard[..., ARTICULATED][s]
        for trace, s in zip(traces, sounds, strict=True)
    ]
    at, struck = (
        np.concatenate([x[s] for x, s in zip(h, sounds, strict=True)]),
        np.concatenate(struck) == 1,
    )
    a, b = at[struck], at[~struck]
    pooled = (len(a) * a.var(axis=0) + len(b) * b.var(axis=0)) / len(at)
    d = (a.mean(axis=0) - b.mean(axis=0)) / np.sqrt(pooled)
    np.testing.assert_allclose(values(sums, sums)["onset"], d, atol=1e-3)


def test_intervals_and_notes(heard):
    sums, traces, h = heard
    played = np.concatenate([trace.heard[..., PLAYED] for trace in traces])
    h = np.concatenate(h).astype(np.float64)
    found = curve("interval", sums, sums)
    padded = np.pad(played, [(0, 0), (12, 12)]) == 1
    for row, k in enumerate(INTERVALS):
        there = padded[:, 12 + k : 90 + k]
        difference = h[there].mean(axis=0) - h[~there].mean(axis=0)
        expected = difference / h.std(axis=(0, 1))
        np.testing.assert_allclose(found[row], expected, atol=2e-3)
    np.testing.assert_allclose(curve("note", sums, sums), h.mean(axis=0), atol=1e-6)
    eta = h.mean(axis=0).var(axis=0) / h.var(axis=(0, 1))
    np.testing.assert_allclose(values(sums, sums)["note"], eta, atol=1e-3)


def test_a_surrogate_is_the_music_elsewhere(heard):
    """Shifted sums are the sums of the same h and the music of another place."""
    net, piece = lv.Biaxial((7, 5), (4, 3), seed=2), lv.song("musette")[:101]
    S = 100
    sums = gather(net, piece, piece.position, 8, shifts=3, seed=7)
    trace = lv.trace(net, piece)
    h = np.concatenate([trace[name].h for name in trace], axis=-1)
    states = piece.states[:-1]
    sounding = np.argwhere(states[..., PLAYED])
    shift = gathering.surrogates(np.random.default_rng(7), 3, S, len(sounding), 78, 2)
    assert (shift.steps[1:] > 0).all()
    for r in range(3):
        lag = np.repeat(shift.places[r], 64)[:S]
        place = piece.position[(np.arange(S) + lag) % S]
        m = h.mean(axis=1) - h.mean(axis=(0, 1))
        total = [m[place == p].sum(axis=0) for p in range(8)]
        np.testing.assert_allclose(sums["bar.shifted.sum"][r], total, atol=1e-4)

        struck = states[..., ARTICULATED][tuple(sounding.T)]
        struck = np.roll(struck, -shift.events[r])
        total = h[tuple(sounding[struck == 1].T)].sum(axis=0)
        np.testing.assert_allclose(sums["onset.shifted"][r], total, atol=1e-3)

        there = np.roll(states[..., PLAYED], -shift.steps[1 + r], axis=0)
        there = np.pad(there, [(0, 0), (12, 12)])[:: gathering.THIN]
        thin = h[:: gathering.THIN]
        for row, k in enumerate(INTERVALS):
            now = there[:, 12 + k : 90 + k] == 1
            assert sums["interval.thin.counts"][1 + r, row] == now.sum()
            total = thin[now].sum(axis=0)
            np.testing.assert_allclose(
                sums["interval.thin.sums"][1 + r, row], total, atol=1e-3
            )

        turned = [
            np.roll(h[64 * k : 64 * (k + 1)].sum(axis=0), shift.notes[r, k], axis=0)
            for k in range(2)
        ]
        np.testing.assert_allclose(sums["note.shifted"][r], sum(turned), atol=1e-3)


@pytest.mark.parametrize("steps", [2, 3, 20, 21, 33, 100, 101])
def test_shifts_are_far_up_to_half_of_the_piece(steps):
    """16 steps at least or, in a short piece, as far as there is."""
    rng = np.random.default_rng(0)
    shift = gathering.surrogates(rng, 2000, steps, 10 * steps, 78, 1)
    far = np.minimum(shift.steps[1:], steps - shift.steps[1:])
    assert far.min() == min(16, (steps - 1) // 2)
    assert far.max() == steps // 2
    assert (shift.events == 10 * shift.steps[1:]).all()


def test_thinned_steps_meet_every_position_of_every_bar():
    for name in lv.songbook():
        bar = lv.song(name).position.max() + 1
        assert {gathering.THIN * k % bar for k in range(bar)} == set(range(bar)), name


def test_curves_of_thinned_steps_are_those_of_all(monkeypatch):
    """Whatever share of the steps is taken: here all, or as if every one were half."""
    monkeypatch.setattr(gathering, "THIN", 1)
    net, piece = lv.Biaxial((7, 5), (4, 3), seed=2), lv.song("musette")[:101]
    sums = gather(net, piece, piece.position, 8, shifts=2)
    for share in 1, 0.5:
        part = {n: a * (share if ".thin." in n else 1) for n, a in sums.items()}
        for name, thin in (
            ("interval", thin_interval_curves(part)),
            ("interval_alone", thin_alone_curves(part)),
        ):
            expected = curve(name, sums, sums)
            np.testing.assert_allclose(thin[0], expected, atol=1e-4)


def test_positions_late_in_a_long_bar_count_as_one():
    piece, net = lv.song("greensleeves")[:101], lv.Biaxial((3,), (2,))
    whole, cut = (gather(net, piece, piece.position, places) for places in (12, 8))
    for name in "bar.count", "real.count":
        np.testing.assert_array_equal(cut[name][:7], whole[name][:7])
        assert cut[name][7] == whole[name][7:].sum() > whole[name][7]


# Moving the bar lines ---------------------------------------------------------------


@pytest.mark.parametrize("name", ["musette", "greensleeves", "ode-to-joy"])
@pytest.mark.parametrize("steps", [0, 1, 5, 15, 40])
def test_moved_bar_lines_are_bars_again(name, steps):
    piece = lv.song(name)
    moved = bars_moved(piece, steps)
    check_positions(moved.position, len(piece))
    assert (moved.position[steps:] == piece.position[: len(piece) - steps]).all()
    assert (moved.states == piece.states).all()


def test_every_moment_comes_at_every_place_of_the_beat():
    piece = lv.Piece(np.zeros((48, 78, 2)), positions_of_bars(48, bar=12, pickup=4))
    beats = [bars_moved(piece, move).position % 4 for move in MOVES]
    assert (np.sort(beats, axis=0) == np.arange(4)[:, None]).all()


# The result -------------------------------------------------------------------------


def test_memory_does_not_grow_with_the_music():
    net, piece = lv.Biaxial((4,), (3,)), lv.song("musette")
    size = {
        len(part): sum(
            a.nbytes for a in gather(net, part, part.position, 8, shifts=5).values()
        )
        for part in (piece[:33], piece)
    }
    assert len(set(size.values())) == 1


def test_the_same_seed_gives_the_same_tuning(tmp_path):
    net, pieces = lv.Biaxial((4, 3), (3,), seed=1), [lv.song("musette")[:70]]
    a, b = (lv.tuning(net, pieces, seed=3, **SHORT) for _ in range(2))
    for name in a:
        for measure in MEASURES:
            assert (a[name].q[measure] == b[name].q[measure]).all()


def test_a_saved_tuning_is_the_same(tmp_path, found):
    found.save(tmp_path / "t.npz")
    read = lv.Tuning.load(tmp_path / "t.npz")
    assert repr(read) == repr(found)
    assert read.table() == found.table()
    for name in found:
        for part in "untrained", "curves", "chance":
            for key, array in getattr(found[name], part).items():
                np.testing.assert_array_equal(array, getattr(read[name], part)[key])


def test_the_table_has_a_row_for_each_neuron(tmp_path, found):
    found.write_csv(tmp_path / "t.csv")
    with open(tmp_path / "t.csv", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == sum(found.sizes.values())
    assert rows[BEAT]["follows"] == "beat"
    assert float(rows[FIFTH]["interval_at"]) == 7
    value = found["time1"].value["onset"][ONSET]
    assert float(rows[ONSET]["onset"]) == pytest.approx(value, rel=1e-3)


def test_counts_stand_beside_those_of_untrained_networks(found):
    counts = found.counts()
    assert set(counts) == {(name, what) for name in found for what in FOLLOWED}
    for entry in counts.values():
        assert entry["follows"] <= entry["in_both"] <= entry["more_than_chance"]
    assert counts["time1", "beat"]["follows"] == 1


def test_in_an_untrained_network_little_counts_as_learned():
    """What counts exceeds all neurons of all other networks, and by all measures."""
    one = np.array([[0.9, 0.1, -0.8], [0.3, -0.5, 0.1], [0.2, 0.4, 0.2]])
    other = np.array([[0.7, 0.1, 0.2], [0.3, 0.1, 0.2], [0.1, 0.2, -0.6]])
    layer = SimpleNamespace(untrained={"one": one, "other": other})
    assert learned_by_none(layer, ["one"]) == 2 / 3
    assert learned_by_none(layer, ["other"]) == 1 / 3
    assert learned_by_none(layer, ["one", "other"]) == 1 / 3
    layer.untrained = {"one": one[:1]}  # nothing to compare with
    assert learned_by_none(layer, ["one"]) == 0


def test_what_cannot_be_done_is_said_in_a_line(tmp_path, found):
    net, piece = lv.Biaxial((4,), (3,)), lv.song("musette")
    for pieces in [], piece:
        with pytest.raises(ValueError, match="one or more pieces"):
            lv.tuning(net, pieces)
    with pytest.raises(ValueError, match="shifts must be a whole number from 20"):
        lv.tuning(net, [piece], shifts=3)
    with pytest.raises(ValueError, match="no layer 'time7'; there are time1, note1"):
        found["time7"]
    with pytest.raises(ValueError, match="no measure 'x'; there are bar"):
        found.strongest("time1", "x")
    lv.trace(net, piece[:3]).save(tmp_path / "t.npz")
    with pytest.raises(ValueError, match="is not a tuning"):
        lv.Tuning.load(tmp_path / "t.npz")


# Pictures and the command -----------------------------------------------------------


def test_pictures_of_tuning(found):
    for picture in (
        lv.tuning_counts(found),
        lv.tuning_layer(found, "time1", zoom=2),
        lv.tuning_curves(found, "time1", BEAT, theme="dark"),
    ):
        assert picture.dtype == np.uint8
        assert len(np.unique(packed(picture))) > 50
    with pytest.raises(ValueError, match="time1 has neurons 0 to 28"):
        lv.tuning_curves(found, "time1", 29)


def test_the_command_writes_table_and_pictures(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    lv.Biaxial((5, 4), (4, 3), seed=7).save("net.npz")
    options = "--network", "net.npz", "--shifts", "30", "--untrained", "1"
    written = "--csv", "t.csv", "--pictures", "drawn"
    assert main(["tuning", "musette", *options, *written]) == 0
    output = capsys.readouterr().out
    assert "1 piece, 223 time steps" in output
    assert repr(lv.Tuning.load("tuning.npz")) in output
    drawn = {path.name for path in (tmp_path / "drawn").iterdir()}
    assert {"counts.png", "time1.png", "note2.png"} < drawn
    assert len((tmp_path / "t.csv").read_text().splitlines()) == 1 + 16
