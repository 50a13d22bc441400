"""Tutorial 3, *Music as numbers*: the beat, the vicinity and the context."""

from functools import partial

import numpy as np

from lstmviz.coursework.comparing import same
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson3_mistakes import BEAT, CONTEXT, VICINITY
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
        mistakes = outcomes(features._beat, BEAT, t)
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
            outcomes(features._vicinity, VICINITY, states),
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


# The context --------------------------------------------------------------------


@exercise(tutorial=3)
def context(student):
    """played (T, N), low -> (T, N, 12)."""
    # A C; a G and a D, where the note's index is no pitch class.
    for low, N in (36, 30), (31, 30), (26, 17):
        played = small_music(3, N)[..., PLAYED]
        pitch_class = (low + np.arange(N)) % 12
        mistakes = outcomes(features._context, CONTEXT, played, pitch_class)
        mistakes |= {why: counted(played, among) for why, among in COUNTING.items()}
        same(
            "the context",
            student(played, low),
            features._context(played, pitch_class),
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


def counted(played, among):
    """Return the context, but count only notes whose distance `among` accepts."""
    n = np.arange(played.shape[1])
    apart = n - n[:, None]
    heard = [played @ (among(apart) & (apart % 12 == k)).T for k in range(12)]
    return np.stack(heard, axis=-1)


COUNTING = {
    "A note that sounds counts itself as well.": lambda apart: apart != 0,
    "Only the notes above are counted; count those below as well.": lambda apart: (
        apart >= 0
    ),
    "Only the notes below are counted; count those above as well.": lambda apart: (
        apart <= 0
    ),
    "Only the next octave is counted: a pitch class sounds in all octaves.": (
        lambda apart: (apart >= 0) & (apart < 12)
    ),
}
