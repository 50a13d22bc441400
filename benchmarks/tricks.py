"""How much each optimisation saves: `python -m benchmarks.tricks`.

Each optimisation is replaced by the simpler code that one would write without it, and
the same work is timed with and without it, in turns.

numba keeps compiled kernels on disk, and compiles again when the file of a kernel has
changed. It does not notice when a function or a number that the kernel uses is
replaced, and would use the old machine code. So each variant runs in a process of its
own, whose cache is an empty folder: what is timed was compiled in that process.
"""

import argparse
import math
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np

from benchmarks import cases, measure, report
from benchmarks.contestants import CONTESTANTS, Runner
from lstmviz.cells import sampling
from lstmviz.fast import backends, kernels, products
from lstmviz.fast.buffers import BufferPool
from lstmviz.fast.jit import kernel


def main():
    """Print for each optimisation the time without it, with it, and their ratio."""
    options = parser().parse_args()
    print(f"{'':52}{'without':>11}{'with':>11}{'gain':>8}")
    rows = []
    for trick in TRICKS:
        rows.append(timed(trick, options.rounds))
        print(line(rows[-1]), flush=True)
    if options.folder:
        path = Path(options.folder) / "speed.json"
        results = report.read(path) | {"tricks": {"rows": rows}}
        report.save(results, path)
        print(f"wrote {path}")


class Trick(NamedTuple):
    """An optimisation, how to do without it, and the work that shows its effect."""

    what: str
    without: Callable  # returns what is replaced, see below
    work: str
    case: str
    arguments: dict


def timed(trick, rounds):
    """Return the seconds of all rounds without the optimisation, and with it."""
    with ExitStack() as stack:
        runners = {
            "without": stack.enter_context(fresh_runner(trick.without)),
            "with": stack.enter_context(fresh_runner()),
        }
        results = [
            runner.prepare(trick.case, **trick.arguments) for runner in runners.values()
        ]
        assert cases.agree(*results), f"{trick.what}: both must compute the same"
        calls = {name: runner.time for name, runner in runners.items()}
        times = measure.side_by_side(calls, rounds)
    return {"what": trick.what, "work": trick.work, **times}


@contextmanager
def fresh_runner(without=None):
    """Yield a `Runner` of numba on all cores, which compiles all kernels itself.

    Parameters
    ----------
    without : function, optional
        Returns what is replaced before anything is compiled.
    """
    change = partial(replace, without) if without else None
    folder = tempfile.TemporaryDirectory()
    environment = {"NUMBA_CACHE_DIR": folder.name}
    with folder, Runner(CONTESTANTS["numba"], environment, change) as runner:
        yield runner


def line(row):
    """Return a line of the table on the screen."""
    without, with_it = median(row["without"]), median(row["with"])
    return (
        f"{row['what']:52}{report.time_of(without):>11}{report.time_of(with_it):>11}"
        f"{report.times(without, with_it):>8}  {row['work']}"
    )


# Doing without --------------------------------------------------------------------
#
# Each function returns what is replaced by what: (module or class, name, value).


def replace(without):
    """Replace what `without` says; nothing may have been compiled before."""
    for owner, name, value in without():
        assert hasattr(owner, name), f"{owner} has no {name} to replace"
        setattr(owner, name, value)


def one_core():
    """Compute one sequence after another, and all rows of each on one core."""
    backend = backends.BACKENDS["numba"]._replace(map=map)
    return [
        (backends, "BACKENDS", backends.BACKENDS | {"numba": backend}),
        (kernels, "split_rows", lambda work, R, _: [work(slice(0, R))]),
    ]


def fresh_buffers():
    """Allocate new buffers for every sequence."""
    return [(BufferPool, "reuse", lambda self: nullcontext())]


def sums_in_memory():
    """Multiply by plain loops: each sum is read and written for each input."""

    def add_product(a, panels, out):
        M, N = out.shape
        for p in range(len(panels)):
            first = products.first_column(p, N)
            for r in range(M):
                for k in range(a.shape[1]):
                    for j in range(min(products.WIDTH, N)):
                        out[r, first + j] += a[r, k] * panels[p, k, j]

    return [(kernels, "add_product", kernel(add_product))]


def packing_again():
    """Copy the panels before each product, as BLAS does with its matrices."""

    def add_product(a, panels, out):
        products.add_product(a, panels.copy(), out)

    return [(kernels, "add_product", kernel(add_product))]


def single_steps():
    """Add to the gradients of the weights at every step."""
    return [(kernels, "BLOCK", 1)]


def all_steps():
    """Add to the gradients of the weights once, when dz exceeds the cache."""
    return [(kernels, "BLOCK", 10**6)]


def tanh_of_c():
    """Use the tanh of the C library, which takes one number at a time."""
    return [(kernels, "tanh", kernel(lambda x: np.float32(math.tanh(x))))]


def python_loop():
    """Run the loop over the steps in Python; the kernels in it stay compiled."""
    names = "forward_rows", "backward_rows"
    return [(kernels, name, getattr(kernels, name).py_func) for name in names]


def python_sampling():
    """Sample the notes by the definition: a loop over the notes in Python."""
    backend = backends.BACKENDS["numba"]._replace(sample_notes=sampling.sample_notes)
    return [(backends, "BACKENDS", backends.BACKENDS | {"numba": backend})]


def all_gates():
    """Keep the gates of all steps also where only probabilities are wanted."""
    backend = backends.BACKENDS["numba"]._replace(forward_outputs=kernels.forward)
    return [(backends, "BACKENDS", backends.BACKENDS | {"numba": backend})]


def trained(size):
    """Return the work of training steps: its description, case and arguments."""
    what = f"training step, {report.neurons(size)}, 4 × {cases.LENGTH}"
    return what, "training step", dict(sizes=size, batch=4)


def heard(size):
    """Return the work of forward passes."""
    what = f"forward, {report.neurons(size)}, {cases.LENGTH} steps"
    return what, "forward", dict(sizes=size)


def composed(size):
    """Return the work of composing."""
    what = f"composing {cases.COMPOSED} steps, {report.neurons(size)}"
    return what, "composing", dict(sizes=size)


TRICKS = [
    Trick("a thread for each sequence", one_core, *trained("seed")),
    Trick("buffers reused", fresh_buffers, *trained("seed")),
    Trick("sums in registers, not in memory", sums_in_memory, *trained("seed")),
    Trick("weights packed once, not at every step", packing_again, *heard("seed")),
    Trick("blocks of 8 steps, not single steps", single_steps, *trained("seed")),
    Trick("blocks of 8 steps, not all at once", all_steps, *trained("seed")),
    Trick("a tanh that vectorises", tanh_of_c, *trained("seed")),
    Trick("a sequence in one call, wide layers", python_loop, *trained("seed")),
    Trick("a sequence in one call, narrow layers", python_loop, *trained("small")),
    Trick("the same, one sequence heard", python_loop, *heard("small")),
    Trick("gates not kept for probabilities", all_gates, *heard("seed")),
    Trick("one loop up the notes", python_sampling, *composed("seed")),
]


def parser():
    """Build the parser of the command line."""
    top = argparse.ArgumentParser(
        prog="python -m benchmarks.tricks",
        description="Switch off one optimisation after the other, and time both.",
    )
    top.add_argument("--rounds", type=int, default=5)
    top.add_argument("--folder", help="store the times in speed.json of this folder")
    return top


if __name__ == "__main__":
    main()
