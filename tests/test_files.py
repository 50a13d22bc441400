"""Files: written completely or not at all; damaged ones refused in one line."""

import io
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.files import load_arrays, save_arrays

ARRAYS = {"a": np.arange(300.0), "b": np.array(["x", "y"])}
DAMAGE = st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    """A file that one example after the other is written to."""
    return tmp_path_factory.mktemp("files") / "a.npz"


def damaged(content, damage):
    """Return bytes of which some, (place, value), are replaced."""
    changed = bytearray(content)
    for place, value in damage:
        changed[place % len(changed)] = value
    return bytes(changed)


def read_or_refused(path):
    """Fail unless the file is read, or refused by a ValueError of one line."""
    message = ""
    try:
        load_arrays(path)
    except ValueError as error:
        message = str(error)
    assert not message or str(path) in message
    assert "\n" not in message


def test_arrays_are_read_as_they_were_saved(scratch):
    save_arrays(ARRAYS, scratch)
    read = load_arrays(scratch)
    assert read.keys() == ARRAYS.keys()
    for name, array in ARRAYS.items():
        np.testing.assert_array_equal(read[name], array)
        assert read[name].dtype == array.dtype


@pytest.mark.parametrize("save", [np.savez, np.savez_compressed])
@given(damage=DAMAGE)
def test_a_damaged_file_is_read_or_refused_in_one_line(scratch, save, damage):
    whole = io.BytesIO()
    save(whole, **ARRAYS)
    scratch.write_bytes(damaged(whole.getvalue(), damage))
    read_or_refused(scratch)


@given(damage=st.lists(st.tuples(st.integers(6, 70), st.integers(32, 126)), min_size=1))
def test_a_damaged_array_in_a_sound_file_is_read_or_refused(scratch, damage):
    """The header of an array is text, in which brackets can be left open."""
    whole = io.BytesIO()
    np.save(whole, np.arange(30.0))
    with zipfile.ZipFile(scratch, "w") as file:
        file.writestr("a.npy", damaged(whole.getvalue(), damage))
    read_or_refused(scratch)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (6, 1),  # of the directory's flags: encrypted
        (8, 99),  # a compression method that does not exist
    ],
)
def test_zip_files_of_other_kinds_are_refused(scratch, place, value):
    np.savez(scratch, **ARRAYS)
    content = scratch.read_bytes()
    entry = content.index(b"PK\1\2") + 2  # the directory repeats what a header says
    scratch.write_bytes(damaged(content, [(place, value), (entry + place, value)]))
    with pytest.raises(ValueError, match=r"is not a readable \.npz file of arrays"):
        load_arrays(scratch)


def test_objects_are_refused_since_reading_them_could_run_code(scratch):
    np.savez(scratch, a=np.array([{}], dtype=object))
    with pytest.raises(ValueError, match=r"is not a readable \.npz file of arrays"):
        load_arrays(scratch)
