"""How much each optimisation saves: `python -m benchmarks.tricks`.

Each optimisation is replaced by the simpler code that one would write without it, and a
training step of the largest network (or a kernel) is timed with and without it, in
turns.
"""

import argparse
import math
from contextlib import contextmanager, nullcontext
from statistics import median
from unittest.mock import patch

import numpy as np

from benchmarks import cases, measure
from lstmviz.fast import backends, kernels
from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel


def main():
    """Print for each optimisation the time without it, with it, and their ratio."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.tricks")
    parser.add_argument("--rounds", type=int, default=3)
    rounds = parser.parse_args().rounds
    net, batch = cases.network("seed"), cases.music(4)

    def step():
        net.loss_and_gradients(batch)

    def without(switch):
        def work():
            with switch():
                step()

        return work

    print("training step, 300, 300 / 100, 50 neurons, 4 x 128 steps: without -> with")
    for name, switch in SWITCHES.items():
        report(name, {"with": step, "without": without(switch)}, rounds)
    print("kernel, 1,000,000 numbers: without -> with")
    report("tanh that vectorises", tanhs(), 10 * rounds)


def report(name, work, rounds):
    """Time both functions in turns, and print the medians."""
    times = measure.side_by_side(work, rounds)
    with_it, without_it = (median(times[key]) for key in ("with", "without"))
    print(
        f"  {name:44} {1e3 * without_it:9.3f} ms -> {1e3 * with_it:9.3f} ms "
        f"x{without_it / with_it:.2f}",
        flush=True,
    )


@contextmanager
def blas_threads():
    """Compute one sequence after another; BLAS uses all cores for each product."""
    one_by_one = {"numba": backends.BACKENDS["numba"]._replace(map=map)}
    alone = patch.object(kernels, "split_rows", lambda f, R, _: [f(slice(0, R))])
    with patch.dict(backends.BACKENDS, one_by_one), alone:
        yield


@contextmanager
def fresh_buffers():
    """Allocate new buffers for every sequence."""
    with patch.object(type(buffers), "reuse", lambda self: nullcontext()):
        yield


@contextmanager
def no_blocks():
    """Compute the products without recurrence step by step."""
    with patch.object(kernels, "BLOCK", 1):
        yield


@contextmanager
def one_block():
    """Compute them for all steps at once, which exceeds the cache."""
    with patch.object(kernels, "BLOCK", 10**6):
        yield


SWITCHES = {
    "a thread for each sequence, BLAS on one core": blas_threads,
    "buffers reused": fresh_buffers,
    "blocks of 16 steps instead of single steps": no_blocks,
    "blocks of 16 steps instead of all at once": one_block,
}


def tanhs():
    """Return compiled loops with our tanh, and with the tanh of the C library."""
    x = np.random.default_rng(0).normal(0, 2, 10**6).astype(np.float32)
    y = np.empty_like(x)

    @kernel
    def ours(x, y):
        for k in range(len(x)):
            y[k] = kernels.tanh(x[k])

    @kernel
    def library(x, y):
        for k in range(len(x)):
            y[k] = math.tanh(x[k])

    return {"with": lambda: ours(x, y), "without": lambda: library(x, y)}


if __name__ == "__main__":
    main()
