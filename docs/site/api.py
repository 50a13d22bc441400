"""The pages of the API: one a room of the package, written from the package itself."""

import importlib
import re
from pathlib import Path

import lstmviz

PACKAGE = Path(lstmviz.__file__).parent
ROOM = re.compile(r"^ +lstmviz\.(\w+) +(.*)$", re.MULTILINE)


def write_pages(folder):
    """Write the index of the API and a page for each room into a folder."""
    folder.mkdir(exist_ok=True)
    rooms = ROOM.findall(lstmviz.__doc__)
    write(folder / "index.rst", index(rooms))
    for room, title in rooms:
        write(folder / f"{room}.rst", page(room, title))


def index(rooms):
    """Return the page that lists the public names, room by room."""
    parts = [heading("API", "="), "The public names, ``import lstmviz as lv``.\n"]
    for room, title in rooms:
        names = [n for n in lstmviz.__all__ if home(n).startswith(f"lstmviz.{room}.")]
        if names:
            listed = "\n".join(f"   ~{home(name)}.{name}" for name in names)
            parts.append(heading(f"{room}: {title}", "-"))
            parts.append(f".. autosummary::\n\n{listed}\n")
    entries = "\n".join(f"   {room}" for room, _ in rooms)
    parts.append(heading("Every file, room by room", "-"))
    parts.append("In reading order; imports only point upwards.\n")
    parts.append(f".. toctree::\n   :maxdepth: 1\n\n{entries}\n")
    return "\n".join(parts)


def page(room, title):
    """Return the page of a room: each file in reading order, with all that is in it."""
    parts = [heading(f"lstmviz.{room}", "=")]
    parts.append(f".. automodule:: lstmviz.{room}\n")
    for module in modules(room):
        parts.append(heading(f"{module}.py", "-"))
        parts.append(f".. automodule:: lstmviz.{room}.{module}")
        parts.append("   :members:\n   :ignore-module-all:\n")  # as they are written
    return "\n".join(parts)


def modules(room):
    """Return the names of a room's files, in the order of its docstring."""
    introduction = importlib.import_module(f"lstmviz.{room}").__doc__
    names = sorted(path.stem for path in (PACKAGE / room).glob("*.py"))
    names.remove("__init__")
    # A series is listed by its first file: lesson1.py stands for all lessons.
    first = {name: re.sub(r"\d$", "1", name) for name in names}
    return sorted(names, key=lambda name: introduction.find(f"{first[name]}.py"))


def home(name):
    """Return the module that defines a public name."""
    return getattr(lstmviz, name).__module__


def heading(text, line):
    """Return a heading."""
    return f"{text}\n{line * len(text)}\n"


def write(path, text):
    """Write a file where its text is new, so that Sphinx reads only what changed."""
    if not path.exists() or path.read_text(encoding="utf-8") != text:
        path.write_text(text, encoding="utf-8")
