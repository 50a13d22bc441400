"""What the neurons do: `python -m benchmarks.neurons NETWORK FOLDER`.

Measures a network on 16 validation pieces and writes every table and figure of
docs/what-neurons-do.md. `--part tuning` repeats one part of it, `--steps 256` hears
the beginning of each piece only.
"""

import argparse
import re
from pathlib import Path

import lstmviz as lv
from benchmarks import neurons_cause, neurons_tuning, neurons_why
from lstmviz.commands.shared import gather
from lstmviz.music.library import split

PAGE = Path(__file__).parents[1] / "docs" / "what-neurons-do.md"
PIECES = 16
# Each part is called with the network, the options, all pieces, the validation names.
PARTS = {
    "tuning": neurons_tuning.write,
    "cause": neurons_cause.write,
    "why": neurons_why.write,
}


def main():
    """Run the parts one after the other, and write what they return into the page."""
    options = parser().parse_args()
    net = lv.load(options.network)
    pieces, _ = gather([options.folder], net)
    names = validation_names(pieces)
    for part in options.part or PARTS:
        tables = PARTS[part](net, options, pieces, names)
        for name, text in tables.items():
            print(f"\n{name}\n{text}", flush=True)
            write_between(options.page, name, text)


def validation_names(pieces, count=PIECES):
    """Return the names of the pieces with the lowest checksums.

    They were set apart when the network was trained, however many others there were.
    """
    return split(list(pieces), min(count / len(pieces), 0.99))[1]


def write_between(path, name, text):
    """Replace what stands between the two marks of this name in a page.

    Raises
    ------
    ValueError
        The page has no such marks.
    """
    page = Path(path).read_text(encoding="utf-8")
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"{re.escape(begin)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(page):
        raise ValueError(f"{path}: has no marks {begin} ... {end}")
    page = pattern.sub(lambda _: f"{begin}\n\n{text}\n\n{end}", page)
    Path(path).write_text(page, encoding="utf-8")


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks.neurons",
        description="Measure what the neurons of a network do, and write the tables "
        "and figures of docs/what-neurons-do.md.",
    )
    top.add_argument("network", help="a file, or the name of a shipped network")
    top.add_argument("folder", help="folder with the MIDI files of its training")
    top.add_argument(
        "--part", choices=PARTS, action="append", help="only this part of the page"
    )
    top.add_argument(
        "--steps", type=int, default=0, help="of each piece (default: whole pieces)"
    )
    top.add_argument("--page", default=PAGE, help="the page to write into")
    return top


if __name__ == "__main__":
    main()
