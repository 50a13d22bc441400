"""The scripts of the page: modules that import from those before them."""

import re
from importlib import resources

import pytest

from lstmviz.pictures.template import SCRIPTS, whole_script

WEB = resources.files("lstmviz.pictures") / "web"
IMPORT = re.compile(r'^import \{([^}]*)\} from "\./(\w+\.js)";$', re.MULTILINE)
DECLARED = re.compile(r"^(?:async )?(?:function|class|const|let) (\w+)", re.MULTILINE)


def text_of(name):
    return (WEB / name).read_text(encoding="utf-8")


def test_all_scripts_are_in_the_page():
    assert set(SCRIPTS) == {
        path.name for path in WEB.iterdir() if path.name.endswith(".js")
    }


@pytest.mark.parametrize("name", SCRIPTS)
def test_imports_are_exported_by_scripts_before_and_used(name):
    text = text_of(name)
    before = SCRIPTS[: SCRIPTS.index(name)]
    for names, module in IMPORT.findall(text):
        assert module in before
        for each in filter(None, map(str.strip, names.split(","))):
            exported = rf"^export (async )?(function|class|const) {each}\b"
            assert re.search(exported, text_of(module), re.MULTILINE), each
            assert len(re.findall(rf"\b{each}\b", text)) > 1, each


def test_no_two_scripts_declare_the_same_name():
    """In the page, all of them are one script."""
    names = DECLARED.findall(whole_script())
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", SCRIPTS)
def test_every_script_says_first_what_it_is_for(name):
    assert re.match(r"// [A-Z].+[.:,\w]\n", text_of(name))
    assert text_of(name).count("\n") <= 310
