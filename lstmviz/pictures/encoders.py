"""Encoders: frames, one after the other, into an open GIF, APNG or MP4 file.

Each takes its frames from an iterator and lets go of one before it asks for the
next, so that a long film needs no more memory than a short one. (Image libraries
write animations too, but only of frames that they have all been given before.)

    APNG   every pixel as it is; large, since thinking networks compress badly
    GIF    shown everywhere; 256 colours, so colours are near ones, see `palette`
    MP4    small, with sound; colours are blurred a little, as in any video
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
    """Write frames as APNG, to be played for ever.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
    count : int
        How many frames there are: an APNG begins by saying so.
    seconds : Fraction
        How long each is shown; numerator and denominator below 65536.
    """
    file.write(b"\x89PNG\r\n\x1a\n")
    number = 0  # control and data chunks after the first image count as one sequence
    for frame in frames:
        height, width = frame.shape[:2]
        if number == 0:
            write_chunk(file, b"IHDR", ">2I5B", width, height, 8, 2, 0, 0, 0)
            write_chunk(file, b"acTL", ">2I", count, 0)
        delay = seconds.numerator, seconds.denominator
        place = width, height, 0, 0
        write_chunk(file, b"fcTL", ">5I2H2B", number, *place, *delay, 0, 0)
        if number == 0:
            write_chunk(file, b"IDAT", "", data=compressed(frame))
            number += 1
        else:
            write_chunk(file, b"fdAT", ">I", number + 1, data=compressed(frame))
            number += 2
    write_chunk(file, b"IEND", "")


def write_chunk(file, kind, form, *numbers, data=b""):
    """Write a chunk of a PNG file: its length, kind, numbers and data, checksum."""
    content = kind + struct.pack(form, *numbers) + data
    file.write(struct.pack(">I", len(content) - len(kind)) + content)
    file.write(struct.pack(">I", zlib.crc32(content)))


def compressed(frame):
    """Return a frame as PNG keeps it: each row as what changed from the one above."""
    rows = frame.reshape(len(frame), -1)
    change = np.diff(rows, axis=0, prepend=np.zeros_like(rows[:1]))  # modulo 256
    up = np.full((len(rows), 1), 2, np.uint8)  # PNG's number for this filter
    return zlib.compress(np.hstack([up, change]).tobytes())


# GIF: all frames share one palette


def write_gif(frames, file, seconds):
    """Write frames as GIF, to be played for ever.

    A GIF counts time in hundredths of a second. Each frame lasts until the
    hundredth nearest to where the next begins, so that no error adds up.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
    seconds : Fraction
        How long each is shown, on average.
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
        # Each is a file of its own: of all but the first, only the image is needed.
        start = 0 if number == 0 else whole.getvalue().index(b"!\xf9\x04")
        file.write(whole.getvalue()[start:-1])
    file.write(b";")


def palette():
    """Return the 256 colours of a GIF: uint8 (256, 3).

    Neurons are any green and blue, but tanh never takes the green far from the
    middle; probabilities are grey; in the score, the red of the probability meets
    the full green and blue of what is played and articulated.
    """
    greens, blues = np.linspace(60, 195, 14), np.linspace(0, 255, 13)
    neurons = [(0, green, blue) for green in greens for blue in blues]
    greys = [(grey, grey, grey) for grey in np.linspace(0, 255, 17)]
    played = (0, 0), (255, 0), (255, 255)
    score = [(red, *rest) for red in np.linspace(0, 255, 19) for rest in played]
    return np.rint(neurons + greys + score).astype(np.uint8)


# MP4: ffmpeg does the work


def write_mp4(frames, file, seconds, write_sound):
    """Write frames as H.264 video with AAC sound.

    Parameters
    ----------
    frames : iterator of ndarray, uint8 (height, width, 3)
    file : binary file
        An odd height or width is made even by a black line below or on the
        right, as H.264 needs it.
    seconds : Fraction
        How long each is shown.
    write_sound : function of a path
        Writes the sound there, as WAV.

    Raises
    ------
    ValueError
        ffmpeg is missing, or did not succeed.
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
            said = log.read_text(errors="replace").split("\n")[0]
            raise ValueError(f"ffmpeg could not make the film ({said})")
        with open(film, "rb") as made:
            shutil.copyfileobj(made, file)


def feed(command, frames, log):
    """Run a command, give it frames to read, and return its exit status.

    Parameters
    ----------
    command : list of str
    frames : iterable of ndarray, uint8 (height, width, 3)
    log : path
        For what the command has to say.
    """
    with open(log, "wb") as errors:
        process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for us to hear, and to pass on
        )
    try:
        # A pipe breaks where the command gives up. Why, its log will say.
        with suppress(BrokenPipeError), process.stdin:
            for frame in frames:
                process.stdin.write(frame.tobytes())
    except BaseException:
        process.kill()
        raise
    finally:
        process.wait()
    return process.returncode


# Colours as in HD television, and said so: players guess by size otherwise. No
# frames that refer to later ones (-bf 0): not all players subtract their delay.
VIDEO = (
    "-vf pad=ceil(iw/2)*2:ceil(ih/2)*2,scale=out_color_matrix=bt709:out_range=tv,"
    "setparams=colorspace=bt709:color_primaries=bt709:color_trc=bt709 "
    "-c:v libx264 -preset veryfast -crf 18 -bf 0 -pix_fmt yuv420p -movflags +faststart"
)
AUDIO = "-c:a aac -b:a 160k"


def ffmpeg():
    """Return where the program ffmpeg is, or say how to get it."""
    try:
        from imageio_ffmpeg import get_ffmpeg_exe

        return get_ffmpeg_exe()
    except (ImportError, RuntimeError):
        raise ValueError(
            'an MP4 film needs ffmpeg: pip install "lstmviz[film]"'
        ) from None
