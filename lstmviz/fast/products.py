"""Matrix products inside a kernel: NumPy's own BLAS, called by its address.

numba compiles `a @ b` only where SciPy is installed. But the BLAS library that NumPy
uses is in memory in any case, and compiled code can call a C function whose address it
knows. So a kernel can run a whole sequence, products included, without going back to
Python between the steps: Python runs one thread at a time, kernels run in parallel.

Where the library has no function of a known name (Apple's Accelerate), a product of our
own takes its place. It multiplies 4 rows by 4 inputs at a time, whose sixteen numbers
stay in registers, and reaches about two thirds of the speed of BLAS.
"""

import ctypes
import sys

import llvmlite.binding
import numpy as np
from numba import carray, cfunc, config, types

from lstmviz.fast.jit import OPTIONS, kernel
from lstmviz.fast.threads import blas

__all__ = [
    "add_product",
    "add_transposed_product",
    "product",
    "product_transposed",
]

# Names of the function in C (CBLAS). `64_` marks a library whose integers have 64 bits.
# Any other reads the lower half of ours, except on Apple's processors.
NAMES = ["scipy_cblas_sgemm64_", "cblas_sgemm64_"]
NAMES += [] if sys.platform == "darwin" else ["scipy_cblas_sgemm", "cblas_sgemm"]
INT, FLOAT, POINTER = types.int64, types.float32, types.CPointer(types.float32)
SIGNATURE = types.void(  # order, is a transposed, is b; M, N, K; alpha, a, b, beta, out
    *(INT, INT, INT, INT, INT, INT, FLOAT),
    *(POINTER, INT, POINTER, INT, FLOAT, POINTER, INT),  # each with its row length
)
ROW_MAJOR, AS_IT_IS, TRANSPOSED = 101, 111, 112
ZERO, ONE = np.float32(0), np.float32(1)


def product_of_blas():
    """Return the address of BLAS's matrix product, or None."""
    for library in blas().lib_controllers:
        functions = ctypes.CDLL(library.filepath)
        for name in NAMES:
            if hasattr(functions, name):
                return ctypes.cast(getattr(functions, name), ctypes.c_void_p).value
    return None


def own_product():
    """Return our own product as a C function, compiled, with the arguments of BLAS's.

    It computes out = a b + beta out, where a and b may be stored transposed.
    """

    def compute(order, a_is, b_is, M, N, K, alpha, a, _, b, __, beta, out, ___):
        left = carray(a, (M, K))
        if a_is == TRANSPOSED:
            left = np.ascontiguousarray(carray(a, (K, M)).T)
        right = carray(b, (K, N))
        if b_is == TRANSPOSED:
            right = np.ascontiguousarray(carray(b, (N, K)).T)
        result = carray(out, (M, N))
        if beta == ZERO:
            result[:] = ZERO
        add_small_tiles(left, right, result)

    return cfunc(SIGNATURE, **OPTIONS)(compute)


@kernel
def add_small_tiles(a, b, out):
    """Compute out += a b in tiles of 4 rows and 4 inputs."""
    M, K = a.shape
    rows, inputs = M - M % 4, K - K % 4
    for r in range(0, rows, 4):
        for d in range(0, inputs, 4):
            add_four_by_four(a[r : r + 4, d : d + 4], b[d : d + 4], out[r : r + 4])
    for r in range(M):
        for d in range(inputs if r < rows else 0, K):
            for j in range(out.shape[1]):
                out[r, j] += a[r, d] * b[d, j]


@kernel
def add_four_by_four(a, b, out):
    """Compute out (4, N) += a (4, 4) b (4, N): each number of b is read once."""
    a00, a01, a02, a03 = a[0, 0], a[0, 1], a[0, 2], a[0, 3]
    a10, a11, a12, a13 = a[1, 0], a[1, 1], a[1, 2], a[1, 3]
    a20, a21, a22, a23 = a[2, 0], a[2, 1], a[2, 2], a[2, 3]
    a30, a31, a32, a33 = a[3, 0], a[3, 1], a[3, 2], a[3, 3]
    out0, out1, out2, out3 = out[0], out[1], out[2], out[3]
    for j in range(out.shape[1]):
        b0, b1, b2, b3 = b[0, j], b[1, j], b[2, j], b[3, j]
        sum0 = out0[j] + a00 * b0 + a01 * b1 + a02 * b2 + a03 * b3
        sum1 = out1[j] + a10 * b0 + a11 * b1 + a12 * b2 + a13 * b3
        sum2 = out2[j] + a20 * b0 + a21 * b1 + a22 * b2 + a23 * b3
        sum3 = out3[j] + a30 * b0 + a31 * b1 + a32 * b2 + a33 * b3
        out0[j], out1[j], out2[j], out3[j] = sum0, sum1, sum2, sum3


ADDRESS = product_of_blas() or own_product().address
llvmlite.binding.add_symbol("lstmviz_sgemm", ADDRESS)
sgemm = types.ExternalFunction("lstmviz_sgemm", SIGNATURE)
if config.DISABLE_JIT:  # kernels are plain Python, which a debugger can follow
    C_TYPES = {INT: ctypes.c_int64, FLOAT: ctypes.c_float, POINTER: ctypes.c_void_p}
    sgemm = ctypes.CFUNCTYPE(None, *map(C_TYPES.get, SIGNATURE.args))(ADDRESS)


@kernel
def product(a, b, out):
    """Compute out = a b, for (M, K), (K, N) and (M, N)."""
    (M, K), N = a.shape, b.shape[1]
    shape = AS_IT_IS, AS_IT_IS, M, N, K
    sgemm(ROW_MAJOR, *shape, ONE, a.ctypes, K, b.ctypes, N, ZERO, out.ctypes, N)


@kernel
def add_product(a, b, out):
    """Compute out += a b, for (M, K), (K, N) and (M, N)."""
    (M, K), N = a.shape, b.shape[1]
    shape = AS_IT_IS, AS_IT_IS, M, N, K
    sgemm(ROW_MAJOR, *shape, ONE, a.ctypes, K, b.ctypes, N, ONE, out.ctypes, N)


@kernel
def product_transposed(a, b, out):
    """Compute out = a b.T, for (M, K), (N, K) and (M, N)."""
    (M, K), N = a.shape, len(b)
    shape = AS_IT_IS, TRANSPOSED, M, N, K
    sgemm(ROW_MAJOR, *shape, ONE, a.ctypes, K, b.ctypes, K, ZERO, out.ctypes, N)


@kernel
def add_transposed_product(a, b, out):
    """Compute out += a.T b, for (K, M), (K, N) and (M, N)."""
    (K, M), N = a.shape, b.shape[1]
    shape = TRANSPOSED, AS_IT_IS, M, N, K
    sgemm(ROW_MAJOR, *shape, ONE, a.ctypes, M, b.ctypes, N, ONE, out.ctypes, N)
