"""Encoders: write frames, one after the other, to a GIF, APNG or MP4 file.

Each encoder takes the frames from an iterator and keeps only one of them in memory, so
that a long film needs no more memory than a short one. (Image libraries also write
animations, but they need all frames at once.)

    APNG   exact pixels; large files, since activations hardly compress
    GIF    can be shown everywhere; 256 colours, see `palette`
    MP4    small, with sound; colours are slightly blurred, as in any video
"""

import io
import shutil
import struct
import subprocess
import zlib
from contextlib import suppress
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from PIL import Image

__all__ = ["ffmpeg", "write_apng", "write_gif", "write_mp4"]


# APNG: a PNG file with more than one image in it


def write_apng(frames, file, count, seconds):
    """Write frames as APNG, which repeats without end.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
    count : int
        The number of frames, which is written at the beginning of the file.
    seconds : Fraction
        The duration of each frame; numerator and denominator below 65536.
    """
    file.write(b"\x89PNG\r\n\x1a\n")
    number = 0  # numbers the fcTL and fdAT chunks together, as the format requires
    for frame in frames:
        height, width = frame.shape[:2]
        if number == 0:
            write_chunk(file, b"IHDR", ">2I5B", width, height, 8, 2, 0, 0, 0)
            write_chunk(file, b"acTL", ">2I", count, 0)
        delay = seconds.numerator, seconds.denominator
        place = width, height, 0, 0
        write_chunk(file, b"fcTL", ">5I2H2B", number, *place, *delay, 0, 0)
        if number == 0:
            write_chunk(file, b"IDAT", "", data=compress_frame(frame))
            number += 1
        else:
            write_chunk(file, b"fdAT", ">I", number + 1, data=compress_frame(frame))
            number += 2
    write_chunk(file, b"IEND", "")


def write_chunk(file, kind, form, *numbers, data=b""):
    """Write a chunk of a PNG file: its length, kind, numbers, data and checksum."""
    content = kind + struct.pack(form, *numbers) + data
    file.write(struct.pack(">I", len(content) - len(kind)) + content)
    file.write(struct.pack(">I", zlib.crc32(content)))


def compress_frame(frame):
    """Return a frame as PNG stores it: compressed differences from the row above."""
    rows = frame.reshape(len(frame), -1)
    change = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))  # modulo 256
    up = np.full((len(rows), 1), 2, np.uint8)  # the number of this filter in PNG
    return zlib.compress(np.hstack([up, change]).tobytes())


# GIF: all frames share one palette


def write_gif(frames, file, seconds):
    """Write frames as GIF, which repeats without end.

    A GIF counts time in hundredths of a second. Each frame ends at the hundredth that
    is nearest to the exact time, so that rounding errors do not add up.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
    seconds : Fraction
        The mean duration of a frame.
    """
    colours = Image.new("P", (1, 1))
    colours.putpalette(palette().tobytes())
    for number, frame in enumerate(frames):
        shown = round(100 * seconds * (number + 1)) - round(100 * seconds * number)
        image = Image.fromarray(frame).quantize(
            palette=colours, dither=Image.Dither.NONE
        )
        whole = io.BytesIO()
        options = dict(duration=10 * shown, optimize=False, interlace=False)
        image.save(whole, "GIF", loop=0, **options)
        # `whole` is a complete GIF. The header is needed once, then only the image.
        start = 0 if number == 0 else whole.getvalue().index(b"!\xf9\x04")
        file.write(whole.getvalue()[start:-1])
    file.write(b";")


def palette():
    """Return the 256 colours of a GIF: uint8 (256, 3).

    Neurons have any blue, but only middle greens, since h lies between -1 and 1.
    Probabilities are grey. The score has any red (the probability) together with full
    or no green and blue (played and articulated).
    """
    greens, blues = np.linspace(60, 195, 14), np.linspace(0, 255, 13)
    neurons = [(0, green, blue) for green in greens for blue in blues]
    greys = [(grey, grey, grey) for grey in np.linspace(0, 255, 17)]
    played = (0, 0), (255, 0), (255, 255)
    score = [(red, *rest) for red in np.linspace(0, 255, 19) for rest in played]
    return np.rint(neurons + greys + score).astype(np.uint8)


# MP4: written by the program ffmpeg


def write_mp4(frames, file, seconds, write_sound):
    """Write frames as H.264 video with AAC sound.

    H.264 needs an even height and width: an odd one gets a black line at the bottom or
    at the right.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
    seconds : Fraction
        The duration of each frame.
    write_sound : function of a path
        Writes the sound to this path, as WAV.

    Raises
    ------
    ValueError
        ffmpeg is missing or failed.
    """
    program = ffmpeg()
    with TemporaryDirectory(prefix="lstmviz-") as folder:
        sound, film, log = (Path(folder, n) for n in ("a.wav", "a.mp4", "log"))
        write_sound(sound)
        first = next(frames)
        height, width = first.shape[:2]
        command = [program, "-v", "error", "-y"]
        command += ["-f", "rawvideo", "-pix_fmt", "rgb24", "-s", f"{width}x{height}"]
        command += ["-framerate", str(1 / seconds), "-i", "-", "-i", str(sound)]
        command += [*VIDEO.split(), *AUDIO.split(), str(film)]
        if feed(command, chain([first], frames), log) != 0:
            message = log.read_text(errors="replace").split("\n")[0]
            raise ValueError(f"ffmpeg could not make the film ({message})")
        with open(film, "rb") as made:
            shutil.copyfileobj(made, file)


def feed(command, frames, log):
    """Run a command that reads frames, and return its exit status.

    Parameters
    ----------
    command : list of str
    frames : iterable of ndarray, uint8 (height, width, 3)
    log : path
        The file for the error messages of the command.
    """
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C goes to this process, which ends ffmpeg
        )
    try:
        # The pipe breaks if the command fails; the reason is in its log.
        with suppress(BrokenPipeError), process.stdin:
            for frame in frames:
                process.stdin.write(frame.tobytes())
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
    return process.returncode


# The colour space is that of HD television, and the file says so, because players
# otherwise guess it from the size. No frame refers to a later one (-bf 0), because not
# all players subtract the delay of such frames.
VIDEO = (
    "-vf pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709 "
    "-c:v libx264 -preset veryfast -crf 18 -bf 0 -pix_fmt yuv420p -movflags +faststart"
)
AUDIO = "-c:a aac -b:a 160k"


def ffmpeg():
    """Return the path of the program ffmpeg.

    Raises
    ------
    ValueError
        It is not installed; the message says how to install it.
    """
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ValueError(
            "an MP4 film needs ffmpeg, which `pip install imageio-ffmpeg` brings; "
            "films in .gif and .png need nothing"
        ) from None
