"""The cache of machine code: used where the disk allows it, and never needed."""

import errno

import numpy as np
import pytest
from helpers import compiled
from numba.core.caching import IndexDataCacheFile

from lstmviz.fast import jit

pytestmark = compiled

SOURCE = """
def double(x):
    return 2 * x
"""


@pytest.fixture
def double(tmp_path, monkeypatch):
    """Return a function that makes a new kernel, whose cache is in a folder of its own.

    The kernel is a different object each time, as in a new process.
    """
    path = tmp_path / "double.py"
    path.write_text(SOURCE)
    jit.warn_once.cache_clear()

    def make():
        names = {"__name__": "double"}
        exec(compile(SOURCE, path, "exec"), names)
        return jit.kernel(names["double"])

    return make


def cached(tmp_path):
    """Return the files of the cache: those of the index, and those of the code."""
    return sorted(tmp_path.rglob("*.nbi")), sorted(tmp_path.rglob("*.nbc"))


def hits(kernel):
    """Call a kernel, check what it returns, and return whether it was in the cache."""
    np.testing.assert_array_equal(kernel(np.arange(3.0)), [0, 2, 4])
    return sum(kernel.stats.cache_hits.values())


def test_machine_code_is_kept_between_runs(double, tmp_path, capsys):
    assert hits(double()) == 0
    assert hits(double()) == 1
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize("kind", [0, 1], ids=["index", "code"])
@pytest.mark.parametrize("keep", [0, 1, 100], ids="{} bytes".format)
def test_a_damaged_cache_is_made_anew(double, tmp_path, capsys, kind, keep):
    hits(double())
    [path] = cached(tmp_path)[kind]
    path.write_bytes(path.read_bytes()[:keep])
    assert hits(double()) == 0
    assert capsys.readouterr().err.count("cache on disk does not work") == 1
    assert hits(double()) == 1


def test_a_full_disk_costs_the_cache_and_nothing_else(double, monkeypatch, capsys):
    def full(self, *_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(IndexDataCacheFile, "_save_index", full)
    assert [hits(double()) for _ in range(2)] == [0, 0]
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "No space left on device" in said
