"""The page: a trace as one HTML file that can be played and searched offline.

The file contains the files of `web/` (`lstmviz.pictures.template`) and the packed
arrays of the trace.

A trace can come from a stranger, so nothing in it is written as HTML. The names of
its layers and all numbers are in one JSON element, from which the scripts put them
into the page as text; the elements of arrays are numbered.
"""

import html
import json

import numpy as np

from lstmviz.checks import (
    check_count,
    check_flag,
    check_kind,
    check_pair,
    check_text,
    is_count,
    shown,
)
from lstmviz.files import check_output, save_bytes
from lstmviz.music.bars import STEPS_PER_BAR
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.music.piece import check_bpm
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.trace import Trace
from lstmviz.pictures.findings import (
    explain_notes,
    measure_here,
    measured_on,
    pack_findings,
)
from lstmviz.pictures.packing import (
    LEVELS,
    TANH,
    VALUES,
    pack_decisions,
    pack_layer,
)
from lstmviz.pictures.template import (
    array_element,
    ascii_html,
    escape_json,
    fill_template,
    read_template,
    whole_script,
)
from lstmviz.pictures.weighing import gate_errors, pack_weights
from lstmviz.progress import progress_bar
from lstmviz.reading.estimate import estimate_effects
from lstmviz.reading.tuned import Tuning

__all__ = ["page"]

GATES = ["i", "f", "g", "o"]
PAST = 128  # steps of the score, the default of `snapshot`
LARGEST = 200_000_000  # bytes that a page unpacks; more takes a browser too long


def page(
    trace,
    path,
    gates=False,
    bpm=None,
    title="A network, step by step",
    *,
    net=None,
    step=None,
    tuning=None,
    why=None,
    beside=None,
    names=("first", "second"),
    progress=False,
):
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
    net : Biaxial, optional
        The network of the trace. The page then includes its weights, rounded to one
        byte, and computes the gates of any neuron from them. Tuning and effects are
        measured on the music of the trace, if no `tuning` is given.
    step : int, optional
        The step at which the page opens. The default is the first one explained by
        `why`, or else one with many notes in view, see `first_step`.
    tuning : Tuning, optional
        What the neurons follow, for the list of neurons.
    why : (int, int), optional
        Explain the notes that the network decided from one step up to another: which
        notes spoke for and against each. It needs `net`, and takes a few seconds a
        note.
    beside : Trace, optional
        A second trace, of a network of the same shape: its snapshot is shown beside
        the first one, and its neurons below those that are pinned. Both traces are cut
        to the length of the shorter one.
    names : (str, str)
        What the two traces are called.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Raises
    ------
    ValueError
        The name does not end in `.html`, `bpm` is not a number above 0, the trace has
        no such step, is too long for a page or is not of this network, the tuning or
        the second trace is of another shape, or the folder does not exist.
    """
    check_kind("trace", trace, Trace)
    check_output(path, [".html"])
    check_flag("gates", gates)
    check_text("title", title)
    check_flag("progress", progress)
    if net is not None:
        check_kind("net", net, Biaxial)
    if tuning is not None:
        check_kind("tuning", tuning, Tuning)
    names = [check_text("names", name) for name in check_pair("names", names, "texts")]
    bpm = check_bpm(trace.bpm if bpm is None else bpm)
    if beside is not None:
        check_kind("beside", beside, Trace)
        trace, beside = cut_alike(trace, beside)
    check_size(trace, gates, beside)
    if step is None:
        step = first_step(trace) if why is None else why[0]
    if not is_count(step, len(trace)):
        raise ValueError(f"no step {shown(step)}; the trace has {len(trace)} steps")
    about = describe(trace, gates, bpm, step)
    texts = pack_trace(trace, gates, progress)
    if beside is not None:
        second = pack_trace(beside, False, progress)
        texts |= {f"second-{name}": text for name, text in second.items()}
        about["source"] = names[0]
        about["beside"] = describe(beside, False, bpm, step) | {"source": names[1]}
    if net is not None:
        add_network(trace, net, about, texts)
    if net is not None or tuning is not None:
        add_findings(trace, net, tuning, about, texts)
    if why is not None:
        about["why"] = explained(trace, net, why, progress)
    text = fill_template(
        ascii_html(read_template("page.html")),
        {
            "title": ascii_html(html.escape(title)),
            "style": read_template("page.css"),
            "about": escape_json(json.dumps(about)),
            "arrays": "\n".join(map(array_element, texts, texts.values())),
            "script": whole_script(),
        },
    )
    # One byte for each character: arrays use all 256, everything else is ASCII.
    save_bytes(text.encode("latin-1"), path)


def pack_trace(trace, gates, progress=False):
    """Return the texts of all arrays of a trace."""
    texts = pack_decisions(trace)
    layers = progress_bar(trace.layers, "packing", "layer", progress)
    for number, name in enumerate(layers):
        layer = trace[name]
        parts = pack_layer(layer, name in trace.note_names, gates)
        texts |= {f"{number}-{part}": text for part, text in parts.items()}
    return texts


def cut_alike(trace, beside):
    """Return two traces as long as the shorter one; they must have the same shape."""
    shapes = [(each.sizes, each.low, each.heard.shape[1]) for each in (trace, beside)]
    if shapes[0] != shapes[1]:
        raise ValueError("beside: its layers or notes are not those of the trace")
    steps = min(len(trace), len(beside))
    return trace[:steps], beside[:steps]


def add_network(trace, net, about, texts):
    """Add the weights of the network, unless the gates themselves are included."""
    errors = gate_errors(trace, net)
    if about["stored"]:
        return
    about |= {"gates": GATES, "gateErrors": errors}
    weights, scales = pack_weights(net)
    for number, (name, text) in enumerate(weights.items()):
        texts[f"{number}-weights"] = text
        about["layers"][number]["weights"] = scales[name]


def add_findings(trace, net, tuning, about, texts):
    """Add what the neurons follow, and what they cause on the music of the trace."""
    if tuning is not None and [*tuning.sizes.items()] != [*trace.sizes.items()]:
        raise ValueError("tuning: its layers are not those of the trace")
    if tuning is not None:
        source, effects = measured_on(tuning), None
        if net is not None:
            effects = estimate_effects(net, [trace.piece])
            source += f" Effects: on the {len(trace)} steps of this page."
    else:
        tuning, effects = measure_here(net, trace)
        source = (
            f"Measured on the {len(trace)} steps of this page alone: too little to say "
            "what a neuron follows in other music. `lstmviz tuning` measures it on a "
            "folder of music, for `lstmviz page --tuning`."
        )
    found, about["tuning"] = pack_findings(tuning, effects, source)
    texts |= found


def explained(trace, net, why, progress):
    """Return the span of `why`, and why its notes were played."""
    start, stop = (check_count("why", k) for k in check_pair("why", why, "steps"))
    if net is None:
        raise ValueError("why: explaining notes needs the network (net)")
    if not 0 <= start < stop <= len(trace):
        raise ValueError(
            f"why: no steps from {start} up to {stop}; the trace has {len(trace)} steps"
        )
    notes = explain_notes(net, trace, start, stop, progress)
    return {"start": start, "stop": stop, "notes": notes}


def check_size(trace, gates, beside=None):
    """Raise a ValueError if a browser could not open the page of a trace.

    A page holds h and c of every neuron, note and step, one byte each, and perhaps
    the four gates; the browser has to unpack them all before it shows anything.
    """
    bytes_of_value = (6 if gates else 2) + (2 if beside is not None else 0)
    a_step = sum(trace.sizes.values()) * trace.heard.shape[1] * bytes_of_value
    most = LARGEST // a_step
    if len(trace) > most:
        raise ValueError(
            f"a page of {len(trace):,} steps is too large for a browser: of this "
            f"network{' with its gates' * gates}{' twice' * (beside is not None)} it "
            f"can show {most:,} (trace[:{most}], or `lstmviz page --to {most}`)"
        )


def first_step(trace):
    """Return the step at which a page opens: many notes can be seen and heard there.

    It is the step within the score's first width at which the most notes have been
    struck in the two bars before it, and, of equal ones, the last.
    """
    struck = trace.chosen[:PAST, :, ARTICULATED].sum(axis=1)
    recent = np.convolve(struck, np.ones(2 * STEPS_PER_BAR))[: len(struck)]
    return int(len(recent) - 1 - recent[::-1].argmax())


def describe(trace, gates, bpm, step):
    """Return what the scripts need besides the arrays, for JSON.

    Parameters
    ----------
    trace, gates, bpm, step
        As in `page`.

    Returns
    -------
    dict
    """
    first = trace.names[0]
    return {
        "steps": len(trace),
        "notes": trace.heard.shape[1],
        "low": int(trace.low),
        "bpm": float(bpm),
        "bars": trace.piece.bars.tolist(),  # of the music, S + 1 steps
        "position": trace.piece.position.tolist(),
        "past": PAST,
        "layers": [
            {"name": name, "neurons": H, "upward": name in trace.note_names}
            for name, H in trace.sizes.items()
        ],
        "gates": GATES if gates else [],
        "stored": gates,  # in the file, and not computed by the page
        "levels": LEVELS,
        "values": VALUES.tolist(),
        "tanh": TANH.tolist(),
        # The page opens with the neuron of the largest variance and a note that is
        # played at that step, or else the one that is played most.
        "start": {
            "step": step,
            "layer": 0,
            "neuron": int(trace[first].h.var(axis=(0, 1)).argmax()),
            "note": first_note(trace, step),
        },
    }


def first_note(trace, step):
    """Return the highest note that is played at a step, or else the most played one."""
    playing = np.flatnonzero(trace.chosen[step, :, PLAYED])
    if len(playing):
        return int(playing[-1])
    return int(trace.chosen[..., PLAYED].sum(axis=0).argmax())
