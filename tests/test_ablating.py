"""Statements about `lstmviz ablate`, `compose --without` and the chart of effects."""

import csv

import imageio.v3 as imageio
import numpy as np
import pytest

import lstmviz as lv
from lstmviz.commands.ablating import groups_of
from lstmviz.commands.main import main
from lstmviz.commands.options import neurons_of
from lstmviz.pictures.effects import GROUP, RANDOM
from lstmviz.reading.effect import silenced
from lstmviz.reading.effects import Effect, GroupEffect
from lstmviz.reading.means import mean_h


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """The current folder, which contains a small network and nothing else."""
    monkeypatch.chdir(tmp_path)
    lv.Biaxial((5, 4), (4, 3), seed=0).save("net.npz")
    return tmp_path


def run(*arguments):
    return main([str(argument) for argument in arguments])


def rows_of(path):
    with open(path) as file:
        return list(csv.DictReader(file))


def test_groups_are_written_as_layers_and_numbers():
    assert neurons_of(["time1:17,3"]) == {"time1": [17, 3]}
    assert neurons_of(["time1:0-2", "note2:4,6-7"]) == {
        "time1": [0, 1, 2],
        "note2": [4, 6, 7],
    }
    assert groups_of([["a=time1:1", "note1:2"], ["time2:3"]]) == {
        "a": {"time1": [1], "note1": [2]},
        "time2:3": {"time2": [3]},
    }


@pytest.mark.parametrize("text", ["time1", "time1:", ":3", "time1:a", "time1:1-", "3"])
def test_what_names_no_neurons_is_refused(text):
    with pytest.raises(ValueError, match="written as LAYER:NUMBERS"):
        neurons_of([text])


def test_ablate_measures_groups_as_the_library_does(folder, capsys):
    options = "--network", "net.npz", "--steps", 24, "--seed", 5
    groups = "--neurons", "a=time1:0-2", "note1:1", "--neurons", "time2:3"
    music = "musette", "ode-to-joy"
    assert run("ablate", *music, *options, *groups, "--picture", "a.png") == 0
    output = capsys.readouterr().out
    pieces = [lv.song(name)[:25] for name in music]
    expected = lv.effect(
        lv.load("net.npz"),
        pieces,
        {"a": {"time1": [0, 1, 2], "note1": [1]}, "time2:3": {"time2": [3]}},
        seed=5,
    )
    assert "2 pieces, 48 time steps" in output
    assert f"nothing clamped: {expected.baseline.total:.3f}" in output
    for row, (name, group) in zip(
        rows_of("effects.csv"), expected.groups.items(), strict=True
    ):
        assert row["group"] == name
        assert float(row["total"]) == pytest.approx(group.lost.total, rel=1e-3)
        assert float(row["p"]) == pytest.approx(group.p, rel=1e-3)
        assert f"{group.lost.total:+8.3f}" in output
    assert imageio.imread("a.png").shape[2] == 3


def test_ablate_without_groups_estimates_every_neuron(folder, capsys):
    options = "--network", "net.npz", "--steps", 24, "-o", "all.csv", "--check", 2
    assert run("ablate", "musette", *options) == 0
    output = capsys.readouterr().out
    assert len(rows_of("all.csv")) == 5 + 4 + 4 + 3
    found = lv.estimate_effects(lv.load("net.npz"), [lv.song("musette")[:25]])
    (best,) = found.strongest("time1")
    assert f"{best} ({found['time1'][best]:+.4f})" in output
    assert "over 8 neurons" in output


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--neurons", "time1:5"), "time1 has the neurons 0 to 4, not 5"),
        (("--neurons", "time9:0"), "no layer 'time9'"),
        (("--neurons", "time1:1,1"), "neuron 1 of time1 is named twice"),
        (("--neurons", "a=time1:1", "--neurons", "a=time1:2"), "are called 'a'"),
        (("--neurons", "time1"), "written as LAYER:NUMBERS"),
        (
            ("--neurons", "time1:1", "--controls", "5"),
            "controls must be a whole number from 20",
        ),
        (("--neurons", "time1:1", "--check", "5"), "leave out --neurons"),
        (("--picture", "a.png"), "name them with --neurons"),
    ],
)
def test_errors_are_one_line(folder, capsys, options, message):
    assert run("ablate", "musette", "--network", "net.npz", *options) == 1
    error = capsys.readouterr().err
    assert message in error
    assert error.count("\n") == 1


def test_compose_without_neurons_clamps_them_to_the_mean_of_the_prompt(folder, capsys):
    options = "--network", "net.npz", "--steps", 20, "--prompt", "musette"
    without = "--without", "time1:0-4", "note2:1"
    assert run("compose", *options, *without, "-o", "a.mid", "--trace", "a.npz") == 0
    assert "without 6 neurons: clamped to the mean over the prompt" in (
        capsys.readouterr().out
    )
    net, heard = lv.load("net.npz"), lv.song("musette")[:64]
    quiet = silenced(net, {"time1": range(5), "note2": [1]}, mean_h(net, [heard]))
    expected = lv.compose(quiet, 20, 0, heard)
    np.testing.assert_array_equal(lv.Trace.load("a.npz").states, expected.states)


def test_without_a_prompt_they_are_clamped_to_the_mean_of_the_songbook(folder, capsys):
    options = "--network", "net.npz", "--steps", 4
    assert run("compose", *options, "--without", "time1:1", "-o", "a.mid") == 0
    output = capsys.readouterr().out
    assert "without 1 neuron: clamped to the mean over the songbook" in output
    assert run("compose", *options, "--without", "time1:5") == 1
    assert "time1 has the neurons 0 to 4, not 5" in capsys.readouterr().err


def made_up(nats, random, pieces=2):
    """Return an effect of groups that lose so many nats, the same in every piece."""
    steps = np.full(pieces, 10)
    one = np.stack([steps, 0 * steps], axis=-1).astype(float)
    return Effect(
        {
            name: GroupEffect(
                {"time1": [0]}, one * value, np.array([one * r for r in random]), steps
            )
            for name, value in nats.items()
        },
        None,
    )


def columns_of(image, colour):
    """Return the columns in which a picture has a colour such as "#d55e00"."""
    rgb = [int(colour[k : k + 2], 16) for k in (1, 3, 5)]
    return np.flatnonzero((np.asarray(image) == rgb).all(axis=-1).any(axis=0))


def test_the_chart_has_a_group_to_the_right_of_those_that_lose_less():
    image = lv.effect_chart(made_up({"used": 0.9}, [0.1, 0.2, 0.3]))
    assert columns_of(image, GROUP).min() > columns_of(image, RANDOM).max()
    image = lv.effect_chart(made_up({"unused": -0.3}, [0.1, 0.2, 0.3]))
    assert columns_of(image, GROUP).max() < columns_of(image, RANDOM).min()


def test_nats_are_columns_to_scale():
    image = lv.effect_chart(made_up({"group": 1.0}, [0.0, 0.25, 0.5]))
    starts = columns_of(image, RANDOM)
    starts = starts[np.diff(starts, prepend=-9) > 1]
    quarter, half = np.diff(starts)
    assert abs(quarter - half) <= 1
    middle = columns_of(image, GROUP).mean()
    assert abs(middle - (starts[0] + 4 * quarter)) <= 3


def test_the_chart_of_one_piece_has_no_interval():
    image = lv.effect_chart(made_up({"a": 0.5}, [0.1] * 20, pieces=1), zoom=2)
    assert len(columns_of(image, GROUP)) < 12  # the square alone
