"""The text around the code: its links lead somewhere, and what it shows can be run."""

import json
import re
import shlex
from pathlib import Path
from urllib.parse import unquote

import pytest

from lstmviz.commands.main import parser

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = sorted(ROOT.glob("docs/*.md"))
OWN = [README, *DOCS, ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md"]
TUTORIALS = sorted(ROOT.glob("tutorials/*.md")) + sorted(ROOT.glob("tutorials/*.ipynb"))
LARGEST_README = 9000  # bytes: five minutes of reading

FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"`[^`\n]+`")
LINK = re.compile(r"""\]\(\s*([^)\s]+)[^)]*\)|(?:src|href)="([^"]+)\"""")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
DEFINED = re.compile(r"`(\w+)` in\s+\[[^\]]+\]\(([^)#]+\.py)\)")

relative = [str(path.relative_to(ROOT)) for path in OWN + TUTORIALS]
each = pytest.mark.parametrize("path", OWN + TUTORIALS, ids=relative)
each_own = pytest.mark.parametrize("path", OWN, ids=relative[: len(OWN)])


# What a text contains -------------------------------------------------------------


def text(path):
    """Return the Markdown of a file, or of a notebook's cells."""
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".ipynb":
        return content
    cells = json.loads(content)["cells"]
    return "\n\n".join(
        "".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"
    )


def links(path):
    """Return the links and images that lead to files or headings of this project."""
    prose = CODE.sub("code", FENCE.sub("", text(path)))
    found = [markdown or html for markdown, html in LINK.findall(prose)]
    return [link for link in found if not re.match(r"[a-z][a-z0-9+.-]*:", link)]


def destination(path, link):
    """Return the file that a link in `path` leads to, and the anchor in it."""
    place, _, anchor = unquote(link).partition("#")
    return (path.parent / place).resolve() if place else path, anchor


def anchors(path):
    """Return the anchors of all headings, as GitHub makes them, or Jupyter."""
    headings = HEADING.findall(FENCE.sub("", text(path)))
    if path.suffix == ".ipynb":
        return {heading.replace(" ", "-") for heading in headings}
    found = []
    for heading in headings:
        shown = re.sub(r"\[([^\]]*)\]\([^)]*\)|[`*]", r"\1", heading)
        anchor = re.sub(r"[^\w\- ]", "", shown.lower()).replace(" ", "-")
        earlier = sum(re.fullmatch(rf"{anchor}(-\d+)?", a) is not None for a in found)
        found.append(f"{anchor}-{earlier}" if earlier else anchor)
    return set(found)


def blocks(path, language):
    """Return the code blocks of a file in a language."""
    return [code for name, code in FENCE.findall(text(path)) if name == language]


def command_lines(path):
    """Return the calls of lstmviz that a file shows, as lists of arguments."""
    lines = "\n".join(blocks(path, "sh")).replace("\\\n", " ").splitlines()
    parts = [part for line in lines for part in line.split("&&")]
    calls = [shlex.split(part, comments=True) for part in parts]
    return [call[1:] for call in calls if call[:1] == ["lstmviz"]]


# Statements -----------------------------------------------------------------------


@each
def test_links_lead_to_files_and_headings_that_exist(path):
    for link in links(path):
        place, anchor = destination(path, link)
        assert place.is_relative_to(ROOT), f"{link} leads out of the project"
        assert place.exists(), f"{link} leads nowhere"
        if anchor:
            assert place.suffix in (".md", ".ipynb"), f"{link}: code has no headings"
            assert anchor in anchors(place), f"{link}: there is no such heading"


def test_the_rule_of_anchors(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        "# A *b* `c`\n## Where is …?\n## [Sources](x.md), old\n## Sources old\n"
        "```\n# no heading\n```\n## snake_case-name"
    )
    assert anchors(page) == {
        *("a-b-c", "where-is-", "sources-old", "sources-old-1", "snake_case-name")
    }


def test_a_link_that_leads_nowhere_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text(
        '[a](b.py) `[c](d.py)` ![e](f.png "title") <img src="g.png">\n'
        "[h](https://example.org) [![i](j.png)](k.md#l) [m\nn](#o)\n"
        "```\n[p](q.py)\n```\n"
    )
    assert links(page) == ["b.py", "f.png", "g.png", "j.png", "k.md#l", "#o"]


def test_the_readme_is_short():
    assert len(README.read_bytes()) <= LARGEST_README


def test_every_page_can_be_reached_from_the_readme_in_two_clicks():
    first = {destination(README, link)[0] for link in links(README)}
    pages = [page for page in first if page.suffix == ".md"]
    second = {destination(page, link)[0] for page in pages for link in links(page)}
    for path in OWN[1:] + TUTORIALS:
        assert path in first | second, path.name


def test_every_picture_of_the_pages_is_shown():
    shown = {destination(path, link)[0] for path in OWN for link in links(path)}
    for picture in ROOT.glob("docs/*.png"):
        assert picture in shown, picture.name


@each_own
def test_a_function_is_in_the_file_that_the_text_names(path):
    for name, place in DEFINED.findall(text(path)):
        source = (path.parent / place).read_text(encoding="utf-8")
        assert re.search(rf"^(def|class) {name}\b", source, re.MULTILINE), name


def test_the_readme_says_where_to_find_what_readers_ask_for():
    defined = {name for name, _ in DEFINED.findall(text(README))}
    asked = {"forward", "sample_notes", "draw_masks", "negative_log_likelihood"}
    assert asked <= defined


@each
def test_commands_can_be_called_as_shown(path):
    for arguments in command_lines(path):
        parser().parse_args(arguments)  # exits where it does not understand


def test_every_command_has_an_example():
    (commands,) = parser()._subparsers._group_actions
    shown = {call[0] for call in command_lines(ROOT / "docs" / "commands.md")}
    assert shown == set(commands.choices)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [path for path in OWN if blocks(path, "python")],
    ids=lambda path: path.name,
)
def test_python_runs_as_shown(path, tmp_path, monkeypatch):
    """The blocks of a page continue one another."""
    monkeypatch.chdir(tmp_path)
    names = {}
    for number, block in enumerate(blocks(path, "python"), start=1):
        exec(compile(block, f"{path.name}, block {number}", "exec"), names)
