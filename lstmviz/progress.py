"""Progress bars: one look for everything that can take more than two seconds."""

from tqdm import tqdm

__all__ = ["progress_bar"]


def progress_bar(items, what, unit, show, total=None):
    """Return `items` to iterate over, with a bar that appears after two seconds.

    Parameters
    ----------
    items : iterable, or None
        Without items, call `update` for each that is done.
    what : str
        What is being done, such as "composing".
    unit : str
        What one item is, such as "step".
    show : bool
        Without it, no bar ever appears.
    total : int, optional
        How many items there are, where `items` has no length.
    """
    return tqdm(items, desc=what, unit=unit, delay=2, disable=not show, total=total)
