"""The commands that show a trace in motion: a film, and a page for the browser."""

from pathlib import Path

import lstmviz as lv
from lstmviz.commands.options import (
    add_bpm,
    add_output,
    add_trace_file,
    add_zoom,
    natural,
    positive,
)
from lstmviz.commands.shared import print_music
from lstmviz.files import check_output
from lstmviz.pictures.film import MEDIA

__all__ = ["add_film", "add_page"]

FILMS = (
    'MP4 is small and has sound; it needs `pip install "lstmviz[film]"`. PNG (an APNG) '
    "has every pixel exactly as `snapshot` draws it. GIF has 256 similar colours."
)


def add_film(commands):
    sub = commands.add("film", run_film, "film all neurons with the music", FILMS)
    add_trace_file(sub)
    add_output(sub, ".mp4, .gif, .png or .apng file", "mind.mp4")
    add_bpm(sub)
    sub.add_argument("--past", type=int, default=128, help="steps of the score to show")
    sub.add_argument(
        "--from", dest="start", type=natural, default=0, help="first step to film"
    )
    sub.add_argument(
        "--to",
        dest="stop",
        type=positive,
        help="step to stop before (default: end)",
    )
    add_zoom(sub, default=2)


def run_film(trace, output, bpm, past, start, stop, zoom):
    check_output(output, MEDIA, [trace])
    trace = lv.Trace.load(trace)
    stop = stop or len(trace)
    lv.film(trace, output, bpm, past, zoom, start, stop, progress=True)
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
    sub.add_argument(
        "--gates",
        action="store_true",
        help="include the gates: the file is about three times as large",
    )


def run_page(trace, output, title, bpm, gates):
    check_output(output, [".html"], [trace])
    trace = lv.Trace.load(trace)
    lv.page(trace, output, gates, bpm, title)
    size = Path(output).stat().st_size / 1e6
    print(
        f"wrote {output}: {len(trace)} steps of {', '.join(trace)} ({size:.1f} MB); "
        "open it in a browser"
    )
    print("rounded: h and gates to ±0.02, c coarser as it grows, beyond ±5.5 unknown")
    if not gates:
        print("not included: gates i, f, g, o (--gates includes them)")
