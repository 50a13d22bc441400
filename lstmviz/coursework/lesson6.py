"""Tutorial 6, *Reading an artificial mind*: the snapshot, and tuning to the beat."""

import numpy as np

from lstmviz.cells.lstm import Layer
from lstmviz.coursework.comparing import Wrong, same
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.network.trace import Trace
from lstmviz.pictures import snapshot as library
from lstmviz.pictures.labels import DECISIONS, GAP

__all__ = ["beat_tuning", "snapshot"]


# The snapshot -------------------------------------------------------------------


@exercise(tutorial=6)
def snapshot(student):
    """layers, probability, chosen -> the picture, uint8 (height, width, 3)."""
    for N, sizes in (4, [5]), (5, [3, 6, 2]):  # one layer first: colours, decision
        moment = made_up(N, sizes)
        found, right = student(*moment), drawn(library.snapshot, *moment)
        check_size(found, N, sizes)
        x = np.where((right > 0) & (right < 255), right + 0.6, right) / 255
        mistakes = outcomes(byte, BYTE_MISTAKES, x)
        with np.errstate(invalid="ignore"):  # negative numbers are no bytes
            mistakes |= outcomes(
                library.snapshot,
                DRAWING_MISTAKES,
                *moment,
                run=drawn,
                first=WRITTEN_OUT,
            )
        same("the picture", found, right, "row column colour", mistakes)


def made_up(N, sizes):
    """Return layers, probability and chosen of one step.

    All colours lie between two bytes, k and k + 1, nearer to k + 1, and so far from
    both that float32 and float64 give the same byte.
    """
    rng = np.random.default_rng(N)

    def between(*shape):
        return (rng.integers(20, 235, shape) + 0.6) / 255

    layers = []
    for H in sizes:
        x = between(2, N, H)
        layers.append(tuple(np.log(x / (1 - x))))  # of which x is the sigmoid
    played = rng.permutation(N) < 2
    struck = played & (rng.permutation(N) < N - 1)
    chosen = np.stack([played, struck], axis=-1).astype(np.uint8)
    return layers, between(N, 2), chosen


def drawn(draw, layers, probability, chosen):
    """Draw with the library's snapshot, or a changed one, without the score's band."""
    layers = {
        f"layer{k}": Layer(*np.zeros((4, *h.shape))[:, None], c[None], h[None])
        for k, (h, c) in enumerate(layers)
    }
    trace = Trace(layers, {}, chosen[None], probability[None], chosen[None])
    return np.asarray(draw(trace, 0, past=1))[len(chosen) + GAP :]


def check_size(found, N, sizes):
    """Raise `Wrong` if the picture has another size, or its numbers are no bytes."""
    if not isinstance(found, np.ndarray) or found.ndim != 3 or found.shape[2] != 3:
        return  # `same` says what it is instead
    bands, widest = len(sizes), max(sizes)
    height, width = bands * (N + GAP) - GAP, widest + DECISIONS
    if found.shape[:2] not in ((height, width), (width, height)):
        tall, wide, _ = found.shape
        between = f"with {GAP} black rows between them " if bands > 1 else ""
        lines = [
            f"{bands} band{'s' * (bands > 1)} of {N} rows {between}"
            f"make{'s' * (bands == 1)} {height} rows, not {tall}"
        ] * (tall != height) + [
            f"{widest} neurons, of the widest layer, and the {DECISIONS} columns of "
            f"the decision make {width} columns, not {wide}"
        ] * (wide != width)
        raise Wrong(*lines)
    if found.dtype != np.uint8:
        raise Wrong(
            f"the picture should be an array of bytes, uint8, not {found.dtype}",
            "x from 0 to 1 becomes floor(255 x), then .astype(np.uint8).",
        )


def byte(x):
    """Return numbers from 0 to 1 as bytes."""
    return np.floor(255 * x)


BYTE_MISTAKES = """
This rounds to the nearest byte: it should be floor(255 x).
    np.floor -> np.round
x becomes floor(255 x), not 256 x: a byte is at most 255.
    np.floor(255 * x) -> np.floor(256 * x) % 256
x becomes floor(255 x), not floor(256 x).
    np.floor(255 * x) -> np.minimum(np.floor(256 * x), 255)
x is cut to 0 or 1: multiply it by 255 first.
    255 * x -> x
Colours are between 0 and 255, but chosen is 0 or 1: 1 should become 255.
    np.floor(255 * x) -> np.where(x < 1, np.floor(255 * x), x)
"""
H, C = "1 / (1 + np.exp(-h))", "1 / (1 + np.exp(-c))"
NEURONS = f"[0 * h, {H}, {C}]"
WRITTEN_OUT = f"""
    bands.append(layer_colours(layer, step, only, palette))
        -> h, c = layer.h[step], layer.c[step]
        -> ; bands.append(to_bytes(np.stack({NEURONS}, axis=-1)))
"""
DRAWING_MISTAKES = f"""
h and c are swapped: green is σ(h), blue is σ(c).
    {NEURONS} -> [0 * h, {C}, {H}]
The colours are (0, σ(h), σ(c)): red is 0, but here the first colour is not.
    {NEURONS} -> [{H}, {C}, 0 * h]
σ is missing: these are h and c themselves.
    {NEURONS} -> [0 * h, h, c]
A neuron's colours are σ(h) and σ(c), not tanh.
    {NEURONS} -> [0 * h, np.tanh(h), np.tanh(c)]
A neuron's colours are σ(h) and σ(c); this is (1 + tanh) / 2, which is σ(2 h).
    {NEURONS} -> [0 * h, (1 + np.tanh(h)) / 2, (1 + np.tanh(c)) / 2]
σ(0) is 0.5, not 0: the red of a neuron is 0.
    {NEURONS} -> [0 * h + 0.5, {H}, {C}]
h is in red: the colours are (0, σ(h), σ(c)).
    {NEURONS} -> [{H}, 0 * h, {C}]
High notes are on top; here every band is upside down.
    axis=1)[::-1] -> axis=1)
High notes are on top; here the neurons are upside down, but the decision is not.
    [band, decided], axis=1)[::-1] -> [band, decided[::-1]], axis=1)
High notes are on top; here the decision is upside down, but the neurons are not.
    [band, decided], axis=1)[::-1] -> [band[::-1], decided], axis=1)
The decision stands in the first band only; every band has it.
    [band, decided] -> [band, (place == 0) * decided]
    for band in bands] -> for place, band in enumerate(bands, -1)]
The decision is missing.
    [band, decided] -> [band, 0 * decided]
The decision should stand to the right of the neurons, not to the left.
    [band, decided] -> [decided, band]
Play and articulate are swapped: play comes first.
    [band, decided] -> [band, np.roll(decided, 7, axis=1)]
P(play) and P(articulate) are swapped.
    trace.probability[step] -> trace.probability[step, :, ::-1]
The red columns of played and articulated are swapped.
    trace.chosen[step] -> trace.chosen[step, :, ::-1]
In the decision, the grey column comes first, then the red one.
    [band, decided] -> [band, decided[:, np.arange(14) + np.tile([0] * 5 + [1, -1], 2)]]
The 5 black columns come first: they separate the decision from the neurons.
    [band, decided] -> [band, np.roll(decided, -5, axis=1)]
What was chosen is red, (255, 0, 0); this makes it white.
    [band, decided] -> [band, decided.max(axis=2, keepdims=True).repeat(3, axis=2)]
Probabilities are grey, the same in all three colours; this makes them red.
    [band, decided] -> [band, decided * np.uint8([1, 0, 0])]
All bands should end at the right edge; here the narrow bands are at the left.
    -band.shape[1] :] = band -> : band.shape[1]] = band
The decisions are at the right edge; the neurons should be directly to their left.
    image[top : top + N, -band.shape[1] :] = band
        -> image[top : top + N, : band.shape[1] - 14] = band[:, :-14]
        -> ; image[top : top + N, -14:] = band[:, -14:]
Each band begins N + 5 rows below the band above it; here it is N + 4.
    top = place * (N + GAP) -> top = place * (N + GAP - 1) + 1
Each band begins N + 5 rows below the band above it; here it is N: 5 rows are black.
    top = place * (N + GAP) -> top = place * N + GAP
The first layer should be on top; here the order is reversed.
    enumerate(bands) -> enumerate([bands[0], *bands[:0:-1]])
"""


# Beats --------------------------------------------------------------------------


@exercise(tutorial=6)
def beat_tuning(student):
    """h (S, N, H), start -> (16, H)."""
    # Two bars, then a third, incomplete.
    for S, N, H, start in (32, 3, 4, 0), (37, 2, 5, 0), (45, 3, 4, 6):
        h = np.random.default_rng(S).normal(size=(S, N, H))
        arguments = (h, start) if start else (h,)
        try:
            found = student(*arguments)
        except Wrong as wrong:
            incomplete = f"Here S is {S}: the last bar need not be complete."
            raise Wrong(*wrong.args, *[incomplete] * (S % 16 > 0)) from None
        same(
            f"beat_tuning{' with start = ' + str(start) if start else ''}",
            found,
            mean_by_beat(h, start),
            "beat neuron",
            outcomes(mean_by_beat, BEAT_MISTAKES, h, start),
        )


def mean_by_beat(h, start=0):
    """Return the mean hidden state at each step of the bar: (16, H)."""
    S = len(h)
    beat = (start + np.arange(S)) % 16
    return np.stack([h[beat == b].mean(axis=(0, 1)) for b in range(16)])


BEAT, MEAN = "(start + np.arange(S)) % 16", "h[beat == b].mean(axis=(0, 1))"
BEAT_MISTAKES = f"""
The mean over the notes is missing.
    {MEAN} -> h[beat == b].mean(axis=0)
This averages over the neurons; average over the notes.
    {MEAN} -> h[beat == b].mean(axis=(0, 2))
This averages over the neurons as well: each neuron should have its own number.
    {MEAN} -> h[beat == b].mean()
This is the sum over steps and notes: it should be the mean.
    {MEAN} -> h[beat == b].sum(axis=(0, 1))
Notes are summed: average over them, as over the steps.
    {MEAN} -> h[beat == b].mean(axis=0).sum(axis=0)
Steps are summed: average over them, as over the notes.
    {MEAN} -> h[beat == b].sum(axis=0).mean(axis=0)
This divides by all steps: divide by the number of steps at that place in the bar.
    {MEAN} -> h[beat == b].sum(axis=(0, 1)) / S / h.shape[1]
This divides as if the last bar were complete: divide by the steps at that place.
    {MEAN} -> h[beat == b].sum(axis=(0, 1)) / np.ceil(S / 16) / h.shape[1]
This divides by the complete bars only: divide by the number of steps at that place.
    {MEAN} -> h[beat == b].sum(axis=(0, 1)) / (S // 16) / h.shape[1]
The steps after the last complete bar are left out: include them.
    {BEAT} -> np.where(np.arange(S) < S // 16 * 16, {BEAT}, -1)
These are the first 16 steps only: average over all bars.
    {MEAN} -> h[b].mean(axis=0)
These are blocks of consecutive steps: average over steps s, s + 16, s + 32 ...
    {BEAT} -> np.arange(S) // (S // 16)
A bar has 16 steps; this counts to 4.
    16 -> 4
start is left out: step s is at (start + s) mod 16.
    {BEAT} -> np.arange(S) % 16
start is subtracted: step s is at (start + s) mod 16.
    {BEAT} -> (np.arange(S) - start) % 16
start says where step 0 is in its bar; do not leave out any steps.
    beat = {BEAT} -> h = h[start:]; beat = np.arange(S - start) % 16
"""
