"""Deletion: notes that matter move the log-odds when they are removed."""

import numpy as np
import pytest
from helpers import random_music

import lstmviz as lv
from lstmviz.music.notes import PLAYED
from lstmviz.pictures.contributions import contributions
from lstmviz.reading.deletion import alike, without


@pytest.fixture(scope="module")
def why():
    return lv.attribution(lv.load("tiny"), lv.song("musette"), 100, "G4")


def test_removing_the_notes_named_is_hearing_a_piece_without_them(why):
    net = lv.load("tiny")
    found = lv.deletion_test(net, why)
    states = why.piece.states.copy()
    for note in found.named_notes:
        states[note.start : note.stop, note.pitch - why.piece.low] = 0
    z = net.forward(why.piece.replace(states=states)).z
    moved = z[100, why.note - why.piece.low, PLAYED] - why.log_odds
    assert found.named == pytest.approx(moved, abs=1e-3)
    assert found.predicted == -sum(note.value for note in found.named_notes)


def test_the_notes_named_matter_more_than_others_equally_recent(why):
    found = lv.deletion_test(lv.load("tiny"), why)
    assert abs(found.named) > 3 * abs(found.others)
    sets = [
        {(note.pitch, note.start) for note in notes}
        for notes in (found.named_notes, found.other_notes)
    ]
    assert not sets[0] & sets[1]
    assert len(sets[0] | sets[1]) == 10
    smallest = min(abs(note.value) for note in found.named_notes)
    assert smallest >= max(abs(note.value) for note in found.other_notes)
    assert not any(n.below for n in found.named_notes + found.other_notes)


def test_alike_takes_the_nearest_note_once(why):
    heard = [note for note in why.notes() if not note.below]
    twins = alike(heard[:3], heard[:3])
    assert twins == heard[:3]
    (nearest,) = alike(heard[:1], heard[1:])
    gap = [abs(n.start - heard[0].start) + abs(n.stop - heard[0].stop) for n in heard]
    assert gap[heard.index(nearest)] == min(gap[1:])


def test_a_note_is_removed_and_nothing_else(why):
    note = why.notes()[5]
    changed = np.argwhere(without(why, [note]) != why.window.states)
    assert set(changed[:, 1]) == {note.pitch - why.piece.low}
    steps = changed[:, 0] + why.start
    assert (steps.min(), steps.max() + 1) == (note.start, note.stop)


def test_too_few_notes_are_an_error():
    net = lv.Biaxial((3,), (3,), low=55, high=73)
    music = np.zeros((20, 18, 2), np.uint8)
    music[[3, 9], 5] = 1
    found = lv.attribution(net, lv.Piece(music, low=55), 12, 60)
    with pytest.raises(ValueError, match=r"2 notes were heard; .* 10 are needed"):
        lv.deletion_test(net, found)


# The picture ----------------------------------------------------------------------


def test_orange_is_for_and_blue_is_against_and_black_is_silence(why):
    image = contributions(why)
    N, low = why.heard.shape[1], why.piece.low
    assert image.shape == (N, 64 + 3, 3)
    for note in why.notes():
        column = 66 if note.below else note.start - why.start
        red, green, blue = image[N - 1 - (note.pitch - low), column].tolist()
        if abs(note.value) > 0.02:
            assert (red > blue) == (note.value > 0)
        assert green > 0
    sounding = why.window.states[..., PLAYED].T[::-1]
    np.testing.assert_array_equal(image[:, :64].any(axis=-1), sounding)
    assert image[N - 1 - (why.note - low), 66].tolist() == [128, 128, 128]
    assert not image[:, 64:66].any()


def test_the_note_that_contributed_most_has_the_strongest_colour(why):
    image = contributions(why).astype(int)
    best = why.top(1)[0]
    column = 66 if best.below else best.start - why.start
    row = len(image) - 1 - (best.pitch - why.piece.low)
    expected = [177, 63, 0] if best.value > 0 else [32, 97, 207]
    assert image[row, column].tolist() == expected


def test_the_chart_has_room_for_every_word(why):
    small = lv.attribution_chart(why, count=1, zoom=4)
    large = lv.attribution_chart(why, count=30, zoom=4, theme="dark", title="x")
    assert large.shape[0] > small.shape[0]


def test_a_chart_of_silence_can_be_drawn():
    net = lv.Biaxial((3,), (3,), low=55, high=73)
    silence = lv.Piece(np.zeros((20, 18, 2), np.uint8), low=55)
    found = lv.attribution(net, silence, 12, 60)
    assert found.notes() == []
    assert lv.attribution_chart(found).size
    music = lv.Piece(random_music(0, 20, 18), low=55)
    assert lv.attribution(net, music, 12, 55).below.sum() == 0
