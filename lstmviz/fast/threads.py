"""All cores at work: sequences in parallel, or the rows of a single sequence.

Two sets of threads compete for the cores: those of BLAS, which split one matrix
product, and ours, which also split the work around the products. Together they slow
each other down. So BLAS is limited to one core a thread, and each of our threads takes
a larger piece of work, matrix products included. On a busy machine, where the threads
of BLAS wait for one another at every step, this was measured to be ten times as fast.
"""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import cache
from itertools import pairwise

from threadpoolctl import ThreadpoolController

__all__ = ["cores", "parallel_map", "split_rows"]

WORKER = "lstmviz worker"


def parallel_map(function, *arguments):
    """Yield `function(*items)` for the items of equally long lists, in their order.

    Each worker thread takes whole items. If there are fewer items than cores, the
    items run one after the other, and each may use all cores, see `split_rows`.
    """
    with one_blas_thread():
        if len(arguments[0]) < cores():
            yield from map(function, *arguments)
        else:
            yield from workers().map(function, *arguments)


def split_rows(function, R, worthwhile):
    """Return [function(rows), ...] for slices that together cover R rows.

    One slice a core, in parallel. There is only one slice if splitting is not
    worthwhile, or within a worker thread, as the other cores are busy then.
    """
    shares = min(cores(), R) if worthwhile and not is_worker() else 1
    ends = [R * share // shares for share in range(shares + 1)]
    slices = [slice(*pair) for pair in pairwise(ends)]
    if shares == 1:
        return [function(slices[0])]
    with one_blas_thread():
        return list(workers().map(function, slices))


@contextmanager
def one_blas_thread():
    """Limit the matrix products of each thread to one core within this context."""
    with blas().limit(limits=1, user_api="blas"):
        yield


def cores():
    """Return how many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):  # Linux knows which cores are allowed
        return len(os.sched_getaffinity(0))
    return os.cpu_count()


@cache
def workers():
    """Return the worker threads, one a core; they keep their buffers between calls."""
    return ThreadPoolExecutor(cores(), thread_name_prefix=WORKER)


def is_worker():
    """Return whether the current thread is one of the worker threads."""
    return threading.current_thread().name.startswith(WORKER)


@cache
def blas():
    """Return the controller of the BLAS library that NumPy uses."""
    return ThreadpoolController()
