"""Bars: where in its bar each time step stands.

The position of a step is the number of sixteenths since the bar line, 0 on it. An
array of positions says all about bars that the network and the pictures need:

    4/4                  0 1 2 ... 15 0 1 2 ... 15
    3/4                  0 1 2 ... 11 0 1 2 ... 11
    a quarter note before the first bar of 3/4 (a pickup)
                         8 9 10 11 0 1 2 ... 11 0 1 2 ... 11
"""

from itertools import pairwise

import numpy as np

from lstmviz.checks import shown

__all__ = [
    "STEPS_PER_BAR",
    "bar_length",
    "bar_lines",
    "bar_numbers",
    "bar_steps",
    "check_positions",
    "continued",
    "nearest_step",
    "positions_of_bars",
    "positions_of_signatures",
]

STEPS_PER_BAR = (
    16  # sixteenth notes in a 4/4 bar, which is assumed where nothing is said
)
STEPS_PER_BEAT = 4  # a beat is a quarter note


# Positions ----------------------------------------------------------------------


def positions_of_bars(steps, bar=STEPS_PER_BAR, pickup=0):
    """Return the positions of so many steps, in bars of equal length.

    Parameters
    ----------
    steps : int
    bar : int
        Sixteenths of a bar.
    pickup : int
        Sixteenths of a short first bar, which ends on the bar line.

    Examples
    --------
    >>> positions_of_bars(7, bar=4, pickup=1).tolist()
    [3, 0, 1, 2, 3, 0, 1]
    """
    return (np.arange(steps) - pickup) % bar


def continued(position, steps, bar=None):
    """Return the positions of so many steps that follow.

    Their bars are like the last one, see `bar_length`, unless `bar` says how long
    they are. Without any steps before, or after a bar that is as long already, the
    first one is on a bar line.

    >>> continued(np.array([2, 0, 1]), steps=4).tolist()
    [2, 0, 1, 2]
    """
    if len(position) == 0:
        return positions_of_bars(steps, bar or STEPS_PER_BAR)
    bar = bar or bar_length(position)
    first = min(position[-1] + 1, bar)
    return (first + np.arange(steps)) % bar


def bar_length(position):
    """Return the length of the bar that the last step belongs to, in sixteenths.

    It is that of the last bar that ended, or 16 if none has, unless the last bar is
    longer already: then it is taken to be full at the next quarter note.

    >>> bar_length(np.array([2, 0, 1])), bar_length(np.array([0, 1]))
    (3, 16)
    """
    ends = position[:-1][position[1:] == 0]
    length = int(ends[-1]) + 1 if len(ends) else STEPS_PER_BAR
    so_far = int(position[-1]) + 1
    return length if so_far <= length else so_far + -so_far % STEPS_PER_BEAT


def bar_lines(position):
    """Return the steps on which a bar begins.

    >>> bar_lines(np.array([2, 0, 1, 2, 0])).tolist()
    [1, 4]
    """
    return np.flatnonzero(position == 0)


def bar_numbers(position):
    """Return the number of each step's bar: 1 for the first full bar, 0 for a pickup.

    >>> bar_numbers(np.array([2, 0, 1, 2, 0])).tolist()
    [0, 1, 1, 1, 2]
    """
    return np.cumsum(position == 0)


def check_positions(position, steps):
    """Return positions as an integer array, or raise a ValueError.

    Each step must stand one sixteenth after the step before, or on a bar line.
    """
    try:
        array = np.asarray(position)
    except ValueError:  # lists that differ in length
        raise ValueError(f"position must have shape ({steps},)") from None
    if array.shape != (steps,):
        raise ValueError(f"position must have shape ({steps},), not {array.shape}")
    if array.dtype.kind not in "iu" or ((array < 0) | (array >= 2**31)).any():
        raise ValueError("position must hold whole numbers from 0 up")
    array = array.astype(np.int64)
    wrong = np.flatnonzero((array[1:] != 0) & (array[1:] != array[:-1] + 1))
    if len(wrong):
        step = int(wrong[0]) + 1
        raise ValueError(
            f"position {array[step]} at step {step} follows {array[step - 1]}: "
            f"0 or {array[step - 1] + 1} would be right"
        )
    return array


# Time signatures ----------------------------------------------------------------


def bar_steps(metre):
    """Return the length of a bar in sixteenths, from a metre such as "3/4".

    >>> bar_steps("3/4"), bar_steps("6/8"), bar_steps("5/16")
    (12, 12, 5)

    Raises
    ------
    ValueError
        It is no metre, or its bar is no whole number of sixteenths.
    """
    count, slash, unit = str(metre).partition("/")
    short = len(count) < 5 and len(unit) < 5
    if not (short and slash and count.isdecimal() and unit.isdecimal()):
        raise ValueError(f"a metre is written as 3/4 or 6/8, not {shown(metre)}")
    if int(unit) not in (1, 2, 4, 8, 16, 32, 64):
        raise ValueError(f"{metre}: the lower number is 1, 2, 4, 8, 16, 32 or 64")
    steps, rest = divmod(16 * int(count), int(unit))
    if rest or not 1 <= steps <= 255:
        raise ValueError(
            f"{metre}: a bar must last a whole number of sixteenths, from 1 to 255"
        )
    return steps


def nearest_step(tick, ticks_per_beat):
    """Return the nearest step, halves up, in exact integers: floor(4 t / b + 1/2).

    >>> [nearest_step(tick, ticks_per_beat=24) for tick in (0, 2, 3, 8, 9)]
    [0, 0, 1, 1, 2]
    """
    return (2 * STEPS_PER_BEAT * tick + ticks_per_beat) // (2 * ticks_per_beat)


def positions_of_signatures(signatures, steps, ticks_per_beat, pickup=True):
    """Return the positions of so many steps from the time signatures of a MIDI file.

    A time signature begins a bar wherever it stands. Bar lines are rounded to the
    nearest step, as notes are. What comes before the last time signature whose bar is
    longer than all the music up to it is a pickup: it is counted to end on the bar
    line.

    Parameters
    ----------
    signatures : dict of int -> (int, int)
        Tick -> numerator and denominator. Before the first one, and without any, the
        metre is 4/4.
    steps : int
        At least 1.
    ticks_per_beat : int
    pickup : bool
        Whether there may be a pickup.

    Examples
    --------
    A quarter note before 3/4, at 24 ticks a quarter note:

    >>> signatures = {0: (1, 4), 24: (3, 4)}
    >>> positions_of_signatures(signatures, steps=18, ticks_per_beat=24).tolist()
    [8, 9, 10, 11, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0, 1]
    """
    end = -(-steps * ticks_per_beat // STEPS_PER_BEAT)
    changes = sorted(({0: (4, 4)} | signatures).items())
    changes = [change for change in changes if change[0] < end]
    begins = np.zeros(steps, np.int64)  # the step on which each step's bar begins
    short, bar = 0, 0  # steps of the pickup, and of the bar that it is the end of
    for (tick, (count, unit)), (stop, _) in pairwise([*changes, (end, None)]):
        whole = 4 * ticks_per_beat * count  # ticks of a bar, times `unit`
        bars = -(-(stop - tick) * unit // whole)
        lines = nearest_step(
            tick * unit + whole * np.arange(bars), ticks_per_beat * unit
        )
        lines = lines[lines < steps]
        begins[lines] = lines
        if pickup and tick * unit < whole:
            short = nearest_step(tick, ticks_per_beat)
            bar = nearest_step(whole, ticks_per_beat * unit)
    position = np.arange(steps) - np.maximum.accumulate(begins)
    position[:short] = bar - short + np.arange(short)
    return position
