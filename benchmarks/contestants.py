"""The contestants: who does the work, each in a process of its own.

Threads of two libraries in one process would compete for the cores, and BLAS and OpenMP
set their number of threads when they are loaded. So each contestant is a process that
works when it is told to, while all others wait. "One core" means that the operating
system gives the process a single core.
"""

import multiprocessing
import os
import signal
import time
import traceback
from contextlib import contextmanager
from typing import NamedTuple
from unittest.mock import patch

__all__ = ["CONTESTANTS", "Contestant", "Runner", "names"]

THREAD_LIMITS = (
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "VECLIB_MAXIMUM_THREADS",  # Accelerate
    "OMP_NUM_THREADS",
    "NUMBA_NUM_THREADS",
)


class Contestant(NamedTuple):
    """Who does the work: a library, on one core or on all."""

    library: str  # the name that `cases` knows it by
    cores: int | None  # None: all
    label: str


CONTESTANTS = {
    "numpy": Contestant("numpy", None, "NumPy as written"),
    "numpy threads": Contestant("numpy threads", None, "NumPy, threads"),
    "numpy buffers": Contestant(
        "numpy buffers", None, "NumPy, threads, blocks, buffers"
    ),
    "numba 1": Contestant("numba", 1, "numba, one core"),
    "numba": Contestant("numba", None, "numba"),
    "torch 1": Contestant("torch", 1, "PyTorch, one core"),
    "torch": Contestant("torch", None, "PyTorch"),
    "products": Contestant("products", None, "matrix products alone"),
}


def names(*wanted):
    """Return the names of contestants, without PyTorch where it is not installed."""
    from benchmarks.cases import HAS_TORCH

    return [name for name in wanted if HAS_TORCH or not name.startswith("torch")]


class Runner:
    """A process that does the work of a contestant, one call at a time.

    Parameters
    ----------
    contestant : Contestant
    environment : dict of str, optional
        Variables for its process.
    change : function without arguments, optional
        Called in the process before anything else, such as to replace a kernel.
    """

    def __init__(self, contestant, environment=None, change=None):
        context = multiprocessing.get_context("spawn")
        self.pipe, other = context.Pipe()
        arguments = other, contestant, change
        self.process = context.Process(target=serve, args=arguments, daemon=True)
        limits = dict.fromkeys(THREAD_LIMITS, str(contestant.cores))
        environment = (environment or {}) | (limits if contestant.cores else {})
        with patch.dict(os.environ, environment), limited_to(contestant.cores):
            self.process.start()
        other.close()

    def prepare(self, case, **arguments):
        """Set up a case, call it once, and return the result of that call."""
        return self.ask("prepare", case, arguments)

    def time(self):
        """Return the seconds of one call of the case."""
        return self.ask("time")

    def peak_memory(self):
        """Return the peak memory of the process so far, in bytes."""
        return self.ask("peak_memory")

    def ask(self, *request):
        """Let the process do something, and return what comes of it."""
        self.pipe.send(request)
        try:
            succeeded, result = self.pipe.recv()
        except EOFError:
            raise RuntimeError(f"the process of {request} ended") from None
        if not succeeded:
            raise RuntimeError(result)
        return result

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.pipe.close()  # which ends the process
        self.process.join()


@contextmanager
def limited_to(cores):
    """Give a process that starts in this context so many cores, where possible."""
    if cores is None or not hasattr(os, "sched_setaffinity"):
        yield
        return
    allowed = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(allowed)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


def serve(pipe, contestant, change):
    """Do what is asked for through the pipe, until its other end is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C ends the parent, which is all
    from lstmviz.fast import threads

    if contestant.cores and threads.cores() > contestant.cores:
        threads.cores = lambda: contestant.cores  # the system has no affinities
    worker = Worker(contestant.library)
    if change:
        change()
    while True:
        try:
            what, *arguments = pipe.recv()
        except EOFError:
            return
        try:
            pipe.send((True, getattr(worker, what)(*arguments)))
        except Exception:
            pipe.send((False, traceback.format_exc()))


class Worker:
    """What runs in the process of a `Runner`."""

    def __init__(self, library):
        self.library, self.work = library, None

    def prepare(self, case, arguments):
        """Build the case, call it once, and return the result of that call."""
        from benchmarks import cases

        self.work = None  # frees the memory of the case before
        self.work, result = cases.CASES[case](self.library, **arguments)
        return result(self.work())

    def time(self):
        """Return the seconds of one call."""
        begin = time.perf_counter()
        self.work()
        return time.perf_counter() - begin

    def cores(self):
        """Return how many cores this process may use."""
        from lstmviz.fast.threads import cores

        return cores()

    def peak_memory(self):
        """Return the peak memory of this process in bytes."""
        from benchmarks.measure import peak

        return peak()
