"""The documentation site: every file has its place, and equations are set as such."""

import sys
from pathlib import Path

import pytest

import lstmviz

SITE = Path(__file__).parents[1] / "docs" / "site"
PACKAGE = Path(lstmviz.__file__).parent


@pytest.fixture
def site(monkeypatch):
    """Return the modules of the site that need no Sphinx."""
    monkeypatch.syspath_prepend(str(SITE))
    import api
    import docstrings

    yield api, docstrings
    for name in "api", "docstrings":
        del sys.modules[name]


def test_every_file_of_the_package_is_on_the_page_of_its_room(site, tmp_path):
    api, _ = site
    api.write_pages(tmp_path)
    for room in [path.parent for path in PACKAGE.glob("*/__init__.py")]:
        page = (tmp_path / f"{room.name}.rst").read_text(encoding="utf-8")
        for path in room.glob("*.py"):
            if path.name != "__init__.py":
                assert f"automodule:: lstmviz.{room.name}.{path.stem}\n" in page


def test_every_public_name_is_in_the_index(site, tmp_path):
    api, _ = site
    api.write_pages(tmp_path)
    index = (tmp_path / "index.rst").read_text(encoding="utf-8")
    for name in lstmviz.__all__:
        assert f"{api.home(name)}.{name}\n" in index


def test_lessons_stand_where_the_first_one_is_listed(site):
    api, _ = site
    names = api.modules("coursework")
    lessons = [name for name in names if name.startswith("lesson")]
    start = names.index("lesson1")
    assert names[start : start + len(lessons)] == lessons
    assert names[-1] == "marking"


def test_equations_are_set(site):
    _, docstrings = site
    found = docstrings.block("    c' = f c + i g\n    h' = o tanh(c')")
    assert r"c' &= f\,c + i\,g \\" in found
    assert r"h' &= o\,\tanh (c')" in found
    assert docstrings.formula("√v\u0302") == r"\sqrt{\hat{v}}"
    assert docstrings.formula("β1 k^-1.5") == r"β_1\,k^{-1.5}"
    assert docstrings.latex("rate <- 2") == r"\mathrm{rate} &\leftarrow  2"
    assert docstrings.latex("L'' ≈ 2") == r"L'' &≈ 2"
    assert docstrings.formula("(YᵀY)⁻¹ Yᵀx") == r"(Y^\top Y)^{-1}\,Y^\top x"
    assert docstrings.latex("a = b      why") == r"a &= b &&\quad \text{why}"
    assert docstrings.latex("a = b      c = d") == r"a &= b \qquad c = d"


def test_endings_of_files_are_text_and_no_links(site):
    _, docstrings = site
    assert docstrings.escaped("as `.npz`, by `save`") == "as ``.npz``, by `save`"


def test_tables_and_diagrams_keep_their_lines(site):
    _, docstrings = site
    for text in (
        "    x (T, D)   input\n    h (T, H)   state",
        "a[s]     of a\nb[s]     of b",
    ):
        found = docstrings.block(text)
        assert found.startswith(".. code-block:: none")
        assert [row.strip() for row in text.split("\n")] == [
            row.strip() for row in found.split("\n")[2:]
        ]
    assert docstrings.block("A sentence.\nAnother.") == "A sentence.\nAnother."
