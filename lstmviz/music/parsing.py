"""The bytes of a MIDI file: a tolerant parser of chunks and events.

A MIDI file is a sequence of chunks: four letters, a length, and that many
bytes. `MThd` is the header, each `MTrk` a track. A track is a sequence of
events, each of them preceded by the number of ticks since the previous one:

    00 90 3c 40    0 ticks later, note on in channel 0: note 60, velocity 64
    78 3c 00       120 ticks later, the same status: note 60, velocity 0
    00 ff 2f 00    0 ticks later, meta event 2f of 0 bytes: end of track

Files contain much that has nothing to do with notes, and much of it in
another form than the standard says. This parser goes through chunks and
events once, steps over what this package does not use whatever it contains,
and refuses only files whose events cannot be told apart.

Source: "Standard MIDI Files 1.0", MIDI Manufacturers Association, RP-001.
"""

import re
import struct
from functools import lru_cache

from mido import Message, MetaMessage, MidiFile, MidiTrack

__all__ = ["parse_midi"]

_TRACK_NAME, _END_OF_TRACK, _SET_TEMPO, _TIME_SIGNATURE = 0x03, 0x2F, 0x51, 0x58
_SYSTEM_DATA = {0xF1: 1, 0xF2: 2, 0xF3: 1, 0xF6: 0}  # data bytes of system messages
_SYSTEM_DATA |= dict.fromkeys(range(0xF8, 0xFF), 0)  # those in real time have none
_MAX_POWER = 6  # a time signature counts 2**0 ... 2**6, whole to 64th notes
_PADDING = bytes(8)  # so that reading a few bytes past the end is no error


def parse_midi(data):
    """Return the notes, tempos, time signatures and track names of a MIDI file.

    All other events are dropped, and their ticks are added to the next message
    that is kept. A track ends with its end of track or else with its chunk, and
    always with an `end_of_track` message.

    Accepted although it is unusual or wrong: bytes before the header (a RIFF file
    contains a MIDI file), between the tracks and after them, a longer header,
    chunks of other kinds, a wrong number of tracks, a chunk longer than its track,
    running status after events of any kind, and data bytes above 127, which count
    as 127. Of a time signature the first two bytes are needed, of a tempo the
    first three. A tempo of 0 and a time signature of 0 or of notes shorter than
    64ths are dropped.

    Parameters
    ----------
    data : bytes
        The content of a MIDI file.

    Returns
    -------
    mido.MidiFile
        Its type, its ticks per beat and its tracks of messages of the types
        note_on, note_off, set_tempo, time_signature, track_name, end_of_track.

    Raises
    ------
    ValueError
        There is no header, the type is not 0, 1 or 2, the file counts time in
        SMPTE frames, or a track ends too early or contains what is no event.
        Where it is a byte that is wrong, the message says which.

    Examples
    --------
    >>> header = bytes.fromhex("4d546864 00000006 0001 0001 0060")
    >>> track = bytes.fromhex("4d54726b 0000000b 00903c40 783c00 00ff2f00")
    >>> for message in parse_midi(header + track).tracks[0]:
    ...     print(message)
    note_on channel=0 note=60 velocity=64 time=0
    note_on channel=0 note=60 velocity=0 time=120
    MetaMessage('end_of_track', time=0)
    """
    type, ticks_per_beat, pos = _read_header(data)
    end, data = len(data), data + _PADDING
    tracks = []
    while (pos := _find_track(data, pos, end)) < end:
        track, pos = _read_track(data, pos, end)
        tracks.append(track)
    return MidiFile(type=type, ticks_per_beat=ticks_per_beat, tracks=tracks)


# Chunks


def _read_header(data):
    """Return the type of the file, its ticks per beat, and where its header ends."""
    start = data.find(b"MThd")
    if start < 0:
        raise ValueError("this is no MIDI file: it has no MThd chunk")
    header = data[start + 4 : start + 14].ljust(10, b"\0")
    length, type, _, ticks_per_beat = struct.unpack(">LHHh", header)
    if len(data) < start + 8 + max(length, 6):
        raise ValueError(f"byte {len(data)}: the MIDI file ends too early, in MThd")
    if length < 6:
        raise ValueError(f"byte {start + 4}: MThd has {length} bytes; 6 are needed")
    if type > 2:
        raise ValueError(f"MIDI files are of type 0, 1 or 2, not {type}")
    if ticks_per_beat <= 0:  # two bytes with a sign, which stands for SMPTE
        raise ValueError(
            f"its time base is {ticks_per_beat} (SMPTE frames if negative); "
            "a positive number of ticks a beat is needed"
        )
    return type, ticks_per_beat, start + 8 + length


def _find_track(data, pos, end):
    """Return where the next MTrk chunk begins, at `pos` or later; `end` if none."""
    while pos < end:
        name, length = struct.unpack_from(">4sL", data, pos)
        if name == b"MTrk":
            return pos
        if name == b"MThd":  # of another MIDI file
            return end
        if data[pos] == 0:  # padding
            pos = re.compile(b"\0+").match(data, pos).end()
        elif pos + 8 + length <= end:  # a chunk of another kind
            pos += 8 + length
        else:  # bytes that are no chunk
            chunk = re.compile(b"MTrk|MThd").search(data, pos)
            pos = chunk.start() if chunk else end
    return end


# Events


def _read_track(data, chunk, end):
    """Return the messages of the MTrk at `chunk`, and where the next chunk begins."""
    (length,) = struct.unpack_from(">L", data, chunk + 4)
    pos, chunk_end = chunk + 8, chunk + 8 + length
    stop = min(chunk_end, end)
    track, ticks, running, ended = MidiTrack(), 0, None, False
    while pos < stop and not ended:
        event = pos
        delta, pos = _read_number(data, pos)
        ticks += delta  # since the last message that was kept
        if pos >= stop:
            break
        status, pos = _read_status(data, pos, running)
        if status < 0xF0:
            running = status
        message, pos = _read_event(data, pos, status, ticks)
        if message is not None:
            track.append(message)
            ticks, ended = 0, message.type == "end_of_track"
    if stop < chunk_end and (pos > stop or not ended):
        raise ValueError(
            f"byte {end}: the file ends too early, in the track from byte {chunk} on"
        )
    if pos > stop:
        raise ValueError(
            f"byte {event}: an event that is longer than the rest of its track"
        )
    if not ended:
        track.append(MetaMessage("end_of_track", time=ticks))
    return track, pos if data.startswith(b"MTrk", pos) else chunk_end


def _read_number(data, pos):
    """Return a number of seven bits a byte, the highest first, and where it ends."""
    number, start = 0, pos
    while True:
        byte = data[pos]
        number = number << 7 | byte & 0x7F
        pos += 1
        if byte < 0x80:
            return number, pos
        if number >> 21:  # it has 28 bits with the next byte
            raise ValueError(f"byte {start}: a number of more than 28 bits")


def _read_status(data, pos, running):
    """Return the status of an event, and where its data begins."""
    if data[pos] >= 0x80:
        return data[pos], pos + 1
    if running is None:
        raise ValueError(
            f"byte {pos}: a data byte where an event must begin (no running status)"
        )
    return running, pos


def _read_event(data, pos, status, ticks):
    """Return the message that begins at `pos`, None if not needed, and where it ends.

    `status` is known already, and `ticks` becomes the time of the message.
    """
    if status < 0xA0:
        message = Message(
            "note_off" if status < 0x90 else "note_on",
            skip_checks=True,  # the checks take longer than the rest
            channel=status & 0x0F,
            note=min(data[pos], 127),
            velocity=min(data[pos + 1], 127),
            time=ticks,
        )
        return message, pos + 2
    if status < 0xF0:  # program change and channel pressure have one data byte
        return None, pos + (1 if 0xC0 <= status < 0xE0 else 2)
    if status == 0xFF:
        length, start = _read_number(data, pos + 1)
        content = data[start : start + length]
        return _meta_message(data[pos], content, ticks), start + length
    if status in (0xF0, 0xF7):  # system exclusive: for a certain synthesizer
        length, start = _read_number(data, pos)
        return None, start + length
    if status not in _SYSTEM_DATA:
        raise ValueError(f"byte {pos - 1}: the status {status:x}, which has no meaning")
    return None, pos + _SYSTEM_DATA[status]


def _meta_message(kind, content, ticks):
    """Return a meta event as a message, or None if it is not needed or impossible."""
    if kind == _TRACK_NAME:
        name = content.decode("latin1")  # of any bytes, a letter each
        return MetaMessage("track_name", name=name, time=ticks)
    return _timing_message(kind, content[:3], ticks)


@lru_cache(maxsize=1024)  # a file of many short tracks repeats the same few messages
def _timing_message(kind, content, ticks):
    """Return an end of track, tempo or time signature; None if impossible."""
    if kind == _END_OF_TRACK:
        return MetaMessage("end_of_track", time=ticks)
    if kind == _SET_TEMPO and len(content) == 3 and any(content):
        tempo = int.from_bytes(content, "big")
        return MetaMessage("set_tempo", tempo=tempo, time=ticks)
    if kind == _TIME_SIGNATURE and len(content) >= 2:
        numerator, power = content[:2]
        if numerator > 0 and power <= _MAX_POWER:
            return MetaMessage(
                "time_signature",
                numerator=numerator,
                denominator=2**power,
                time=ticks,
            )
    return None
