"""The tutorials run from top to bottom, and show what they say."""

import json
import re
from urllib.parse import unquote

import pytest
from helpers import TUTORIALS

NOTEBOOKS = sorted(TUTORIALS.glob("*.ipynb"))
LARGEST = 2_000_000  # bytes
LINK = re.compile(r"\]\(([^)#:]+)\)")  # to a file, from its own folder
EXERCISE = re.compile(r"`(\d\w_\w+\.py)`")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def cells(path, kind):
    """Return the cells of one kind of a notebook: "code" or "markdown"."""
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def has_pictures(cells):
    """Return whether an output of these code cells is a picture."""
    outputs = [output for cell in cells for output in cell["outputs"]]
    return any("image/png" in output.get("data", {}) for output in outputs)


def text(path):
    """Return the prose of a notebook."""
    return "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))


def test_there_are_eight():
    assert [path.name[0] for path in NOTEBOOKS] == list("12345678")


@each
def test_it_is_kept_as_it_ran(path):
    code = cells(path, "code")
    assert [cell["execution_count"] for cell in code] == list(range(1, len(code) + 1))
    assert has_pictures(code)
    assert path.stat().st_size < LARGEST


@each
def test_what_it_refers_to_is_there(path):
    for link in LINK.findall(text(path)):
        assert (TUTORIALS / unquote(link)).exists(), link
    named = EXERCISE.findall(text(path))
    assert named == [
        p.name for p in sorted(TUTORIALS.glob(f"exercises/{path.name[0]}*"))
    ]


@pytest.mark.slow
@each
def test_it_runs_from_top_to_bottom(path):
    import nbformat  # both take seconds to import
    from nbclient import NotebookClient

    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(TUTORIALS)}}
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources=where
    ).execute()
    assert has_pictures([cell for cell in notebook.cells if cell.cell_type == "code"])
