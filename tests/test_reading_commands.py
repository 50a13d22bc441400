"""The commands that explain a note and search music."""

import csv

import imageio.v3 as imageio
import numpy as np
import pytest

import lstmviz as lv
from lstmviz.commands.main import main


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The current folder, which contains a small network and nothing else."""
    monkeypatch.chdir(tmp_path)
    lv.Biaxial((5, 4), (4, 3), seed=0).save("net.npz")
    return tmp_path


def run(*arguments):
    return main([*map(str, arguments), "--network", "net.npz"])


def test_why_names_the_notes_and_draws_them(capsys):
    assert run("why", "musette", "--step", 40, "--note", "B4", "--past", 16) == 0
    output = capsys.readouterr().out
    found = lv.attribution(lv.load("net.npz"), lv.song("musette"), 40, 71, past=16)
    assert "at step 41: P(play) =" in output
    for note in found.top(10):
        assert f"{note.value:+8.2f}  {note.text}" in output
    assert "together" in output
    assert imageio.imread("why.png").shape[0] > 100


def test_why_can_be_fast_and_about_articulation(capsys):
    options = "--fast", "--choice", "articulate", "--past", 8, "-o", "a.png"
    assert run("why", "musette", "--step", 40, "--note", 71, *options) == 0
    output = capsys.readouterr().out
    assert "P(articulate)" in output
    assert "does not add up" in output
    assert imageio.imread("a.png").size


def test_why_says_what_is_wrong(capsys):
    assert run("why", "musette", "--step", 9999, "--note", "C4") == 1
    assert "no step 9999" in capsys.readouterr().err
    assert run("why", "musette", "--step", 9, "--note", "H4") == 1
    assert "note H4: a name such as C4" in capsys.readouterr().err


def rows(folder):
    with open(folder / "moments.csv", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_moments_writes_excerpts_to_see_and_hear(folder):
    options = "--layer", "time2", "--neuron", 3, "--count", 3, "--length", 16
    assert run("moments", "musette", "ode-to-joy", *options, "-o", "m") == 0
    found = rows(folder / "m")
    pieces = {name: lv.song(name) for name in ("musette", "ode-to-joy")}
    expected = lv.moments(
        lv.load("net.npz"), list(pieces.values()), "time2", 3, count=3, length=16
    )
    for row, moment in zip(found, expected, strict=True):
        assert row["piece"] == list(pieces)[moment.piece]
        assert (int(row["step"]), float(row["h"])) == (
            moment.step,
            pytest.approx(moment.value),
        )
        written = lv.read_midi(folder / "m" / row["file"])
        heard = moment.excerpt[..., 0][: len(written)]
        np.testing.assert_array_equal(written[..., 0], heard)
    assert imageio.imread(folder / "m" / "moments.png").size


def test_similar_needs_to_know_which_piece(folder, capsys):
    options = "--layer", "time1", "--step", 20, "--count", 2
    assert run("similar", "musette", "ode-to-joy", *options) == 1
    assert "--piece: say in which of the pieces" in capsys.readouterr().err
    assert run("similar", "musette", *options, "--note", "D4") == 0
    assert "with the neurons in random order" in capsys.readouterr().out
    assert len(rows(folder / "similar")) == 2
    both = "musette", "ode-to-joy", "--piece", "musette"
    assert run("similar", *both, *options, "-o", "both") == 0
    assert all(row["step"] != "20" for row in rows(folder / "both"))


def test_match_lists_the_neurons_of_a_span(folder, capsys):
    span = "--from", 10, "--to", 12, "--layer", "time1", "--notes", "D4", "D4"
    assert run("match", "musette", *span) == 0
    output = capsys.readouterr().out
    assert "on at steps 10 to 11 of musette" in output
    assert "with each neuron moved in time, the highest share is" in output
    assert rows(folder / "match")
