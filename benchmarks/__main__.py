"""`python -m benchmarks`: time all cases, print the tables, write them and the chart.

Every contestant runs in a process of its own, and they take turns. The numbers go to
`docs/speed.json`, from which `python -m benchmarks.report` makes the tables of
`docs/speed.md` and of the README.
"""

import argparse
from contextlib import ExitStack
from pathlib import Path

from tqdm import tqdm

from benchmarks import cases, chart, growth, machine, measure, report, startup
from benchmarks.contestants import CONTESTANTS, Runner, names

TWO = names("numpy", "numba")
SIX = names("numpy", "numpy buffers", "numba 1", "numba", "torch 1", "torch")
ALL = names("numpy", "numpy threads", *SIX[1:])
RECORD = names("numpy", "numba 1", "numba")
COMPOSE = names("numpy", "numba 1", "numba", "torch 1", "torch")


def main():
    """Time everything, print it, and write it into a folder."""
    options = parser().parse_args()
    rounds = options.rounds or (3 if options.quick else 7)
    folder = options.folder or (None if options.quick else "docs")
    results = {"machine": machine.describe(), "rounds": rounds}
    print("\n".join(report.machine_lines(results)))
    with cases.songs_as_midi_files() as songs, ExitStack() as stack:
        runners = {
            name: stack.enter_context(Runner(CONTESTANTS[name]))
            for name in [*ALL, "products"]
        }
        plan = quick_rows(songs) if options.quick else rows(songs)
        results["rows"] = time_rows(runners, plan, rounds)
        plan = [] if options.quick else growth.cases_of_growth()
        results["growth"] = [
            {"symbol": symbol, "value": value, "times": growing(runners, arguments)}
            for symbol, value, arguments in progress(plan, "sizes")
        ]
    print(report.step_table(results), "\n")
    counts = growth.core_counts() if not options.quick else []
    results["growth"] += [
        {"symbol": "cores", "value": count, "times": on_cores(count)}
        for count in progress(counts, "numbers of cores")
    ]
    results["exponents"] = growth.exponents(results["growth"])
    if results["exponents"]:
        print(report.growth_table(results), "\n")
    size, batch = ("small", 2) if options.quick else ("seed", 10)
    results["memory"] = memory(size, batch)
    print(report.memory_table(results), "\n")
    results["starting"] = startup.starting(rounds)
    print(report.starting_table(results))
    if folder:
        write(results, Path(folder))


def rows(songs):
    """Return all that is timed: a list of dicts, see `row`."""
    plan = [row("features, 128 steps", "", "features", TWO)]
    for size in cases.SIZES:
        plan += rows_of(size, batches=(2, 10))
    files = len(list(Path(songs).iterdir()))
    plan.append(
        row(f"tiny: evaluate {files} MIDI files", "", "evaluating", ALL, folder=songs)
    )
    plan.append(row("tiny: training, a step", "", "training", ALL, cases.TRAINED))
    return plan


def quick_rows(songs):
    """Return a few cases of the small size."""
    return [
        row("features, 128 steps", "", "features", TWO),
        *rows_of("small", batches=(2,)),
    ]


def rows_of(size, batches):
    """Return the cases of a size."""
    own = dict(sizes=size)
    steps = [
        row(
            f"training step, {batch} × {cases.LENGTH}",
            size,
            "training step",
            [*ALL, "products"],
            batch=batch,
            **own,
        )
        for batch in batches
    ]
    units = cases.COMPOSED
    return [
        row(f"forward, {cases.LENGTH} steps", size, "forward", SIX, **own),
        row(f"trace, {cases.LENGTH} steps", size, "tracing", TWO, **own),
        *steps,
        row("composing, a step", size, "composing", COMPOSE, units, **own),
        row("recording too", size, "composing", RECORD, units, record=True, **own),
    ]


def row(what, size, case, contestants, units=1, **arguments):
    """Return a case of the benchmark; its times are divided by `units`."""
    return {
        "what": what,
        "size": size,
        "case": case,
        "arguments": arguments,
        "units": units,
        "contestants": contestants,
    }


def take_turns(runners, row, rounds, patience=20):
    """Return the seconds of each contestant in each round, in turns.

    Raises
    ------
    AssertionError
        The contestants do not compute the same.
    """
    own = {name: runners[name] for name in row["contestants"]}
    results = {
        name: runner.prepare(row["case"], **row["arguments"])
        for name, runner in own.items()
    }
    for name, result in results.items():
        same = result is None or cases.agree(results["numpy"], result)
        assert same, f"{row['what']}: {name} does not compute what NumPy does"
    calls = {name: runner.time for name, runner in own.items()}
    times = measure.side_by_side(calls, rounds, patience)
    return {
        name: [measure.rounded(second / row["units"]) for second in seconds]
        for name, seconds in times.items()
    }


def growing(runners, arguments):
    """Return the seconds of a training step for the sizes in `arguments`."""
    contestants = names(*growth.CONTESTANTS)
    step = row("training step", "", "training step", contestants, **arguments)
    return take_turns(runners, step, rounds=3)


def on_cores(count):
    """Return the seconds of a training step of the medium size on so many cores."""
    step = row("training step", "", "training step", names(*growth.CONTESTANTS))
    step["arguments"] = dict(sizes="medium", batch=10)
    with ExitStack() as stack:
        runners = {
            name: stack.enter_context(Runner(CONTESTANTS[name]._replace(cores=count)))
            for name in step["contestants"]
        }
        return take_turns(runners, step, rounds=3)


def memory(size, batch):
    """Return the peak memory of processes that take two training steps each."""
    peaks = {}
    for name in names("numpy", "numpy buffers", "numba", "torch"):
        with Runner(CONTESTANTS[name]) as runner:
            runner.prepare("training step", sizes=size, batch=batch)
            runner.time()
            peaks[name] = runner.peak_memory()
    return {"size": size, "batch": batch, "bytes": peaks}


def time_rows(runners, plan, rounds):
    """Return the rows of a plan with their times, and print each when it is done."""
    done, bar = [], progress(plan, "cases")
    bar.write(report.heading())
    for row in bar:
        done.append(row | {"times": take_turns(runners, row, rounds)})
        bar.write(report.print_row(done[-1]))
    return done


def progress(items, what):
    """Return the items of a list with a progress bar."""
    return tqdm(list(items), desc=f"timing {what}", unit="case")


def write(results, folder):
    """Write the numbers and the chart; the tricks, if any were measured, are kept."""
    for row in results["rows"]:
        row["arguments"].pop("folder", None)  # a temporary one
    path = folder / "speed.json"
    if path.exists():
        results = {**results, "tricks": report.read(path).get("tricks")}
    report.save(results, path)
    chart.draw(results, folder / "benchmark.png")
    print(f"\nwrote {path} and {folder / 'benchmark.png'}")


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks",
        description="Compare the speed of numba with NumPy, and with PyTorch if it is "
        "installed: the same work, in turns, each in a process of its own.",
    )
    top.add_argument(
        "--quick", action="store_true", help="some cases of the small size only"
    )
    top.add_argument(
        "--rounds",
        type=int,
        help="rounds of each case (default 7; with --quick 3); a long case has fewer, "
        f"but {measure.FEWEST}",
    )
    top.add_argument(
        "--folder",
        help="write speed.json and benchmark.png into this folder (default docs; with "
        "--quick, nothing is written)",
    )
    return top


if __name__ == "__main__":
    main()
