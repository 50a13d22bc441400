"""On which machine, with which libraries, and with which instructions the times are."""

import importlib.metadata
import os
import platform
import re
from datetime import date
from pathlib import Path

import numpy as np
from numba import njit
from threadpoolctl import threadpool_info

from lstmviz.fast import kernels, threads
from lstmviz.fast.jit import OPTIONS

__all__ = ["blas", "describe", "vector_bits", "width_of_assembly"]

LIBRARIES = "numpy", "numba", "llvmlite", "torch"
INFLUENCES = re.compile(r"(OPENBLAS|GOTO|MKL|VECLIB|OMP|NUMBA|BLIS)_\w+")
BITS = {"z": 512, "y": 256, "x": 128}  # registers zmm, ymm, xmm of x86
PACKED_X86 = re.compile(
    r"\tv?(?:f[n]?m\w+|add|sub|mul|div|min|max)ps\s[^\n]*%([xyz])mm"
)
PACKED_ARM = re.compile(r"\tf(?:add|sub|mul|div|mla|mls|min|max)\w*(?:\.4s|\sv\d+\.4s)")


def describe():
    """Return the facts about the machine: a dict of texts and numbers."""
    return {
        "date": str(date.today()),
        "processor": processor(),
        "cores": threads.cores(),
        "load": round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else None,
        "python": platform.python_version(),
        **{name: version(name) for name in LIBRARIES},
        "blas": blas(),
        "vector bits": vector_bits(),
        "environment": {
            name: value
            for name, value in sorted(os.environ.items())
            if INFLUENCES.fullmatch(name)
        },
    }


def processor():
    """Return the name of the processor."""
    try:
        text = Path("/proc/cpuinfo").read_text()
        return next(x for x in text.splitlines() if "model name" in x).split(": ")[1]
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def version(name):
    """Return the version of an installed package, or None."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return None


def blas(loaded=None, built_with=None):
    """Return the facts about NumPy's BLAS: library, version, kernel, threads.

    threadpoolctl looks into the loaded libraries. It knows the kernel of OpenBLAS, not
    that of MKL, and nothing of Accelerate: what it does not know is "unknown", and the
    name of the library is then the one that NumPy was built with.

    Parameters
    ----------
    loaded : list of dict, optional
        What `threadpoolctl.threadpool_info` returns.
    built_with : str, optional
        The name of the BLAS in NumPy's configuration.
    """
    loaded = threadpool_info() if loaded is None else loaded
    found = [library for library in loaded if library["user_api"] == "blas"]
    own = [library for library in found if "numpy" in str(library.get("filepath"))]
    library = (own or found or [{}])[0]
    return {
        "library": library.get("internal_api") or built_with or name_in_numpy(),
        "version": library.get("version") or "unknown",
        "kernel": library.get("architecture") or "unknown",
        "threads": library.get("num_threads") or "unknown",
    }


def name_in_numpy():
    """Return the name of the BLAS that NumPy was built with."""
    try:
        configuration = np.show_config(mode="dicts")
        return configuration["Build Dependencies"]["blas"]["name"]
    except (TypeError, KeyError):  # before NumPy 1.25
        return "unknown"


def vector_bits():
    """Return the bits of a vector register that numba uses for the kernels' tanh.

    A loop over `kernels.tanh` is compiled with the options of all kernels, and its
    assembly is searched: a register of 512 bits holds 16 numbers of 32 bits.
    """
    tanh = njit(kernels.tanh.py_func, **OPTIONS)

    @njit(**OPTIONS)
    def loop(x, y):
        for k in range(len(x)):
            y[k] = tanh(x[k])

    x = np.zeros(64, np.float32)
    loop(x, x.copy())
    return width_of_assembly("".join(loop.inspect_asm().values()))


def width_of_assembly(text):
    """Return the bits of the widest vector arithmetic on float32; 32 if there is none.

    >>> width_of_assembly("\\tvmulps\\t%zmm1, %zmm2, %zmm3")
    512
    >>> width_of_assembly("\\tfmul\\tv0.4s, v1.4s, v2.4s")
    128
    >>> width_of_assembly("\\tvmulss\\t%xmm1, %xmm2, %xmm3")
    32
    """
    widths = [BITS[letter] for letter in PACKED_X86.findall(text)]
    widths += [128 for _ in PACKED_ARM.findall(text)]
    return max(widths, default=32)
