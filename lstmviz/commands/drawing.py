"""The commands that draw: from the file of a trace to pictures, films and pages."""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.commands.shared import say_music
from lstmviz.pictures.gallery import liveliest_of_each

__all__ = ["DRAWING"]


def run_snapshot(options):
    trace = lv.Trace.load(options.trace)
    step = options.step
    if step is None:
        step = drawn(len(trace), options.seed)
    output = options.output or f"snapshot-{step}.png"
    image = lv.snapshot(
        trace,
        step,
        options.past,
        options.only,
        options.palette,
        options.labels,
        **style(options),
    )
    lv.write_image(image, output, 1 if options.labels else options.zoom)
    print(f"wrote {output}: the network at step {step} of {len(trace)}")


def run_neuron(options):
    trace = lv.Trace.load(options.trace)
    index = neuron_meant(trace, options)
    output = options.output or f"{options.layer}-{index}.png"
    image = lv.neuron(
        trace,
        options.layer,
        index,
        options.notes,
        options.only,
        options.palette,
        options.labels,
        **style(options),
    )
    lv.write_image(image, output, 1 if options.labels else options.zoom)
    print(f"wrote {output}: neuron {index} of {options.layer} over {len(trace)} steps")


def run_gallery(options):
    traces = {
        str(Path(path).with_suffix("")): lv.Trace.load(path) for path in options.traces
    }
    first = next(iter(traces.values()))
    neurons = gallery_meant(first, options)
    image = lv.gallery(
        traces if len(traces) > 1 else first,
        neurons,
        options.columns,
        options.notes,
        options.only,
        options.palette,
        **style(options),
    )
    lv.write_image(image, options.output)
    shown = "; ".join(
        f"{layer} {' '.join(map(str, indices))}" for layer, indices in neurons.items()
    )
    print(f"wrote {options.output}: {shown}")


def run_gates(options):
    trace = lv.Trace.load(options.trace)
    index = neuron_meant(trace, options)
    output = options.output or f"gates-{options.layer}-{index}.png"
    image = lv.gates(trace, options.layer, index, options.palette, **style(options))
    lv.write_image(image, output)
    print(f"wrote {output}: every part of neuron {index} of {options.layer}")


def run_saturation(options):
    trace = lv.Trace.load(options.trace)
    lv.write_image(lv.saturation_chart(trace, **style(options)), options.output)
    print("share of steps and notes, mean over neurons")
    print(f"{'layer':8}{'gate':>6}{'< 0.1':>8}{'> 0.9':>8}")
    for name, layer in trace.layers.items():
        for gate, shares in lv.saturation(layer).items():
            shut, opened = shares.mean(axis=1)
            print(f"{name:8}{gate:>6}{shut:8.3f}{opened:8.3f}")
    print(f"wrote {options.output}: every neuron's gates, layer by layer")


def run_film(options):
    trace = lv.Trace.load(options.trace)
    start, stop = options.start, options.stop or len(trace)
    sizes = options.past, options.zoom
    lv.film(trace, options.output, options.bpm, *sizes, start, stop, progress=True)
    say_music(options.output, stop - start, options.bpm)


def run_page(options):
    trace = lv.Trace.load(options.trace)
    lv.page(trace, options.output, options.gates, options.bpm, options.title)
    size = Path(options.output).stat().st_size / 1e6
    print(
        f"wrote {options.output}: {len(trace)} steps of {', '.join(trace.names)} "
        f"({size:.1f} MB); open it in a browser"
    )
    print("rounded: h and gates to ±0.02, c coarser as it grows, beyond ±5.5 unknown")
    if not options.gates:
        print("left out: gates i, f, g, o (--gates keeps them)")


DRAWING = {
    "film": run_film,
    "page": run_page,
    "snapshot": run_snapshot,
    "neuron": run_neuron,
    "gallery": run_gallery,
    "gates": run_gates,
    "saturation": run_saturation,
}


# What they share ----------------------------------------------------------------


def style(options):
    """Return what the options say of the labels, nothing where there are none."""
    asked = {"theme": options.theme, "title": options.title}
    given = {name: value for name, value in asked.items() if value is not None}
    if not options.labels:
        return given  # and the library says that it needs labels
    paths = options.traces if options.command == "gallery" else [options.trace]
    source = ", ".join(Path(path).name for path in paths)
    return {"zoom": options.zoom, "source": source} | given


def drawn(count, seed):
    """Draw a number below `count`."""
    return int(np.random.default_rng(seed).integers(count))


def neuron_meant(trace, options):
    """Return the neuron that the options name, or one drawn by the seed."""
    if options.index is not None:
        return options.index
    return drawn(trace[options.layer].h.shape[-1], options.seed)


def gallery_meant(trace, options):
    """Return the neurons that the options name, by layer."""
    if options.layer is None and options.neurons is not None:
        raise ValueError("--neurons: say of which layer, with --layer")
    if options.layer is None and options.each is None:
        return liveliest_of_each(trace)
    if options.layer is None:
        return liveliest_of_each(trace, options.each, options.each)
    if options.each is not None:
        return {options.layer: lv.liveliest(trace[options.layer], options.each)}
    every = range(trace[options.layer].h.shape[-1])
    return {options.layer: every if options.neurons is None else options.neurons}
