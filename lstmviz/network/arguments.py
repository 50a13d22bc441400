"""What a network may be given: its layers, its dtype and dropout masks, checked."""

import numpy as np

from lstmviz.checks import check_count, check_kind, check_list, shown

__all__ = ["check_dtype", "check_masks", "check_sizes"]

LARGEST = 10_000  # neurons of a layer, which then has 3 GB of weights


def check_sizes(name, sizes):
    """Return how many neurons each layer has, as a tuple, or raise a ValueError."""
    sizes = check_list(name, sizes, "whole numbers")
    if not sizes:
        raise ValueError(f"{name} must hold at least one layer")
    return tuple(check_count(name, size, 1, LARGEST) for size in sizes)


def check_dtype(dtype):
    """Raise a ValueError unless a dtype is one that networks can have."""
    try:
        known = np.dtype(dtype) in (np.float32, np.float64) and dtype is not None
    except TypeError:
        known = False
    if not known:
        raise ValueError(f"dtype must be float32 or float64, not {shown(dtype)}")


def check_masks(masks, sizes, *batch):
    """Raise a ValueError unless there is a mask ([B,] H) for each layer, or none."""
    if masks is None:
        return
    check_kind("masks", masks, dict)
    shapes = {name: np.shape(mask) for name, mask in masks.items()}
    right = {name: (*batch, H) for name, H in sizes.items()}
    if shapes != right:
        raise ValueError(f"masks must have the shapes {right}, not {shown(shapes)}")
