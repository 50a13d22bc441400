"""Fast: the functions of `cells` and the note features compiled with numba.

In reading order:

    jit.py         how numba is asked to compile, and when the user is told
    kernels.py     the layer and sampling up the notes: twins of `lstmviz.cells`
    features.py    the note features: twin of `lstmviz.music.features`
    threads.py     all cores at work
    buffers.py     buffers that are reused instead of allocated for every sequence
    backends.py    the choice between the NumPy definition and these twins
"""
