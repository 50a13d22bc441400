"""What the notation means, and that the songbook holds the music it names."""

import re
from importlib import resources
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.music import songbook as module
from lstmviz.music.notes import ARTICULATED, HIGH, LOW, PLAYED, states_from_notes
from lstmviz.music.songbook import Song, parse_song, song, songbook

HEAD = "title: T\ncomposer: C\nmetre: 2/4\nbpm: 90\n"
NAMES = list(songbook())
C4, D4, E4, G4 = 60, 62, 64, 67


def parse(name):
    """Return the header and the voices of a piece in the songbook."""
    file = resources.files("lstmviz.music") / "songs" / f"{name}.song"
    return parse_song(file.read_text("utf-8"), name)


def tune(bars, metre="2/4"):
    """Return the notes of a single voice, written without any header."""
    return parse_song(HEAD.replace("2/4", metre) + "tune: " + bars)[1]["tune"]


def pitches(name, voice, start=0, stop=None):
    """Return the pitches of one voice in the order they are struck, by letters."""
    return [spell(pitch) for pitch, _, _ in parse(name)[1][voice][start:stop]]


def spell(pitch):
    letters = ("c", "c#", "d", "d#", "e", "f", "f#", "g", "g#", "a", "a#", "b")
    return f"{letters[pitch % 12]}{pitch // 12 - 1}"


def chord(states, step):
    """Return what sounds at a step, lowest first, by letters."""
    return [spell(LOW + n) for n in np.flatnonzero(states[step, :, PLAYED])]


def struck(states, step):
    """Return what is struck at a step, lowest first, by letters."""
    return [spell(LOW + n) for n in np.flatnonzero(states[step, :, ARTICULATED])]


# The notation.


def test_a_note_is_letter_octave_and_length_in_sixteenths():
    assert tune("c4:4 e4:4") == [(C4, 0, 4), (E4, 4, 8)]


def test_middle_c_is_midi_60_and_an_octave_is_twelve():
    assert [pitch for pitch, _, _ in tune("c1:2 c4 c5 b5")] == [24, 60, 72, 83]


def test_sharps_raise_and_flats_lower_by_a_semitone():
    assert [p for p, _, _ in tune("f#3:2 gb3 b3 bb3")] == [54, 54, 59, 58]
    assert [p for p, _, _ in tune("cb4:2 b3 b#3 c4")] == [59, 59, 60, 60]


def test_a_length_holds_until_another_is_given_even_over_the_bar_line():
    assert [stop - start for _, start, stop in tune("c4:2 d4 e4:4 | f4 g4")] == [
        *(2, 2, 4),
        *(4, 4),
    ]


def test_the_notes_of_a_chord_sound_together():
    assert tune("c4+e4+g4:8") == [(C4, 0, 8), (E4, 0, 8), (G4, 0, 8)]


def test_a_rest_is_silent():
    assert tune("-:4 c4 | - c4") == [(C4, 4, 8), (C4, 12, 16)]


def test_a_tie_prolongs_a_note_or_a_whole_chord_over_the_bar_line():
    assert tune("c4:8 | ~:4 d4") == [(C4, 0, 12), (D4, 12, 16)]
    assert tune("c4+e4:8 | ~ | ~:2 -:6") == [(C4, 0, 18), (E4, 0, 18)]


def test_a_note_struck_twice_is_two_notes():
    assert tune("c4:4 c4") == [(C4, 0, 4), (C4, 4, 8)]


def test_a_percent_sign_plays_the_bar_before_once_more():
    assert tune("c4:2 d4:6 | % | %") == tune("c4:2 d4:6 | c4:2 d4:6 | c4:2 d4:6")


def test_a_repeated_tie_ties_again():
    assert tune("c4:8 | ~:4 d4 | %") == [(C4, 0, 12), (D4, 12, 20), (D4, 20, 24)]


def test_a_voice_goes_on_in_the_next_line_of_its_name():
    systems = "a: c4:8 | d4 |\nb: e4:8 | - |\n\na: | c4\nb: | e4"
    head, voices = parse_song(HEAD + systems)
    assert voices["a"] == [(C4, 0, 8), (D4, 8, 16), (C4, 16, 24)]
    assert voices["b"] == [(E4, 0, 8), (E4, 16, 24)]
    assert head.steps == 24


def test_comments_and_empty_lines_say_nothing():
    assert parse_song(HEAD + "; c4:1\n\n  ; more\na: c4:8")[1] == {"a": [(C4, 0, 8)]}


def test_the_header_is_read_as_it_stands():
    text = "bpm: 72\nmetre: 4/4\ntitle: A: B\ncomposer: Ü\na: c4:16"
    assert parse_song(text)[0] == Song("A: B", "Ü", "4/4", 72, steps=16)


def test_the_example_in_the_module_is_a_song():
    example = re.search(r"title: .*?(?=\n\nA voice)", module.__doc__, re.DOTALL)[0]
    head, voices = parse_song(example)
    assert head == Song("Lightly Row", "folk song", "4/4", 120, steps=64)
    assert voices["bass"][:2] == [(48, 0, 16), (55, 0, 16)]


def write(notes, bar_steps):
    """Return bars whose voice plays `notes`, (pitch, length), without a gap."""
    signs, step = [], 0
    for pitch, length in notes:
        name = spell(pitch)
        while length:
            part = min(length, bar_steps - step % bar_steps)
            signs.append(f"{name}:{part}")
            name, length, step = "~", length - part, step + part
            if step % bar_steps == 0:
                signs.append("|")
    rest = -step % bar_steps
    return " ".join([*signs, f"-:{rest}"] if rest else signs)


@given(
    notes=st.lists(
        st.tuples(st.integers(LOW, HIGH - 1), st.integers(1, 40)), min_size=1
    ),
    metre=st.sampled_from([("2/4", 8), ("4/4", 16)]),
)
def test_whatever_is_written_is_read_back(notes, metre):
    ends = np.cumsum([length for _, length in notes]).tolist()
    starts = [0, *ends[:-1]]
    played = [(p, a, b) for (p, _), a, b in zip(notes, starts, ends, strict=True)]
    assert tune(write(notes, metre[1]), metre[0]) == played


# What breaks a rule is refused in one line that says where.


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("a: h4:8", "mine, line 5, a, bar 1: 'h4:8' is not a note"),
        ("a: c:8", "'c:8' is not a note"),
        ("a: C4:8", "'C4:8' is not a note"),
        ("a: c4:0", "'c4:0' is not a note"),
        ("a: c4:x", "'c4:x' is not a note"),
        ("a: c4+-:8", r"'c4\+-:8' is not a note"),
        ("a: c4:4 %", "bar 1: '%' is not a note"),
        ("a: c4:8\na: c4:4 d4:2", "line 6, a, bar 2: the bar is 6 sixteenths long"),
        ("a: c4:8 | c4 | d4:9", "bar 3: the bar is 9 sixteenths long, but must be 8"),
        ("a: c4:8 | | d4", "bar 2: the bar is 0 sixteenths long"),
        ("a:", "bar 1: the bar is 0 sixteenths long"),
        ("a: c4 d4", "bar 1: the first sign of a voice must say how long it is"),
        ("a: ~:8", "bar 1: '~' goes on with a note, but none comes before"),
        ("a: c4:4 - | ~:8", "bar 2: '~' goes on with a note"),
        ("a: %", "bar 1: '%' repeats the bar before, but there is none"),
        ("a: c4:8 | d4\nb: c4:8", "same number of bars, but there are: a 2, b 1"),
        ("", "but there are: no voices"),
        ("two words: c4:8", "line 5: 'two words: c4:8' does not begin with a one-word"),
        ("nothing", "line 5: 'nothing' does not begin with a one-word name"),
    ],
)
def test_what_is_not_the_notation_is_refused_with_its_place(body, said):
    with pytest.raises(ValueError, match=said) as error:
        parse_song(HEAD + body, source="mine")
    assert str(error.value).startswith("mine")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("field", ["title", "composer", "metre", "bpm"])
def test_a_missing_header_line_is_named(field):
    text = re.sub(f"{field}: .*\n", "", HEAD) + "a: c4:8"
    with pytest.raises(ValueError, match=f"mine: there is no line '{field}: ...'"):
        parse_song(text, "mine")


@pytest.mark.parametrize("metre", ["3/4", "6/8", "4", "alla breve"])
def test_other_metres_are_refused(metre):
    with pytest.raises(ValueError, match=f"metre is 2/4 or 4/4, not '{metre}'"):
        tune("c4:12", metre)


@pytest.mark.parametrize("bpm", ["fast", "0", "-60", "72.5"])
def test_a_speed_that_is_no_whole_number_is_refused(bpm):
    with pytest.raises(ValueError, match=f"such as 120, not '{bpm}'"):
        parse_song(HEAD.replace("90", bpm) + "a: c4:8")


def test_an_unknown_name_is_answered_with_all_names():
    with pytest.raises(ValueError, match="no song is called 'prelude'") as error:
        song("prelude")
    assert all(name in str(error.value) for name in NAMES)
    assert "\n" not in str(error.value)


def test_a_misspelt_name_is_answered_with_the_right_one():
    with pytest.raises(ValueError, match=r"did you mean 'ode-to-joy'\?"):
        song("ode-too-joy")


@pytest.mark.parametrize("name", ["../notes", "", None, 3, "ode-to-joy.song"])
def test_only_a_name_from_the_list_is_a_name(name):
    with pytest.raises(ValueError, match="no song is called"):
        song(name)


# The songbook as a whole.


def test_there_are_at_least_a_dozen_songs_named_in_lower_case():
    assert len(NAMES) >= 12
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", name) for name in NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_every_song_is_long_enough_to_learn_from(name):
    head, voices = parse(name)
    assert songbook()[name] == head
    assert head.title
    assert head.composer
    assert head.metre in ("2/4", "4/4")
    assert 40 <= head.bpm <= 200
    assert head.steps >= 128
    assert 2 <= len(voices) <= 4
    assert all(voices.values())


@pytest.mark.parametrize("name", NAMES)
def test_no_voice_of_a_song_outlasts_it_or_strikes_a_note_that_still_sounds(name):
    head, voices = parse(name)
    for notes in voices.values():
        assert all(0 <= start < stop <= head.steps for _, start, stop in notes)
        for pitch in {pitch for pitch, _, _ in notes}:
            alone = [note for note in notes if note[0] == pitch]
            assert all(stop <= start for (*_, stop), (_, start, _) in pairwise(alone))


@pytest.mark.parametrize("name", NAMES)
def test_every_song_lies_within_the_notes_of_the_network_and_sounds(name):
    head, voices = parse(name)
    lowest = min(p for notes in voices.values() for p, _, _ in notes)
    highest = max(p for notes in voices.values() for p, _, _ in notes)
    assert LOW <= lowest < highest < HIGH
    states = song(name)
    assert states.shape == (head.steps, HIGH - LOW, 2)
    assert states.dtype == np.uint8
    assert states[:, :, PLAYED].any(axis=1).mean() > 0.8
    assert (states[..., PLAYED] >= states[..., ARTICULATED]).all()
    assert 1 < states[..., PLAYED].sum(axis=1).mean() < 8


def test_a_song_is_the_sum_of_its_voices():
    head, voices = parse("ode-to-joy")
    together = np.zeros((head.steps, HIGH - LOW, 2), np.uint8)
    for notes in voices.values():
        together |= states_from_notes(notes, head.steps)
    np.testing.assert_array_equal(song("ode-to-joy"), together)


def test_a_song_fits_a_smaller_network_without_its_other_notes():
    whole = song("ode-to-joy")
    part = song("ode-to-joy", low=48, high=72)
    np.testing.assert_array_equal(part, whole[:, 48 - LOW : 72 - LOW])


# The music: what anyone can look up in a score.


def test_the_prelude_has_35_bars():
    assert songbook()["prelude-in-c"].steps == 35 * 16


@pytest.mark.parametrize(
    ("bar", "notes"),
    [
        (1, "c4 e4 g4 c5 e5"),
        (2, "c4 d4 a4 d5 f5"),
        (3, "b3 d4 g4 d5 f5"),
        (4, "c4 e4 g4 c5 e5"),
        (5, "c4 e4 a4 e5 a5"),
        (6, "c4 d4 f#4 a4 d5"),
        (7, "b3 d4 g4 d5 g5"),
        (8, "b3 c4 e4 g4 c5"),
        (11, "g3 b3 d4 g4 b4"),
        (19, "c3 e3 g3 c4 e4"),
        (23, "g#2 f3 b3 c4 d4"),
        (32, "c2 c3 g3 a#3 e4"),
    ],
)
def test_half_a_bar_of_the_prelude_is_one_broken_chord(bar, notes):
    one, two, three, four, five = notes.split()
    states = song("prelude-in-c")[(bar - 1) * 16 : bar * 16]
    upwards = [one, two, three, four, five, three, four, five]
    assert [struck(states, step) for step in range(16)] == [[n] for n in upwards * 2]
    for half in (0, 8):  # the two lowest notes stay
        assert [one, two] == chord(states, half + 7)[:2]


def test_the_prelude_comes_home_to_c_major():
    states = song("prelude-in-c")
    for step in range(34 * 16, 35 * 16):
        assert chord(states, step) == ["c2", "c3", "e4", "g4", "c5"]


def test_the_bass_of_the_prelude_waits_on_g_for_eight_bars():
    low = parse("prelude-in-c")[1]["low"]
    assert {spell(p) for p, start, _ in low if 23 * 16 <= start < 31 * 16} == {"g2"}


def test_the_chorale_begins_in_e_minor_and_ends_in_e_major():
    states = song("jesu-meine-freude")
    assert [chord(states, step) for step in (0, 4, 8, 12, 16)] == [
        ["e3", "e4", "g4", "b4"],
        ["d3", "b3", "f#4", "b4"],
        ["c3", "c4", "e4", "a4"],
        ["c3", "g3", "e4", "g4"],
        ["a2", "c4", "e4", "f#4"],
    ]
    assert chord(states, 19 * 16 - 1) == ["e3", "g#3", "b3", "e4"]


def test_the_soprano_of_the_chorale_stays_on_top_and_the_bass_below():
    _, voices = parse("jesu-meine-freude")
    lines = np.zeros((4, 19 * 16), int)
    for line, notes in zip(lines, voices.values(), strict=True):
        for pitch, start, stop in notes:
            line[start:stop] = pitch
    assert (lines > 0).all()
    assert list(voices) == ["soprano", "alto", "tenor", "bass"]
    assert (lines[0] == lines.max(axis=0)).all()
    assert (lines[3] == lines.min(axis=0)).all()


def test_frere_jacques_is_a_canon_two_bars_and_an_octave_apart():
    _, voices = parse("frere-jacques")
    high, middle, low = voices["high"], voices["middle"], voices["low"]
    assert middle == [(p - 12, a + 32, b + 32) for p, a, b in high]
    assert low == [(p - 24, a + 64, b + 64) for p, a, b in high]


def test_pachelbels_violins_follow_each_other_two_bars_apart():
    head, voices = parse("canon-in-d")
    last_bar = head.steps - 16
    one, two, three = (
        [note for note in voices[name] if note[1] < last_bar]
        for name in ("one", "two", "three")
    )
    for follower, delay in ((two, 32), (three, 64)):
        leader = [(p, a + delay, b + delay) for p, a, b in one]
        assert follower == [note for note in leader if note[1] < last_bar]


def test_pachelbels_bass_is_the_same_two_bars_again_and_again():
    bass = pitches("canon-in-d", "bass", 0, 72)
    assert bass == ["d3", "a2", "b2", "f#2", "g2", "d2", "g2", "a2"] * 9


@pytest.mark.parametrize(
    ("name", "voice", "start", "notes"),
    [
        (
            "ode-to-joy",
            "soprano",
            0,
            "f#4 f#4 g4 a4 a4 g4 f#4 e4 d4 d4 e4 f#4 f#4 e4 e4",
        ),
        ("frere-jacques", "high", 0, "f5 g5 a5 f5 f5 g5 a5 f5 a5 a#5 c6 a5 a#5 c6"),
        ("ah-vous-dirai-je", "right", 0, "c5 c5 g5 g5 a5 a5 g5 f5 f5 e5 e5 d5 d5 c5"),
        ("korobeiniki", "melody", 0, "e5 b4 c5 d5 c5 b4 a4 a4 c5 e5 d5 c5 b4 c5 d5 e5"),
        ("auld-lang-syne", "soprano", 0, "c4 f4 f4 f4 a4 g4 f4 g4 a4 f4 f4 a4 c5 d5"),
        ("oh-susanna", "melody", 0, "c5 d5 e5 g5 g5 a5 g5 e5 c5 d5 e5 e5 d5 c5 d5"),
        ("mountain-king", "melody", 0, "b2 c#3 d3 e3 f#3 d3 f#3 f3 c#3 f3 e3 c3 e3"),
        ("the-entertainer", "right", 0, "d6 e6 c6 a5 b5 g5 d5 e5 c5 a4 b4 g4"),
        ("turkish-march", "right", 0, "b4 a4 g#4 a4 c5 d5 c5 b4 c5 e5 f5 e5 d#5 e5"),
        ("invention-in-c", "left", 0, "c3 d3 e3 f3 d3 e3 c3 g3 g2"),
        ("sonata-facile", "left", 0, "c4 g4 e4 g4 c4 g4 e4 g4 d4 g4 f4 g4"),
    ],
)
def test_a_melody_everyone_knows(name, voice, start, notes):
    notes = notes.split()
    assert pitches(name, voice, start, start + len(notes)) == notes


def test_the_left_hand_of_the_invention_imitates_the_right_half_a_bar_later():
    _, voices = parse("invention-in-c")
    right, left = voices["right"][:7], voices["left"][:7]
    assert left == [(p - 12, a + 8, b + 8) for p, a, b in right]


def test_the_joyful_tune_enters_a_beat_early_as_beethoven_wrote_it():
    soprano = parse("ode-to-joy")[1]["soprano"]
    assert (66, 12 * 16 - 4, 12 * 16 + 4) in soprano


def test_the_drunken_sailor_is_in_the_dorian_mode():
    _, voices = parse("drunken-sailor")
    classes = {pitch % 12 for notes in voices.values() for pitch, _, _ in notes}
    assert classes == {0, 2, 4, 5, 7, 9, 11}
    assert voices["melody"][-1][0] % 12 == 2


def test_the_blues_walks_through_its_three_chords():
    states = song("twelve-bar-blues")
    roots = [chord(states, bar * 16)[0] for bar in range(12)]
    assert roots == ["c2"] * 4 + ["f2"] * 2 + ["c2"] * 2 + ["g2", "f2", "c2", "g2"]


def test_ragtime_puts_the_accents_between_the_beats():
    right = parse("the-entertainer")[1]["right"]
    start = 4 * 8
    onsets = [a - start for _, a, _ in right if start <= a < start + 8]
    assert onsets == [0, 1, 3, 4, 6, 7]
