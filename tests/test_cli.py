"""The command line: each command on files, and errors in one line."""

import argparse
import collections
import os
import shlex
import shutil
import signal
import subprocess
import sys
import time
import wave
from importlib.metadata import version
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
import pytest

import lstmviz as lv
from lstmviz.commands.main import main, parser


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """A folder with a small network, and a trace of it, that tests copy from."""
    folder = tmp_path_factory.mktemp("kept")
    net = lv.Biaxial((5, 4), (4, 3), seed=0)
    net.save(folder / "net.npz")
    lv.trace(net, lv.song("musette")[:31]).save(folder / "t.npz")
    return folder


@pytest.fixture
def folder(kept, tmp_path, monkeypatch):
    """The current folder, which contains a small network and nothing else."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(kept / "net.npz", tmp_path)
    return tmp_path


def run(*arguments):
    return main([str(argument) for argument in arguments])


def test_compose_writes_music_and_trace(folder, capsys):
    options = "--steps", 20, "--seed", 3, "--network", "net.npz"
    assert run("compose", "-o", "a.mid", "--trace", "a.npz", *options) == 0
    output = capsys.readouterr().out
    assert "a.mid" in output
    assert "a.npz" in output
    states = lv.read_midi("a.mid")
    np.testing.assert_array_equal(states[..., 0], lv.Trace.load("a.npz").states[..., 0])
    run("compose", "-o", "b.mid", *options)
    assert (folder / "a.mid").read_bytes() == (folder / "b.mid").read_bytes()
    run("compose", "-o", "b.mid", *options, "--seed", 4)
    assert (folder / "a.mid").read_bytes() != (folder / "b.mid").read_bytes()


def test_compose_continues_a_prompt(folder):
    options = "--steps", 4, "--network", "net.npz", "--prompt-steps", 10
    assert run("compose", "--prompt", "ode-to-joy", "-o", "a.mid", *options) == 0
    states = lv.read_midi("a.mid")
    assert len(states) == 14
    np.testing.assert_array_equal(states[:10], lv.song("ode-to-joy")[:10])


def test_compose_also_writes_sound(folder, capsys):
    lv.Biaxial((5,), (4,), low=60, high=72).save("octave.npz")
    options = "--steps", 6, "--network", "octave.npz", "--bpm", 300
    assert run("compose", "-o", "a.mid", "--wav", "a.wav", *options) == 0
    assert "wrote a.wav: 7 time steps" in capsys.readouterr().out
    lv.write_wav(lv.read_midi("a.mid"), "b.wav", bpm=300)
    assert (folder / "a.wav").read_bytes() == (folder / "b.wav").read_bytes()


def test_hear_writes_the_sound_of_songs_and_files(folder, capsys):
    lv.write_midi(lv.song("musette")[:8], "m.mid")
    assert run("hear", "m.mid") == 0
    output = capsys.readouterr().out
    assert "wrote m.wav: 8 time steps (1 bar) at 92 quarter notes a minute" in output
    with wave.open("m.wav") as file:  # two quarter notes
        seconds = file.getnframes() / file.getframerate()
        assert abs(seconds - 2 * 60 / 92) < 0.1
    assert run("hear", "m.mid", "--bpm", 120) == 0
    assert "at 120 quarter notes" in capsys.readouterr().out
    assert run("hear", "ode-to-joy", "-o", "o.wav") == 0
    tempo = lv.songbook()["ode-to-joy"].bpm
    assert f"at {tempo} quarter notes a minute" in capsys.readouterr().out


@pytest.mark.parametrize("kind", ["mp4", "gif", "png"])
def test_film_shows_the_steps_asked_for(folder, capsys, kind):
    run("trace", "musette", "--network", "net.npz", "--steps", 20, "-o", "t.npz")
    options = "--from", 4, "--to", 12, "--zoom", 1, "--past", 10, "--bpm", 240
    assert run("film", "t.npz", "-o", f"a.{kind}", *options) == 0
    output = capsys.readouterr().out
    assert f"wrote a.{kind}: 8 time steps (2 bars) at 240 quarter notes" in output
    trace = lv.Trace.load("t.npz")
    lv.film(trace, f"b.{kind}", 240, past=10, zoom=1, start=4, stop=12)
    assert (folder / f"a.{kind}").read_bytes() == (folder / f"b.{kind}").read_bytes()


def test_snapshot_and_neuron_draw_the_trace_of_a_midi_file(folder, capsys):
    lv.write_midi(lv.song("musette")[:40], "m.mid")
    assert run("trace", "m.mid", "--network", "net.npz") == 0
    trace = lv.Trace.load("m.npz")
    assert len(trace) == 39
    assert run("snapshot", "m.npz", "--step", 7, "--past", 20, "--zoom", 2) == 0
    np.testing.assert_array_equal(
        imageio.imread("snapshot-7.png")[::2, ::2], lv.snapshot(trace, 7, 20)
    )
    assert (
        run("neuron", "m.npz", "time2", 3, "--notes", "-o", "n.png", "--zoom", 1) == 0
    )
    np.testing.assert_array_equal(
        imageio.imread("n.png"), lv.neuron(trace, "time2", 3, notes=True)
    )
    assert "neuron 3 of time2 over 39 steps" in capsys.readouterr().out


@pytest.fixture
def trace(kept, folder):
    """A trace of the small network, also as the file t.npz."""
    shutil.copy(kept / "t.npz", folder)
    return lv.Trace.load("t.npz")


def test_labels_are_drawn_at_the_final_size(trace):
    look = "--labels", "--theme", "dark", "--palette", "colour-blind", "--zoom", 2
    style = {"labels": True, "theme": "dark", "palette": "colour-blind", "zoom": 2}
    run("snapshot", "t.npz", "--step", 7, "-o", "s.png", *look)
    expected = lv.snapshot(trace, 7, **style, source="t.npz")
    np.testing.assert_array_equal(imageio.imread("s.png"), expected)
    run("neuron", "t.npz", "time1", 2, "-o", "n.png", *look, "--title", "Mine")
    expected = lv.neuron(trace, "time1", 2, **style, source="t.npz", title="Mine")
    np.testing.assert_array_equal(imageio.imread("n.png"), expected)


def test_one_part_alone_is_drawn_in_its_own_colours(trace):
    run("neuron", "t.npz", "time1", 2, "--only", "f", "-o", "n.png", "--zoom", 1)
    expected = lv.neuron(trace, "time1", 2, only="f")
    np.testing.assert_array_equal(imageio.imread("n.png"), expected)


def test_gates_draws_every_part_of_a_neuron(trace, capsys):
    assert run("gates", "t.npz", "note1", 1) == 0
    expected = lv.gates(trace, "note1", 1, source="t.npz")
    np.testing.assert_array_equal(imageio.imread("gates-note1-1.png"), expected)
    assert "neuron 1 of note1" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ((), "time1 "),
        (("--each", 1), "time1 "),
        (("--layer", "time2"), "time2 0 1 2 3\n"),
        (("--layer", "time2", "--neurons", 3, 1), "time2 3 1\n"),
        (("--layer", "time2", "--each", 2, "--only", "o"), "time2 "),
    ],
)
def test_gallery_prints_which_neurons_it_shows(trace, capsys, options, message):
    assert run("gallery", "t.npz", *options, "--zoom", 1) == 0
    out = capsys.readouterr().out
    assert f"wrote gallery.png: {message}" in out
    assert imageio.imread("gallery.png").ndim == 3
    named = out.split(": ")[-1].replace(";", "").split()
    many = {(): 4 + 4 + 4 + 3, ("--each", 1): 4}.get(options)
    assert many is None or sum(word.isdecimal() for word in named) == many


def test_gallery_shows_a_neuron_over_several_pieces(trace):
    run("trace", "ode-to-joy", "--network", "net.npz", "--steps", 20, "-o", "u.npz")
    run("gallery", "t.npz", "u.npz", "--layer", "time1", "--neurons", 2)
    pieces = {"t": trace, "u": lv.Trace.load("u.npz")}
    expected = lv.gallery(pieces, {"time1": [2]}, source="t.npz, u.npz")
    np.testing.assert_array_equal(imageio.imread("gallery.png"), expected)


def test_saturation_draws_a_chart_and_prints_a_table(trace, capsys):
    assert run("saturation", "t.npz") == 0
    output = capsys.readouterr().out
    closed, opened = lv.saturation(trace["time2"])["f"].mean(axis=1)
    assert f"time2        f{closed:8.3f}{opened:8.3f}" in output
    expected = lv.saturation_chart(trace, source="t.npz")
    np.testing.assert_array_equal(imageio.imread("saturation.png"), expected)


def test_the_seed_selects_a_step_and_a_neuron_if_none_is_given(folder):
    run("trace", "musette", "--network", "net.npz", "--steps", 30, "-o", "t.npz")
    run("snapshot", "t.npz", "--seed", 1, "-o", "a.png")
    run("snapshot", "t.npz", "--seed", 1, "-o", "b.png")
    run("neuron", "t.npz", "note1", "--seed", 1, "-o", "c.png")
    assert (folder / "a.png").read_bytes() == (folder / "b.png").read_bytes()
    assert (folder / "c.png").exists()


def test_trace_hears_as_many_steps_as_given_and_prints_how_many(folder, capsys):
    run("trace", "musette", "--network", "net.npz", "--steps", 16, "-o", "t.npz")
    assert len(lv.Trace.load("t.npz")) == 16
    assert "first 17 of 224 time steps" in capsys.readouterr().out
    run("trace", "musette", "--network", "net.npz", "--steps", 0, "-o", "t.npz")
    assert len(lv.Trace.load("t.npz")) == 223


def test_train_writes_a_network_that_can_be_loaded(folder, capsys):
    sizes = "--time-layers", 6, "--note-layers", 5, 4
    assert run("train", "musette", "--steps", 2, "--batch", 1, *sizes) == 0
    assert lv.load("lstmviz-run/best.npz").layer_names == ["time1", "note1", "note2"]
    assert "nats per time step" in capsys.readouterr().out


def test_train_writes_a_log_and_can_be_resumed(folder, capsys):
    music = folder / "music"
    music.mkdir()
    for name in "musette", "ode-to-joy", "auld-lang-syne":
        lv.write_midi(lv.song(name)[:64], music / f"{name}.mid")
    (music / "broken.mid").write_text("no music")
    sizes = "--time-layers", 6, "--note-layers", 5, "--batch", 1, "--length", 32
    command = "train", "music", "-o", "run", *sizes, "--validate-every", 2
    assert run(*command, "--steps", 3) == 0
    output = capsys.readouterr().out
    assert "read 3 of 4 MIDI files" in output
    assert "broken.mid" in output
    assert run(*command, "--steps", 5, "--resume") == 0
    made = folder / "run"
    log = (made / "log.csv").read_text().splitlines()
    assert log[0].startswith("step,loss,norm")
    assert [line.split(",")[0] for line in log[1:]] == ["1", "2", "3", "4", "5"]
    assert imageio.imread(made / "learning-curve.png").shape == (540, 960, 3)
    listed = (made / "music.txt").read_text().splitlines()
    assert sorted(line.split()[0] for line in listed) == [
        *["learned"] * 2,
        "refused",
        "validation",
    ]
    samples = sorted(path.name for path in (made / "samples").glob("*.mid"))
    steps = 2, 3, 4, 5  # validation, and the ends of both runs
    assert samples == [f"step-{step:06}.mid" for step in steps]
    assert len(lv.read_midi(made / "samples" / samples[0])) == 129
    assert run(*command, "--steps", 5) == 1  # not without --resume
    assert "holds a training run already" in capsys.readouterr().err


def test_resume_without_arguments_uses_those_of_the_run(folder, capsys):
    """With the same music, layers and settings: as if the run had not been stopped."""
    (folder / "music").mkdir()
    lv.write_midi(lv.song("musette")[:64], folder / "music" / "a.mid")
    lv.write_midi(lv.song("ode-to-joy")[:64], folder / "music" / "b.mid")
    command = "train", "music", "musette", "--time-layers", 6, "--note-layers", 5
    command += "--batch", 1, "--length", 32, "--learning-rate", 0.0005, "--seed", 3
    command += "--save-every", 1, "--schedule", "constant"
    assert run(*command, "--steps", 6, "-o", "straight") == 0
    assert run(*command, "--steps", 3, "-o", "run") == 0
    os.chdir(folder / "music")  # from any folder
    assert run("train", "-o", folder / "run", "--resume", "--steps", 6) == 0
    one, other = (lv.load(folder / name / "best.npz") for name in ("run", "straight"))
    assert one.sizes == {"time1": 6, "note1": 5}
    for name, weights in one.parameters.items():
        np.testing.assert_array_equal(weights, other.parameters[name])
    log = (folder / "run" / "log.csv").read_text().splitlines()
    assert {line.split(",")[3] for line in log[1:]} == {"0.0005"}

    assert run("train", "-o", folder / "run", "--resume") == 0  # has nothing left to do
    capsys.readouterr()
    assert run("train", "-o", folder / "run", "--resume", "--batch", 2) == 1
    assert "batch 1, not 2; only steps can change" in capsys.readouterr().err
    assert run("train", "-o", "nothing", "--resume") == 1
    assert "holds no training run to resume" in capsys.readouterr().err


def test_training_can_begin_with_a_network(folder, capsys):
    """The first steps change its weights, not random ones; resuming needs nothing."""
    before = lv.Biaxial((6,), (5,), seed=7)
    before.save("before.npz")
    command = "train", "musette", "--batch", 1, "--length", 32, "--save-every", 1
    begin = *command, "--network", "before.npz", "--learning-rate", 1e-6
    assert run(*begin, "--steps", 2, "-o", "run") == 0
    assert run("train", "-o", "run", "--resume", "--steps", 3) == 0
    after = lv.load("run/best.npz")
    for name, weights in before.parameters.items():
        np.testing.assert_allclose(after.parameters[name], weights, atol=1e-5)
        assert (after.parameters[name] != weights).any()
    capsys.readouterr()
    assert run(*begin, "--time-layers", 6, "-o", "other") == 1
    assert "--time-layers cannot be given with --network" in capsys.readouterr().err
    assert run(*command, "--network", "nothing.npz", "-o", "other") == 1
    assert "nothing.npz" in capsys.readouterr().err
    assert not (folder / "other").exists()


def test_a_training_run_that_fails_leaves_no_folder(folder, capsys):
    (folder / "one.mid").write_text("no music")
    assert run("train", "one.mid", "-o", "run") == 1
    wild = "train", "musette", "-o", "run", "--time-layers", 3, "--note-layers", 3
    with pytest.warns(RuntimeWarning):
        assert run(*wild, "--learning-rate", 1e39, "--batch", 1) == 1
    assert "no longer finite" in capsys.readouterr().err
    assert not (folder / "run").exists()


@pytest.mark.slow
def test_demo_works_with_an_untrained_network(folder, capsys):
    assert run("demo", "out", "--network", "untrained") == 0
    assert (folder / "out" / "mind.html").exists()


def test_evaluate_prints_the_loss_of_each_piece_and_of_all(folder, capsys):
    assert run("evaluate", "net.npz", "musette", "ode-to-joy") == 0
    output = capsys.readouterr().out
    net = lv.load("net.npz")
    for songs in ["musette"], ["ode-to-joy"], ["musette", "ode-to-joy"]:
        total = lv.evaluate(net, [lv.song(song) for song in songs]).total
        assert f"{total:8.3f}" in output
    assert "478  all steps together" in output


def test_songs_lists_every_song(capsys):
    assert run("songs") == 0
    output = capsys.readouterr().out
    assert all(name in output for name in lv.songbook())
    assert "35 bars of 4/4" in output


@pytest.mark.slow
def test_demo_writes_all_files_that_it_lists(folder, capsys):
    assert run("demo", "out") == 0
    assert sum(path.stat().st_size for path in Path("out").iterdir()) < 60e6
    output = capsys.readouterr().out
    made = sorted((folder / "out").iterdir())
    assert all(str(path.relative_to(folder)) in output for path in made)
    kinds = [path.suffix for path in made]
    promised = {".html": 1, ".mp4": 1, ".mid": 1, ".wav": 1, ".npz": 1, ".png": 10}
    assert {kind: kinds.count(kind) for kind in kinds} == promised
    for name in "time1", "time2", "note1", "note2":
        assert any(path.name.startswith(f"neuron-{name}-") for path in made)
    states = lv.read_midi(folder / "out" / "music.mid")
    assert states[64:, :, 1].sum() > 20
    snapshot = imageio.imread(folder / "out" / "snapshot-composing.png")
    assert snapshot.shape[0] == 4 * (5 * 78 + 20)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("trace", "nothing.mid"), "nothing.mid: is neither a file nor a song"),
        (("trace", "text.mid"), "text.mid"),
        (("trace", "musette", "--network", "nobody"), "nobody: is neither a file"),
        (("trace", "musette", "-o", "no/where.npz"), "no folder no"),
        (("snapshot", "net.npz"), "net.npz: is not a trace"),
        (("snapshot", "none.npz"), "none.npz: there is no such file"),
        (("snapshot", "t.npz", "--theme", "dark"), "theme: only pictures with labels"),
        (("gallery", "t.npz", "--neurons", "1"), "say of which layer"),
        (("gallery", "t.npz", "--layer", "time9"), "no layer 'time9'"),
        (("gates", "t.npz", "time1", "9"), "neuron of time1 must be"),
        (("neuron", "text.mid", "time1"), "text.mid: is music, not a trace"),
        (("film", "none.npz"), "none.npz: there is no such file"),
        (("hear", "nothing.mid"), "nothing.mid: is neither a file nor a song"),
        (("hear", "musette", "--bpm", "0"), "bpm must be"),
        (("compose", "--steps", "0"), "steps must be"),
        (("compose", "--temperature", "-1"), "temperature must be"),
        (("demo", "text.mid"), "text.mid"),
        (("snapshot", "t.npz", "--zoom", 10**21), "zoom must be a whole number"),
        (("snapshot", "t.npz", "--zoom", 300), "from 1 to 100, not 300"),
        (("snapshot", "t.npz", "--past", 60000, "--zoom", 90), "too large"),
        (("film", "t.npz", "--past", 60000, "-o", "a.gif"), "too large"),
        (("film", "t.npz", "--zoom", -1, "-o", "a.gif"), "zoom must be"),
        (
            ("compose", "--steps", 10**30),
            "number from 1 to 65536",
        ),
        (("compose", "--prompt-steps", 3), "say of which music, with --prompt"),
        (("compose", "--prompt", "musette", "--metre", "3/4"), "cannot be combined"),
        (("trace", "musette", "--seed", 3), "only the network 'untrained'"),
        (("snapshot", "t.npz", "--step", 3, "--seed", 1), "nothing is drawn"),
        (("neuron", "t.npz", "time1", 3, "--seed", 1), "nothing is drawn"),
        (("gates", "t.npz", "time1", 3, "--seed", 1), "nothing is drawn"),
        (
            ("neuron", "t.npz", "time1", 3, "--notes", "--only", "f"),
            "cannot be combined",
        ),
        (("hear", "x" * 300), "File name too long"),
    ],
)
def test_errors_are_one_line_without_a_traceback(
    folder, trace, capsys, arguments, message
):
    (folder / "text.mid").write_text("this is no music")
    capsys.readouterr()
    assert run(*arguments) == 1
    error = capsys.readouterr().err
    assert error.startswith("lstmviz: error: ")
    assert message in error
    assert error.count("\n") == 1


def test_a_large_trace_is_announced_or_refused_before_the_work(
    folder, capsys, monkeypatch
):
    options = "trace", "musette", "--network", "net.npz", "--steps", 0, "-o", "t.npz"
    monkeypatch.setattr("lstmviz.commands.music.LARGE", 10**6)
    assert run(*options) == 0
    assert "223 steps take 0.0 GB of memory and disk" in capsys.readouterr().out
    os.remove("t.npz")
    full = collections.namedtuple("usage", "free")(1000)
    monkeypatch.setattr("shutil.disk_usage", lambda _: full)
    assert run(*options) == 1
    assert "GB of the disk are free" in capsys.readouterr().err
    monkeypatch.setattr("lstmviz.checks.memory", lambda: 10**6)
    assert run("compose", "--network", "net.npz", "--trace", "t.npz") == 1
    assert "the trace takes" in capsys.readouterr().err
    assert not (folder / "t.npz").exists()


def test_every_command_has_a_help_text(capsys):
    for command in parser()._subparsers._group_actions[0].choices:
        with pytest.raises(SystemExit) as ended:
            main([command, "--help"])
        assert ended.value.code == 0
        assert capsys.readouterr().out.startswith(f"usage: lstmviz {command}")


def test_the_package_can_be_run_from_any_folder(tmp_path):
    result = subprocess.run(
        [sys.executable, "-m", "lstmviz", "songs", "--help"],
        cwd=tmp_path,  # outside the repository, with the installed package
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0
    assert result.stdout.startswith("usage: lstmviz songs")


def test_there_is_no_traceback_if_a_pipe_is_closed_early(tmp_path):
    command = f"{sys.executable} -m lstmviz songs | head -n 1"
    result = subprocess.run(
        command, shell=True, cwd=tmp_path, capture_output=True, text=True
    )
    assert result.stdout.count("\n") == 1
    assert result.stderr == ""


# What is written ----------------------------------------------------------------


def contents(folder):
    """Return what is in a folder: names and contents of files, targets of links."""
    return {
        path.relative_to(folder): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("hear m.mid -o m.mid", "must end in .wav"),
        ("hear m.mid -o m.wav", "m.wav: would overwrite what is read"),
        ("hear musette -o m.ogg", "must end in .wav"),
        ("compose -o a.midi.txt", "must end in .mid or .midi"),
        ("compose --prompt m.mid -o m.mid", "m.mid: would overwrite"),
        ("compose --wav missing/x.wav", "no folder missing to write into"),
        ("compose --wav a.mid", "must end in .wav"),
        ("compose --trace a.mid", "must end in .npz"),
        ("compose --network net.npz --trace net.npz", "net.npz: would overwrite"),
        ("trace musette --network net.npz -o net.npz", "net.npz: would overwrite"),
        ("trace net.mid --network net.npz", "net.npz: would overwrite"),
        ("trace musette -o t.txt", "must end in .npz"),
        ("snapshot t.npz -o t.npz", "must end in .png"),
        ("snapshot t.npz -o t.png", "t.png: is a folder"),
        ("neuron t.npz time1 0 -o t.jpg", "must end in .png"),
        ("gates t.npz time1 0 -o t.jpg", "must end in .png"),
        ("gallery t.npz -o t.jpg", "must end in .png"),
        ("saturation t.npz -o t.jpg", "must end in .png"),
        ("film t.npz -o t.avi", "must end in .mp4 or .gif or .png or .apng"),
        ("film t.npz -o no/t.mp4", "no folder no to write into"),
        ("page t.npz -o t.htm", "must end in .html"),
        ("check m.mid --csv marks.txt", "must end in .csv"),
        ("check marks.csv --csv marks.csv", "marks.csv: would overwrite"),
        ("train sub -o sub/run", "sub/run: lies in sub"),
        ("train musette -o m.mid", "m.mid: cannot be a folder"),
        ("demo here --network here/trace.npz", "trace.npz: would overwrite"),
        *((f"{command} -o ''", "must not be empty") for command in (
            "hear musette", "compose", "trace musette", "snapshot t.npz",
            "neuron t.npz time1 0", "gallery t.npz", "gates t.npz time1 0",
            "saturation t.npz", "film t.npz", "page t.npz", "train musette",
        )),
        ("check m.mid --csv ''", "must not be empty"),
        ("compose --wav ''", "must not be empty"),
        ("compose --trace ''", "must not be empty"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said_before_the_work(
    folder, trace, capsys, monkeypatch, arguments, message
):
    lv.write_midi(lv.song("musette")[:8], "m.mid")
    lv.write_midi(lv.song("musette")[:8], "net.mid")
    os.symlink("m.mid", "m.wav")
    os.mkdir("t.png")
    os.mkdir("sub")
    os.mkdir("here")
    lv.load("net.npz").save("here/trace.npz")
    (folder / "marks.csv").touch()
    before = contents(folder)
    for work in "write_wav", "compose", "trace", "train", "gates", "gallery", "neuron":
        monkeypatch.delattr(lv, work)  # none of it begins
    assert run(*shlex.split(arguments)) == 1
    assert message in capsys.readouterr().err
    assert contents(folder) == before


@pytest.mark.parametrize(
    "kind",
    [pytest.param("film.mp4", marks=pytest.mark.slow), "film.gif", "mind.html"],
)
def test_sigterm_leaves_nothing_behind(folder, kind, tmp_path):
    run("trace", "musette", "--network", "net.npz", "--steps", 0, "-o", "t.npz")
    os.mkdir("temporary")
    before = contents(folder)
    # The file is made slowly, so that the signal arrives while it is.
    code = (
        "import os, sys, time\n"
        "from lstmviz import files\n"
        "from lstmviz.commands.main import main\n"
        "from lstmviz.pictures import film, packing\n"
        "opened, drawn, packed = os.open, film.snapshot, packing.pack\n"
        "def slow(function):\n"
        "    def run(*arguments):\n"
        "        print('now', flush=True); time.sleep(0.2)\n"
        "        return function(*arguments)\n"
        "    return run\n"
        "film.snapshot, packing.pack = slow(film.snapshot), slow(packing.pack)\n"
        "sys.exit(main(sys.argv[1:]))\n"
    )
    command = kind.split(".")[0].replace("mind", "page")
    process = subprocess.Popen(
        [sys.executable, "-c", code, command, "t.npz", "-o", kind],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"TMPDIR": str(folder / "temporary")},
    )
    for _ in range(3):
        assert process.stdout.readline() == "now\n"
    process.terminate()
    _, error = process.communicate()
    assert process.returncode == 143
    assert error.splitlines()[-1] == "lstmviz: stopped"  # after any progress bar
    assert "Traceback" not in error
    assert contents(folder) == before


# However it is started ----------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "status", "error"),
    [
        ("songs <&- >&- 2>&-", 0, ""),
        ("songs >/dev/full", 1, "lstmviz: error: [Errno 28] No space left on device"),
        *(
            pytest.param(*case, marks=pytest.mark.slow)
            for case in (
                ("songs >&-", 0, ""),
                ("songs 2>&-", 0, ""),
                ("hear nothing.mid >&-", 1, "lstmviz: error: nothing.mid: is neither"),
                ("hear nothing.mid 2>&-", 1, ""),
                ("--help >/dev/full", 0, ""),
            )
        ),
    ],
)
def test_closed_and_full_streams_give_no_traceback(tmp_path, command, status, error):
    result = subprocess.run(
        ["bash", "-c", f"'{sys.executable}' -m lstmviz {command}"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
    )
    assert result.returncode == status
    assert result.stderr.startswith(error)
    assert result.stderr.count("\n") == bool(error)


@pytest.mark.parametrize("seconds", [0.15, 0.3, 0.6])
def test_ctrl_c_during_the_import_is_one_line(tmp_path, seconds):
    with subprocess.Popen(
        [sys.executable, "-m", "lstmviz", "songs"],
        cwd=tmp_path,
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        time.sleep(seconds)
        process.send_signal(signal.SIGINT)
        output, error = process.communicate()
    done = process.returncode == 0 and "musette" in output  # on a very fast machine
    assert done or error in ("lstmviz: stopped\n", "")


def test_a_fault_of_ours_is_one_line_that_says_where_it_is(capsys, monkeypatch):
    def songbook():
        raise KeyError("of two\nlines")

    monkeypatch.setattr(lv, "songbook", songbook)
    assert run("songs") == 1
    error = capsys.readouterr().err
    assert error.startswith("lstmviz: error: KeyError: ")
    assert "(test_cli.py, line " in error
    assert error.count("\n") == 1


# The first minute ---------------------------------------------------------------


def test_without_a_command_it_says_where_to_begin(capsys):
    assert main([]) == 0
    usage, first, *_ = capsys.readouterr().out.split("\n\n")
    assert usage.startswith("usage: lstmviz")
    assert first.startswith("Begin with `lstmviz demo`")


def test_its_version_is_that_of_the_package(capsys):
    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.split() == ["lstmviz", version("lstmviz")]


def test_every_option_has_a_text_and_no_default_is_none():
    (commands,) = (
        action
        for action in parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for name, command in commands.choices.items():
        assert "default: None" not in command.format_help(), name
        for action in command._actions:
            assert action.help, (name, action.dest)


@pytest.mark.parametrize("music", ["musette", "a piece.mid"])
def test_music_instead_of_a_trace_names_the_next_command(capsys, music):
    assert main(["snapshot", music]) == 1
    error = capsys.readouterr().err
    assert f"`lstmviz trace {shlex.quote(music)}`" in error
    assert f"{Path(music).stem}.npz" in error


def test_errors_name_options_as_they_are_typed(tmp_path, capsys):
    assert main(["snapshot", str(tmp_path / "x.npz"), "--theme", "dark"]) == 1
    error = capsys.readouterr().err
    assert "--theme: " in error
    assert "add --labels" in error


def test_a_film_without_an_ending_is_what_can_be_written(tmp_path, monkeypatch):
    trace = tmp_path / "t.npz"
    net = lv.Biaxial((4,), (3,), low=60, high=72)
    lv.trace(net, np.zeros((3, 12, 2), np.uint8)).save(trace)
    monkeypatch.setattr("lstmviz.pictures.film.find_spec", lambda name: None)
    assert main(["film", str(trace), "-o", str(tmp_path / "film")]) == 0
    assert (tmp_path / "film.gif").exists()
