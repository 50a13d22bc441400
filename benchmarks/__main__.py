"""`python -m benchmarks`: time all cases, print the tables, draw the chart."""

import argparse
import importlib.metadata
import json
import platform
from datetime import date
from pathlib import Path
from statistics import median

from benchmarks import cases, chart, measure
from lstmviz.fast import threads


def main():
    """Time all cases, print the tables and draw the chart."""
    options = parser().parse_args()
    rounds = options.rounds or (3 if options.quick else 7)
    sizes = ["small"] if options.quick else list(cases.SIZES)
    batches = [2] if options.quick else [2, 10]
    results = {"machine": machine(), "rows": [], "memory": [], "growth": []}
    print(results["machine"], "\n")
    print(
        f"Medians of {rounds} rounds, taken in turns; x2 is twice the time of numba.\n"
    )

    def add(what, work, unit_count=1, limit=None):
        seconds = {
            name: median(times) / unit_count
            for name, times in measure.side_by_side(work, rounds).items()
        }
        results["rows"].append({"what": what, "seconds": seconds, "limit": limit})
        print(line(what, seconds), flush=True)

    print(heading())
    add("features, 128 steps", cases.features())
    for size in sizes:
        add(f"{size}: forward, 128 steps", cases.forward(size))
        add(f"{size}: trace, 128 steps", cases.tracing(size))
        for batch in batches:
            work = cases.training_steps(size, batch)
            shapes = measure.products(cases.network(size), cases.LENGTH - 1)
            work["products"] = lambda s=shapes, b=batch: measure.multiply_all(s, b)
            add(f"{size}: training step, {batch} x 128", work)
            report_products(results["rows"][-1], batch * measure.flop(shapes))
        add(f"{size}: composing, a step", cases.composing(size), cases.COMPOSED)

    print("\nPeak memory of a process that takes training steps")
    size, batch = ("small", 2) if options.quick else ("seed", 10)
    for name in [*cases.BACKENDS, *(["torch"] if cases.HAS_TORCH else [])]:
        peak = measure.peak_memory(name, size, batch)
        results["memory"].append({"size": size, "batch": batch, name: peak})
        print(f"  {size}, batch {batch}: {name:6} {peak / 1e9:5.2f} GB", flush=True)

    print("\nTime of a training step for other sizes (medium size, 2 x 128)")
    for symbol, value, work in [] if options.quick else cases.growing():
        seconds = {n: median(t) for n, t in measure.side_by_side(work, 3).items()}
        results["growth"].append({"symbol": symbol, "value": value, "seconds": seconds})
        print(f"  {symbol} = {value:<4} {line('', seconds).strip()}", flush=True)

    chart.draw(results, options.chart)
    print(f"\nwrote {options.chart}")
    if options.json:
        Path(options.json).write_text(json.dumps(results, indent=1))
        print(f"wrote {options.json}")


def report_products(row, flop):
    """Print how close the training step comes to its matrix products alone."""
    limit = row["limit"] = row["seconds"].pop("products")
    share = limit / row["seconds"]["numba"]
    print(
        f"{'':32}matrix products alone: {limit:.3f} s "
        f"({flop / limit / 1e9:.0f} GFLOP/s); numba reaches {share:.0%} of their speed",
        flush=True,
    )


def heading():
    """Return the heading of the table."""
    return f"{'':32}{'numba':>10}{'numpy':>18}{'torch':>18}"


def line(what, seconds):
    """Return a line of the table: the times, and their ratios to the time of numba."""
    ours = seconds["numba"]
    text = f"{what:32}{time_of(ours):>10}"
    for name in "numpy", "torch":
        cell = (
            f"{time_of(seconds[name])} x{seconds[name] / ours:.2f}"
            if name in seconds
            else "-"
        )
        text += f"{cell:>18}"
    if "numba, recording" in seconds:
        text += f"   recording x{seconds['numba, recording'] / ours:.2f}"
    return text


def time_of(seconds):
    """Return a time as text, in seconds or milliseconds."""
    return f"{seconds:.2f} s" if seconds >= 1 else f"{1e3 * seconds:.3g} ms"


def machine():
    """Return the date, the machine and the versions, in one line."""
    names = ["numpy", "numba", *(["torch"] if cases.HAS_TORCH else [])]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in names)
    blas = [
        lib["architecture"] for lib in threads.blas().info() if "architecture" in lib
    ]
    return (
        f"{date.today()}: {processor()}, {threads.cores()} cores, BLAS for {blas[0]}, "
        f"Python {platform.python_version()}, {versions}"
    )


def processor():
    """Return the name of the processor."""
    try:
        text = Path("/proc/cpuinfo").read_text()
        return next(x for x in text.splitlines() if "model name" in x).split(": ")[1]
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Compare the speed of numba with NumPy, and with PyTorch if it is "
        "installed: the same work, in turns, in one run.",
    )
    top.add_argument(
        "--quick", action="store_true", help="the small size only: a minute"
    )
    top.add_argument(
        "--rounds", type=int, help="rounds of each case (default 7; with --quick 3)"
    )
    top.add_argument(
        "--json", metavar="FILE", help="also write all numbers to this file"
    )
    top.add_argument(
        "--chart", metavar="FILE", default="benchmark.png", help="PNG file of the chart"
    )
    return top


if __name__ == "__main__":
    main()
