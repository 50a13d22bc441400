"""The page: a trace as one HTML file, to play, point into and search, off line.

The file holds the templates of `web/` and the arrays of the trace, packed. Each
script there is a module that says what it imports, to be read and checked as
one; the page has them all in a single script, since modules cannot be imported
from a file that was opened from disk.
"""

import html
import json
import re
from importlib import resources

import numpy as np

from lstmviz.files import write_whole
from lstmviz.music.notes import PLAYED
from lstmviz.pictures.packing import (
    LEVELS,
    TANH,
    VALUES,
    pack_decisions,
    pack_layer,
)

__all__ = ["page"]

SCRIPTS = (  # in the order of their imports
    "elements.js",
    "bytes.js",
    "trace.js",
    "values.js",
    "snapshot.js",
    "sound.js",
    "player.js",
    "address.js",
    "stage.js",
    "curves.js",
    "readout.js",
    "inspector.js",
    "controls.js",
    "main.js",
)
PAST = 128  # steps of the score, as `snapshot` shows them


def page(trace, path, gates=False, bpm=None, title="A network thinking"):
    """Write a trace as one HTML file that plays, answers, and needs nothing else.

    Parameters
    ----------
    trace : Trace
    path : str or path
        Ends in `.html`.
    gates : bool
        Also keep the four gates of every neuron: about three times as large.
    bpm : float
        Quarter notes a minute at which it plays.
    title : str
        The heading.

    Raises
    ------
    ValueError
        The name does not end in `.html`, `bpm` is not above zero, or there is
        no such folder.
    """
    if not str(path).lower().endswith(".html"):
        raise ValueError(f"{path}: pages are HTML; end the name in .html")
    bpm = trace.bpm if bpm is None else bpm
    if not 0 < bpm < np.inf:
        raise ValueError(f"bpm must be a number above 0, not {bpm}")
    texts = pack_decisions(trace)
    for name, layer in trace.layers.items():
        parts = pack_layer(layer, name in trace.note_names, gates)
        texts |= {f"{name}.{part}": text for part, text in parts.items()}
    text = fill(
        entities(template("page.html")),
        {
            "title": entities(html.escape(title)),
            "style": template("page.css"),
            "about": script_safe(json.dumps(describe(trace, gates, bpm))),
            "arrays": "\n".join(map(element, texts, texts.values())),
            "script": escapes("\n".join(map(bare, SCRIPTS))),
        },
    )
    # A byte a character: all but the arrays is ASCII, and they may be any byte.
    write_whole(lambda file: file.write(text.encode("latin-1")), path)


def describe(trace, gates, bpm):
    """Return what the scripts must know of a trace beside its arrays."""
    played = trace.chosen[..., PLAYED].sum(axis=0)
    first = trace.names[0]
    return {
        "steps": len(trace),
        "notes": trace.heard.shape[1],
        "low": trace.low,
        "bpm": bpm,
        "bars": trace.piece.bars.tolist(),  # of the music, S + 1 steps
        "past": PAST,
        "layers": [
            {"name": name, "neurons": H, "upward": name in trace.note_names}
            for name, H in trace.sizes.items()
        ],
        "gates": ["i", "f", "g", "o"] if gates else [],
        "levels": LEVELS,
        "values": VALUES.tolist(),
        "tanh": TANH.tolist(),
        # What the page opens with: a neuron and a note with something to show.
        "start": {
            "neuron": int(trace[first].h.var(axis=(0, 1)).argmax()),
            "note": int(played.argmax()),
        },
    }


# Putting the file together --------------------------------------------------------


def template(name):
    """Return the text of a file of `web/`."""
    file = resources.files("lstmviz.pictures") / "web" / name
    return file.read_text(encoding="utf-8")


def entities(text):
    """Write HTML in ASCII: `&#233;` for é."""
    return text.encode("ascii", "xmlcharrefreplace").decode()


def escapes(text):
    """Write a script in ASCII: `\\xe9` for é, in its strings."""
    return text.encode("ascii", "backslashreplace").decode()


def bare(name):
    """Return a script without its imports and exports."""
    text = re.sub(r"^import [^;]*;\n", "", template(name), flags=re.MULTILINE)
    return re.sub(r"^export ", "", text, flags=re.MULTILINE)


def fill(text, values):
    """Put values where `{{name}}` stands, in one pass: what is put in stays as it is.

    >>> fill("<b>{{a}}</b>", {"a": "{{a}}"})
    '<b>{{a}}</b>'
    """
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], text)


def element(name, text):
    """Return a script element that holds the text of an array."""
    name = entities(html.escape(name))
    return f'<script type="text/plain" id="array-{name}">{text}</script>'


def script_safe(text):
    """Return JSON in which no `<` can end the script element it stands in."""
    return text.replace("<", "\\u003c")
