"""The text in the source: examples that are true, and a reading order of all files."""

import doctest
import importlib
import pkgutil
from pathlib import Path

import pytest

import lstmviz

README = Path(__file__).parents[1] / "README.md"
PACKAGE = README.parent / "lstmviz"

MODULES = [
    module.name
    for module in pkgutil.walk_packages(lstmviz.__path__, "lstmviz.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


@pytest.mark.parametrize("name", MODULES)
def test_every_file_introduces_itself(name):
    assert importlib.import_module(name).__doc__


def test_the_reading_order_leaves_nothing_out():
    readme = README.read_text()
    for path in PACKAGE.rglob("*.py"):
        place = path.relative_to(PACKAGE.parent)
        listed = [place, *place.parents[:-2]]  # the file, or a folder that it is in
        if path.name not in ("__init__.py", "__main__.py"):
            assert any(f"]({each.as_posix()})" in readme for each in listed), place
