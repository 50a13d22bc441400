"""The text in the source: examples that are true, and a reading order of all files."""

import ast
import doctest
import importlib
import pkgutil
import re
from pathlib import Path

import pytest

import lstmviz

README = Path(__file__).parents[1] / "README.md"
PACKAGE = README.parent / "lstmviz"

ROOMS = sorted(path.parent.name for path in PACKAGE.glob("*/__init__.py"))
MODULES = [
    module.name
    for module in pkgutil.walk_packages(lstmviz.__path__, "lstmviz.")
    if not module.name.endswith("__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_examples(name):
    assert doctest.testmod(importlib.import_module(name)).failed == 0


SECTION = re.compile(r"^ *(\w+)\n *-{3,}$", re.MULTILINE)


@pytest.mark.parametrize("name", MODULES)
def test_examples_follow_the_text_or_are_a_section_of_their_own(name):
    """At the end of another section, they would be taken for a part of it."""
    tree = ast.parse(Path(importlib.import_module(name).__file__).read_text("utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text, *sections = SECTION.split(ast.get_docstring(node) or "")
            assert "::\n" not in text, node  # indented blocks need none
            for title, content in zip(sections[::2], sections[1::2], strict=True):
                assert title == "Examples" or ">>>" not in content, (
                    getattr(node, "name", ""),
                    title,
                )


@pytest.mark.parametrize("name", MODULES)
def test_every_file_introduces_itself(name):
    assert importlib.import_module(name).__doc__


@pytest.mark.parametrize("room", ROOMS)
def test_the_reading_order_leaves_nothing_out(room):
    """The README lists every room, and its docstring every file in it."""
    assert f"](lstmviz/{room})" in README.read_text(encoding="utf-8")
    introduction = importlib.import_module(f"lstmviz.{room}").__doc__
    for path in (PACKAGE / room).glob("*.py"):
        if path.name != "__init__.py":
            listed = f"{re.escape(first_of_its_series(path.stem))}\\.py\\b"
            assert re.search(rf"(?m)^ +(\S+, )?{listed}", introduction), path.name


def test_every_room_is_in_the_docstring_of_the_package():
    for room in ROOMS:
        assert f"    lstmviz.{room} " in lstmviz.__doc__


def test_the_readme_lists_the_files_that_are_in_no_room():
    readme = README.read_text(encoding="utf-8")
    for path in PACKAGE.glob("*.py"):
        if path.name not in ("__init__.py", "__main__.py"):
            assert f"](lstmviz/{path.name})" in readme


def first_of_its_series(stem):
    """Return "lesson1" for "lesson3": it stands for all."""
    return re.sub(r"\d$", "1", stem)
