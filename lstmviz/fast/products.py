"""Matrix products inside a kernel.

numba compiles `a @ b` only where SciPy is installed, as a call of a BLAS library. BLAS
is made for large matrices, and rearranges both of them at every call. An LSTM
multiplies a few rows by the same U at every step of a sequence. So here U is rearranged
once, and then serves for all steps. The method is that of Goto & van de Geijn (2008),
"Anatomy of High-Performance Matrix Multiplication"; for out += a b there are

- panels: `packed(b)` cuts b into panels of WIDTH columns. Each one is stored in the
  order in which it is read, and stays in the cache while all rows of a meet it;
- tiles: 8 rows of a meet one panel. The sums for these 8 x WIDTH numbers of the result
  stay in the registers of the processor until they are complete.

Each number of the result is summed in the order of the inputs, however many rows there
are. So a layer computes the same, to the last bit, however its rows are split.
"""

from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel
from lstmviz.fast.vectors import WIDTH, add_multiple, load, store

__all__ = ["add_product", "empty_panels", "pack", "packed"]

ROWS = 8  # of a tile


def packed(b):
    """Return the panels (P, K, WIDTH) of a matrix (K, N), for `add_product`."""
    panels = empty_panels(*b.shape)
    pack(b, panels)
    return panels


def empty_panels(K, N):
    """Return room for the panels of a matrix (K, N), with undefined content."""
    return buffers.empty((-(-N // WIDTH), K, WIDTH))


@kernel
def pack(b, panels):
    """Write the columns of b (K, N) into its panels.

    The last panel ends with the last column, so that no tile exceeds the result. The
    columns that it has in common with the panel before it are zero there, so that they
    count once. A matrix narrower than a panel is followed by zeros.
    """
    K, N = b.shape
    for p in range(len(panels)):
        first = first_column(p, N)
        common = p * WIDTH - first
        for k in range(K):
            for j in range(WIDTH):
                own = common <= j and first + j < N
                panels[p, k, j] = b[k, first + j] if own else 0


@kernel
def first_column(p, N):
    """Return the column at which panel p of a matrix with N columns begins."""
    return max(min(p * WIDTH, N - WIDTH), 0)


@kernel
def add_product(a, panels, out):
    """Compute out += a b, for a (M, K), the panels of b (K, N), and out (M, N)."""
    (M, K), N = a.shape, out.shape[1]
    if N >= WIDTH:
        for p in range(len(panels)):
            for r in range(0, M, ROWS):
                add_tile(a, panels[p], out, r, first_column(p, N))
    else:
        for r in range(M):
            for k in range(K):
                for j in range(N):
                    out[r, j] += a[r, k] * panels[0, k, j]


@kernel
def add_tile(a, panel, out, r0, j):
    """Compute 8 rows and WIDTH columns of out += a b, from row r0 and column j on.

    Rows beyond the last one are the last one again, which is then written repeatedly.
    """
    last = len(a) - 1
    r1, r2, r3 = min(r0 + 1, last), min(r0 + 2, last), min(r0 + 3, last)
    r4, r5 = min(r0 + 4, last), min(r0 + 5, last)
    r6, r7 = min(r0 + 6, last), min(r0 + 7, last)
    s0, s1, s2 = load(out, r0, j), load(out, r1, j), load(out, r2, j)
    s3, s4, s5 = load(out, r3, j), load(out, r4, j), load(out, r5, j)
    s6, s7 = load(out, r6, j), load(out, r7, j)
    for k in range(a.shape[1]):
        b = load(panel, k, 0)
        s0 = add_multiple(s0, a[r0, k], b)
        s1 = add_multiple(s1, a[r1, k], b)
        s2 = add_multiple(s2, a[r2, k], b)
        s3 = add_multiple(s3, a[r3, k], b)
        s4 = add_multiple(s4, a[r4, k], b)
        s5 = add_multiple(s5, a[r5, k], b)
        s6 = add_multiple(s6, a[r6, k], b)
        s7 = add_multiple(s7, a[r7, k], b)
    store(s0, out, r0, j)
    store(s1, out, r1, j)
    store(s2, out, r2, j)
    store(s3, out, r3, j)
    store(s4, out, r4, j)
    store(s5, out, r5, j)
    store(s6, out, r6, j)
    store(s7, out, r7, j)
