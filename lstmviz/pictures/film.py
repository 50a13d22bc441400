"""The film: the network snapshot, step after step, with the music that it makes.

One frame a time step, so the film is as fast as the music. Frame s shows what the
network decided at step s in the newest column of the score; in an MP4 film, that
is what is heard from the moment the frame appears.
"""

import base64
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from lstmviz.files import write_whole
from lstmviz.music.synth import check_bpm, write_wav
from lstmviz.pictures.encoders import ffmpeg, write_apng, write_gif, write_mp4
from lstmviz.pictures.picture import check_zoom, enlarged
from lstmviz.pictures.snapshot import snapshot
from lstmviz.progress import progress_bar

__all__ = ["Film", "film"]

MEDIA = {
    ".mp4": "video/mp4",
    ".gif": "image/gif",
    ".png": "image/png",
    ".apng": "image/apng",
}


@dataclass
class Film:
    """A film in a file, which a notebook shows."""

    path: Path

    def _repr_html_(self):
        media = MEDIA[self.path.suffix.lower()]
        data = base64.b64encode(self.path.read_bytes()).decode()
        source = f'src="data:{media};base64,{data}"'
        if media.startswith("video"):
            return f"<video controls {source}></video>"
        return f"<img {source}>"


def film(trace, path, bpm=None, past=128, zoom=2, start=0, stop=None, progress=False):
    """Film the whole network while it thinks.

    Parameters
    ----------
    trace : Trace
    path : str or path
        Its ending decides: `.mp4` is small and has sound (needs `pip install
        "lstmviz[film]"`); `.png` or `.apng` is an APNG, every pixel that of
        `snapshot`; `.gif` is shown everywhere, in 256 colours near the true ones.
        An existing file is replaced, as a whole or not at all.
    bpm : float
        The tempo in beats (quarter notes, four steps) a minute.
    past : int
        How many steps of the score to show.
    zoom : int
        Every pixel becomes a square of `zoom` by `zoom` pixels. An MP4 keeps
        colours for squares of 2 by 2, so an even zoom keeps neurons apart.
    start, stop : int, optional
        The steps to film, from `start` up to but not including `stop`.
    progress : bool
        Show a progress bar when it takes more than two seconds.

    Returns
    -------
    Film
        Shows itself in a notebook.

    Raises
    ------
    ValueError
        There is no such kind of film, no such steps, no folder to write into, a
        number is out of reach, or ffmpeg is missing.
    """
    path = Path(path)
    kind = path.suffix.lower()
    if kind not in MEDIA:
        raise ValueError(f"{path}: films are written as {', '.join(MEDIA)}")
    if kind == ".mp4":
        ffmpeg()
    stop = len(trace) if stop is None else stop
    if not 0 <= start < stop <= len(trace):
        raise ValueError(
            f"no steps from {start} up to {stop}; the trace has {len(trace)}"
        )
    bpm = trace.bpm if bpm is None else bpm
    check_bpm(bpm)
    zoom = check_zoom(zoom)

    # A step is a fraction of a second that every kind of film can express.
    seconds = (15 / Fraction(float(bpm))).limit_denominator(1000)
    steps = progress_bar(range(start, stop), "filming", "frame", progress)
    frames = (enlarged(snapshot(trace, step, past), zoom) for step in steps)

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
