"""`python -m benchmarks.report`: the tables in the text, made from `docs/speed.json`.

In `docs/speed.md` and the README, what stands between `<!-- NAME -->` and
`<!-- end of NAME -->` is replaced by the block of that name. Nothing in it is written
by hand, and a test checks that text and numbers agree.
"""

import json
import re
from pathlib import Path
from statistics import median

from benchmarks.cases import SIZES
from benchmarks.contestants import CONTESTANTS
from lstmviz.files import save_bytes
from lstmviz.music.notes import counted

__all__ = ["BLOCKS", "read", "save", "with_blocks"]

ROOT = Path(__file__).parents[1]
RESULTS = ROOT / "docs" / "speed.json"
PAGES = ROOT / "docs" / "speed.md", ROOT / "README.md"
COLUMNS = [name for name in CONTESTANTS if name not in ("numba", "products")]
PLAIN = {"numpy": "NumPy", "numba": "numba", "torch": "PyTorch"}


def main():
    """Replace the blocks of all pages."""
    results = read(RESULTS)
    for page in PAGES:
        text = with_blocks(page.read_text(encoding="utf-8"), results)
        save_bytes(text.encode(), page)
        print(f"wrote {page.relative_to(ROOT)}")


def read(path):
    """Return the results of a benchmark."""
    return json.loads(Path(path).read_text(encoding="utf-8"))


def save(results, path):
    """Write the results of a benchmark: one line for each row."""
    lines = []
    for key, value in results.items():
        if isinstance(value, list) and value:
            items = ",\n  ".join(json.dumps(item, ensure_ascii=False) for item in value)
            text = f"[\n  {items}\n ]"
        else:
            text = json.dumps(value, ensure_ascii=False)
        lines.append(f' "{key}": {text}')
    whole = "{\n" + ",\n".join(lines) + "\n}\n"
    save_bytes(whole.encode(), path)


def with_blocks(text, results):
    """Return a text whose blocks are those of the results.

    Raises
    ------
    ValueError
        A block has no end.
    """
    for name, make in BLOCKS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if (begin in text) != (end in text):
            raise ValueError(f"{begin} needs {end} after it")
        block = f"{begin}\n{make(results)}\n{end}"
        pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
        text = re.sub(pattern, lambda _, b=block: b, text, flags=re.DOTALL)
    return text


# Lines on the screen --------------------------------------------------------------


def heading():
    """Return the heading of the table on the screen."""
    cells = "".join(f"{name:>15}" for name in COLUMNS)
    return f"{'':42}{'numba':>10}{cells}"


def print_row(row):
    """Return a row of the table on the screen."""
    seconds = medians(row)
    cells = [
        f"×{seconds[name] / seconds['numba']:.2f}" if name in seconds else "-"
        for name in COLUMNS
    ]
    what = ": ".join(filter(None, [row["size"], row["what"]]))
    text = f"{what:42}{time_of(seconds['numba']):>10}"
    return text + "".join(f"{cell:>15}" for cell in cells)


def machine_lines(results):
    """Return machine, libraries and what may disturb the times, in some lines."""
    facts, blas = results["machine"], results["machine"]["blas"]
    torch = f", PyTorch {facts['torch']}" if facts.get("torch") else ""
    lines = [
        f"{facts['date']}: {facts['processor']}, {counted(facts['cores'], 'core')}; "
        f"Python {facts['python']}, NumPy {facts['numpy']}, numba {facts['numba']}"
        f"{torch}.",
        f"NumPy's BLAS is {blas['library']} {blas['version']}, kernel "
        f"{blas['kernel']}, threads {blas['threads']}; numba computes with vectors of "
        f"{facts['vector bits']} bits.",
    ]
    if facts["environment"]:
        text = ", ".join(
            f"{key}={value}" for key, value in facts["environment"].items()
        )
        lines.append(f"Set in the environment, which changes the times: {text}.")
    return lines


# Blocks of the pages --------------------------------------------------------------


def machine_block(results):
    """Return in a paragraph how and where the times were measured."""
    rounds = results["rounds"]
    lines = [f"Medians of {rounds} rounds (at least 3 where a case takes long)."]
    load = results["machine"]["load"]
    if load is not None:
        lines.append(f"The load of the machine before the run was {load}.")
    return "\n".join([*machine_lines(results), *lines])


def main_table(results):
    """Return the times of numba, and those of the others as multiples of it."""
    shown = [n for n in COLUMNS if any(n in row["times"] for row in results["rows"])]
    body, size = [], None
    for row in results["rows"]:
        if row["size"] and row["size"] != size:
            body.append([f"**{neurons(row['size'])}**", ""] + [""] * len(shown))
        size = row["size"]
        body.append(cells_of(row, shown))
    return table(["", "numba", *(CONTESTANTS[n].label for n in shown)], body)


def cells_of(row, shown):
    """Return a row: what, the time of numba, and how many times as long others take."""
    seconds = medians(row)
    ratios = [times(seconds.get(name), seconds["numba"]) for name in shown]
    return [row["what"], time_of(seconds["numba"]), *ratios]


def step_table(results):
    """Return what threads, buffers and compiling buy in a training step."""
    body = []
    for row in rows_of(results, "training step"):
        s = medians(row)
        body.append(
            [
                f"{neurons(row['size'])}: {row['what']}",
                times(s["numpy"], s["numpy threads"]),
                times(s["numpy threads"], s["numpy buffers"]),
                times(s["numpy buffers"], s["numba"]),
                times(s["numpy"], s["numba"]),
                times(s["numba 1"], s["numba"]),
            ]
        )
    columns = ["threads", "blocks, buffers", "compiling", "all three"]
    return table(["", *columns, "numba: all cores for one"], body)


def limit_table(results):
    """Return how close the training step comes to its matrix products alone."""
    body = []
    for row in rows_of(results, "training step"):
        s = medians(row)
        shares = [
            f"{100 * s['products'] / s[name]:.0f} %" if name in s else ""
            for name in ("numpy", "numba", "torch")
        ]
        what = f"{neurons(row['size'])}: {row['what']}"
        body.append([what, time_of(s["products"]), *shares])
    return table(["", "products alone", "NumPy", "numba", "PyTorch"], body)


def recording_table(results):
    """Return how much longer composing takes with a trace."""
    plain = {row["size"]: medians(row)["numba"] for row in composing(results, False)}
    body = [
        [neurons(row["size"]), times(medians(row)["numba"], plain[row["size"]])]
        for row in composing(results, True)
    ]
    return table(["", "composing and recording, for composing alone"], body)


def composing(results, record):
    """Return the rows of composing, with or without recording."""
    rows = rows_of(results, "composing")
    return [row for row in rows if row["arguments"].get("record", False) == record]


def memory_table(results):
    """Return the peak memory of each contestant."""
    memory = results["memory"]
    peaks = memory["bytes"]
    body = [
        [CONTESTANTS[name].label, f"{peak / 1e9:.2f} GB", times(peak, peaks["numba"])]
        for name, peak in peaks.items()
    ]
    what = f"{neurons(memory['size'])}, batch {memory['batch']}"
    return table([f"training step, {what}", "peak memory", "of numba's"], body)


def starting_table(results):
    """Return how long a new process takes until it can work."""
    body = [
        [what, time_of(median(seconds))]
        for what, seconds in results["starting"].items()
    ]
    return table(["in a new process", "time"], body)


def growth_table(results):
    """Return the exponents with which the time grows."""
    found = results["exponents"]
    shown = list(dict.fromkeys(name for row in found.values() for name in row))
    body = []
    for symbol, row in found.items():
        values = [r["value"] for r in results["growth"] if r["symbol"] == symbol]
        what = f"{symbol} = {', '.join(map(str, values))}"
        body.append([what, *(f"{row[name]:.2f}" for name in shown)])
    return table(["", *(CONTESTANTS[name].label for name in shown)], body)


def tricks_table(results):
    """Return what each optimisation gains."""
    tricks = results.get("tricks")
    if not tricks:
        return "*Not measured together with the tables above.*"
    body = [
        [
            row["what"],
            row["work"],
            time_of(median(row["without"])),
            time_of(median(row["with"])),
            times(median(row["without"]), median(row["with"])),
        ]
        for row in tricks["rows"]
    ]
    return table(["", "work", "without", "with", "gain"], body)


def readme_table(results):
    """Return the rows of the README: the largest size, for three contestants."""
    cores = results["machine"]["cores"]
    shown = [name for name in ("numpy", "torch") if name in COLUMNS]
    rows = [row for row in results["rows"] if row["size"] == "seed"]
    wanted = [r for r in rows if r["case"] in ("forward", "training step", "composing")]
    body = [cells_of(r, shown) for r in wanted if not r["arguments"].get("record")]
    text = (
        f"On {counted(cores, 'core')}, {neurons('seed')}: the time with numba, and\n"
        "how many times as long NumPy and PyTorch take\n"
        "([all sizes, and why](docs/speed.md)):"
    )
    return f"{text}\n\n{table(['', 'numba', *(PLAIN[n] for n in shown)], body)}"


BLOCKS = {
    "machine": machine_block,
    "times": main_table,
    "steps": step_table,
    "limit": limit_table,
    "recording": recording_table,
    "memory": memory_table,
    "starting": starting_table,
    "growth": growth_table,
    "tricks": tricks_table,
    "speed": readme_table,
}


# Parts ----------------------------------------------------------------------------


def rows_of(results, case):
    """Return the rows of a case."""
    return [row for row in results["rows"] if row["case"] == case]


def medians(row):
    """Return the median seconds of each contestant of a row."""
    return {name: median(seconds) for name, seconds in row["times"].items()}


def neurons(size):
    """Return the layers of a size: "64, 64 / 32, 16 neurons"."""
    stacks = [", ".join(map(str, layers)) for layers in SIZES[size]]
    return f"{' / '.join(stacks)} neurons"


def time_of(seconds):
    """Return a time with three significant digits.

    >>> time_of(12.34), time_of(0.01234), time_of(0.1234), time_of(0.00001234)
    ('12.3 s', '12.3 ms', '123 ms', '12.3 µs')
    """
    scale = {"s": 1, "ms": 1e3, "µs": 1e6}
    unit = next((u for u in scale if seconds * scale[u] >= 1), "µs")
    return f"{float(f'{seconds * scale[unit]:.3g}'):g} {unit}"


def times(seconds, others):
    """Return a ratio with three significant digits: "×1.52"; nothing without a time."""
    return "" if seconds is None else f"×{seconds / others:#.3g}".rstrip(".")


def table(heads, body):
    """Return a table in Markdown."""
    lines = [heads, ["---"] * len(heads), *body]
    return "\n".join(f"| {' | '.join(line)} |".replace("|  |", "| |") for line in lines)


if __name__ == "__main__":
    main()
