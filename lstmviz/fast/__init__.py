"""Fast: the functions of `cells` and the note features compiled with numba.

In reading order:

    jit.py         how numba is asked to compile, and when the user is told
    threads.py     all cores at work
    buffers.py     buffers that are reused instead of allocated for every sequence
    vectors.py     vectors of numbers that stay in registers
    products.py    matrix products inside a kernel
    kernels.py     one layer: twin of `lstmviz.cells.lstm`
    sampling.py    sampling up the notes: twin of `lstmviz.cells.sampling`
    features.py    the note features: twin of `lstmviz.music.features`
    backends.py    the choice between the NumPy definition and these twins
"""
