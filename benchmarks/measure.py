"""Times on a busy machine, peak memory, and the matrix products as a lower bound."""

import resource
import time
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np

from lstmviz.fast import threads

PAUSE = 0.2  # seconds: waiting threads of the contestant before stop using the cores
FEWEST = 3  # rounds, however long they take


def side_by_side(calls, rounds, patience=60):
    """Time several calls in turn, in several rounds.

    If other programs slow the machine down for a while, they slow down all of them.

    Parameters
    ----------
    calls : dict of str -> function that returns its own seconds
    rounds : int
    patience : float
        Seconds after which no further round begins, once there are three.

    Returns
    -------
    dict of str -> list of float
        Seconds in each round.
    """
    seconds = {name: [] for name in calls}
    end = time.perf_counter() + patience
    for number in range(rounds):
        if number >= FEWEST and time.perf_counter() > end:
            break
        for name, call in calls.items():
            time.sleep(PAUSE)
            seconds[name].append(rounded(call()))
    return seconds


def rounded(number):
    """Return a number with four significant digits.

    >>> rounded(0.0123456)
    0.01235
    """
    return float(f"{number:.4g}")


def products(net, steps):
    """Return the matrix products of a training step for one sequence.

    Every implementation needs them: x W and h U in the forward pass; the gradients of
    x, h, W and U in the backward pass (but not the gradient of the network's input).

    Parameters
    ----------
    net : Biaxial
    steps : int

    Returns
    -------
    list of (rows, inputs, outputs)
    """
    N, shapes = net.notes, []
    for name in net.layer_names:
        D, H4 = net.parameters[f"{name}.W"].shape
        H = H4 // 4
        T, R = (steps, N) if name in net.time_names else (N, steps)
        shapes += [(R, D, H4)] * T + [(R, H, H4)] * T + [(R, H4, H)] * T
        shapes += [(R, H4, D)] * (T if name != "time1" else 0)
        shapes += [(D, R * T, H4), (H, R * T, H4)]
    return shapes


def flop(shapes):
    """Return the number of floating-point operations of matrix products."""
    return sum(2 * m * k * n for m, k, n in shapes)


def multiplying(shapes, copies):
    """Return a function that computes these products, `copies` times, on all cores."""
    pairs = {
        (m, k, n): (np.ones((m, k), np.float32), np.ones((k, n), np.float32))
        for m, k, n in set(shapes)
    }
    outputs = [  # each thread writes its own
        {(m, k, n): np.empty((m, n), np.float32) for m, k, n in pairs}
        for _ in range(copies)
    ]

    def multiply(out):
        for shape in shapes:
            np.matmul(*pairs[shape], out=out[shape])

    pool = ThreadPoolExecutor(min(copies, threads.cores()))
    limit = max(1, threads.cores() // copies)
    return partial(on_threads, pool, multiply, outputs, limit)


def on_threads(pool, function, items, limit):
    """Call `function` with each item in threads; BLAS has `limit` cores for each."""
    with threads.blas().limit(limits=limit, user_api="blas"):
        list(pool.map(function, items))


def peak():
    """Return the peak memory of this process in bytes."""
    try:  # on Linux, getrusage also counts the process that started this one
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    except OSError:
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
