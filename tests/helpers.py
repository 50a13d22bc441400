"""What several tests need: music, traces, gradients without calculus, students."""

import tempfile
from pathlib import Path

import numba
import numpy as np
import pytest

import lstmviz as lv
from lstmviz.cells.lstm import Layer
from lstmviz.coursework.judge import judge

TUTORIALS = Path(__file__).parents[1] / "tutorials"
compiled = pytest.mark.skipif(  # NUMBA_DISABLE_JIT=1, to see or measure kernels at work
    bool(numba.config.DISABLE_JIT), reason="kernels are plain Python"
)


def random_music(seed, T, N, density=0.3):
    """Return random note states (T, N, 2): every note begins by being struck."""
    rng = np.random.default_rng(seed)
    played = rng.random((T, N)) < density
    began = played & ~np.roll(played, 1, axis=0)
    began[0] = played[0]
    again = played & (rng.random((T, N)) < 0.3)
    return np.stack([played, began | again], axis=-1).astype(np.uint8)


def random_positions(seed, T):
    """Return the positions of T steps in bars of random lengths, from any place on."""
    rng = np.random.default_rng(seed)
    position = [int(rng.integers(40))]
    while len(position) < T:
        position.append(0 if rng.random() < 0.1 else position[-1] + 1)
    return np.array(position)


def tiny_trace(S=3, N=2, sizes=(("time1", 3), ("note1", 1)), seed=0):
    """Return a trace whose every number is different."""
    rng = np.random.default_rng(seed)
    layers = {
        name: Layer(*rng.normal(0, 2, (6, S, N, H)).astype(np.float32))
        for name, H in sizes
    }
    music = random_music(seed, T=S + 1, N=N, density=0.6)
    probability = rng.random((S, N, 2)).astype(np.float32)
    return trace_of(layers, music, probability, 60)


def trace_of(layers, music, probability, low):
    """Return the trace of music (S + 1, N, 2); note layers are those called note..."""
    up = [name for name in layers if name.startswith("note")]
    time_layers = {name: layers[name] for name in layers if name not in up}
    note_layers = {name: layers[name] for name in up}
    return lv.Trace(time_layers, note_layers, music[:-1], probability, music[1:], low)


def packed(image):
    """Return an image with one number for each pixel, instead of three."""
    return image.astype(np.int32) @ [65536, 256, 1]


def places(inner, outer):
    """Return every (row, column) at which one image stands in another."""
    inner, outer = packed(inner), packed(outer)
    height, width = inner.shape
    rows, columns = len(outer) - height + 1, outer.shape[1] - width + 1
    found = np.ones((rows, columns), bool)
    corner = (height - 1, width - 1)
    for y, x in np.linspace((0, 0), corner, 20).astype(int):  # most fail here
        found &= outer[y : y + rows, x : x + columns] == inner[y, x]
    return [
        (y, x)
        for y, x in np.argwhere(found)
        if np.array_equal(outer[y : y + height, x : x + width], inner)
    ]


def central_differences(loss, array, epsilon=5e-5, where=True):
    """Return ∂loss/∂array by nudging each number of `array` up and down in place.

    It is 0 where `where` is False: those numbers are left as they are.
    """
    gradient = np.zeros_like(array)
    for place in zip(*np.nonzero(np.broadcast_to(where, array.shape)), strict=True):
        kept = array[place]
        array[place] = kept + epsilon
        above = loss()
        array[place] = kept - epsilon
        below = loss()
        array[place] = kept
        gradient[place] = (above - below) / (2 * epsilon)
    return gradient


def told(folder, exercise, *pieces):
    """Return what a student is told whose solution has pieces replaced: right, wrong.

    `exercise` is the name of the file; `folder` is where to write theirs.
    """
    source = (TUTORIALS / "solutions" / f"{exercise}.py").read_text()
    for right, wrong in zip(pieces[::2], pieces[1::2], strict=True):
        assert right in source, f"{exercise} has no {right!r}"
        source = source.replace(right, wrong)
    # In a folder of its own: of a file that is replaced within a second by one as long,
    # Python may run the byte code that it kept of the first.
    path = Path(tempfile.mkdtemp(dir=folder)) / f"{exercise}.py"
    path.write_text(source)
    _, *faults = judge(path)
    return "\n".join(line for lines in faults for line in lines)
