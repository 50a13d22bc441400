"""Files: written completely or not at all; damaged ones refused in one line."""

import errno
import io
import os
import stat
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from helpers import tiny_trace
from hypothesis import given
from hypothesis import strategies as st

import lstmviz as lv
from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.files import SUFFIX, check_output, write_whole
from lstmviz.locks import locked

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


# Writing ------------------------------------------------------------------------


def hidden(folder):
    """Return the temporary files in a folder."""
    return [path.name for path in Path(folder).iterdir() if path.name[0] == "."]


def test_a_file_that_is_replaced_keeps_its_mode(tmp_path):
    path = tmp_path / "a.npz"
    save_arrays(ARRAYS, path)
    path.chmod(0o640)
    save_arrays(ARRAYS, path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_new_file_has_the_mode_of_any_new_file(tmp_path, monkeypatch):
    """Asking for the umask would set it, for all threads, for a moment."""
    (tmp_path / "plain").touch()
    monkeypatch.delattr(os, "umask")
    save_arrays(ARRAYS, tmp_path / "ours")
    modes = {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert len(modes) == 1


def test_a_symbolic_link_keeps_pointing_to_the_file(tmp_path):
    (tmp_path / "far").mkdir()
    link, target = tmp_path / "link.npz", tmp_path / "far" / "a.npz"
    link.symlink_to(target)
    save_arrays(ARRAYS, link)  # it points to nothing yet
    target.chmod(0o600)
    save_arrays({"c": np.zeros(1)}, link)
    assert link.is_symlink()
    assert load_arrays(target).keys() == {"c"}
    assert stat.S_IMODE(target.stat().st_mode) == 0o600


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir, lambda p: os.symlink(p, p)])
def test_nothing_but_a_file_is_replaced(tmp_path, make):
    path = tmp_path / "a.npz"
    make(path)
    with pytest.raises(ValueError, match=r"a\.npz: (is a |cannot be written)"):
        save_arrays(ARRAYS, path)
    assert os.listdir(tmp_path) == ["a.npz"]
    assert not stat.S_ISREG(path.lstat().st_mode)


def test_devices_are_not_replaced():
    with pytest.raises(ValueError, match="/dev/null: is a device or pipe"):
        save_arrays(ARRAYS, "/dev/null")


@pytest.mark.parametrize("name", ["", "no/a.npz", "a.npz/b", "x" * 300, "a.npz\0"])
def test_names_that_no_file_can_have_are_refused(tmp_path, monkeypatch, name):
    monkeypatch.chdir(tmp_path)
    Path("a.npz").touch()
    with pytest.raises(ValueError, match=r"\S"):
        save_arrays(ARRAYS, name)
    assert os.listdir() == ["a.npz"]


def test_the_longest_name_that_a_file_can_have_will_do(tmp_path):
    save_arrays(ARRAYS, tmp_path / ("x" * 255))
    assert load_arrays(tmp_path / ("x" * 255)).keys() == ARRAYS.keys()


def test_what_is_read_is_not_overwritten(tmp_path):
    (tmp_path / "in.npz").touch()
    (tmp_path / "out.npz").symlink_to("in.npz")
    with pytest.raises(ValueError, match="would overwrite what is read"):
        check_output(tmp_path / "out.npz", [".npz"], [tmp_path / "in.npz"])


@pytest.mark.parametrize(
    "error", [OSError(errno.ENOSPC, "No space left"), KeyboardInterrupt()]
)
def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path, error):
    path = tmp_path / "a.npz"
    save_arrays(ARRAYS, path)
    before = path.read_bytes()

    def fail(file):
        file.write(b"half")
        raise error

    kind = KeyboardInterrupt if isinstance(error, KeyboardInterrupt) else ValueError
    with pytest.raises(kind) as raised:
        write_whole(fail, path)
    if kind is ValueError:
        assert str(raised.value) == f"{path}: cannot be written (No space left)"
    assert path.read_bytes() == before
    assert os.listdir(tmp_path) == ["a.npz"]


@pytest.mark.parametrize(
    "write",
    [
        lambda path: save_arrays({"a": np.zeros(10**6), "b": np.zeros(9)}, path),
        lambda path: lv.write_wav(lv.song("musette"), path),
        lambda path: lv.write_midi(lv.song("musette"), path),
        lambda path: lv.film(tiny_trace(), path.with_suffix(".png")),
        lambda path: lv.page(tiny_trace(), path.with_suffix(".html")),
        lambda path: lv.write_image(np.zeros((9, 9, 3), np.uint8), f"{path}.png"),
    ],
    ids=["arrays", "wav", "midi", "film", "page", "image"],
)
def test_a_full_disk_is_one_line_with_the_name_of_the_file(
    tmp_path, monkeypatch, write
):
    """Every file of this package is opened by `os.open`: here, it is full at once."""
    opened = os.open

    def full(path, *arguments, **how):
        handle = opened(path, *arguments, **how)
        if str(path).endswith(SUFFIX):
            with open("/dev/full", "r+b", buffering=0) as device:
                os.dup2(device.fileno(), handle)
        return handle

    monkeypatch.setattr(os, "open", full)
    with pytest.raises(ValueError, match=f"^{tmp_path}/a.* cannot be written") as error:
        write(tmp_path / "a")
    assert "No space left on device" in str(error.value)
    assert "\n" not in str(error.value)
    assert os.listdir(tmp_path) == []


WRITE_AND_WAIT = """
import sys, time
from lstmviz.files import write_whole
def write(file):
    file.write(b"half"); file.flush(); print("now", flush=True); time.sleep(60)
write_whole(write, sys.argv[1])
"""


def test_the_next_write_removes_what_a_kill_left_but_not_what_is_being_written(
    tmp_path,
):
    path = tmp_path / "a.npz"
    command = [sys.executable, "-c", WRITE_AND_WAIT, path]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as process:
        assert process.stdout.readline() == b"now\n"
        left = hidden(tmp_path)
        assert len(left) == 1
        save_arrays(ARRAYS, tmp_path / "b.npz")
        assert hidden(tmp_path) == left  # its process is at work
        process.kill()
    save_arrays(ARRAYS, tmp_path / "b.npz")
    assert os.listdir(tmp_path) == ["b.npz"]


def test_threads_that_write_side_by_side_leave_nothing(tmp_path):
    def write(number):
        for _ in range(20):
            save_arrays({"a": np.full(9, number)}, tmp_path / f"{number % 2}.npz")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))
    assert sorted(os.listdir(tmp_path)) == ["0.npz", "1.npz"]
    assert load_arrays(tmp_path / "0.npz")["a"][0] % 2 == 0


# Locks --------------------------------------------------------------------------


def test_a_lock_keeps_others_out_and_ends_with_its_process(tmp_path):
    path = tmp_path / "lock"
    code = (
        "import sys, time\nfrom lstmviz.locks import locked\n"
        "with locked(sys.argv[1], 'busy'): print('now', flush=True); time.sleep(60)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, path], stdout=subprocess.PIPE
    ) as process:
        assert process.stdout.readline() == b"now\n"
        with pytest.raises(ValueError, match=r"^at work$"), locked(path, "at work"):
            pass
        process.kill()
    with locked(path, "at work"), locked(path, "the same thread may"):
        assert path.exists()
        with ThreadPoolExecutor() as pool:
            other = pool.submit(lambda: locked(path, "at work").__enter__())
        assert str(other.exception()) == "at work"
    assert not path.exists()
