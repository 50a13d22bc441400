"""The commands that draw: from the file of a trace to still pictures."""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.commands.options import (
    add_index,
    add_labels,
    add_layer,
    add_only,
    add_output,
    add_palette,
    add_seed,
    add_theme,
    add_trace_file,
    add_zoom,
    natural,
    positive,
)
from lstmviz.commands.shared import load_trace, output_file
from lstmviz.files import check_output
from lstmviz.pictures.gallery import liveliest_of_each

__all__ = ["add_gallery", "add_gates", "add_neuron", "add_saturation", "add_snapshot"]

GALLERY = (
    "If no neurons are named, it draws the 4 liveliest of each time layer and the 5 "
    "liveliest of each note layer. With several traces, it draws the same neurons for "
    "each of them."
)


def add_snapshot(commands):
    sub = commands.add("snapshot", run_snapshot, "draw all neurons at one step")
    add_trace_file(sub)
    add_output(sub, "PNG file", shown="snapshot-STEP.png")
    sub.add_argument("--step", type=int, help="if not given, it is drawn at random")
    add_seed(sub, "the step that is drawn", optional=True)
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    add_only(sub)
    add_palette(sub)
    add_labels(sub)
    sub.add_argument(
        "--contrast",
        choices=["layer"],
        help="with --labels: stretch the colours to the range of each layer",
    )
    add_theme(sub)
    add_zoom(sub, 4)


def run_snapshot(
    trace, output, step, seed, past, only, palette, labels, contrast, theme, title, zoom
):
    style = label_style(labels, [trace], zoom, theme, title)
    source, trace = trace, load_trace(trace)
    step = drawn("--step", step, len(trace), seed)
    output = output_file(output, f"snapshot-{step}.png", source)
    image = lv.snapshot(trace, step, past, only, palette, labels, contrast, **style)
    lv.write_image(image, output, 1 if labels else zoom)
    print(f"wrote {output}: the network at step {step} of {len(trace)}")


def add_neuron(commands):
    sub = commands.add(
        "neuron", run_neuron, "draw one neuron of a trace over time and notes"
    )
    add_trace_file(sub)
    add_layer(sub)
    add_index(sub)
    add_output(sub, "PNG file", shown="LAYER-INDEX.png")
    sub.add_argument("--notes", action="store_true", help="show the music heard in red")
    add_only(sub)
    add_palette(sub)
    add_labels(sub)
    add_theme(sub)
    add_zoom(sub, 4)


def run_neuron(
    trace,
    layer,
    index,
    seed,
    output,
    notes,
    only,
    palette,
    labels,
    theme,
    title,
    zoom,
):
    style = label_style(labels, [trace], zoom, theme, title)
    source, trace = trace, load_trace(trace)
    index = drawn("INDEX", index, trace[layer].h.shape[-1], seed)
    output = output_file(output, f"{layer}-{index}.png", source)
    image = lv.neuron(trace, layer, index, notes, only, palette, labels, **style)
    lv.write_image(image, output, 1 if labels else zoom)
    print(f"wrote {output}: neuron {index} of {layer} over {len(trace)} steps")


def add_gallery(commands):
    sub = commands.add("gallery", run_gallery, "draw many neurons together", GALLERY)
    sub.add_argument(
        "traces",
        metavar="TRACE",
        nargs="+",
        help="files from `lstmviz trace` or `compose --trace`",
    )
    add_output(sub, "PNG file", "gallery.png")
    sub.add_argument("--layer", help="only this layer; all its neurons")
    which = sub.add_mutually_exclusive_group()
    which.add_argument(
        "--neurons", type=natural, nargs="+", help="numbers of neurons of that layer"
    )
    which.add_argument(
        "--each", type=positive, help="how many of each layer, the liveliest"
    )
    sub.add_argument("--columns", type=positive, default=5, help="pictures in a row")
    sub.add_argument("--notes", action="store_true", help="show the music heard in red")
    add_only(sub)
    add_palette(sub)
    add_theme(sub)
    add_zoom(sub, 2)


def run_gallery(
    traces,
    output,
    layer,
    neurons,
    each,
    columns,
    notes,
    only,
    palette,
    theme,
    title,
    zoom,
):
    style = label_style(True, traces, zoom, theme, title)
    check_output(output, [".png"], traces)
    traces = {str(Path(path).with_suffix("")): load_trace(path) for path in traces}
    first = next(iter(traces.values()))
    chosen = choose_neurons(first, layer, neurons, each)
    shown = traces if len(traces) > 1 else first
    image = lv.gallery(shown, chosen, columns, notes, only, palette, True, **style)
    lv.write_image(image, output)
    names = "; ".join(f"{k} {' '.join(map(str, v))}" for k, v in chosen.items())
    print(f"wrote {output}: {names}")


def choose_neurons(trace, layer, neurons, each):
    """Return which neurons the options name: a dict from layer to numbers."""
    if layer is None and neurons is not None:
        raise ValueError("--neurons: say of which layer, with --layer LAYER")
    if layer is None:
        return liveliest_of_each(trace, *([] if each is None else [each, each]))
    if each is not None:
        return {layer: lv.liveliest(trace[layer], each)}
    return {layer: range(trace[layer].h.shape[-1]) if neurons is None else neurons}


def add_gates(commands):
    sub = commands.add(
        "gates", run_gates, "draw the gates, cell and hidden state of one neuron"
    )
    add_trace_file(sub)
    add_layer(sub)
    add_index(sub)
    add_output(sub, "PNG file", shown="gates-LAYER-INDEX.png")
    add_palette(sub)
    add_theme(sub)
    add_zoom(sub, 2)


def run_gates(trace, layer, index, seed, output, palette, theme, title, zoom):
    style = label_style(True, [trace], zoom, theme, title)
    source, trace = trace, load_trace(trace)
    index = drawn("INDEX", index, trace[layer].h.shape[-1], seed)
    output = output_file(output, f"gates-{layer}-{index}.png", source)
    lv.write_image(lv.gates(trace, layer, index, palette, **style), output)
    print(f"wrote {output}: every part of neuron {index} of {layer}")


def add_saturation(commands):
    sub = commands.add(
        "saturation",
        run_saturation,
        "draw how often gates are closed or open",
    )
    add_trace_file(sub)
    add_output(sub, "PNG file", "saturation.png")
    add_theme(sub)
    add_zoom(sub, 4)


def run_saturation(trace, output, theme, title, zoom):
    style = label_style(True, [trace], zoom, theme, title)
    check_output(output, [".png"], [trace])
    trace = load_trace(trace)
    lv.write_image(lv.saturation_chart(trace, **style), output)
    print("share of steps and notes, mean over neurons")
    print(f"{'layer':8}{'gate':>6}{'< 0.1':>8}{'> 0.9':>8}")
    for name in trace:
        for gate, shares in lv.saturation(trace[name]).items():
            closed, opened = shares.mean(axis=1)
            print(f"{name:8}{gate:>6}{closed:8.3f}{opened:8.3f}")
    print(f"wrote {output}: every neuron's gates, layer by layer")


# What they share ----------------------------------------------------------------


def label_style(labels, paths, zoom, theme, title):
    """Return the style of the labels as keywords.

    Raises
    ------
    ValueError
        There are no labels, but a theme or a title.
    """
    style = {"theme": theme, "title": title}
    style = {name: value for name, value in style.items() if value is not None}
    if style and not labels:
        options = " and ".join(f"--{name}" for name in style)
        raise ValueError(
            f"{options}: only pictures with labels have this; add --labels"
        )
    source = ", ".join(Path(path).name for path in paths)
    return {"zoom": zoom, "source": source} | style if labels else {}


def drawn(name, given, count, seed):
    """Return the number that was given, or draw one below `count` at random."""
    if given is None:
        return int(np.random.default_rng(seed or 0).integers(count))
    if seed is not None:
        raise ValueError(f"--seed: nothing is drawn, as {name} is given")
    return given
