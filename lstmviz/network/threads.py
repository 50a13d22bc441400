"""All cores at work: whole sequences side by side, or the rows of a single one.

Two parties want the cores: the threads of BLAS, which share out one matrix product,
and threads of ours, which share out the work around it as well. Together they
stand in each other's way. So here BLAS keeps to one core a thread, and every
thread of ours does a larger piece of the work, matrix products included. On a busy
machine, where threads of BLAS wait for one another at every step, that was seen to
be ten times as fast.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

from threadpoolctl import ThreadpoolController

__all__ = ["by_rows", "cores", "in_parallel"]

WORKER = "lstmviz worker"


def in_parallel(function, items):
    """Yield `function(item)` for each item in order, worked out on all cores.

    Every worker thread takes whole items. If there are fewer items than cores, they
    take turns instead, and each has all cores to itself, see `by_rows`.
    """
    with one_core_each():
        if len(items) < cores():
            yield from map(function, items)
        else:
            yield from workers().map(function, items)


def by_rows(function, R, worthwhile):
    """Return [function(rows), ...] for slices that together cover R rows.

    One slice a core, worked out side by side; only one if it is not worthwhile, or
    within a worker thread, where the other cores have work of their own.
    """
    shares = min(cores(), R) if worthwhile and not is_worker() else 1
    ends = [R * share // shares for share in range(shares + 1)]
    slices = [slice(*pair) for pair in pairwise(ends)]
    if shares == 1:
        return [function(slices[0])]
    with one_core_each():
        return list(workers().map(function, slices))


@contextmanager
def one_core_each():
    """Keep the matrix products of each thread to one core for as long as this lasts."""
    with blas().limit(limits=1, user_api="blas"):
        yield


def cores():
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux knows what we are allowed
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


@cache
def workers():
    """Return the worker threads, one a core, which live on with their memory."""
    return ThreadPoolExecutor(cores(), thread_name_prefix=WORKER)


def is_worker():
    """Say whether this is one of the worker threads."""
    return threading.current_thread().name.startswith(WORKER)


@cache
def blas():
    """Return what can limit the threads of the BLAS library that NumPy uses."""
    return ThreadpoolController()
