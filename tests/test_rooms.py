"""The folders of the package: data flows through them, and imports never point back."""

import ast
import re
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "lstmviz"
ROOMS = ["music", "cells", "fast", "network", "reading", "pictures", "coursework"]
# Tools that every room may use; each uses nothing of the package but tools before it.
TOOLS = ["checks", "locks", "files", "arrays", "progress"]


def imported(path):
    """Return the rooms, tools and files of the package that a file imports."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("lstmviz.")}
        found |= {"lstmviz"} & set(names)  # the whole package, whatever its room
    return found


@pytest.mark.parametrize("room", [r for r in ROOMS if (PACKAGE / r).exists()])
def test_imports_never_point_back(room):
    allowed = {*ROOMS[: ROOMS.index(room) + 1], *TOOLS}
    for path in (PACKAGE / room).rglob("*.py"):
        assert imported(path) <= allowed, path.relative_to(PACKAGE)


def test_the_cells_are_numpy_alone():
    for path in (PACKAGE / "cells").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                name = getattr(node, "module", None) or node.names[0].name
                assert name.split(".")[0] in ("numpy", "typing", "lstmviz"), path
        assert imported(path) <= {"cells"}


def test_tools_use_only_tools():
    for number, name in enumerate(TOOLS):
        assert imported(PACKAGE / f"{name}.py") <= set(TOOLS[:number])


def test_every_folder_has_a_place_in_the_order():
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert folders <= {*ROOMS, "commands"}


def test_files_are_written_whole_or_not_at_all():
    """`files.py` does it; nothing else writes to a path of its own."""
    writing = r"\.write_(text|bytes)\(|\bshutil\.(copy|copy2|copyfile|copytree|move)\("
    for path in PACKAGE.rglob("*.py"):
        if path.name != "files.py":
            found = re.search(writing, path.read_text(encoding="utf-8"))
            assert not found, f"{path.relative_to(PACKAGE)}: {found.group()}"
