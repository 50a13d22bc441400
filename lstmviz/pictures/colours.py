"""Colours: how a neuron becomes a pixel, and arrays become an image file."""

import imageio.v3 as imageio
import numpy as np

from lstmviz.files import write_whole
from lstmviz.network.lstm import sigmoid

__all__ = ["neuron_colours", "to_bytes", "write_image", "zoomed"]


def neuron_colours(h, c):
    """Return (red, green, blue) = (0, σ(h), σ(c)): activation green, memory blue.

    Parameters
    ----------
    h, c : ndarray (...)
        Hidden and cell states.

    Returns
    -------
    ndarray, uint8 (..., 3)
    """
    return to_bytes(np.stack([np.zeros_like(h), sigmoid(h), sigmoid(c)], axis=-1))


def to_bytes(x):
    """Turn floats in [0, 1] into bytes by floor(255 x)."""
    return np.floor(255 * x).astype(np.uint8)


def write_image(image, path, zoom=1):
    """Write an image as PNG, whole or not at all.

    Parameters
    ----------
    image : ndarray, uint8 (height, width, 3)
    path : str or path
        Ends in `.png`.
    zoom : int
        Every pixel becomes a square of `zoom` by `zoom` pixels.

    Raises
    ------
    ValueError
        The array is not an image, the name does not end in `.png`, `zoom` is
        not a whole number from 1 up, or there is no such folder.
    """
    image = np.asarray(image)
    if image.dtype != np.uint8 or image.ndim != 3 or image.shape[-1] != 3:
        raise ValueError(
            f"an image is uint8 (height, width, 3), not {image.dtype} {image.shape}"
        )
    if not str(path).lower().endswith(".png"):
        raise ValueError(f"{path}: pictures are written as PNG; end the name in .png")
    data = imageio.imwrite("<bytes>", zoomed(image, zoom), extension=".png")
    write_whole(path, lambda file: file.write(data))


def zoomed(image, zoom):
    """Return an image with every pixel as a square of `zoom` by `zoom` pixels."""
    if int(zoom) != zoom or zoom < 1:
        raise ValueError(f"zoom must be a whole number from 1 up, not {zoom}")
    return image.repeat(int(zoom), axis=0).repeat(int(zoom), axis=1)
