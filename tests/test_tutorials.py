"""The tutorials run from top to bottom, and show what they say."""

import re
from urllib.parse import unquote

import nbformat
import pytest
from helpers import TUTORIALS
from nbclient import NotebookClient

NOTEBOOKS = sorted(TUTORIALS.glob("*.ipynb"))
LARGEST = 2_000_000  # bytes
LINK = re.compile(r"\]\(([^)#:]+)\)")  # to a file, from its own folder
EXERCISE = re.compile(r"`(\d\w_\w+\.py)`")

each = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def outputs(notebook):
    """Yield every output of a notebook."""
    for cell in notebook.cells:
        yield from cell.get("outputs", ())


def text(path):
    """Return the prose of a notebook."""
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def test_there_are_eight():
    assert [path.name[0] for path in NOTEBOOKS] == list("12345678")


@each
def test_it_is_kept_as_it_ran(path):
    notebook = nbformat.read(path, as_version=4)
    counts = [c.execution_count for c in notebook.cells if c.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    assert any("image/png" in output.get("data", {}) for output in outputs(notebook))
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
    notebook = nbformat.read(path, as_version=4)
    where = {"metadata": {"path": str(TUTORIALS)}}
    NotebookClient(
        notebook, timeout=300, kernel_name="python3", resources=where
    ).execute()
    assert any("image/png" in output.get("data", {}) for output in outputs(notebook))
