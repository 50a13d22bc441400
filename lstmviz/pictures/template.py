"""The files of `web/`, put together to one page.

Each script is a module with its own imports, so that it can be read and checked alone.
The page has them all in a single script, because a browser does not import modules
from a page that was opened from disk.
"""

import re
from importlib import resources

__all__ = [
    "array_element",
    "ascii_html",
    "escape_json",
    "fill_template",
    "read_template",
    "whole_script",
]

SCRIPTS = (  # each after those that it imports
    "elements.js",
    "bytes.js",
    "trace.js",
    "values.js",
    "colours.js",
    "features.js",
    "gates.js",
    "snapshot.js",
    "sound.js",
    "player.js",
    "address.js",
    "search.js",
    "select.js",
    "time.js",
    "place.js",
    "timeline.js",
    "layout.js",
    "tabs.js",
    "stage.js",
    "beside.js",
    "curves.js",
    "readout.js",
    "rows.js",
    "match.js",
    "tuning.js",
    "inspector.js",
    "list.js",
    "alike.js",
    "why.js",
    "pointing.js",
    "pins.js",
    "moment.js",
    "controls.js",
    "main.js",
)


def read_template(name):
    """Return the text of a file of `web/`."""
    file = resources.files("lstmviz.pictures") / "web" / name
    return file.read_text(encoding="utf-8")


def ascii_html(text):
    """Return HTML in ASCII: `&#233;` for é."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def ascii_script(text):
    """Return a script in ASCII: `\\xe9` for é, which is allowed in strings only."""
    return text.encode("ascii", "backslashreplace").decode()


def whole_script():
    """Return all scripts of the page as one."""
    return ascii_script("\n".join(map(without_imports, SCRIPTS)))


def without_imports(name):
    """Return a script of `web/` without its imports and the words `export`."""
    text = re.sub(r"^import [^;]*;\n", "", read_template(name), flags=re.MULTILINE)
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)


def fill_template(text, values):
    """Replace every `{{name}}` by its value, but none that is part of a value.

    >>> fill_template("<b>{{a}}</b>", {"a": "{{a}}"})
    '<b>{{a}}</b>'
    """
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], text)


def array_element(name, text):
    """Return a script element that holds the text of an array.

    The name is one of ours, such as "music" or "0-h"; the text holds no `<`
    (`lstmviz.pictures.packing.as_text`), so it cannot end the element.
    """
    return f'<script type="text/plain" id="array-{name}">{text}</script>'


def escape_json(text):
    """Return JSON without `<`, so that it cannot end the script element around it."""
    return text.replace("<", "\\u003c")
