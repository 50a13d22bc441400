"""MIDI files damaged at random, as bytes and as events.

Damage to bytes mostly breaks a file. Damage to events mostly leaves one that can
be read, but is odd or very full.
"""

import io
import re
import struct
from functools import cache
from itertools import chain, islice

import mido

# Bytes of a damaged file, unless an undamaged one is larger. Most files are small, so
# that many can be tried.
LARGEST, SMALL = 200_000, 5_000

SPECIAL_BYTES = bytes.fromhex(
    "00 01 02 03 04 2f 40 51 58 7e 7f 80 81 90 c0 e0 f0 f4 f7 f8 ff"
)
SPECIAL_LENGTHS = 0, 1, 5, 6, 7, 8, 255, 2**16, 2**24, 2**31 - 1, 2**31, 2**32 - 1
SPECIAL_TICKS = 0, 1, 2, 119, 120, 480, 2**7, 2**14, 2**21, 2**28 - 1
ODD_EVENTS = """
    903c40 803c00 903c00 993c40 3c40 90ffff c005 c0 d040 e00040 a03c40 b07b00
    f0 f000 f003414243 f00341f7 f70143f7 f7027bf7 f1 f13c f23c3c f33c f4 f5 f6 f8 fe
    ff ff00 ff0000 ff000101 ff01026869 ff0305ff00fffeff ff2000 ff2100 ff2f00 ff2f0100
    ff5100 ff510207a1 ff5103000000 ff510307a120 ff510407a12000 ff5400 ff54050000000000
    ff5800 ff58020302 ff580400021808 ff58040302 ff580403021808 ff580404021808
    ff580405041808 ff580405071808 ff5804ff001808 ff5804ffff1808
    ff5900 ff59020800 ff5902f702 ff590200ff ff600161 ff7f0101 ff80 ffff00
"""
ODD_EVENTS = [bytes.fromhex(event) for event in ODD_EVENTS.split()]


# MIDI files as events: a list of tracks, each a list of (ticks, bytes of an event)


@cache
def number(value):
    """Return the bytes of a number: seven bits a byte, the highest first."""
    parts = [value & 0x7F]
    while value := value >> 7:
        parts.append(value & 0x7F | 0x80)
    return bytes(reversed(parts))


def events_of(data):
    """Return the tracks of a file that mido can read, or None."""
    try:
        midi = mido.MidiFile(file=io.BytesIO(data), clip=True)
    except Exception:  # mido raises many kinds of errors
        return None
    return [[(event.time, encoded(event)) for event in track] for track in midi.tracks]


def encoded(message):
    """Return a message of mido's as the bytes of an event."""
    data = bytes(message.bytes())
    if message.type == "sysex":
        return data[:1] + number(len(data) - 1) + data[1:]
    return data


def file_of(tracks, limit, rng):
    """Return the bytes of a file, with running status or without.

    Events that would make it longer than `limit` are left out.
    """
    kind, beat = rng.choice([0, 1, 1, 1, 2]), rng.choice([1, 24, 480, 480, 960, 32767])
    running = rng.random() < 0.5
    content = bytearray()
    for track in tracks:
        room = limit - len(content)
        if room <= 0:
            break
        data, status = bytearray(), None
        for ticks, event in track:
            same = running and event[0] == status and status < 0xF0
            data += number(ticks) + (event[1:] if same else event)
            status = event[0] if event[0] >= 0x80 else status
            if len(data) > room:
                break
        content += b"MTrk" + struct.pack(">L", len(data)) + data
    header = struct.pack(">LHHH", 6, kind, len(tracks) % 0x10000, beat)
    return b"MThd" + header + bytes(content)


# Damage to events


def any_event(rng):
    """Return random ticks, mostly few, and an odd event."""
    ticks = rng.choice(SPECIAL_TICKS[:6] if rng.random() < 0.9 else SPECIAL_TICKS)
    return int(ticks), ODD_EVENTS[rng.integers(len(ODD_EVENTS))]


def some(track, rng):
    """Return a random part of a track, as a slice; mostly a short one."""
    start = int(rng.integers(len(track) + 1))
    return slice(start, start + int(2 ** rng.uniform(0, 10)))


def many(rng):
    """Return a random number of copies, mostly a small one."""
    return int(2 ** rng.choice([0, 0, 0, 1, 1, 2, 3, rng.uniform(0, 16)]))


def insert_events(tracks, rng):
    """Insert odd events, or the same one many times."""
    track = tracks[rng.integers(len(tracks))]
    place = some(track, rng).start
    track[place:place] = [any_event(rng)] * many(rng)


def insert_metres(tracks, rng):
    """Insert many changes of metre."""
    track = tracks[rng.integers(len(tracks))]
    ticks = int(rng.choice(SPECIAL_TICKS[:8]))
    for place in rng.integers(len(track) + 1, size=min(many(rng), 5000)).tolist():
        metre = bytes([0xFF, 0x58, 4, rng.integers(13), rng.integers(8), 24, 8])
        track.insert(place, (ticks, metre))


def delete_events(tracks, rng):
    track = tracks[rng.integers(len(tracks))]
    del track[some(track, rng)]


def repeat_events(tracks, rng):
    track = tracks[rng.integers(len(tracks))]
    part = some(track, rng)
    track[part] = islice(chain.from_iterable([track[part]] * many(rng)), LARGEST // 4)


def shuffle_events(tracks, rng):
    track = tracks[rng.integers(len(tracks))]
    part = some(track, rng)
    track[part] = [track[part][i] for i in rng.permutation(len(track[part]))]


def change_ticks(tracks, rng):
    """Give events other ticks: one of them, or all of them the same."""
    track = tracks[rng.integers(len(tracks))]
    part, ticks = some(track, rng), int(rng.choice(SPECIAL_TICKS))
    track[part] = [(ticks, event) for _, event in track[part]]


def repeat_tracks(tracks, rng):
    tracks += [tracks[rng.integers(len(tracks))] for _ in range(many(rng))]


def add_empty_tracks(tracks, rng):
    tracks += [[(0, b"\xff\x2f\x00")]] * many(rng)


EVENT_DAMAGE = [
    insert_events,
    insert_metres,
    delete_events,
    repeat_events,
    shuffle_events,
    change_ticks,
    repeat_tracks,
    add_empty_tracks,
]


# Damage to bytes


def flip_bits(data, rng, others):
    for place in rng.integers(len(data), size=many(rng) % 64):
        data[place] ^= 1 << rng.integers(8)


def change_bytes(data, rng, others):
    for place in rng.integers(len(data), size=many(rng) % 64):
        data[place] = (
            rng.choice(list(SPECIAL_BYTES))
            if rng.random() < 0.5
            else (rng.integers(256))
        )


def insert_bytes(data, rng, others):
    place = rng.integers(len(data) + 1)
    kinds = rng.bytes(int(rng.integers(1, 9))), bytes(many(rng)), b"MTrk", b"MThd"
    data[place:place] = kinds[rng.integers(len(kinds))]


def delete_bytes(data, rng, others):
    del data[some(data, rng)]


def repeat_bytes(data, rng, others):
    part = some(data, rng)
    data[part] = (bytes(data[part]) * many(rng))[:LARGEST]


def cut_off(data, rng, others):
    del data[rng.integers(len(data) + 1) :]


def change_length(data, rng, others):
    """Give a chunk another length."""
    chunks = [chunk.start() for chunk in re.finditer(b"MT(rk|hd)", data)]
    place = int(rng.choice(chunks)) + 4 if chunks else 4
    length = int.from_bytes(data[place : place + 4], "big")
    new = rng.choice([length + rng.integers(-9, 10), *SPECIAL_LENGTHS])
    data[place : place + 4] = struct.pack(">L", int(new) % 2**32)


def change_header(data, rng, others):
    place = rng.choice([8, 10, 12])
    data[place : place + 2] = rng.bytes(2)


def join_another(data, rng, others):
    """Continue with the end of another file."""
    other = others[rng.integers(len(others))]
    del data[rng.integers(len(data) + 1) :]
    data += other[rng.integers(len(other)) :]


BYTE_DAMAGE = [
    flip_bits,
    change_bytes,
    insert_bytes,
    delete_bytes,
    repeat_bytes,
    cut_off,
    change_length,
    change_header,
    join_another,
]


def damaged(files, events, rng):
    """Return the bytes of one of the files, damaged in a few ways."""
    choice = rng.integers(len(files))
    data, tracks = bytearray(files[choice]), events[choice]
    limit = max(LARGEST if rng.random() < 0.1 else SMALL, len(data))
    as_events = tracks and rng.random() < 0.6
    if as_events:
        tracks = [list(track) for track in tracks]
        for damage in rng.choice(EVENT_DAMAGE, size=rng.integers(1, 5)):
            damage(tracks, rng)
        data = bytearray(file_of(tracks, limit, rng))
    if not as_events or rng.random() < 0.2:
        for damage in rng.choice(BYTE_DAMAGE, size=rng.integers(1, 5)):
            damage(data, rng, files)
            data = data or bytearray(1)
    return bytes(data[:limit])
