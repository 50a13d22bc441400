"""A picture: an array of pixels that shows itself in a notebook."""

import imageio.v3 as imageio
import numpy as np

from lstmviz.checks import check_count
from lstmviz.files import check_output, save_bytes

__all__ = ["Picture", "write_image"]

LARGEST_ZOOM, LARGEST = 100, 100_000_000  # pixels: 300 MB of memory
LONGEST = 65_535  # pixels of a row or column, as in a GIF
SHOWN = 800  # pixels: a notebook shows small pictures enlarged up to this size


class Picture(np.ndarray):
    """A plain array, uint8 (height, width, 3), that a notebook shows as an image.

    Everything else is as with any other array: slicing, comparing, writing. Small
    pictures are shown enlarged, every pixel as a square.

    >>> picture = Picture(np.zeros((2, 3, 3), np.uint8))
    >>> picture
    <Picture, 3 x 2 pixels>
    >>> picture._repr_png_()[1:4]
    b'PNG'
    >>> picture[..., 0]._repr_png_()  # one channel is an array, not an image
    """

    def __new__(cls, image):
        """Return an existing array as a picture (a view, not a copy)."""
        return np.asarray(image).view(cls)

    def __repr__(self):
        """Show the size, where an image cannot be shown."""
        if not is_image(self):
            return super().__repr__()
        height, width, _ = self.shape
        return f"<Picture, {width} x {height} pixels>"

    def _repr_png_(self):
        """Return the bytes of a PNG, or None if a slice of it is not an image."""
        if not is_image(self):
            return None
        return png(self, zoom=max(1, SHOWN // max(self.shape)))


def is_image(array):
    """Return whether an array is uint8 (height, width, 3) with at least one pixel."""
    right_shape = array.ndim == 3 and array.shape[-1] == 3
    return array.dtype == np.uint8 and right_shape and array.size > 0


def enlarged(image, zoom):
    """Return an image in which every pixel is a square of `zoom` by `zoom` pixels."""
    image = np.asarray(image)
    check_size(image.shape[0] * zoom, image.shape[1] * zoom)
    return image.repeat(zoom, axis=0).repeat(zoom, axis=1)


def png(image, zoom=1):
    """Return the bytes of a PNG file of an image."""
    return imageio.imwrite("<bytes>", enlarged(image, zoom), extension=".png")


def check_zoom(zoom):
    """Return `zoom` as an int; raise a ValueError unless it is 1, 2, ..., 100."""
    return check_count("zoom", zoom, 1, LARGEST_ZOOM)


def check_size(height, width):
    """Raise a ValueError if a picture would have too many pixels."""
    if height * width > LARGEST or max(height, width) > LONGEST:
        raise ValueError(
            f"a picture of {width:.0f} x {height:.0f} pixels is too large: up to "
            f"{LARGEST // 10**6} million pixels are drawn, {LONGEST} in a row; choose "
            "a lower zoom, or fewer steps"
        )


def write_image(image, path, zoom=1):
    """Write an image as PNG, completely or not at all.

    Parameters
    ----------
    image : ndarray, uint8 (height, width, 3)
    path : str or path
        Ends in `.png`.
    zoom : int
        Every pixel becomes a square of `zoom` by `zoom` pixels. Pictures with
        labels are best drawn at their final size and written with zoom 1.

    Raises
    ------
    ValueError
        The array is not an image, the name does not end in `.png`, `zoom` is
        not a whole number from 1 to 100, the picture would have more than 100 million
        pixels, or there is no such folder.
    """
    try:
        image = np.asarray(image)
    except ValueError:  # lists that differ in length
        raise ValueError("an image is uint8 (height, width, 3), not lists") from None
    if not is_image(image):
        raise ValueError(
            f"an image is uint8 (height, width, 3), not {image.dtype} {image.shape}"
        )
    check_output(path, [".png"])
    save_bytes(png(image, check_zoom(zoom)), path)
