"""Bytes that are a MIDI file, or nearly so, and the messages read from them."""

import io
import struct
from pathlib import Path

import mido
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lstmviz.music.parsing import parse_midi

REAL = Path(__file__).parents[2] / "shared" / "data" / "piano-midi"
TPB = 480
STEP = TPB // 4
C = 60


def chunk(name, content):
    """Return the bytes of a chunk."""
    return name + struct.pack(">L", len(content)) + content


def header(tracks=1, type=1, division=TPB, more=b""):
    """Return the bytes of a header."""
    return chunk(b"MThd", struct.pack(">HHH", type, tracks, division) + more)


def says(data):
    """Return what is said about bytes that are no MIDI file; it is one line."""
    with pytest.raises(ValueError) as caught:  # noqa: PT011
        parse_midi(data)
    assert "\n" not in str(caught.value)
    return str(caught.value)


# What is read of a file


def contents(midi):
    """Return all about a file that matters: the tracks as messages with their tick."""
    texts = {"track_name": "name", "set_tempo": "tempo", "end_of_track": "type"}
    tracks = []
    for track in midi.tracks:
        tick, messages = 0, []
        for message in track:
            tick += message.time
            if message.type in ("note_on", "note_off"):
                messages.append((tick, *message.bytes()))
            elif message.type == "time_signature":
                messages.append((tick, message.numerator, message.denominator))
            elif message.type in texts:
                messages.append((tick, getattr(message, texts[message.type])))
        tracks.append(messages)
    return midi.type, midi.ticks_per_beat, tracks


def assert_mido_reads_the_same(data):
    theirs = mido.MidiFile(file=io.BytesIO(data), clip=True)
    assert contents(parse_midi(data)) == contents(theirs)


def messages_of(kind, build=mido.Message, **attributes):
    return st.builds(build, st.just(kind), **attributes)


channels, data_bytes, any_bytes = (st.integers(0, most) for most in (15, 127, 255))
texts = st.text(st.characters(max_codepoint=255), max_size=300)

MESSAGES = {
    "note_on": {"channel": channels, "note": data_bytes, "velocity": data_bytes},
    "note_off": {"channel": channels, "note": data_bytes, "velocity": data_bytes},
    "polytouch": {"channel": channels, "note": data_bytes, "value": data_bytes},
    "control_change": {"channel": channels, "control": data_bytes, "value": data_bytes},
    "program_change": {"channel": channels, "program": data_bytes},
    "aftertouch": {"channel": channels, "value": data_bytes},
    "pitchwheel": {"channel": channels, "pitch": st.integers(-8192, 8191)},
    "sysex": {"data": st.lists(data_bytes, max_size=200)},
    "quarter_frame": {"frame_type": st.integers(0, 7), "frame_value": channels},
    "songpos": {"pos": st.integers(0, 16383)},
    "song_select": {"song": data_bytes},
}
META_MESSAGES = {
    "track_name": {"name": texts},
    "set_tempo": {"tempo": st.integers(1, 0xFFFFFF)},
    "time_signature": {
        "numerator": st.integers(1, 255),
        "denominator": st.sampled_from([1, 2, 4, 8, 16, 32, 64]),
        "clocks_per_click": any_bytes,
        "notated_32nd_notes_per_beat": any_bytes,
    },
    "sequence_number": {"number": st.integers(0, 0xFFFF)},
    "text": {"text": texts},
    "copyright": {"text": texts},
    "instrument_name": {"name": texts},
    "lyrics": {"text": texts},
    "marker": {"text": texts},
    "cue_marker": {"text": texts},
    "device_name": {"name": texts},
    "channel_prefix": {"channel": channels},
    "midi_port": {"port": data_bytes},
    "smpte_offset": {"hours": st.integers(0, 31), "frame_rate": st.just(25)},
    "key_signature": {"key": st.sampled_from(["C", "F#m", "Cb", "A#m"])},
    "sequencer_specific": {"data": st.lists(any_bytes, max_size=200)},
}
anything = st.one_of(
    *(messages_of(kind, **values) for kind, values in MESSAGES.items()),
    *(
        messages_of(kind, mido.MetaMessage, **values)
        for kind, values in META_MESSAGES.items()
    ),
)
ticks = st.one_of(st.just(0), st.integers(0, 999), st.integers(0, 2**28 - 1))


@st.composite
def well_formed_files(draw):
    """The bytes of files of all types, with all messages that mido can write."""
    tracks = draw(st.lists(st.lists(st.tuples(ticks, anything), max_size=30)))
    type = draw(st.integers(0 if len(tracks) == 1 else 1, 2))
    midi = mido.MidiFile(type=type, ticks_per_beat=draw(st.integers(1, 0x7FFF)))
    for track in tracks:
        messages = [message.copy(time=delta) for delta, message in track]
        midi.tracks.append(mido.MidiTrack(messages))
    file = io.BytesIO()
    midi.save(file=file)
    return file.getvalue()


@given(well_formed_files())
def test_notes_tempos_metres_and_names_are_those_that_mido_reads(data):
    assert_mido_reads_the_same(data)


@pytest.mark.slow
@pytest.mark.skipif(not REAL.is_dir(), reason="needs the piano pieces")
def test_303_piano_pieces_are_what_mido_reads():
    paths = sorted(REAL.rglob("*.mid"))
    assert len(paths) == 303
    for path in paths:
        assert_mido_reads_the_same(path.read_bytes())


# Files that are only odd

END = b"\x00\xff\x2f\x00"
STROKE = b"\x00\x90\x3c\x40\x78\x80\x3c\x00" + END  # one step of middle C
TRACK = chunk(b"MTrk", STROKE)


def one_track(events):
    """Return (tick, ...) for what is read of a track of these bytes."""
    _, _, (track,) = contents(parse_midi(header() + chunk(b"MTrk", events)))
    return track


def stroke_at(tick):
    """Return what is read of `STROKE` after so many ticks."""
    return [
        (tick, 0x90, C, 64),
        (tick + STEP, 0x80, C, 0),
        (tick + STEP, "end_of_track"),
    ]


@pytest.mark.parametrize("name", [b"\xff\xfe\x00", b"\x83\x65", "夜".encode(), b""])
def test_a_name_may_have_any_bytes(name):
    events = b"\x00\xff\x03" + bytes([len(name)]) + name + STROKE
    assert one_track(events) == [(0, name.decode("latin1")), *stroke_at(0)]


@pytest.mark.parametrize("kind", [0x08, 0x0A, 0x4B, 0x60, 0x7E, 0x80, 0xFF])
def test_an_unknown_meta_event_takes_its_time(kind):
    event = b"\x78\xff" + bytes([kind]) + b"\x03abc"
    assert one_track(event + event + STROKE) == stroke_at(2 * STEP)


@pytest.mark.parametrize("kind", [0x00, 0x20, 0x21, 0x54, 0x59, 0x7F])
@pytest.mark.parametrize("length", [0, 1, 2, 3, 5, 6, 100])
def test_meta_events_that_do_not_matter_may_have_any_length(kind, length):
    event = bytes([STEP, 0xFF, kind, length]) + b"\xff" * length
    assert one_track(event + STROKE) == stroke_at(STEP)


def test_bytes_of_a_delta_time_are_never_taken_for_an_event():
    # ff 59 02 and ff 60 are meta events, but not as the end of a number of ticks.
    for late in (b"\x81\xff\x59", b"\x81\xff\x60"):
        events = b"\x00\xff\x60\x00" + b"\x00\xff\x59\x02\x08\x00" + late + STROKE[1:]
        (tick, *_), *_ = one_track(events)
        assert tick == (1 << 14) + (0x7F << 7) + late[-1]


@pytest.mark.parametrize(
    ("content", "read"),
    [
        (b"\x03\x02", (3, 4)),
        (b"\x06\x03\x18", (6, 8)),
        (b"\x05\x06\x18\x08\xff\xff", (5, 64)),
        (b"\x03", None),
        (b"", None),
        (b"\x00\x02\x18\x08", None),
        (b"\x04\x07\x18\x08", None),
        (b"\x04\xff\x18\x08", None),
    ],
)
def test_a_time_signature_is_its_first_two_bytes_if_they_are_possible(content, read):
    events = b"\x78\xff\x58" + bytes([len(content)]) + content + STROKE
    assert one_track(events) == ([(STEP, *read)] if read else []) + stroke_at(STEP)


@pytest.mark.parametrize(
    ("content", "tempo"),
    [
        (b"\x07\xa1\x20", 500_000),
        (b"\x00\x00\x01\x99", 1),
        (b"\x07\xa1", None),
        (b"", None),
        (b"\x00\x00\x00", None),
        (b"\x00\x00\x00\x01", None),
    ],
)
def test_a_tempo_is_its_first_three_bytes_if_it_is_not_0(content, tempo):
    events = b"\x78\xff\x51" + bytes([len(content)]) + content + STROKE
    assert one_track(events) == ([(STEP, tempo)] if tempo else []) + stroke_at(STEP)


@pytest.mark.parametrize(
    "event",
    [
        b"\xf0\x03\x41\x42\xf7",  # system exclusive
        b"\xf0\x02\x41\x42\x00\xf7\x02\x43\xf7",  # in two packets
        b"\xf7\x03\xf3\x01\xf8",  # any bytes to be sent as they are
        b"\xf7\x00",
        b"\xff\x01\x02hi",
        b"\xf1\x3c",
        b"\xf2\x3c\x3c",
        b"\xf3\x3c",
        b"\xf6",
        b"\xf8",
        b"\xfa",
        b"\xfe",
    ],
)
def test_running_status_survives_what_is_no_channel_message(event):
    events = b"\x00\x90\x3c\x40\x00" + event + b"\x78\x3c\x00" + END
    assert one_track(events) == [
        (0, 0x90, C, 64),
        (STEP, 0x90, C, 0),
        (STEP, "end_of_track"),
    ]


@pytest.mark.parametrize(
    "event", [b"\xa0\x3c\x40", b"\xb0\x07\x7f", b"\xc0\x05", b"\xd0\x40", b"\xe0\0\x40"]
)
def test_the_running_status_may_be_that_of_a_message_which_is_passed_over(event):
    events = b"\x00" + event + b"\x78" + event[1:] + STROKE
    assert one_track(events) == stroke_at(STEP)


@pytest.mark.parametrize("start", [b"\x00\xf0", b"\x00\xf7", b"\x00\xff\x01"])
def test_a_message_may_have_more_than_a_million_bytes(start):
    length = 1_500_000
    number = bytes([length >> 14 | 0x80, length >> 7 & 0x7F | 0x80, length & 0x7F])
    assert one_track(start + number + b"x" * length + STROKE) == stroke_at(0)


def test_there_may_be_very_many_events_and_tracks():
    unknown = b"".join(b"\x01\xff\x60\x02" + struct.pack(">H", n) for n in range(65000))
    assert one_track(unknown + STROKE) == stroke_at(65000)
    assert len(parse_midi(header(2) + TRACK * 40_000).tracks) == 40_000


@pytest.mark.parametrize("other", [chunk(b"XFIH", b"MTrk or not"), chunk(b"junk", b"")])
def test_chunks_of_other_kinds_are_skipped_wherever_they_are(other):
    file = other + header(2) + other + TRACK + other + other + TRACK + other
    assert contents(parse_midi(file)) == (1, TPB, [stroke_at(0)] * 2)


def test_a_header_may_be_longer_but_not_shorter():
    midi = parse_midi(header(more=b"MTrk\x00\x00") + TRACK)
    assert contents(midi) == (1, TPB, [stroke_at(0)])
    assert "byte 4: MThd has 5 bytes" in says(chunk(b"MThd", bytes(5)) + TRACK)
    assert "too early" in says(header(more=bytes(100))[:50])


@pytest.mark.parametrize("count", [0, 1, 2, 4, 0x7FFF, 0x8000, 0xFFFF])
def test_all_tracks_are_read_however_many_the_header_says_there_are(count):
    midi = parse_midi(header(count) + TRACK * 3)
    assert contents(midi) == (1, TPB, [stroke_at(0)] * 3)


@pytest.mark.parametrize(
    "rest", [b"\x00", b"\x00" * 1000, b"MT", b"TRAILER", b"\xff" * 50, b"\r\n\x1a" * 9]
)
def test_bytes_after_the_last_track_are_ignored(rest):
    midi = parse_midi(header(2) + TRACK + TRACK + rest)
    assert contents(midi) == (1, TPB, [stroke_at(0)] * 2)


def test_a_second_file_in_the_same_file_is_ignored():
    file = header() + TRACK
    assert contents(parse_midi(file + file)) == contents(parse_midi(file))
    assert contents(parse_midi(file + b"\xff" * 99 + file)) == contents(
        parse_midi(file)
    )


@pytest.mark.parametrize("between", [b"\x00", b"\x00\x00\x00", END, b"\xff" * 11])
def test_bytes_between_two_tracks_are_ignored(between):
    midi = parse_midi(header(2) + TRACK + between + TRACK)
    assert contents(midi) == (1, TPB, [stroke_at(0)] * 2)


@pytest.mark.parametrize("text", [b"", b"x"])  # a RIFF chunk is padded if it is odd
def test_a_midi_file_may_be_wrapped_in_a_riff_file(text):
    events = b"\x00\xff\x01" + bytes([len(text)]) + text + STROKE
    midi = header() + chunk(b"MTrk", events)
    data = b"data" + struct.pack("<L", len(midi)) + midi + bytes(len(midi) % 2)
    information = b"LIST" + struct.pack("<L", 12) + b"INFOICOP\x00\x00\x00\x00"
    content = b"RMID" + data + information
    riff = b"RIFF" + struct.pack("<L", len(content)) + content
    assert contents(parse_midi(riff)) == (1, TPB, [stroke_at(0)])


def test_the_128_bytes_of_old_macintosh_files_come_before_the_header():
    macbinary = b"\x00\x05PIECE" + bytes(58) + b"Midi????" + bytes(55)
    assert len(macbinary) == 128
    assert contents(parse_midi(macbinary + header() + TRACK)) == (
        1,
        TPB,
        [stroke_at(0)],
    )


def test_a_track_without_an_end_of_track_ends_at_its_last_event():
    events = STROKE.removesuffix(END)
    assert one_track(events) == stroke_at(0)
    assert one_track(events + b"\x00") == stroke_at(0)  # the ticks before nothing
    later = events + b"\x78\xb0\x07\x7f"
    assert one_track(later) == [*stroke_at(0)[:2], (2 * STEP, "end_of_track")]
    assert one_track(b"") == [(0, "end_of_track")]


@pytest.mark.parametrize("rest", [STROKE, b"\x00" * 9, b"\x3c", b"\xff"])
def test_what_comes_after_the_end_of_track_is_ignored(rest):
    assert one_track(STROKE + rest) == stroke_at(0)


@pytest.mark.parametrize("length", [len(STROKE) + 1, 1000, 0xFFFFFFFF])
def test_a_track_that_ends_is_whole_even_if_its_chunk_is_said_to_be_longer(length):
    track = b"MTrk" + struct.pack(">L", length) + STROKE
    midi = parse_midi(header(2) + track + track)
    assert contents(midi) == (1, TPB, [stroke_at(0)] * 2)


@pytest.mark.parametrize("number", [b"\x05", b"\x80\x05", b"\x80\x80\x80\x80\x80\x05"])
def test_a_number_may_be_longer_than_necessary(number):
    name = b"\x00\xff\x03" + number + b"waltz"
    (_, *words), (tick, *_), *_ = one_track(name + number + STROKE[1:])
    assert words == ["waltz"]
    assert tick == 5


@given(st.binary(min_size=40, max_size=40), st.integers(0, 15))
def test_data_bytes_above_127_count_as_127_as_in_mido(data, channel):
    events = b"".join(
        b"\x00" + bytes([0x90 + channel, note, velocity])
        for note, velocity in zip(data[::2], data[1::2], strict=True)
    )
    assert_mido_reads_the_same(header() + chunk(b"MTrk", events + END))


@pytest.mark.parametrize(
    ("events", "place", "words"),
    [
        (b"\x00\x3c\x40" + STROKE, 1, "a data byte where an event must begin"),
        (b"\x00\xff\x01\x00\x00\x05" + STROKE, 5, "no running status"),
        (b"\x00\xf4" + STROKE, 1, "the status f4"),
        (b"\x00\xf5" + STROKE, 1, "the status f5"),
        (b"\xff\xff\xff\xff\x7f" + STROKE[1:], 0, "more than 28 bits"),
        (b"\x00\xf0\x90\x80\x80\x80\x00" + STROKE, 2, "more than 28 bits"),
        (b"\x00\x90\x3c", 0, "longer than the rest of its track"),
        (b"\x00\x90", 0, "longer than the rest of its track"),
        (b"\x00\xc0", 0, "longer than the rest of its track"),
        (b"\x00\xff", 0, "longer than the rest of its track"),
        (b"\x00\xff\x2f", 0, "longer than the rest of its track"),
        (b"\x00\xff\x01\x05four", 0, "longer than the rest of its track"),
        (b"\x00\xf7\x81", 0, "longer than the rest of its track"),
        (b"\x83", 0, "longer than the rest of its track"),
    ],
)
@pytest.mark.parametrize("more", [b"", TRACK])
def test_of_what_is_broken_the_byte_is_named(events, place, words, more):
    before = header(3) + TRACK
    message = says(before + chunk(b"MTrk", events) + more)
    assert message.startswith(f"byte {len(before) + 8 + place}: ")
    assert words in message


def test_a_file_that_ends_too_early_is_refused():
    file = header(2) + TRACK + TRACK
    for length in range(len(file) - 1, len(file) - len(TRACK) + 3, -1):
        message = says(file[:length])
        assert message.startswith(f"byte {length}: the file ends too early")
        assert message.endswith(f"the track from byte {len(header() + TRACK)} on")


def test_a_file_that_ends_between_two_tracks_has_those_before():
    file = header(2) + TRACK + TRACK
    for length in range(4):
        midi = parse_midi(file[: len(file) - len(TRACK) + length])
        assert contents(midi) == (1, TPB, [stroke_at(0)])


@given(st.binary(max_size=100))
def test_any_bytes_are_parsed_or_refused_in_one_line(data):
    for file in (data, header() + data, header() + chunk(b"MTrk", data)):
        try:
            midi = parse_midi(file)
        except ValueError:
            says(file)
        else:
            assert all(track[-1].type == "end_of_track" for track in midi.tracks)
