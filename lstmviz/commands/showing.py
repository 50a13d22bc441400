"""The commands that show a trace in motion: a film, and a page for the browser."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import (
    NETWORK,
    add_bpm,
    add_labels,
    add_output,
    add_trace_file,
    add_zoom,
    natural,
    positive,
)
from lstmviz.commands.shared import load_network, load_trace, print_music
from lstmviz.files import check_output
from lstmviz.pictures.film import MEDIA, film_suffix

__all__ = ["add_film", "add_page"]

FILMS = (
    "MP4 is small and has sound; it needs ffmpeg (`pip install imageio-ffmpeg`). PNG "
    "(an APNG) has every pixel exactly as `snapshot` draws it. GIF has 256 similar "
    "colours. Without an ending, FILE becomes MP4 if ffmpeg is there, else GIF."
)


def add_film(commands):
    sub = commands.add("film", run_film, "film all neurons with the music", FILMS)
    add_trace_file(sub)
    add_output(sub, ".mp4, .gif, .png or .apng file", "mind")
    add_bpm(sub)
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    add_part(sub, "film")
    add_labels(sub)
    add_zoom(sub, default=2)


def run_film(trace, output, bpm, past, start, stop, labels, zoom):
    if output and not Path(output).suffix:
        output += film_suffix()
    check_output(output, MEDIA, [trace])
    trace = load_trace(trace)
    stop = stop or len(trace)
    lv.film(trace, output, bpm, past, zoom, start, stop, True, labels)
    print_music(output, trace[start:stop].piece[1:], bpm)


def add_page(commands):
    sub = commands.add(
        "page",
        run_page,
        "write a trace as one HTML file to play and search",
    )
    add_trace_file(sub)
    add_output(sub, "HTML file", "mind.html")
    sub.add_argument("--title", default="A network, step by step", help="its heading")
    add_bpm(sub)
    add_part(sub, "show")
    sub.add_argument(
        "--beside",
        metavar="TRACE",
        help="a second trace of the same network, to be shown beside the first one",
    )
    sub.add_argument("--step", type=natural, help="step at which the page opens")
    sub.add_argument(
        "--gates",
        action="store_true",
        help="include the gates: the file is about three times as large",
    )
    sub.add_argument(
        "--network",
        help="the network of the trace: include its weights (1.4 MB for `classical`), "
        f"from which the page computes the gates, and list its neurons; {NETWORK}",
    )
    sub.add_argument(
        "--tuning",
        metavar="FILE",
        help="what the neurons follow, from `lstmviz tuning` (default: with --network, "
        "it is measured on the music of the page)",
    )
    sub.add_argument(
        "--why",
        nargs=2,
        type=natural,
        metavar=("FROM", "TO"),
        help="with --network: explain the notes decided from a step up to another, "
        "which takes a few seconds a note",
    )


def run_page(
    trace, output, title, bpm, start, stop, beside, step, gates, network, tuning, why
):
    if why and not network:
        raise ValueError("--why needs the network of the trace: name it with --network")
    check_output(output, [".html"], [trace, *filter(None, [tuning, beside])])
    names = [Path(name).stem for name in (trace, beside or "")]
    trace = part_of(load_trace(trace), start, stop)
    if beside:
        second = load_trace(beside)
        beside = part_of(second, start, min(len(second), stop or len(second)))
    lv.page(
        *(trace, output, gates, bpm, title),
        net=load_network(network) if network else None,
        step=step,
        tuning=lv.Tuning.load(tuning) if tuning else None,
        why=why,
        beside=beside,
        names=names,
        progress=True,
    )
    size = Path(output).stat().st_size / 1e6
    print(
        f"wrote {output}: {len(trace)} steps of {', '.join(trace)} ({size:.1f} MB); "
        "open it in a browser"
    )
    print("rounded: h and gates to ±0.02, c coarser as it grows, beyond ±5.5 unknown")
    if not gates and not network:
        print("not included: gates i, f, g, o (--gates or --network includes them)")


def part_of(trace, start, stop):
    """Return the steps of a trace from `start` up to `stop`, or a ValueError."""
    stop = len(trace) if stop is None else stop
    if not 0 <= start < stop <= len(trace):
        raise ValueError(
            f"no steps from {start} up to {stop}; the trace has {len(trace)} steps"
        )
    return trace[start:stop]


def add_part(sub, doing):
    """Add the options --from and --to."""
    sub.add_argument(
        "--from", dest="start", type=natural, default=0, help=f"first step to {doing}"
    )
    sub.add_argument(
        "--to",
        dest="stop",
        type=positive,
        help="step to stop before (default: end)",
    )
