"""The page: a trace as one HTML file that can be played and searched offline.

The file contains the files of `web/` and the packed arrays of the trace. In `web/`,
each script is a module with its own imports, so that it can be read and checked alone.
The page has them all in a single script, because a browser does not import modules
from a page that was opened from disk.

A trace can come from a stranger, so nothing in it is written as HTML. The names of
its layers and all numbers are in one JSON element, from which the scripts put them
into the page as text; the elements of arrays are numbered.
"""

import html
import json
import re
from importlib import resources

from lstmviz.checks import check_flag, check_kind, check_text
from lstmviz.files import check_output, write_whole
from lstmviz.music.notes import PLAYED
from lstmviz.music.piece import check_bpm
from lstmviz.network.trace import Trace
from lstmviz.pictures.packing import (
    LEVELS,
    TANH,
    VALUES,
    pack_decisions,
    pack_layer,
)

__all__ = ["page"]

SCRIPTS = (  # each after those that it imports
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
PAST = 128  # steps of the score, the default of `snapshot`


def page(trace, path, gates=False, bpm=None, title="A network, step by step"):
    """Write a trace as one HTML file, to look at and listen to in any browser.

    The page plays the music beside the snapshot of every step, and shows the values
    of any neuron and note. It needs no other file and no connection.

    Parameters
    ----------
    trace : Trace
    path : str or path
        Ends in `.html`.
    gates : bool
        Include the four gates of every neuron. The file is then about three times as
        large.
    bpm : float, optional
        The tempo in quarter notes (four steps) per minute. The default is the tempo
        of the trace.
    title : str
        The heading of the page.

    Raises
    ------
    ValueError
        The name does not end in `.html`, `bpm` is not a number above 0, or the
        folder does not exist.
    """
    check_kind("trace", trace, Trace)
    check_output(path, [".html"])
    check_flag("gates", gates)
    check_text("title", title)
    bpm = check_bpm(trace.bpm if bpm is None else bpm)
    texts = pack_decisions(trace)
    for number, (name, layer) in enumerate(trace.layers.items()):
        parts = pack_layer(layer, name in trace.note_names, gates)
        texts |= {f"{number}-{part}": text for part, text in parts.items()}
    text = fill_template(
        ascii_html(read_template("page.html")),
        {
            "title": ascii_html(html.escape(title)),
            "style": read_template("page.css"),
            "about": escape_json(json.dumps(describe(trace, gates, bpm))),
            "arrays": "\n".join(map(array_element, texts, texts.values())),
            "script": ascii_script("\n".join(map(without_imports, SCRIPTS))),
        },
    )
    # One byte for each character: arrays use all 256, everything else is ASCII.
    write_whole(lambda file: file.write(text.encode("latin-1")), path)


def describe(trace, gates, bpm):
    """Return what the scripts need besides the arrays, for JSON.

    Parameters
    ----------
    trace, gates, bpm
        As in `page`.

    Returns
    -------
    dict
    """
    played = trace.chosen[..., PLAYED].sum(axis=0)
    first = trace.names[0]
    return {
        "steps": len(trace),
        "notes": trace.heard.shape[1],
        "low": int(trace.low),
        "bpm": float(bpm),
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
        # The page opens with the neuron of the largest variance and the note that is
        # played most.
        "start": {
            "neuron": int(trace[first].h.var(axis=(0, 1)).argmax()),
            "note": int(played.argmax()),
        },
    }


# Parts of the file ----------------------------------------------------------------


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
