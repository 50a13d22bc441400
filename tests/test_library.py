"""Statements about folders of music."""

import numpy as np
import pytest

import lstmviz as lv
from lstmviz.music.library import MANY, midi_files, read_library, split


def test_files_are_found_in_folders_within_folders_in_order(tmp_path):
    for name in "b.mid", "a/z.MIDI", "a/notes.txt", "c/d/e.mid":
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    found = [str(path.relative_to(tmp_path)) for path in midi_files(tmp_path)]
    assert found == ["a/z.MIDI", "b.mid", "c/d/e.mid"]


def test_a_folder_without_music_is_refused(tmp_path):
    with pytest.raises(ValueError, match="holds no MIDI files"):
        midi_files(tmp_path)


@pytest.mark.parametrize("count", [3, MANY + 1])
def test_what_can_be_read_is_and_the_rest_says_why(tmp_path, count):
    song = lv.song("musette")
    for number in range(count):
        lv.write_midi(song[: 16 + number], tmp_path / f"{number:02}.mid")
    (tmp_path / "broken.mid").write_text("no music")
    pieces, refused = read_library(midi_files(tmp_path))
    assert [path.stem for path in pieces] == [f"{n:02}" for n in range(count)]
    for number, states in enumerate(pieces.values()):
        np.testing.assert_array_equal(states, song[: 16 + number])
    assert list(refused) == [tmp_path / "broken.mid"]
    assert "broken.mid: " in refused[tmp_path / "broken.mid"]


def test_the_same_names_always_fall_the_same_way():
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
