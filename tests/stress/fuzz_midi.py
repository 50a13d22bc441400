"""Damage MIDI files in many ways, and see whether reading them goes wrong.

    python tests/stress/fuzz_midi.py --minutes 5 [--seed 0] [FILE ...]

Whatever a file contains, `lv.read_midi` returns music or raises a ValueError
of one line, within a second of processor time and 500 MB of memory. The songs
of the songbook and the files given are damaged at random (`damage.py`). A file
on which reading goes wrong is kept.

Each case is made from the seed and its number alone, so that the same seed and
files give the same cases on any number of processes.
"""

import argparse
import re
import resource
import signal
import sys
import tempfile
import time
import warnings
from collections import Counter
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from itertools import count
from multiprocessing import get_context
from os import cpu_count, getpid
from pathlib import Path

import numpy as np
from damage import damaged, events_of
from tqdm import tqdm

import lstmviz as lv
from lstmviz.music.notes import check_states

SECONDS = 1.0  # of processor time for one file
MEGABYTES = 500  # beyond what the process has before it reads a file
BATCH = 50  # cases that a process is given at a time
NOTES = 78


class TooSlowError(BaseException):
    """No `except Exception` on the way may stop it."""


def stop(*_):
    raise TooSlowError(f"over {SECONDS} s of processor time")


@contextmanager
def limits():
    """Stop what takes more than `SECONDS` or `MEGABYTES`."""
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + MEGABYTES * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read(path):
    """Return what became of a file: ("read" | "refused" | "failed", details)."""
    try:
        with limits(), warnings.catch_warnings(action="ignore"):
            piece = lv.read_midi(path)
        states = check_states(np.asarray(piece), NOTES)
        return ("read", "") if len(states) > 0 else ("failed", "music of no length")
    except ValueError as error:
        said = str(error)
        right = said.startswith(f"{path}: ") and "\n" not in said
        return "refused" if right else "failed", said.removeprefix(f"{path}: ")
    except (Exception, TooSlowError) as error:  # a fault, whatever it is
        return "failed", f"{type(error).__name__}: {error}"


def prepare(seeds):
    """Prepare a process: what it damages, and what stops a file that takes long."""
    global FILES, EVENTS
    FILES, EVENTS = seeds, [events_of(data) for data in seeds]
    signal.signal(signal.SIGPROF, stop)


def run(cases, seed, keep):
    """Return how often files were read and refused, and a list of failures."""
    counts, failures = Counter(), []
    path = keep / f"reading-{getpid()}.mid"  # stays there if the process dies
    for case in cases:
        path.write_bytes(damaged(FILES, EVENTS, np.random.default_rng([seed, case])))
        result, details = read(path)
        reason = re.sub(r"-?\d+(/\d+)?", "N", details)[:76]
        counts[result, reason] += 1
        if result == "failed":
            kept = path.rename(keep / f"{seed}-{case}.mid")
            failures.append(f"{kept}: {details}")
    path.unlink(missing_ok=True)
    return counts, failures


def seeds(paths):
    """Return the bytes of the songbook's songs and of the files given."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "song.mid"
        songs = []
        for name in lv.songbook():
            lv.write_midi(lv.song(name), path)
            songs.append(path.read_bytes())
    return songs + [path.read_bytes() for path in paths]


def main():
    arguments = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arguments.add_argument("files", nargs="*", type=Path, metavar="FILE")
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=cpu_count())
    arguments.add_argument("--keep", type=Path, default=Path("fuzz-midi"))
    options = arguments.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    work = partial(run, seed=options.seed, keep=options.keep)
    batches = (range(start, start + BATCH) for start in count(0, BATCH))
    counts, failures = Counter(), []
    begin, total = time.monotonic(), 60 * options.minutes
    bar = tqdm(total=round(total), unit="s", bar_format="{l_bar}{bar}| {postfix}")
    with ProcessPoolExecutor(
        options.processes,
        mp_context=get_context("spawn"),
        initializer=prepare,
        initargs=(seeds(options.files),),
    ) as pool:
        pending = {pool.submit(work, next(batches)) for _ in range(options.processes)}
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    more, failed = future.result()
                except BrokenProcessPool:
                    sys.exit(f"a process died at one of {options.keep}/reading-*.mid")
                counts += more
                failures += failed
                for line in failed:
                    bar.write(line)
                if time.monotonic() - begin < total:
                    pending.add(pool.submit(work, next(batches)))
            bar.n = min(round(time.monotonic() - begin), bar.total)
            bar.set_postfix(cases=counts.total(), failed=len(failures))
    bar.close()
    for (result, reason), times in counts.most_common():
        print(f"{times:9,} {result}  {reason}")
    seconds = time.monotonic() - begin
    print(f"{counts.total():9,} cases in {seconds:.0f} s, {len(failures)} failed")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
