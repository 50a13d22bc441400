"""What the fuzzers share: cases on all cores, within limits of time and memory.

Each case is made from the seed and its number alone, so that the same seed and files
give the same cases on any number of processes.
"""

import argparse
import re
import resource
import signal
import sys
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
from tqdm import tqdm

BATCH = 50  # cases that a process is given at a time


class TooSlowError(BaseException):
    """No `except Exception` on the way may stop it."""


def stop(*_):
    raise TooSlowError("took too long")


@contextmanager
def limits(seconds, megabytes):
    """Stop what takes more processor time, or more memory than the process has now."""
    signal.signal(signal.SIGPROF, stop)
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    limit = pages * resource.getpagesize() + megabytes * 2**20
    resource.setrlimit(resource.RLIMIT_AS, (limit, most))
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def attempt(use, path, seconds, megabytes):
    """Return what became of a file: ("used" | "refused" | "failed", details)."""
    try:
        with limits(seconds, megabytes), warnings.catch_warnings(action="ignore"):
            use(path)
        return "used", ""
    except ValueError as error:
        said = str(error)
        right = str(path) in said and "\n" not in said
        return "refused" if right else "failed", said.replace(str(path), "FILE")
    except (Exception, TooSlowError) as error:  # a fault, whatever it is
        return "failed", f"{type(error).__name__}: {error}"


def run(cases, seed, keep, case, suffix):
    """Return how often files were used and refused, and a list of failures."""
    counts, failures = Counter(), []
    path = keep / f"reading-{getpid()}{suffix}"  # stays there if the process dies
    for number in cases:
        result, details = case(np.random.default_rng([seed, number]), path)
        details = details if result == "failed" else re.sub("'.*?'", "NAME", details)
        reason = re.sub(r"-?\d+(/\d+)?", "N", details)[:76]
        counts[result, reason] += 1
        if result == "failed":
            kept = path.rename(keep / f"{seed}-{number}{suffix}")
            failures.append(f"{kept}: {details}")
    path.unlink(missing_ok=True)
    return counts, failures


def fuzz(description, prepare, case, suffix):
    """Run cases for as long as the command line says; return the exit status.

    Parameters
    ----------
    description : str
    prepare : function of a list of paths
        Prepares a process, which is given the files of the command line.
    case : function of (numpy.random.Generator, path)
        Writes a damaged file to the path, and returns what became of it, as `attempt`.
    suffix : str
        The ending of the files.
    """
    arguments = argparse.ArgumentParser(description=description)
    arguments.add_argument("files", nargs="*", type=Path, metavar="FILE")
    arguments.add_argument("--minutes", type=float, default=5)
    arguments.add_argument("--seed", type=int, default=0)
    arguments.add_argument("--processes", type=int, default=cpu_count())
    arguments.add_argument("--keep", type=Path, default=Path(f"fuzz{suffix}"))
    options = arguments.parse_args()
    options.keep.mkdir(parents=True, exist_ok=True)
    work = partial(run, seed=options.seed, keep=options.keep, case=case, suffix=suffix)
    batches = (range(start, start + BATCH) for start in count(0, BATCH))
    counts, failures = Counter(), []
    begin, total = time.monotonic(), 60 * options.minutes
    bar = tqdm(total=round(total), unit="s", bar_format="{l_bar}{bar}| {postfix}")
    with ProcessPoolExecutor(
        options.processes,
        mp_context=get_context("spawn"),
        initializer=prepare,
        initargs=(options.files,),
    ) as pool:
        pending = {pool.submit(work, next(batches)) for _ in range(options.processes)}
        while pending:
            done, pending = wait(pending, return_when=FIRST_COMPLETED)
            for future in done:
                try:
                    more, failed = future.result()
                except BrokenProcessPool:
                    sys.exit(f"a process died at one of {options.keep}/reading-*")
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
