"""Times on a busy machine, peak memory, and the matrix products as a lower bound."""

import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lstmviz.fast import threads

PAUSE = 0.2  # seconds: waiting threads of the function before stop using the cores


def side_by_side(functions, rounds):
    """Time functions in turn, in several rounds, after a first call of each.

    If other programs slow the machine down for a while, they slow down all functions.

    Parameters
    ----------
    functions : dict of str -> function
    rounds : int

    Returns
    -------
    dict of str -> list of float
        Seconds in each round.
    """
    for work in functions.values():
        work()
    seconds = {name: [] for name in functions}
    for _ in range(rounds):
        for name, work in functions.items():
            time.sleep(PAUSE)
            begin = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begin)
    return seconds


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


def multiply_all(shapes, copies):
    """Compute these products and nothing else, `copies` times, on all cores."""
    pairs = {
        (m, k, n): (np.ones((m, k), np.float32), np.ones((k, n), np.float32))
        for m, k, n in set(shapes)
    }

    def work(_):
        out = {s: np.empty((s[0], s[2]), np.float32) for s in pairs}
        for shape in shapes:
            np.matmul(*pairs[shape], out=out[shape])

    limit = max(1, threads.cores() // copies)
    with (
        threads.blas().limit(limits=limit, user_api="blas"),
        ThreadPoolExecutor(threads.cores()) as pool,
    ):
        list(pool.map(work, range(copies)))


def peak_memory(name, size, batch):
    """Return the peak memory, in bytes, of a process that takes two training steps."""
    command = [sys.executable, "-m", "benchmarks.measure", name, size, str(batch)]
    return int(
        subprocess.run(command, capture_output=True, check=True, text=True).stdout
    )


def main(name, size, batch):
    """Take two training steps, and print the peak memory of the process in bytes."""
    from benchmarks.cases import training_steps

    step = training_steps(size, int(batch), only=name)[name]
    step(), step()
    print(peak())


def peak():
    """Return the peak memory of this process in bytes."""
    try:  # on Linux, getrusage also counts the process that started this one
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    except OSError:
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
