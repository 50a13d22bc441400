"""Statements about folders of music."""

import os
import zlib
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from mido import MidiFile

import lstmviz as lv
from lstmviz.commands.main import main
from lstmviz.commands.shared import gather
from lstmviz.music.library import checksum, midi_files, read_library, split
from lstmviz.music.notes import states_from_notes

DRUMS = bytes.fromhex(  # four strokes of channel 10
    "4d546864 00000006 0000 0001 01e0 4d54726b 00000018"
    "00992440 78992640 78992440 78992640 788926 00 00ff2f00"
)

SMALL = "--time-layers=4", "--note-layers=3", "--batch=1", "--length=8"


def write(path, steps=16):
    """Write the beginning of a song to a file, and return it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lv.write_midi(lv.song("musette")[:steps], path)
    return path


def lengths(pieces):
    """Return how long pieces are, by their names."""
    return {name: len(piece) for name, piece in pieces.items()}


@pytest.fixture
def net():
    return lv.Biaxial((4,), (3,))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


# Finding and reading


def test_files_are_found_in_folders_within_folders_in_order(tmp_path):
    names = "b.mid", "a/z.MIDI", "a/notes.txt", "c/d/e.mid", "a/song.kar", "c/k.RMI"
    for name in names:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in midi_files(tmp_path)]
    assert found == ["a/song.kar", "a/z.MIDI", "b.mid", "c/d/e.mid", "c/k.RMI"]


def test_a_folder_without_music_is_refused(tmp_path):
    with pytest.raises(
        ValueError, match=r"holds no MIDI files \(.mid, .midi, .kar, .r"
    ):
        midi_files(tmp_path)


def test_what_can_be_read_is_and_the_rest_says_why(tmp_path):
    song = lv.song("musette")
    for number in range(3):
        write(tmp_path / f"{number:02}.mid", 16 + number)
    (tmp_path / "broken.mid").write_text("no music")
    pieces, reports, refused = read_library(midi_files(tmp_path))
    assert [path.name for path in pieces] == ["00.mid", "01.mid", "02.mid"]
    for number, piece in enumerate(pieces.values()):
        assert piece == song[: 16 + number]
        assert piece.name == f"{number:02}"
    assert pieces.keys() == reports.keys()
    kept = [report.kept for report in reports.values()]
    assert kept == [piece[..., 1].sum() for piece in pieces.values()]
    assert list(refused) == [tmp_path / "broken.mid"]
    assert refused[tmp_path / "broken.mid"].startswith(f"{tmp_path / 'broken.mid'}: ")
    assert "\n" not in refused[tmp_path / "broken.mid"]


def test_reports_count_what_was_left_out_and_nothing_is_warned_of(tmp_path, recwarn):
    path = tmp_path / "wide.mid"
    lv.write_midi(states_from_notes([(10, 0, 2), (60, 0, 2)], 4, 0, 128), path, low=0)
    _, reports, _ = read_library([path])
    assert (reports[path].kept, reports[path].outside) == (1, 1)
    _, reports, _ = read_library([path], low=0, high=128)
    assert (reports[path].kept, reports[path].outside) == (2, 0)
    assert not recwarn.list


def test_karaoke_and_riff_files_are_read_like_any_other(tmp_path):
    midi = write(tmp_path / "a.kar").read_bytes()
    size = len(midi).to_bytes(4, "little")
    (tmp_path / "b.rmi").write_bytes(b"RIFF\0\0\0\0RMIDdata" + size + midi)
    pieces, _, refused = read_library(midi_files(tmp_path))
    assert [path.name for path in pieces] == ["a.kar", "b.rmi"]
    assert not refused
    one, other = pieces.values()
    assert one == other == lv.song("musette")[:16]


# Splitting


def test_the_same_names_are_always_split_in_the_same_way():
    names = [f"piece-{n}" for n in range(100)]
    training, validation = split(names)
    assert len(validation) == 10
    assert training == [name for name in names if name not in validation]
    assert split(names[::-1])[1] == validation[::-1]
    more, _ = split([*names, *(f"new-{n}" for n in range(10))], share=0.1)
    assert len(set(validation) & set(more)) <= 2  # few change sides


def test_few_pieces_keep_one_apart_and_none_if_none_is_wanted():
    assert len(split(["a", "b"], 0.1)[1]) == 1
    assert split(["a"], 0.1) == (["a"], [])
    assert split(["a", "b", "c"], 0) == (["a", "b", "c"], [])
    with pytest.raises(ValueError, match="share"):
        split(["a"], 1)


def test_names_are_put_in_order_by_a_checksum_that_never_changes():
    assert checksum("123456789") == 0xCBF43926  # the check value of CRC-32
    assert checksum("Böhm") == zlib.crc32(b"B\xc3\xb6hm")
    assert checksum("B\udcf6hm") == zlib.crc32(b"B\xf6hm")  # the name is not UTF-8
    names = ["bach/a.mid", "bach/b.mid", "chopin/a.mid", "chopin/b.mid"]
    apart = min(names, key=lambda name: zlib.crc32(name.encode()))
    assert split(names, 0.25)[1] == [apart]


# Gathering: files, songs and folders together


def test_files_of_a_folder_are_called_by_their_path_in_it(folder, net, capsys):
    write(folder / "music/bach/a.mid")
    write(folder / "music/b.mid", 20)
    for name in "music", folder / "music", "./music/../music":
        pieces, refused = gather([name], net)
        assert lengths(pieces) == {"b.mid": 20, "bach/a.mid": 16}
        assert not refused
    assert "music: read 2 of 2 MIDI files" in capsys.readouterr().out


def test_files_and_songs_are_called_by_their_names(folder, net):
    write(folder / "music/a.mid")
    pieces, _ = gather(["music/a.mid", "ode-to-joy"], net)
    assert lengths(pieces) == {"a.mid": 16, "ode-to-joy": 256}
    assert pieces["ode-to-joy"] == lv.song("ode-to-joy")


def test_two_folders_with_equally_named_files_keep_all_their_pieces(folder, net):
    write(folder / "one/a.mid", 16)
    write(folder / "one/b.mid", 17)
    write(folder / "two/a.mid", 18)
    write(folder / "two/c.mid", 19)
    write(folder / "far/two/a.mid", 20)
    pieces, _ = gather(["one", "two", "far/two"], net)
    assert lengths(pieces) == {
        **{"a.mid": 16, "b.mid": 17},
        **{"two/a.mid": 18, "two/c.mid": 19},
        "far/two/a.mid": 20,
    }


def test_a_file_that_is_called_like_one_of_a_folder_is_kept_too(folder, net):
    write(folder / "music/a.mid", 16)
    write(folder / "music/deep/a.mid", 17)
    write(folder / "deep/a.mid", 18)
    pieces, _ = gather(["music", "deep/a.mid"], net)
    name = f"{folder.name}/deep/a.mid"  # deep/a.mid is in the folder, too
    assert lengths(pieces) == {"a.mid": 16, "deep/a.mid": 17, name: 18}


def test_names_are_the_same_wherever_a_command_is_run(folder, net, monkeypatch):
    for number, name in enumerate(("one/a.mid", "two/a.mid", "two/x/a.mid", "a.mid")):
        write(folder / name, 16 + number)
    here, _ = gather(["one", "two", "a.mid"], net)
    monkeypatch.chdir(folder / "one")
    there, _ = gather(["../one", folder / "two", "../a.mid"], net)
    assert lengths(here) == lengths(there)
    assert len(here) == 4


def test_a_run_with_two_such_folders_is_resumed(folder):
    for number in range(4):
        write(folder / f"one/{number}.mid", 32 + number)
        write(folder / f"two/{number}.mid", 40 + number)
    command = ["train", "one", "two", "-o", "run", "--validation=0.4", *SMALL]
    assert main([*command, "--steps=2"]) == 0
    listed = (folder / "run/music.txt").read_text()
    assert main(["train", "-o", "run", "--resume", "--steps=3"]) == 0
    assert (folder / "run/music.txt").read_text() == listed
    assert "two/3.mid" in listed


def test_a_folder_of_drums_is_refused_in_a_line_that_says_so(folder, net, capsys):
    (folder / "drums").mkdir()
    for name in "a.mid", "b.mid":
        (folder / "drums" / name).write_bytes(DRUMS)
    assert main(["train", "drums", "-o", "run"]) == 1
    said = capsys.readouterr()
    assert "drums: read 0 of 2 MIDI files" in said.out
    reason = "holds no notes in this range (4 drum notes, 0 outside C1 to F7)"
    assert said.out.count(reason) == 2
    assert said.err == "lstmviz: error: drums: there is no music to use\n"
    assert not (folder / "run").exists()


def test_of_many_files_a_few_are_named_and_the_others_counted(folder, net, capsys):
    write(folder / "music/good.mid")
    for name in "abcde":
        (folder / f"music/{name}.mid").write_bytes(b"no music")
    mixed = MidiFile(folder / "music/good.mid")
    mixed.type = 1  # with several tracks
    mixed.tracks.append(MidiFile(file=BytesIO(DRUMS)).tracks[0])
    mixed.save(folder / "music/good.mid")
    gather(["music"], net)
    first, *named, rest, left_out = capsys.readouterr().out.splitlines()
    assert first == "music: read 1 of 6 MIDI files"
    assert [line.split(":")[1].strip() for line in named] == [
        f"music/{name}.mid" for name in "abc"
    ]
    assert (rest, left_out) == ("  ... and 2 more", "  4 drum notes were left out")

    gather(["music/good.mid"], net)
    assert capsys.readouterr().out == "music/good.mid: 4 drum notes left out\n"


def test_pieces_too_short_to_learn_from_are_left_out(folder, net):
    write(folder / "music/a.mid", 1)
    write(folder / "music/b.mid", 2)
    pieces, refused = gather(["music"], net)
    assert lengths(pieces) == {"b.mid": 2}
    assert refused == {"a.mid": "a.mid: lasts less than two time steps"}


# Names that are no text


@pytest.fixture
def latin(folder):
    """A folder in which the name of a file is not UTF-8, as old archives have it."""
    write(folder / "music/plain.mid")
    strange = os.fsencode(folder / "music") + b"/B\xf6hm.mid"
    broken = os.fsencode(folder / "music") + b"/Gr\xfcn.mid"
    try:
        Path(os.fsdecode(strange)).write_bytes(
            (folder / "music/plain.mid").read_bytes()
        )
        Path(os.fsdecode(broken)).write_bytes(b"no music")
    except OSError:
        pytest.skip("this file system refuses names that are not UTF-8")
    return folder / "music"


def test_files_with_names_that_are_no_text_are_read_and_split(latin, net):
    pieces, reports, refused = read_library(midi_files(latin))
    assert [os.fsencode(path.name) for path in pieces] == [b"B\xf6hm.mid", b"plain.mid"]
    assert len(reports) == 2
    assert [os.fsencode(path.name) for path in refused] == [b"Gr\xfcn.mid"]
    strange, plain = pieces.values()
    assert strange == plain
    training, validation = split([path.name for path in pieces])
    assert len(training) == len(validation) == 1


def test_commands_print_names_that_are_no_text(latin, capsys):
    assert main(["train", "music", "-o", "run", "--steps=1", *SMALL]) == 0
    said = capsys.readouterr().out
    assert "music: read 2 of 3 MIDI files" in said
    assert r"Gr\udcfcn.mid: this is no MIDI file" in said
    listed = (latin.parent / "run/music.txt").read_text()
    assert r"B\udcf6hm.mid" in listed
    assert r"Gr\udcfcn.mid" in listed
    strange = os.fsdecode(b"music/B\xf6hm.mid")
    assert main(["evaluate", "run/best.npz", "music", strange]) == 0
    assert r"  B\udcf6hm.mid" in capsys.readouterr().out
    assert main(["hear", strange, "-o", "sound.wav"]) == 0
    assert main(["evaluate", "run/best.npz", os.fsdecode(b"music/Gr\xfcn.mid")]) == 1
    assert r"Gr\udcfcn.mid: this is no MIDI file" in capsys.readouterr().err
    assert np.isfinite(lv.load("run/best.npz").parameters["out.b"]).all()
