"""The film: the network snapshot of every step, with the music.

There is one frame for each time step, so the film is as fast as the music. The newest
column of the score in frame s is what the network decided at step s. In an MP4 film,
the sound of that decision begins when the frame appears.
"""

import base64
from dataclasses import dataclass
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from lstmviz.checks import check_count, check_flag, check_kind
from lstmviz.files import check_output, write_whole
from lstmviz.music.synth import check_bpm, write_wav
from lstmviz.network.trace import Trace
from lstmviz.pictures.encoders import ffmpeg, write_apng, write_gif, write_mp4
from lstmviz.pictures.picture import check_size, check_zoom, enlarged
from lstmviz.pictures.snapshot import snapshot
from lstmviz.progress import progress_bar

__all__ = ["Film", "film", "film_suffix"]

MEDIA = {
    ".mp4": "video/mp4",
    ".gif": "image/gif",
    ".png": "image/png",
    ".apng": "image/apng",
}


def film_suffix():
    """Return the ending of the best film that this installation can write."""
    return ".mp4" if find_spec("imageio_ffmpeg") else ".gif"


@dataclass
class Film:
    """A film in a file, which a notebook shows.

    Attributes
    ----------
    path : Path
        The file.
    """

    path: Path

    def _repr_html_(self):
        """Return the HTML element with which a notebook shows the film."""
        media = MEDIA[self.path.suffix.lower()]
        data = base64.b64encode(self.path.read_bytes()).decode()
        source = f'src="data:{media};base64,{data}"'
        if media.startswith("video"):
            return f"<video controls {source}></video>"
        return f"<img {source}>"


def film(
    trace,
    path,
    bpm=None,
    past=128,
    zoom=2,
    start=0,
    stop=None,
    progress=False,
    labels=False,
):
    """Write a film of the whole network: its snapshot at every step, with the music.

    Parameters
    ----------
    trace : Trace
    path : str or path
        The ending decides the format. `.mp4` is small and has sound (it needs
        ffmpeg: `pip install imageio-ffmpeg`). `.png` or `.apng` is an APNG with
        exactly the pixels of `snapshot`. `.gif` can be shown everywhere, but has only
        256 colours: each pixel gets the nearest of them. An existing file is replaced
        when the new one is complete.
    bpm : float, optional
        The tempo in quarter notes (four steps) per minute. The default is the tempo
        of the trace.
    past : int
        Number of steps of the score to show.
    zoom : int
        Every pixel becomes a square of `zoom` by `zoom` pixels. MP4 stores one
        colour for every square of 2 by 2 pixels, so an even zoom keeps the colours
        of neighbouring neurons separate.
    start, stop : int, optional
        The steps to film: from `start` up to but not including `stop`. The default
        is all steps.
    progress : bool
        Show a progress bar when it takes more than two seconds.
    labels : bool
        Put pitches, bars, names, the step and a legend around each frame.

    Returns
    -------
    Film
        Shows itself in a notebook.

    Raises
    ------
    ValueError
        The ending is unknown, the trace has no such steps, the folder does not
        exist, a number is out of range, or ffmpeg is missing.
    """
    check_kind("trace", trace, Trace)
    check_output(path, MEDIA)
    path = Path(path)
    kind = path.suffix.lower()
    if kind == ".mp4":
        ffmpeg()
    stop = len(trace) if stop is None else check_count("stop", stop)
    check_count("start", start)
    check_flag("progress", progress)
    check_flag("labels", labels)
    if not 0 <= start < stop <= len(trace):
        raise ValueError(
            f"no steps from {start} up to {stop}; the trace has {len(trace)} steps"
        )
    bpm = trace.bpm if bpm is None else bpm
    check_bpm(bpm)
    zoom = check_zoom(zoom)
    height, width, _ = snapshot(trace, start, past).shape
    check_size(height * zoom, width * zoom)

    # APNG stores a duration as a fraction of 16-bit numbers; all formats use the same.
    seconds = (15 / Fraction(float(bpm))).limit_denominator(1000)
    steps = progress_bar(range(start, stop), "filming", "frame", progress)
    frames = (draw_frame(trace, step, past, zoom, labels) for step in steps)
    if labels:
        frames = equally_large(frames)

    def write_sound(wav):
        write_wav(trace.chosen[start:stop], wav, float(15 / seconds), trace.low)

    def write(file):
        if kind == ".mp4":
            write_mp4(frames, file, seconds, write_sound)
        elif kind == ".gif":
            write_gif(frames, file, seconds)
        else:
            write_apng(frames, file, stop - start, seconds)

    write_whole(write, path)
    return Film(path)


def draw_frame(trace, step, past, zoom, labels):
    """Draw the snapshot of a step, with every pixel as a square."""
    if labels:
        return snapshot(trace, step, past, labels=True, zoom=zoom)
    return enlarged(snapshot(trace, step, past), zoom)


def equally_large(frames):
    """Yield frames cut, or extended by their last pixels, to the size of the first.

    The labels of later steps can be wider, by a digit. Sizes are even, as MP4 needs it.
    """
    size = None
    for frame in frames:
        if size is None:
            size = [n + n % 2 for n in frame.shape[:2]]
        missing = [
            (0, max(0, n - m)) for n, m in zip(size, frame.shape[:2], strict=True)
        ]
        frame = np.pad(frame, [*missing, (0, 0)], mode="edge")
        yield frame[: size[0], : size[1]]
