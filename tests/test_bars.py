"""Bars: where each step stands, in every metre, with and without a pickup."""

from fractions import Fraction
from math import floor

import numpy as np
import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from lstmviz.music.bars import (
    bar_length,
    bar_lines,
    bar_numbers,
    bar_steps,
    check_positions,
    continued,
    positions_of_bars,
    positions_of_signatures,
)

TPB = 480
STEP = TPB // 4


def positions(*signatures, steps, tpb=TPB):
    """Return the positions of signatures (tick, numerator, denominator), as a list."""
    changes = {tick: (count, unit) for tick, count, unit in signatures}
    return positions_of_signatures(changes, steps, tpb).tolist()


def bars(*lengths):
    """Return the positions of complete bars of these lengths, as a list."""
    return [step for length in lengths for step in range(length)]


# Equal bars


def test_plain_music_is_in_four_four():
    assert positions_of_bars(40).tolist() == bars(16, 16, 8)


def test_a_pickup_ends_on_the_bar_line():
    assert positions_of_bars(20, bar=12, pickup=4).tolist() == [
        *range(8, 12),
        *bars(12, 4),
    ]
    assert positions_of_bars(3, bar=12, pickup=4).tolist() == [8, 9, 10]


@given(st.integers(1, 100), st.integers(1, 255), st.data())
def test_positions_of_equal_bars_are_right(steps, bar, data):
    pickup = data.draw(st.integers(0, bar - 1))
    position = positions_of_bars(steps, bar, pickup)
    assert np.array_equal(check_positions(position, steps), position)
    assert bar_lines(position).tolist() == list(range(pickup, steps, bar))


def test_bars_are_counted_from_the_first_full_one():
    position = positions_of_bars(30, bar=12, pickup=4)
    assert bar_numbers(position).tolist() == [0] * 4 + [1] * 12 + [2] * 12 + [3] * 2
    assert bar_numbers(position[4:])[0] == 1


# Continuing


@pytest.mark.parametrize(
    ("before", "length"),
    [
        (bars(12, 5), 12),  # the last bar is like the one before
        (bars(12, 12), 12),
        ([10, 11, *bars(3)], 12),  # a pickup has told how long a bar is
        (bars(16, 12, 2), 12),  # like the last one that ended, not like the first
        (bars(5), 16),  # nothing told: 4/4
        (bars(12, 13), 16),  # longer than the one before: a whole number of quarters
        (bars(17), 20),
        (bars(3, 4), 4),
    ],
)
def test_the_length_of_the_last_bar(before, length):
    before = np.array(before)
    assert bar_length(before) == length
    after = [*range(before[-1] + 1, length), *range(length), *range(length)]
    assert continued(before, len(after)).tolist() == after


def test_music_that_continues_is_cut_and_joined_without_a_trace():
    whole = positions_of_bars(200, bar=12, pickup=5)
    for cut in range(6, 100):
        assert np.array_equal(continued(whole[:cut], 100), whole[cut : cut + 100])


def test_nothing_is_continued_from_a_bar_line():
    nothing = np.zeros(0, int)
    assert continued(nothing, 18).tolist() == bars(16, 2)
    assert continued(nothing, 18, bar=12).tolist() == bars(12, 6)


def test_another_length_of_bar_can_be_asked_for():
    assert continued(np.array([0]), 13, bar=12).tolist() == [*range(1, 12), 0, 1]


def test_a_bar_that_is_longer_than_the_next_ones_ends_at_once():
    assert continued(np.arange(7), 5, bar=4).tolist() == [0, 1, 2, 3, 0]


# Positions that cannot be


@pytest.mark.parametrize(
    ("position", "said"),
    [
        ([0, 1, 3], "position 3 at step 2 follows 1: 0 or 2 would be right"),
        ([0, 1, 1], "position 1 at step 2 follows 1: 0 or 2 would be right"),
        ([3, 2, 0], "position 2 at step 1 follows 3: 0 or 4 would be right"),
        ([0, 1], r"position must have shape \(3,\), not \(2,\)"),
        ([[0, 1, 2]], r"position must have shape \(3,\), not \(1, 3\)"),
        (4, r"position must have shape \(3,\), not \(\)"),
        ([0.0, 1.0, 2.0], "whole numbers from 0 up"),
        ([-1, 0, 1], "whole numbers from 0 up"),
        (["0", "1", "2"], "whole numbers from 0 up"),
        ([False, True, False], "whole numbers from 0 up"),
    ],
)
def test_positions_that_do_not_count_are_refused_in_one_line(position, said):
    with pytest.raises(ValueError, match=said) as error:
        check_positions(position, steps=3)
    assert "\n" not in str(error.value)


def test_positions_become_integers_with_a_sign():
    position = check_positions(np.array([254, 255, 0], np.uint8), steps=3)
    assert position.dtype == np.int64
    assert position.tolist() == [254, 255, 0]


# Metres in words


@pytest.mark.parametrize(
    ("metre", "steps"),
    [
        *(("4/4", 16), ("3/4", 12), ("2/2", 16), ("6/8", 12), ("5/4", 20)),
        *(("12/8", 24), ("7/16", 7), ("2/32", 1), ("4/64", 1), ("1/1", 16)),
        *(("255/16", 255), ("15/1", 240)),
    ],
)
def test_a_bar_is_as_long_as_its_metre_says(metre, steps):
    assert bar_steps(metre) == steps


@pytest.mark.parametrize(
    ("metre", "said"),
    [
        ("4", "a metre is written as 3/4 or 6/8, not '4'"),
        ("C", "a metre is written as 3/4 or 6/8, not 'C'"),
        ("", "a metre is written as 3/4 or 6/8, not ''"),
        (None, "a metre is written as 3/4 or 6/8, not None"),
        ("-3/4", "a metre is written as 3/4 or 6/8, not '-3/4'"),
        ("3/4/4", "a metre is written as 3/4 or 6/8, not '3/4/4'"),
        ("4/3", "4/3: the lower number is 1, 2, 4, 8, 16, 32 or 64"),
        ("4/0", "4/0: the lower number is 1, 2, 4, 8, 16, 32 or 64"),
        ("3/32", "3/32: a bar must last a whole number of sixteenths, from 1 to 255"),
        ("0/4", "0/4: a bar must last a whole number of sixteenths, from 1 to 255"),
        ("16/1", "16/1: a bar must last a whole number of sixteenths, from 1 to 255"),
    ],
)
def test_what_is_no_metre_is_refused_in_one_line(metre, said):
    with pytest.raises(ValueError, match="^" + said + "$"):
        bar_steps(metre)


# Time signatures, by hand


def test_without_a_time_signature_the_metre_is_four_four():
    assert positions(steps=35) == bars(16, 16, 3)


@pytest.mark.parametrize(
    ("count", "unit", "bar"),
    [
        (3, 4, 12),
        (6, 8, 12),
        (5, 4, 20),
        (12, 8, 24),
        (7, 16, 7),
        (2, 2, 16),
        (4, 2, 32),
    ],
)
def test_each_metre_has_its_bars(count, unit, bar):
    assert positions((0, count, unit), steps=2 * bar + 3) == bars(bar, bar, 3)


def test_a_time_signature_begins_a_bar_wherever_it_stands():
    changes = (0, 4, 4), (16 * STEP, 3, 4), (34 * STEP, 2, 4)
    # the second bar of 3/4 is cut off after six sixteenths
    assert positions(*changes, steps=45) == bars(16, 12, 6, 8, 3)


def test_the_same_time_signature_again_begins_a_bar_too():
    assert positions((0, 4, 4), (20 * STEP, 4, 4), steps=40) == bars(16, 4, 16, 4)


def test_before_the_first_time_signature_the_metre_is_four_four():
    assert positions((32 * STEP, 3, 4), steps=50) == bars(16, 16, 12, 6)


def test_a_time_signature_after_the_music_changes_nothing():
    assert positions((8 * STEP, 4, 4), steps=8) == bars(8)
    assert positions((8 * STEP, 3, 4), (9 * STEP, 4, 4), steps=8) == bars(8)


def test_bar_lines_are_rounded_like_notes_halves_up():
    # 5/32 is 2.5 sixteenths: bar lines at 0, 2.5, 5, 7.5, 10 ...
    assert positions((0, 5, 32), steps=13) == bars(3, 2, 3, 2, 3)
    # 7/64 is 1.75 sixteenths: 0, 1.75, 3.5, 5.25, 7, 8.75 ...
    assert positions((0, 7, 64), steps=11) == bars(2, 2, 1, 2, 2, 2)


def test_a_bar_shorter_than_a_step_leaves_one_bar_line_a_step():
    assert positions((0, 1, 64), steps=5) == [0] * 5


@pytest.mark.parametrize("tpb", [1, 2, 24, 97, 480, 32767])
def test_the_resolution_of_the_file_changes_nothing(tpb):
    changes = (0, 3, 4), (3 * tpb, 5, 8), (8 * tpb, 2, 4)
    # 5/8 are 10 sixteenths: 12 up to 32, where 2/4 begins
    assert positions(*changes, steps=44, tpb=tpb) == bars(12, 10, 10, 8, 4)


# A short first bar is a pickup: it is counted to end on the bar line


def test_a_quarter_before_four_four():
    assert positions((0, 1, 4), (4 * STEP, 4, 4), steps=24) == [
        *range(12, 16),
        *bars(16, 4),
    ]


def test_three_eighths_before_two_halves():
    assert positions((0, 3, 8), (6 * STEP, 2, 2), steps=24) == [
        *range(10, 16),
        *bars(16, 2),
    ]


def test_a_pickup_without_a_time_signature_of_its_own():
    assert positions((4 * STEP, 3, 4), steps=18) == [*range(8, 12), *bars(12, 2)]


def test_several_time_signatures_before_the_first_full_bar():
    changes = (0, 1, 8), (2 * STEP, 1, 4), (6 * STEP, 4, 4), (22 * STEP, 3, 4)
    assert positions(*changes, steps=36) == [*range(10, 16), *bars(16, 12, 2)]


def test_the_last_bar_that_is_longer_than_all_before_it_decides():
    # 1/8, then 3/8, then 4/4 after 2 + 6 sixteenths: 3/8 > 1/8, but 4/4 comes later
    changes = (0, 1, 8), (2 * STEP, 3, 8), (8 * STEP, 4, 4)
    assert positions(*changes, steps=26) == [*range(8, 16), *bars(16, 2)]


def test_bars_within_a_pickup_are_not_bars():
    # Three bars of 2/16, then 4/4: six sixteenths that end on the bar line.
    assert positions((0, 2, 16), (6 * STEP, 4, 4), steps=22) == [
        *range(10, 16),
        *bars(16),
    ]


def test_as_much_music_as_a_bar_is_a_bar():
    assert positions((0, 2, 4), (8 * STEP, 4, 8), steps=20) == bars(8, 8, 4)
    assert positions((0, 1, 4), (15 * STEP, 4, 4), steps=16) == [*range(1, 16), 0]
    assert positions((0, 1, 4), (16 * STEP, 4, 4), steps=17) == bars(4, 4, 4, 4, 1)


def test_a_pattern_in_the_middle_of_the_music_has_no_pickup():
    changes = {0: (1, 4), 4 * STEP: (4, 4)}
    found = positions_of_signatures(changes, 24, TPB, pickup=False)
    assert found.tolist() == bars(4, 16, 4)


# Time signatures, against a definition that is slow and obvious


def positions_one_by_one(signatures, steps, tpb):
    """Return what `positions_of_signatures` does, with every bar line in a set."""

    def step(tick):
        return floor(4 * Fraction(tick) / tpb + Fraction(1, 2))

    end = Fraction(steps * tpb, 4)
    changes = sorted(({0: (4, 4)} | signatures).items())
    lines, pickup = set(), None
    for n, (tick, (count, unit)) in enumerate(changes):
        if tick >= end:
            break
        bar = 4 * tpb * Fraction(count, unit)
        stop = changes[n + 1][0] if n + 1 < len(changes) else end
        line = Fraction(tick)
        while line < min(stop, end):
            lines.add(step(line))
            line += bar
        if bar > tick:
            pickup = tick, bar
    position, found = 0, []
    for t in range(steps):
        position = 0 if t in lines else position + 1
        found.append(position)
    tick, bar = pickup
    for t in range(step(tick)):
        found[t] = step(bar) - step(tick) + t
    return found


@st.composite
def time_signatures(draw, tpb):
    """Draw time signatures of a file: tick -> (numerator, denominator)."""
    ticks = st.one_of(
        st.integers(0, 20 * tpb),
        st.integers(0, 160).map(lambda step: step * tpb // 8),
        st.integers(0, 2 * tpb),
    )
    unit = st.sampled_from([1, 2, 4, 8, 16, 32, 64])
    signature = st.tuples(st.integers(1, 9) | st.integers(1, 255), unit)
    return draw(st.dictionaries(ticks, signature, max_size=6))


@given(
    tpb=st.sampled_from([1, 2, 3, 24, 97, 120, 480, 32767]),
    steps=st.integers(1, 90),
    data=st.data(),
)
def test_positions_are_the_definition_bar_by_bar(tpb, steps, data):
    signatures = data.draw(time_signatures(tpb))
    found = positions_of_signatures(signatures, steps, tpb)
    assert found.tolist() == positions_one_by_one(signatures, steps, tpb)


@given(
    tpb=st.sampled_from([1, 24, 97, 480]),
    steps=st.integers(1, 90),
    data=st.data(),
)
@example(tpb=24, steps=9, data=None)
def test_positions_of_any_signatures_count_from_bar_line_to_bar_line(tpb, steps, data):
    signatures = data.draw(time_signatures(tpb)) if data else {0: (7, 64), 21: (5, 32)}
    found = positions_of_signatures(signatures, steps, tpb)
    assert np.array_equal(check_positions(found, steps), found)


@given(tpb=st.sampled_from([24, 480]), steps=st.integers(2, 90), data=st.data())
def test_music_that_is_longer_has_the_same_bars_at_its_beginning(tpb, steps, data):
    signatures = data.draw(time_signatures(tpb))
    shorter = data.draw(st.integers(1, steps - 1))
    first = positions_of_signatures(signatures, shorter, tpb)
    # unless the longer music has a longer pickup
    later = [t for t in signatures if 4 * t >= shorter * tpb]
    assume(
        not any(4 * tpb * n > d * t for t, (n, d) in signatures.items() if t in later)
    )
    whole = positions_of_signatures(signatures, steps, tpb)
    assert np.array_equal(whole[:shorter], first)
