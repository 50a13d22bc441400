"""A picture: an array of pixels that shows itself in a notebook."""

import imageio.v3 as imageio
import numpy as np

from lstmviz.files import write_whole

__all__ = ["Picture", "write_image"]

SHOWN = 800  # screen pixels that a small picture is enlarged to in a notebook


class Picture(np.ndarray):
    """A plain array, uint8 (height, width, 3), that a notebook shows as an image.

    Nothing else is different: it is sliced, compared and written like any
    other array. Small pictures are shown enlarged, every pixel as a square.

    >>> picture = Picture(np.zeros((2, 3, 3), np.uint8))
    >>> picture
    <Picture, 3 x 2 pixels>
    >>> picture._repr_png_()[1:4]
    b'PNG'
    >>> picture[..., 0]._repr_png_()  # one channel is an array, not an image
    """

    def __new__(cls, image):
        """Look at an existing array as a picture."""
        return np.asarray(image).view(cls)

    def __repr__(self):
        """Say how large it is, where an image cannot be shown."""
        if not is_image(self):
            return super().__repr__()
        height, width, _ = self.shape
        return f"<Picture, {width} x {height} pixels>"

    def _repr_png_(self):
        """Return the picture as a PNG, or None where an array is no longer one."""
        if not is_image(self):
            return None
        return png(self, zoom=max(1, SHOWN // max(self.shape)))


def is_image(array):
    """Tell whether an array is uint8 (height, width, 3) with at least one pixel."""
    right_shape = array.ndim == 3 and array.shape[-1] == 3
    return array.dtype == np.uint8 and right_shape and array.size > 0


def enlarged(image, zoom):
    """Make every pixel a square of `zoom` by `zoom` pixels."""
    return np.asarray(image).repeat(zoom, axis=0).repeat(zoom, axis=1)


def png(image, zoom=1):
    """Return the bytes of a PNG file of an image."""
    return imageio.imwrite("<bytes>", enlarged(image, zoom), extension=".png")


def check_zoom(zoom):
    """Return `zoom` as an int, or say that it is not a whole number from 1 up."""
    if int(zoom) != zoom or zoom < 1:
        raise ValueError(f"zoom must be a whole number from 1 up, not {zoom}")
    return int(zoom)


def write_image(image, path, zoom=1):
    """Write an image as PNG, whole or not at all.

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
        not a whole number from 1 up, or there is no such folder.
    """
    image = np.asarray(image)
    if not is_image(image):
        raise ValueError(
            f"an image is uint8 (height, width, 3), not {image.dtype} {image.shape}"
        )
    if not str(path).lower().endswith(".png"):
        raise ValueError(f"{path}: pictures are written as PNG; end the name in .png")
    data = png(image, check_zoom(zoom))
    write_whole(lambda file: file.write(data), path)
