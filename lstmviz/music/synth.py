"""A small synthesiser: music becomes sound, in NumPy alone.

A note is a string that is struck. It vibrates at its frequency f and at whole multiples
of f, the partials. The higher a partial, the softer it is and the sooner it fades:

    tone(t) = rise(t) · fall(t) · Σ_k  k^-1.5 · exp(-k t / ring) · sin(2π k f t)

It begins exactly on its step, rises within 2 ms, fades while it is held, and fades
within 60 ms when it is released, so that neither end clicks. The sound is the sum of
all notes; a limiter keeps it below full scale.

The sound is computed step by step: however long the music, only the notes that still
sound are kept in memory.
"""

import base64
import io
import wave
from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from lstmviz.checks import check_count, check_flag, check_real
from lstmviz.files import write_whole
from lstmviz.music.notes import notes_from_states
from lstmviz.music.piece import as_piece
from lstmviz.progress import progress_bar

__all__ = ["RATE", "Sound", "hear", "sound_of_steps", "synthesise", "write_wav"]

RATE = 44100  # samples a second
RATES = 8000, 192_000  # the lowest and the highest
PARTIALS = 8
RING = 1.5  # seconds in which middle C fades to 1/e; an octave lower: √2 times that
RISE, RELEASE = 0.002, 0.06  # seconds
LONGEST = 6.0  # seconds after which every string is silent
LOUDNESS = 0.2  # of one note, where 1 is full scale
SLOWEST, FASTEST = 1, 1000  # beats a minute


def synthesise(music, bpm=None, low=None, rate=RATE):
    """Turn music into sound.

    Parameters
    ----------
    music : Piece, Trace or array_like (T, N, 2)
        A note that is held from the first step on is struck, as in `write_midi`.
    bpm : float, optional
        Quarter notes a minute; if not given, the music's own.
    low : int, optional
        The MIDI note of index 0; if not given, what the music says, or else 24.
    rate : int
        Samples a second.

    Returns
    -------
    ndarray, float32 (samples,)
        T steps and the 60 ms in which the last notes fade, between -1 and 1.

    Raises
    ------
    ValueError
        It is no music, or the tempo or the rate is out of range.

    See Also
    --------
    write_wav : keeps no more than six seconds in memory.

    Examples
    --------
    One beat, at 120 beats a minute, is half a second, after which sound fades:

    >>> beat = np.zeros((4, 78, 2), np.uint8)
    >>> len(synthesise(beat, bpm=120, rate=10_000)) / 10_000
    0.56
    """
    return np.concatenate(list(sound_of_steps(music, bpm, low, rate)))


def write_wav(music, path, bpm=None, low=None, rate=RATE, progress=False):
    """Write music as a WAV file (16 bit, mono), to be heard with any player.

    Parameters
    ----------
    music, bpm, low, rate : as in `synthesise`
    path : str or path
        The file to write; an existing one is replaced, as a whole or not at all.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Raises
    ------
    ValueError
        As in `synthesise`, or there is no folder to write into.
    """
    check_count("rate", rate, *RATES)
    check_flag("progress", progress)
    sounds = sound_of_steps(music, bpm, low, rate)
    total = len(as_piece(music, low)) + 1  # the last notes fade
    steps = progress_bar(sounds, "playing", "step", progress, total)
    write_whole(lambda file: write_samples(steps, rate, file), path)


@dataclass(repr=False)
class Sound:
    """Samples, float32 (samples,), that a notebook shows as a player."""

    samples: np.ndarray
    rate: int = RATE

    def _repr_html_(self):
        file = io.BytesIO()
        write_samples([self.samples], self.rate, file)
        data = base64.b64encode(file.getvalue()).decode()
        return f'<audio controls src="data:audio/wav;base64,{data}"></audio>'


def hear(music, bpm=None, low=None, rate=RATE):
    """Return music as a `Sound`: in a notebook, a player to press play on.

    Parameters
    ----------
    music, bpm, low, rate : as in `synthesise`

    Returns
    -------
    Sound
    """
    return Sound(synthesise(music, bpm, low, rate), rate)


# How it is computed


def sound_of_steps(music, bpm=None, low=None, rate=RATE):
    """Yield the sound of each step, and at the end that of the last notes as they fade.

    Parameters
    ----------
    music, bpm, low, rate : as in `synthesise`

    Yields
    ------
    ndarray, float32 (samples,)
    """
    piece = as_piece(music, low)
    states = piece.states
    bpm = piece.bpm if bpm is None else bpm
    check_bpm(bpm)
    check_count("rate", rate, *RATES)

    onsets = np.rint(np.arange(len(states) + 1) * 15 / bpm * rate).astype(int)
    starting = defaultdict(list)
    for pitch, start, stop in notes_from_states(states, piece.low):
        starting[start].append((pitch, onsets[stop] - onsets[start]))
    fade = np.cos(np.linspace(0, np.pi / 2, round(RELEASE * rate))) ** 2
    lengths = [*np.diff(onsets), len(fade)]

    tones = {}  # pitch -> its sound, which is the same whenever it is struck
    ahead = np.zeros(max(lengths) + round(LONGEST * rate), np.float32)
    for step, length in enumerate(lengths):
        for pitch, held in starting[step]:
            if pitch not in tones:
                tones[pitch] = tone(pitch, rate)
            note = release(tones[pitch], held, fade)
            ahead[: len(note)] += note
        yield limited(ahead[:length])
        ahead[:-length] = ahead[length:]
        ahead[-length:] = 0


def check_bpm(bpm):
    """Raise a ValueError if a tempo is too slow or too fast."""
    check_real("bpm", bpm, SLOWEST, FASTEST)


def tone(pitch, rate=RATE):
    """Return the sound of a string that is struck and never released.

    Parameters
    ----------
    pitch : int
        MIDI note; 69 is A4, 440 Hz.
    rate : int

    Returns
    -------
    ndarray, float32 (LONGEST * rate,)
    """
    frequency = 440 * 2 ** ((pitch - 69) / 12)
    ring = RING * 2 ** ((60 - pitch) / 24)
    t = np.arange(round(LONGEST * rate)) / rate
    swing = np.zeros_like(t)
    for k in range(1, PARTIALS + 1):
        if k * frequency < rate / 2:  # a higher partial would sound as a lower one
            swing += (
                k**-1.5 * np.exp(-k * t / ring) * np.sin(2 * np.pi * k * frequency * t)
            )
    rise = np.sin(np.pi / 2 * np.minimum(t / RISE, 1)) ** 2
    fall = (1 - t / LONGEST) ** 2
    return (LOUDNESS * rise * fall * swing).astype(np.float32)


def release(tone, held, fade):
    """Return the tone held for so many samples, and then faded out."""
    note = tone[: held + len(fade)].copy()
    after = note[held:]  # empty if the string has stopped sounding before
    after *= fade[: len(after)]
    return note


def limited(x):
    """Compress x to between -1 and 1; quiet sound stays nearly the same.

    >>> limited(np.array([0.1, 1.0, 20.0])).round(3).tolist()
    [0.1, 0.707, 0.999]
    """
    return x / np.sqrt(1 + x * x)


def write_samples(blocks, rate, file):
    """Write blocks of samples between -1 and 1 to an open file, as WAV."""
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        for block in blocks:
            out.writeframesraw(np.rint(32767 * block).astype("<i2").tobytes())
