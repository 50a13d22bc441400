"""Fair timing on a noisy machine, peak memory, and the matrix products as the limit."""

import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np

from lstmviz.fast import threads

PAUSE = 0.2  # seconds, in which threads of the contestant before go to sleep


def side_by_side(contestants, rounds):
    """Time functions in turn, round after round, after a warm-up of each.

    Whatever disturbs the machine for a while disturbs all of them.

    Parameters
    ----------
    contestants : dict of name -> function
    rounds : int

    Returns
    -------
    dict of name -> list of seconds, one a round
    """
    for work in contestants.values():
        work()
    seconds = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            time.sleep(PAUSE)
            begin = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - begin)
    return seconds


def products(net, steps):
    """Return the shapes (rows, inputs, outputs) of a sequence's matrix products.

    What a training step must multiply, however it is written: x W and h U on
    the way forward, and on the way back the gradients by x, h, W and U (but not
    by the network's input).
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
    """Count the floating-point operations of matrix products."""
    return sum(2 * m * k * n for m, k, n in shapes)


def multiply_all(shapes, copies):
    """Work out such products and nothing else, `copies` times, one core each."""
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


def peak_memory(contestant, size, batch):
    """Return the peak memory in bytes of two training steps in their own process."""
    command = [sys.executable, "-m", "benchmarks.measure", contestant, size, str(batch)]
    return int(
        subprocess.run(command, capture_output=True, check=True, text=True).stdout
    )


def main(contestant, size, batch):
    """Take two training steps, and print the process's peak memory in bytes."""
    from benchmarks.cases import training_steps

    step = training_steps(size, int(batch), only=contestant)[contestant]
    step(), step()
    print(peak())


def peak():
    """Return the peak memory of this process in bytes."""
    try:  # Linux's getrusage would also count the process that started this one
        status = Path("/proc/self/status").read_text()
        return 1024 * int(status.split("VmHWM:")[1].split()[0])
    except OSError:
        return 1024 * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main(*sys.argv[1:])
