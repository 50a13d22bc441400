"""Tutorial 3, *Music as numbers*: the beat, the vicinity and the context."""

from functools import partial

import numpy as np

from lstmviz.coursework.comparing import same
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.music import features
from lstmviz.music.notes import PLAYED

__all__ = ["beat", "context", "small_music", "vicinity"]


def small_music(T, N, edge=0):
    """Return note states (T, N, 2); the `edge` lowest and highest notes are silent."""
    played, articulated = np.random.default_rng(N).random((2, T, N)) < 0.6
    played[:, :edge] = played[:, N - edge :] = False
    return np.stack([played, played & articulated], axis=-1).astype(np.uint8)


# The beat -----------------------------------------------------------------------


@exercise(tutorial=3)
def beat(student):
    """t (steps,) -> (steps, 4)."""
    for t in (np.arange(16), np.array([16, 39, 64, 93, 18])):
        found = student(t)
        mistakes = outcomes(features._beat, BEAT_MISTAKES, t)
        if t[0] > 0:
            mistakes["The first bar is right. In each bar, count from 0: t mod 16."] = (
                found
            )
        about = partial(in_binary, t)
        same("the beat", found, features._beat(t), "step bit", mistakes, about=about)


def in_binary(t, step, bit):
    """Say what the beat of step t is, and why."""
    place = t[step] % 16
    beat = ", ".join("+1" if place >> k & 1 else "-1" for k in range(4))
    return f"t = {t[step]} is {place} in its bar, {place:04b} in binary: {beat}."


BITS = "(t % STEPS_PER_BAR)[:, None] >> np.arange(4) & 1"
BEAT_MISTAKES = f"""
These are 0 and 1: a 0 should become -1.
    2 * bits - 1 -> bits
The lowest bit, which changes at every step, is first; here the highest bit comes first.
    np.arange(4) -> np.arange(3, -1, -1)
The signs are swapped: a 0 should become -1, a 1 should become +1.
    2 * bits - 1 -> 1 - 2 * bits
Lowest bit first, -1 for 0 and +1 for 1: here both the order and the signs are swapped.
    2 * bits - 1 -> 1 - 2 * bits[:, ::-1]
The highest bit comes first, as 0 and 1: lowest bit first, -1 for a 0, +1 for a 1.
    2 * bits - 1 -> bits[:, ::-1]
The bits still have their weights 1, 2, 4, 8: make each 0 or 1, and then -1 or +1.
    2 * bits - 1 -> 2 * (bits << np.arange(4)) - 1
The bits still have their weights 1, 2, 4, 8: each should be -1 or +1.
    2 * bits - 1 -> bits << np.arange(4)
The higher bits are still there: after dividing, take the last digit only, % 2.
    & 1 ->
These numbers have no sign: in uint8 -1 is 255. Convert to int first.
    2 * bits - 1 -> np.where(bits, 1, 255)
In uint8 -1 is 255: convert to int first. And the lowest bit comes first.
    2 * bits - 1 -> np.where(bits[:, ::-1], 1, 255)
t % 4 still contains two bits, 0 to 3: divide it by 2 (//), t % 8 by 4, t % 16 by 8.
    {BITS} -> t[:, None] % 2 ** np.arange(1, 5)
t = 0 is step 0 of its bar: steps are counted from 0; here they are counted from 1.
    t % STEPS_PER_BAR -> (t + 1) % STEPS_PER_BAR
In Python, ^ is not a power: 2 to the power of k is 2**k.
    {BITS} -> t[:, None] % 16 // np.maximum(2 ^ np.arange(4), 1) % 2
One number for each step is not enough: there are four bits.
    {BITS} -> t % 16
"""


# The vicinity -------------------------------------------------------------------


@exercise(tutorial=3)
def vicinity(student):
    """states (T, N, 2) -> (T, N, 50)."""
    # Music far from the edges, then up to the edges, then with fewer notes than 25.
    for states in small_music(3, 60, edge=20), small_music(2, 30), small_music(4, 5):
        same(
            "the vicinity",
            student(states),
            features._vicinity(states),
            "step note feature",
            outcomes(features._vicinity, VICINITY_MISTAKES, states),
            about=partial(feature_name, states.shape[1]),
        )


def feature_name(N, t, n, feature):
    """Say what a feature of note n, out of N, means."""
    interval, kind = feature // 2 - features.REACH, ("played", "articulated")
    where = f"{abs(interval)} {'above' if interval > 0 else 'below'}"
    other = f"note {n + interval}, {where if interval else 'the note itself'},"
    if not 0 <= n + interval < N:
        other += " which does not exist,"
    return f"Feature {feature} is whether {other} is {kind[feature % 2]}."


STACKED, FLAT = "[played, articulated]", ".reshape(*states.shape[:-2], N, 50)"
SHIFTED_IN_TIME = """\
    [(0, 0)] * (states.ndim - 2) + [(REACH, REACH), (0, 0)]
        -> [(REACH, REACH), (0, 0), (0, 0)]
    axis=-2 -> axis=-3"""
VICINITY_MISTAKES = f"""
The numbers of an interval should be next to each other; here all played come first.
    axis=-1 -> axis=-2
For each interval, played comes first, then articulated; here they are swapped.
    {STACKED} -> [articulated, played]
The intervals are in reverse order: the octave below, -12, comes first.
    {STACKED} -> [played[..., ::-1], articulated[..., ::-1]]
The intervals are in reverse order, and articulated comes before played.
    {STACKED} -> [articulated[..., ::-1], played[..., ::-1]]
Both numbers of an interval say `played`; the second should say `articulated`.
    {STACKED} -> [played, played]
The intervals are too high by one: the first is -12, not -11.
    (REACH, REACH) -> (REACH - 1, REACH + 1)
The intervals are too low by one: the first is -12, not -13.
    (REACH, REACH) -> (REACH + 1, REACH - 1)
The octave above is missing: range(-12, 12) ends with 11.
    {STACKED} -> [(np.arange(25) < 24) * x for x in (played, articulated)]
The octave above is missing: range(-12, 12) has 24 intervals and ends with 11.
    {FLAT} -> [..., :24, :].reshape(*states.shape[:-2], N, 48)
The note itself belongs to its vicinity: the numbers of interval 0 are zero here.
    {STACKED} -> [(np.arange(25) != 12) * x for x in (played, articulated)]
The note itself belongs to its vicinity: interval 0 is left out.
    {FLAT} -> [..., np.arange(25) != 12, :].reshape(*states.shape[:-2], N, 48)
The second number of each interval is 0 everywhere: it should be articulated.
    {STACKED} -> [played, 0 * articulated]
The interval -12 has k = 0: add 12, since negative indices count from the end.
    {STACKED} -> [np.roll(x, -12, axis=-1) for x in (played, articulated)]
Notes near an edge have neighbours as well: only those that do not exist are 0.
    {FLAT}
        -> {FLAT} * ((np.arange(N) >= 12) & (np.arange(N) < N - 12))[:, None]
This says only whether each neighbour is played: a second number says articulated.
    np.stack({STACKED}, axis=-1){FLAT} -> played
Everything is shifted along time; neighbours are notes of the same step, along axis 1.
{SHIFTED_IN_TIME}
Everything is rotated along time (axis 0); neighbours are notes of the same step.
{SHIFTED_IN_TIME}
    np.pad(states, padding) -> np.pad(states, padding, "wrap")
The neighbours wrap around (np.roll does that); below the lowest note there is silence.
    np.pad(states, padding) -> np.pad(states, padding, "wrap")
Below the lowest note there is silence: a negative index counts from the end, and so
takes the highest notes.
    np.pad(states, padding)
        -> np.pad(states, padding, "wrap"); padded[..., REACH + N :, :] = 0
Beyond the edges the outermost notes are repeated; there should be silence.
    np.pad(states, padding) -> np.pad(states, padding, "edge")
"""


# The context --------------------------------------------------------------------


@exercise(tutorial=3)
def context(student):
    """played (T, N), low -> (T, N, 12)."""
    # A C; a G and a D, where the note's index is no pitch class.
    for low, N in (36, 30), (31, 30), (26, 17):
        played = small_music(3, N)[..., PLAYED]
        pitch_class = (low + np.arange(N)) % 12
        given = played, pitch_class
        mistakes = outcomes(features._context, CONTEXT_MISTAKES, *given)
        mistakes |= outcomes(counted, COUNTING_MISTAKES, played)
        same(
            "the context",
            student(played, low),
            features._context(*given),
            "step note interval",
            mistakes,
            about=partial(who_sounds, played, low),
        )


def who_sounds(played, low, t, n, interval):
    """Say which notes count towards this interval above note n at step t."""
    alike = [m for m in range(played.shape[1]) if (m - n - interval) % 12 == 0]
    sound = [m for m in alike if played[t, m]]
    return (
        f"Pitch class {(low + n + interval) % 12}, {interval} above note {n} (low is "
        f"{low}), contains notes {words(alike)}; of these, {words(sound)} sound."
    )


def words(numbers):
    """Write numbers one after the other.

    >>> words([3, 15]), words([])
    ('3, 15', 'none')
    """
    return ", ".join(map(str, numbers)) or "none"


def counted(played):
    """Return the context, counted by the distances between notes."""
    apart = np.arange(played.shape[1]) - np.arange(played.shape[1])[:, None]
    counts = np.full(apart.shape, True)  # which distances count
    heard = [played @ (counts & (apart % 12 == k)).T for k in range(12)]
    return np.stack(heard, axis=-1)


COUNTING_MISTAKES = """
A note that sounds counts itself as well.
    np.full(apart.shape, True) -> apart != 0
Only the notes above are counted; count those below as well.
    np.full(apart.shape, True) -> apart >= 0
Only the notes below are counted; count those above as well.
    np.full(apart.shape, True) -> apart <= 0
Only the next octave is counted: a pitch class sounds in all octaves.
    np.full(apart.shape, True) -> (apart >= 0) & (apart < 12)
"""
OWN = "pitch_class[:, None] + np.arange(12)"
ROTATED = f"count[..., ({OWN}) % 12]"
CONTEXT_MISTAKES = f"""
Every note gets the same numbers, from C upwards: each note should read the counts from
its own pitch class.
    {ROTATED} -> np.repeat(count[:, None], len(pitch_class), axis=1)
Every note gets the same numbers, without `low`: pitch classes are (low + n) % 12.
    {ROTATED} -> np.repeat(count[:, None], len(pitch_class), axis=1)
    [pitch_class] -> [np.arange(len(pitch_class)) % 12]
The counts are the same for all notes: each should read them from its own pitch class.
    {ROTATED} -> count
The counts are rotated in the wrong direction: number k is that of (own + k) % 12.
    {OWN} -> np.arange(12) - pitch_class[:, None]
The counts go down from the note's own pitch class; they should go up.
    + np.arange(12) -> - np.arange(12)
The counts start a semitone above the note; number 0 is the note's own pitch class.
    + np.arange(12) -> + np.arange(1, 13)
The counts do not wrap around: above B, 11, comes C again, 0. Take the sum % 12.
    {ROTATED} -> ({OWN} < 12) * {ROTATED}
np.roll without an axis moves numbers from one time step to the next: use axis=1.
    {ROTATED} -> np.stack([np.roll(count, -k) for k in pitch_class], axis=1)
`low` is left out where you count: pitch classes are (low + n) % 12.
    [pitch_class] -> [np.arange(len(pitch_class)) % 12]
`low` is left out where you rotate: a note's own pitch class is (low + n) % 12.
    pitch_class[:, None] + -> np.arange(len(pitch_class))[:, None] +
These say whether a pitch class sounds; return how many of its notes sound.
    {ROTATED} -> np.minimum(1, {ROTATED})
These are fractions of all notes that sound; return the counts themselves.
    {ROTATED} -> {ROTATED} / count.sum(axis=-1)[:, None, None]
count[:, pitch_class] += adds once for each pitch class, however many of its notes
sound: a loop, np.add.at or a matrix product adds them all.
    count = played @ np.eye(12, dtype=np.float32)[pitch_class]
        -> count = np.zeros((len(played), 12)); count[:, pitch_class] += played
All time steps are counted together: count the notes of each step by themselves.
    played @ -> np.tile(played.sum(axis=0), (len(played), 1)) @
"""
