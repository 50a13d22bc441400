"""Break the package in many small ways: do the fast tests notice?

    pip install coverage
    python tests/stress/mutants.py --count 200 [--seed 0] [--processes 2]

A mutant is the package with one small fault, such as `<=` instead of `<`, at a random
place of `cells`, `network`, `reading` or `music`. It is killed if a test fails or takes
far too long. If all tests pass, it survives, and shows what the tests miss.

First the fast tests run once on a copy of the files, while coverage records which test
reaches which line. Each mutant is written into a copy of its own. There the tests that
reach the line run, the quickest first; then the other tests of the same files, as what
a fixture computes is recorded for the first test that uses it only.
"""

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import suppress
from functools import partial
from pathlib import Path

import numpy as np
from faults import ROOT, draw
from tqdm import tqdm

# These need a browser, or start programs that coverage does not follow.
LEFT_OUT = "tests/page", "tests/test_tutorials.py", "tests/test_site.py"
INSPECT = "tests/test_defaults.py", "tests/test_rooms.py"  # look at all functions
OPTIONS = "-q -p recording -p no:cacheprovider --hypothesis-seed=0".split()  # noqa: SIM905
PASSED, NO_TESTS = 0, 5  # exit statuses of pytest
QUICK, ALL = 10, 30  # seconds of tests in the first round, and in both
EQUIVALENT = Path(__file__).with_name("equivalent.txt")


def run_python(tree, arguments, timeout=None, **environment):
    """Run Python with a copy of the package; return its status, None if too slow."""
    paths = os.pathsep.join([str(tree), str(Path(__file__).parent)])
    environment |= {"PYTHONPATH": paths}
    with subprocess.Popen(
        [sys.executable, *arguments],
        cwd=tree,
        env=os.environ | environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            return process.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        finally:
            with suppress(ProcessLookupError):  # programs that the tests have started
                os.killpg(process.pid, signal.SIGKILL)


def copy_files(folder):
    """Copy the files that belong to the package and its tests."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    for name in listed.stdout.decode().strip("\0").split("\0"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(ROOT / name, folder / name)


def measure(tree):
    """Run the fast tests; return their seconds, and the tests that reach each line.

    Returns
    -------
    seconds : dict
        Test -> seconds, of the tests that pass.
    reached : dict
        File -> line -> tests, files of tests, and "" for what is run by an import.
    """
    from coverage import CoverageData

    command = ["-m", "coverage", "run", "--source", "lstmviz", "-m", "pytest"]
    command += [*OPTIONS, "-m", "not slow", *(f"--ignore={p}" for p in LEFT_OUT)]
    record, lines = tree / "seconds.json", tree / ".coverage"
    environment = {"MUTANTS_RECORD": str(record), "COVERAGE_FILE": str(lines)}
    run_python(tree, [*command, "tests"], **environment)
    seconds = dict(map(json.loads, record.read_text().splitlines()))
    data, reached = CoverageData(lines), {}
    data.read()
    for path in data.measured_files():
        found = data.contexts_by_lineno(path)
        reached[str(Path(path).relative_to(tree))] = found
    return seconds, reached


def rounds(mutant, seconds, reached):
    """Return the tests that concern a mutant, in two rounds, and how many are left."""
    lines = reached[mutant.path]
    hit = {name for line in mutant.lines for name in lines.get(line, ())}
    if "" in hit:  # an import runs it, and any test of this file may use it
        hit = {name for names in lines.values() for name in names}
        hit |= {name for name in seconds if name.startswith(INSPECT)}
    files = {name.split("::")[0] for name in hit}
    beside = {name for name in seconds if name.split("::")[0] in files} - hit

    def order(name):
        return not name.startswith(INSPECT), seconds[name]

    direct = sorted((name for name in hit if name in seconds), key=order)
    tests = [*direct, *sorted(beside, key=order)]
    so_far = np.cumsum([seconds[name] for name in tests])
    quick = np.searchsorted(so_far[: len(direct)], QUICK, side="right")
    most = np.searchsorted(so_far, ALL, side="right")
    return [tests[:quick], tests[quick:most]], len(tests) - most


def judge(mutant, tree, seconds, reached):
    """Return what becomes of a mutant: "killed" or "survived", and details."""
    parts, left = rounds(mutant, seconds, reached)
    with tempfile.TemporaryDirectory() as folder:
        copied = Path(folder, "tree")
        shutil.copytree(tree, copied, symlinks=True)
        path, wanted = copied / mutant.path, copied / "wanted.json"
        text = path.read_text(encoding="utf-8")
        path.write_text(text[: mutant.start] + mutant.new + text[mutant.end :])
        if mutant.path.startswith("lstmviz/music"):  # kernels contain its constants
            for compiled in (copied / "lstmviz/fast/__pycache__").glob("features.*nb?"):
                compiled.unlink()
        for tests in filter(None, parts):
            wanted.write_text(json.dumps(tests))
            files = sorted({name.split("::")[0] for name in tests})
            limit = 20 + round(2 * sum(seconds[name] for name in tests))
            ended = run_python(
                copied,
                ["-m", "pytest", "-x", *OPTIONS, *files],
                timeout=10 * limit,
                MUTANTS_TESTS=str(wanted),
                MUTANTS_LIMIT=str(limit),
                PYTHONDONTWRITEBYTECODE="1",  # it may be as old and as long as before
            )
            if ended not in (PASSED, NO_TESTS):
                slow = ended in (None, -signal.SIGXCPU)
                return "killed", "took too long" if slow else "a test failed"
    return "survived", f"{sum(map(len, parts))} tests, {left} left out"


def explained():
    """Return the equivalent mutants, which differ in nothing that a user could see."""
    blocks = EQUIVALENT.read_text(encoding="utf-8").strip().split("\n\n")
    return {block.split("\n")[0] for block in blocks}


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("--count", type=int, default=200)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=os.cpu_count())
    options = arguments.parse_args()
    begin, known, results = time.monotonic(), explained(), Counter()
    with tempfile.TemporaryDirectory() as folder:
        tree = Path(folder)
        copy_files(tree)
        mutants = draw(options.count, options.seed)
        print("running the fast tests once ...", flush=True)
        seconds, reached = measure(tree)
        work = partial(judge, tree=tree, seconds=seconds, reached=reached)
        with ThreadPoolExecutor(options.processes) as pool:
            futures = {pool.submit(work, mutant): mutant for mutant in mutants}
            bar = tqdm(as_completed(futures), total=len(mutants), unit="mutant")
            for future in bar:
                result, details = future.result()
                if result == "survived":
                    mutant = futures[future]
                    result = "equivalent" if str(mutant) in known else result
                    bar.write(
                        f"{result}: line {mutant.lines[0]} of {mutant}; {details}"
                    )
                results[result] += 1
                bar.set_postfix(results)
    print(f"{len(mutants)} mutants in {time.monotonic() - begin:.0f} s:", dict(results))
    return 1 if results["survived"] > 0.05 * len(mutants) else 0


if __name__ == "__main__":
    sys.exit(main())
