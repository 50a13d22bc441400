"""The fast twin of `music/features.py`, compiled by numba: the same features."""

import numpy as np

from lstmviz.fast.buffers import buffers
from lstmviz.fast.jit import kernel
from lstmviz.music.bars import STEPS_PER_BAR
from lstmviz.music.features import FEATURE_COUNT, FEATURES, REACH, feature_arguments
from lstmviz.music.notes import ARTICULATED, PLAYED

__all__ = ["note_features"]

PITCH_CLASS = FEATURES["pitch class"].start
VICINITY = FEATURES["vicinity"].start
CONTEXT = FEATURES["context"].start
BEAT = FEATURES["beat"].start
LONG_BAR = FEATURES["long bar"].start


def note_features(music, low=None, position=None):
    """Return the input of the network: see `music.features.note_features`."""
    states, low, position = feature_arguments(music, low, position)
    states = np.ascontiguousarray(states)
    *lead, T, N, _ = states.shape
    x = buffers.empty((*lead, T, N, FEATURE_COUNT))
    pieces, outputs = states.reshape(-1, T, N, 2), x.reshape(-1, T, N, FEATURE_COUNT)
    for piece, output in zip(pieces, outputs, strict=True):
        write_features(piece, low, position, output)
    return x


@kernel
def write_features(states, low, position, x):
    """Write the features of one piece (T, N, 2) into x (T, N, 80)."""
    T, N, _ = states.shape
    for t in range(T):
        sounding = np.zeros(12, np.float32)  # notes of each pitch class, C first
        for n in range(N):
            sounding[(low + n) % 12] += states[t, n, PLAYED]
        for n in range(N):
            own = (low + n) % 12
            x[t, n] = 0
            x[t, n, 0] = n
            x[t, n, PITCH_CLASS + own] = 1
            for m in range(max(n - REACH, 0), min(n + REACH + 1, N)):
                place = VICINITY + 2 * (m - n + REACH)
                x[t, n, place] = states[t, m, PLAYED]
                x[t, n, place + 1] = states[t, m, ARTICULATED]
            for k in range(12):
                x[t, n, CONTEXT + k] = sounding[(own + k) % 12]
            for bit in range(4):
                x[t, n, BEAT + bit] = 2 * (position[t] % STEPS_PER_BAR >> bit & 1) - 1
            x[t, n, LONG_BAR] = position[t] >= STEPS_PER_BAR
