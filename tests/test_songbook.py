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
from lstmviz.music.piece import Piece
from lstmviz.music.songbook import Song, parse_song, song, songbook

HEAD = "title: T\ncomposer: C\nmetre: 2/4\nbpm: 90\n"
NAMES = list(songbook())
C4, D4, E4, G4 = 60, 62, 64, 67


def parse(name):
    """Return the header and the voices of a piece in the songbook."""
    file = resources.files("lstmviz.music") / "songs" / f"{name}.song"
    return parse_song(file.read_text("utf-8"), name)


def read(bars, metre="2/4", pickup=0):
    """Return the head and the notes of a single voice, written without a header."""
    head = HEAD.replace("2/4", metre) + (f"pickup: {pickup}\n" if pickup else "")
    head, voices = parse_song(f"{head}tune: {bars}")
    return head, voices["tune"]


def tune(bars, metre="2/4", pickup=0):
    """Return the notes of a single voice, written without a header."""
    return read(bars, metre, pickup)[1]


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


@pytest.mark.parametrize(
    ("metre", "sixteenths"),
    [
        *(("2/4", 8), ("3/4", 12), ("4/4", 16), ("5/4", 20), ("2/2", 16), ("1/1", 16)),
        *(("3/8", 6), ("6/8", 12), ("9/8", 18), ("12/8", 24), ("15/16", 15)),
        ("6/32", 3),
    ],
)
def test_a_bar_is_as_long_as_its_metre_says(metre, sixteenths):
    head, notes = read(f"c4:{sixteenths} | d4 | %", metre)
    assert notes[1] == (D4, sixteenths, 2 * sixteenths)
    assert head.metre == metre
    assert head.bar_steps == sixteenths
    assert head.steps == 3 * sixteenths
    assert head.pickup == 0


def test_a_pickup_is_a_short_first_bar():
    head, notes = read("c4:2 | d4:12 | e4", "3/4", pickup=2)
    assert notes == [(C4, 0, 2), (D4, 2, 14), (E4, 14, 26)]
    assert (head.pickup, head.bar_steps, head.steps) == (2, 12, 26)


def test_the_last_bar_may_leave_out_what_the_pickup_has():
    head, notes = read("c4:2 | d4:12 | e4:10", "6/8", pickup=2)
    assert notes[-1] == (E4, 14, 24)
    assert head.steps == 24 == 2 * head.bar_steps


def test_a_piece_may_be_nothing_but_a_pickup():
    assert read("c4:2 d4", pickup=4)[0].steps == 4


def test_a_pickup_of_none_is_none():
    text = HEAD + "pickup: 0\na: c4:8 | d4"
    assert parse_song(text)[0] == parse_song(text.replace("pickup: 0\n", ""))[0]


def write(notes, bar_steps, pickup=0, shorten=False):
    """Return bars whose voice plays `notes`, (pitch, length), without a gap.

    With `shorten`, the last bar is shorter by the pickup where the notes allow it.
    """
    signs, step = [], -pickup % bar_steps
    for pitch, length in notes:
        name = spell(pitch)
        while length:
            part = min(length, bar_steps - step % bar_steps)
            signs.append(f"{name}:{part}")
            name, length, step = "~", length - part, step + part
            if step % bar_steps == 0:
                signs.append("|")
    rest = -step % bar_steps
    if shorten and "|" in signs and rest >= pickup:
        rest -= pickup
    return " ".join([*signs, f"-:{rest}"] if rest else signs)


@st.composite
def metres(draw):
    """Draw a metre and the sixteenths of its bar, from 1 to 32."""
    unit = draw(st.sampled_from([1, 2, 4, 8, 16, 32]))
    least = max(1, unit // 16)  # the fewest beats that make a whole sixteenth
    beats = least * draw(st.integers(1, 2 * unit // least))
    return f"{beats}/{unit}", 16 * beats // unit


@given(
    notes=st.lists(
        st.tuples(st.integers(LOW, HIGH - 1), st.integers(1, 40)), min_size=1
    ),
    metre=metres(),
    data=st.data(),
    shorten=st.booleans(),
)
def test_whatever_is_written_is_read_back(notes, metre, data, shorten):
    name, bar_steps = metre
    pickup = data.draw(st.integers(0, bar_steps - 1))
    ends = np.cumsum([length for _, length in notes]).tolist()
    starts = [0, *ends[:-1]]
    played = [(p, a, b) for (p, _), a, b in zip(notes, starts, ends, strict=True)]
    head, found = read(write(notes, bar_steps, pickup, shorten), name, pickup)
    assert found == played
    assert (head.metre, head.bar_steps, head.pickup) == (name, bar_steps, pickup)
    assert ends[-1] <= head.steps < ends[-1] + bar_steps
    assert (head.steps - pickup) % bar_steps in (0, bar_steps - pickup)


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
        ("a: ~:8", "bar 1: '~' continues a note, but none comes before"),
        ("a: c4:4 - | ~:8", "bar 2: '~' continues a note"),
        ("a: %", "bar 1: '%' repeats the bar before, but there is none"),
        ("a: c4:8 | d4\nb: c4:8", "same number of bars, but there are: a 2, b 1"),
        ("", "but there are: no voices"),
        (
            "pickup: 2\na: c4:8 | d4",
            "bar 1: the bar is 8 sixteenths long, but must be 2",
        ),
        ("pickup: 2\na: c4:2 | %", "bar 2: the bar is 2 sixteenths long"),
        ("pickup: 2\na: c4:2 | d4:6 | e4:8", "bar 2: the bar is 6 .* but must be 8$"),
        ("pickup: 2\na: c4:2 | d4:8 | e4:7", "bar 3: .* but must be 8 or 6$"),
        ("pickup: 2\na: c4:2 | d4:10", "bar 2: .* but must be 8 or 6$"),
        ("a: c4:8 | d4:6", "bar 2: the bar is 6 sixteenths long, but must be 8$"),
        (
            "pickup: 2\na: c4:2 | d4:8\nb: c4:2 | d4:6",
            "same length in sixteenths, but there are: a 10, b 8",
        ),
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


@pytest.mark.parametrize(
    ("metre", "said"),
    [
        *((metre, f"written as 3/4 or 6/8, not '{metre}'") for metre in ("4", "C")),
        *((metre, f"or 6/8, not '{metre}'") for metre in ("-3/4", "3.5/4", "3 by 4")),
        *((f"3/{unit}", f"3/{unit}: the lower number is 1, 2,") for unit in (0, 3)),
        *((metre, f"{metre}: a bar must last a whole") for metre in ("0/4", "1/32")),
    ],
)
def test_what_is_not_a_metre_of_whole_sixteenths_is_refused(metre, said):
    text = f"{HEAD.replace('2/4', metre)}tune: c4:12"
    with pytest.raises(ValueError, match=f"^mine: .*{said}") as error:
        parse_song(text, "mine")
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("pickup", ["12", "13", "-2", "2.5", "a beat", ""])
def test_a_pickup_that_is_not_shorter_than_a_bar_is_refused(pickup):
    text = HEAD.replace("2/4", "3/4") + f"pickup: {pickup}\na: c4:12"
    with pytest.raises(ValueError, match=f"than the 12 of a bar, not '{pickup}'"):
        parse_song(text)


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


def test_there_are_at_least_two_dozen_songs_named_in_lower_case():
    assert len(NAMES) >= 24
    assert all(re.fullmatch("[a-z]+(-[a-z]+)*", name) for name in NAMES)


def test_the_songs_are_in_many_metres():
    metres = {head.metre for head in songbook().values()}
    assert metres >= {"2/4", "3/4", "4/4", "5/4", "3/8", "6/8", "9/8", "12/8"}


@pytest.mark.parametrize(
    ("name", "metre", "pickup", "bars"),
    [
        ("minuet-in-g", "3/4", 0, 32),
        ("blue-danube", "3/4", 4, 32),
        ("amazing-grace", "3/4", 4, 16),
        ("greensleeves", "6/8", 2, 32),
        ("irish-washerwoman", "6/8", 2, 32),
        ("fuer-elise", "3/8", 2, 44),
        ("jesu-joy", "9/8", 0, 24),
        ("pifa", "12/8", 0, 32),
        ("prinz-eugen", "5/4", 0, 18),
    ],
)
def test_pickup_and_last_bar_together_make_whole_bars(name, metre, pickup, bars):
    head = songbook()[name]
    assert (head.metre, head.pickup) == (metre, pickup)
    assert head.steps == bars * head.bar_steps


@pytest.mark.parametrize("name", NAMES)
def test_every_song_is_long_enough_to_learn_from(name):
    head, voices = parse(name)
    assert songbook()[name] == head
    assert head.title
    assert head.composer
    assert 0 <= head.pickup < head.bar_steps
    assert (head.steps - head.pickup) % head.bar_steps in (
        0,
        head.bar_steps - head.pickup,
    )
    assert 40 <= head.bpm <= 200
    assert head.steps >= 128
    assert 2 <= len(voices) <= 5
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
    states = song(name).states
    assert states.shape == (head.steps, HIGH - LOW, 2)
    assert states.dtype == np.uint8
    assert states[:, :, PLAYED].any(axis=1).mean() > 0.8
    assert (states[..., PLAYED] >= states[..., ARTICULATED]).all()
    assert 1 < states[..., PLAYED].sum(axis=1).mean() < 8


@pytest.mark.parametrize("name", NAMES)
def test_every_song_is_a_piece_with_its_bars_its_tempo_and_its_name(name):
    head, piece = songbook()[name], song(name)
    assert isinstance(piece, Piece)
    assert (piece.name, piece.bpm, piece.low) == (name, head.bpm, LOW)
    assert len(piece) == head.steps
    full = -(-(head.steps - head.pickup) // head.bar_steps)
    position = [*range(head.bar_steps - head.pickup, head.bar_steps)]
    position += [*range(head.bar_steps)] * full
    assert piece.position.tolist() == position[: head.steps]


def test_a_pickup_stands_before_the_first_bar_line():
    minuet, danube, elise = map(song, ("minuet-in-g", "blue-danube", "fuer-elise"))
    assert minuet.position[:14].tolist() == [*range(12), 0, 1]
    assert danube.position[:6].tolist() == [8, 9, 10, 11, 0, 1]
    assert elise.position[:10].tolist() == [4, 5, 0, 1, 2, 3, 4, 5, 0, 1]
    assert (minuet.bars[0], danube.bars[0], elise.bars[0]) == (1, 0, 0)
    # the last bars leave out what the pickups have
    assert (danube.position[-1], elise.position[-1]) == (7, 3)


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
    assert part.low == 48


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
        ("minuet-in-g", "right", 0, "d5 g4 a4 b4 c5 d5 g4 g4 e5 c5 d5 e5 f#5 g5 g4 g4"),
        (
            "fuer-elise",
            "right",
            0,
            "e5 d#5 e5 d#5 e5 b4 d5 c5 a4 c4 e4 a4 b4 e4 g#4 b4",
        ),
        (
            "greensleeves",
            "tune",
            0,
            "a4 c5 d5 e5 f#5 e5 d5 b4 g4 a4 b4 c5 a4 a4 g#4 a4 b4 g#4 e4",
        ),
        (
            "amazing-grace",
            "soprano",
            0,
            "d4 g4 b4 g4 b4 a4 g4 e4 d4 d4 g4 b4 g4 b4 a4 d5",
        ),
        (
            "irish-washerwoman",
            "fiddle",
            0,
            "d5 c5 b4 g4 g4 d4 g4 g4 b4 g4 b4 d5 c5 b4 c5 a4 a4 e4 a4 a4",
        ),
        (
            "jesu-joy",
            "violin",
            0,
            "g4 a4 b4 d5 c5 c5 e5 d5 d5 g5 f#5 g5 d5 b4 g4 a4 b4",
        ),
        (
            "jesu-joy",
            "soprano",
            0,
            "b4 c5 d5 d5 c5 b4 a4 a4 b4 c5 d5 b4 a4 b4 c5 b4 a4",
        ),
        (
            "pifa",
            "violin1",
            0,
            "c5 d5 e5 f5 g5 a5 g5 f5 e5 f5 e5 f5 g5 a5 g5 f5 e5 f5 e5",
        ),
        (
            "blue-danube",
            "right",
            0,
            "d4 d4 f#4 a4 a4 f#5 a5 f#5 a5 d5 f#5 d5 f#5 d4 d4 f#4 a4 a4 g5 a5 g5 a5",
        ),
        ("prinz-eugen", "tune", 0, "d4 d4 g4 g4 g4 a4 b4 b4 g4 a4 b4 d5 d5 c5 c5 b4"),
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


def test_a_waltz_has_its_bass_on_the_first_beat_and_chords_on_the_other_two():
    head, voices = parse("blue-danube")
    for bar in (*range(1, 26), *range(27, 31)):  # bar 26 saves its chord for beat 3
        beats = [head.pickup + bar * 12 + beat for beat in (0, 4, 8)]
        notes = [[p for p, start, _ in voices["left"] if start == s] for s in beats]
        assert [len(struck) for struck in notes] == [1, 2, 2]
        assert notes[0] < notes[1] == notes[2]


def test_both_parts_of_the_jig_are_played_twice():
    fiddle = parse("irish-washerwoman")[1]["fiddle"]
    part = 8 * 12
    for start in (2, 2 + 2 * part):  # the eighth bar ends with the next pickup
        first = [note for note in fiddle if start <= note[1] < start + part - 2]
        again = [(p, a + part, b + part) for p, a, b in first]
        assert again == [
            n for n in fiddle if start + part <= n[1] < start + 2 * part - 2
        ]


def test_the_hands_of_fuer_elise_share_a_row_of_e_and_d_sharp():
    _, voices = parse("fuer-elise")
    start = 2 + 19 * 6  # the fourth bar of the second part
    struck = sorted((a, p) for notes in voices.values() for p, a, _ in notes)
    row = [spell(p) for step, p in struck if start + 3 <= step < start + 20]
    assert row == ["e4", "e5", "e4", "e5", "e5", "e6", *["d#5", "e5"] * 5, "d#5"]


def test_the_viola_of_the_pifa_goes_with_the_second_violin_an_octave_below():
    _, voices = parse("pifa")
    assert voices["viola"] == [(p - 12, a, b) for p, a, b in voices["violin2"]]


def test_the_shepherds_come_back_after_the_middle_of_the_pifa():
    head, voices = parse("pifa")
    first, third = 11 * head.bar_steps, 21 * head.bar_steps
    for name in ("violin1", "violin2", "viola"):
        begin = [note for note in voices[name] if note[1] < first]
        again = [(p, a - third, b - third) for p, a, b in voices[name] if a >= third]
        assert begin == again


def test_the_bass_of_the_pifa_begins_as_a_drone():
    assert parse("pifa")[1]["bass"][0] == (48, 0, 2 * 24 + 22)


def test_the_violin_plays_three_eighths_to_every_beat_of_the_chorale():
    _, voices = parse("jesu-joy")
    assert {b - a for _, a, b in voices["violin"][:-1]} == {2}
    first_line = [b - a for _, a, b in voices["soprano"][:8]]
    assert first_line == [12, 6, 12, 6, 12, 6, 6, 6]


def test_greensleeves_is_in_the_dorian_mode_but_for_its_leading_note():
    tune = parse("greensleeves")[1]["tune"]
    classes = {spell(pitch)[:-1] for pitch, _, _ in tune}
    assert classes == {"a", "b", "c", "d", "e", "f#", "g", "g#"}


def test_the_soldiers_march_to_prince_eugene_in_five():
    head, voices = parse("prinz-eugen")
    starts = {start for _, start, _ in voices["bass"]}
    assert starts >= set(range(0, head.steps, 4))
