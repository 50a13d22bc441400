"""All cores at work: sequences in parallel, and the rows of each on spare cores.

Two sets of threads compete for the cores: those of BLAS, which split one matrix
product, and ours, which also split the work around the products. Together they slow
each other down. So BLAS is limited to one core a thread, and each of our threads takes
a larger piece of work, matrix products included. On a busy machine, where the threads
of BLAS wait for one another at every step, this was measured to be ten times as fast.

How work is divided depends on the work and on the number of cores, never on what other
threads do. So its result is the same, to the last bit, whatever runs beside it.
"""

import ctypes
import os
import threading
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import cache
from itertools import accumulate, pairwise

from threadpoolctl import ThreadpoolController

__all__ = ["cores", "one_blas_thread", "parallel_map", "split_rows"]


class Thread(threading.local):
    """What a thread knows about itself."""

    share = None  # how many cores its piece of work may use; None: all
    limited = False  # whether it has limited its own matrix products
    depth = 0  # in how many contexts of `one_blas_thread` it is


this_thread = Thread()
cores_of = {}  # number by which Linux knows a worker -> cores that it was given
current_core = None
if hasattr(os, "sched_setaffinity"):  # a function of C that Python has no name for
    current_core = getattr(ctypes.CDLL(None), "sched_getcpu", None)


# Dividing work ------------------------------------------------------------------


def parallel_map(function, *arguments):
    """Return `[function(*items), ...]` for the items of equally long lists.

    The items run in parallel, each on one core. When there are too few left for all
    cores, each may split its rows among several cores, see `split_rows`.
    """
    items = list(zip(*arguments, strict=True))
    available = cores_available()
    left = len(items) % available
    shares = [1] * (len(items) - left) + (split(available, left) if left else [])
    return run(function, items, shares)


def split_rows(function, R, worthwhile):
    """Return `[function(rows), ...]` for slices that together cover R rows.

    One slice for each core that this piece of work may use, in parallel. There is only
    one slice if splitting is not worthwhile.
    """
    if not worthwhile:
        return [function(slice(0, R))]
    ends = [0, *accumulate(split(R, min(cores_available(), R)))]
    slices = [(slice(*pair),) for pair in pairwise(ends)]
    return run(function, slices, [1] * len(slices))


def split(total, number):
    """Return `number` whole numbers, as equal as possible, that sum to `total`.

    >>> split(10, 4)
    [2, 3, 2, 3]
    """
    ends = [total * k // number for k in range(number + 1)]
    return [end - start for start, end in pairwise(ends)]


def cores_available():
    """Return how many cores the piece of work of this thread may use."""
    return this_thread.share or cores()


def cores():
    """Return how many cores this process may use."""
    return len(allowed_cores()) if hasattr(os, "sched_getaffinity") else os.cpu_count()


def allowed_cores():
    """Return the numbers of the cores that this process may use, which Linux knows.

    They are those of its first thread: a worker is kept off one, see `leave_this_core`.
    """
    return os.sched_getaffinity(os.getpid())


# Running it ---------------------------------------------------------------------


def run(function, items, shares):
    """Return `[function(*items[0]), ...]`, computed in parallel.

    Each item may use as many cores as its share. The calling thread works too, and
    takes every item that no worker has begun: so nothing waits for a free worker, and
    an item may divide its work again. After an exception, also after Ctrl-C, this
    returns when no item is being computed any more.
    """
    with one_blas_thread():
        if len(items) == 1 or cores_available() == 1:
            return [function(*each) for each in items]
        pool, futures = workers(cores() - 1), []
        leave_this_core()
        try:
            for share, each in zip(shares[1:], items[1:], strict=True):
                futures.append(pool.submit(in_worker, share, function, *each))
            results = [with_share(shares[0], function, *items[0])]
            results += [None] * len(futures)
            for k, future in enumerate(futures, 1):
                if future.cancel():  # no worker has begun it
                    results[k] = with_share(shares[k], function, *items[k])
            for k, future in enumerate(futures, 1):
                if not future.cancelled():
                    results[k] = future.result()
            return results
        finally:
            wait([future for future in futures if not future.cancel()])


def in_worker(share, function, *arguments):
    """Do a piece of work in a worker thread, whose matrix products use one core.

    Some BLAS libraries have a limit for each thread, so each worker sets its own, for
    good. Others have one for the process: there this changes nothing, because
    the thread that waits for this piece has set it, and will restore it.
    """
    if not this_thread.limited:
        set_blas_threads([1] * len(blas().lib_controllers))
        this_thread.limited = True
    return with_share(share, function, *arguments)


def with_share(share, function, *arguments):
    """Return `function(*arguments)`, which may use so many cores."""
    before, this_thread.share = this_thread.share, share
    try:
        return function(*arguments)
    finally:
        this_thread.share = before


@cache
def workers(number):
    """Return the worker threads; they keep their buffers between calls."""
    return ThreadPoolExecutor(
        number,
        thread_name_prefix="lstmviz worker",
        initializer=lambda: cores_of.update({threading.get_native_id(): None}),
    )


def leave_this_core():
    """Keep the workers off the core on which this thread runs, where Linux allows it.

    Linux may wake a worker on the core of the thread that wakes it, although another
    one has nothing to do. It moves the worker after some milliseconds; until then both
    share a core. Much work here takes no longer than that.
    """
    if current_core is None or threading.get_native_id() in cores_of:
        return
    others = allowed_cores() - {current_core()}
    for worker, before in list(cores_of.items()):
        if others and others != before:
            with suppress(OSError):  # it has ended
                os.sched_setaffinity(worker, others)
            cores_of[worker] = others


# The limit of BLAS --------------------------------------------------------------


class Limit:
    """The limit of BLAS, which the first thread sets and the last one lifts."""

    def __init__(self):
        self.lock = threading.Lock()
        self.contexts = 0  # of `one_blas_thread`, in all threads
        self.before = []  # number of threads of each library

    def enter(self):
        """Count a context that begins; the first one sets the limit."""
        with self.lock:
            if not self.contexts:
                self.before = [
                    library.num_threads for library in blas().lib_controllers
                ]
                set_blas_threads([1] * len(self.before))
            self.contexts += 1

    def leave(self):
        """Count a context that ends; the last one restores what was before."""
        with self.lock:
            self.contexts -= 1
            if not self.contexts:
                set_blas_threads(self.before)


limit = Limit()


@contextmanager
def one_blas_thread():
    """Limit the matrix products of each thread to one core within this context."""
    limit.enter()
    this_thread.depth += 1
    try:
        yield
    finally:
        this_thread.depth -= 1
        limit.leave()


@cache
def blas():
    """Return the controller of the BLAS libraries in memory, as a rule only NumPy's."""
    return ThreadpoolController().select(user_api="blas")


def set_blas_threads(numbers):
    """Set the number of threads of each BLAS library.

    threadpoolctl ignores all threads but the first one that sets a number, until that
    one gives up its control. Ours take turns, as the limit is counted.
    """
    for library, number in zip(blas().lib_controllers, numbers, strict=True):
        clear = getattr(library, "clear_controlling_thread", lambda force: None)
        clear(force=True)
        library.set_num_threads(number)
        clear(force=True)


def begin_in_child():
    """Start anew in a forked process, which has only the thread that forked."""
    workers.cache_clear()
    cores_of.clear()
    limit.lock = threading.Lock()
    if limit.contexts and not this_thread.depth:
        set_blas_threads(limit.before)
    limit.contexts = this_thread.depth


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=begin_in_child)
