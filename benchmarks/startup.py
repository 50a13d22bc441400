"""How long a new process takes until it can work: importing, loading, compiling.

numba compiles a kernel at its first call, and keeps the machine code on disk. So the
first process on a machine compiles, and each later one loads what the first one kept.
"""

import os
import subprocess
import sys
import tempfile

from benchmarks.measure import rounded

__all__ = ["starting"]

TIMED = """
import time
begin = time.perf_counter()
{}
print(time.perf_counter() - begin)
"""
KERNELS = """
from lstmviz.fast.backends import get_backend
import time
begin = time.perf_counter()
get_backend("numba")
print(time.perf_counter() - begin)
"""


def starting(rounds):
    """Return the seconds of each part, measured in new processes.

    Compiling starts from an empty cache and is measured once.

    Returns
    -------
    dict of str -> list of float
    """
    imports = {
        "import numpy": "import numpy",
        "import numba": "import numba",
        "import lstmviz, with both": "import lstmviz",
    }
    codes = {name: TIMED.format(line) for name, line in imports.items()}
    with tempfile.TemporaryDirectory() as folder:
        codes["load kernels from the cache"] = KERNELS
        seconds = {"compile kernels": [run(KERNELS, folder)]}
        for code in codes.values():
            run(code, folder)
        for _ in range(rounds):
            for name, code in codes.items():
                seconds.setdefault(name, []).append(run(code, folder))
    return {name: seconds[name] for name in [*codes, "compile kernels"]}


def run(code, cache):
    """Run code in a new process whose kernels are in `cache`; return what it prints."""
    result = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        check=True,
        text=True,
    )
    return rounded(float(result.stdout))
