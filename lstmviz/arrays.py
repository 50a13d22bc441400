"""Named arrays in `.npz` files, read without running their code.

Arrays are stored without pickled objects, so opening a file from a stranger cannot run
code. What a file says about its arrays is checked before any of them is read.
"""

import math
import os
import zipfile
from typing import NamedTuple

import numpy as np

from lstmviz.checks import check_memory
from lstmviz.files import check_input, write_whole

__all__ = ["Expected", "Header", "UnexpectedError", "load_arrays", "save_arrays"]

UNPACKED, SMALL = 20, 2**20  # times the size of the file, and bytes in any case
HEADERS = {  # version of the format -> what reads its header
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}


def save_arrays(arrays, path, compress=False):
    """Save named arrays as an `.npz` file, completely or not at all.

    By default the file is not compressed, because the numbers of a network hardly
    compress and compression would take many times as long as writing.

    Parameters
    ----------
    arrays : dict of str -> ndarray
    path : str or path
    compress : bool
        Worth its time for rounded numbers.

    Raises
    ------
    ValueError
        As `write_whole`.
    """
    save = np.savez_compressed if compress else np.savez
    write_whole(lambda file: save(file, **arrays), path)


class Expected(NamedTuple):
    """What an array of a file must be."""

    shape: tuple
    dtypes: str  # names of those allowed; also "integer" and "text"
    low: float = -np.inf
    high: float = np.inf
    nan: bool = False  # whether numbers may be missing
    empty: bool = False  # whether the shape may contain 0


class Header(NamedTuple):
    """What a file says about one of its arrays before it is read."""

    shape: tuple
    dtype: np.dtype


def load_arrays(path, schema=None):
    """Read named arrays from an `.npz` file.

    Nothing is unpacked before the names, shapes and dtypes of all arrays are known to
    be right, and their size to be possible.

    Parameters
    ----------
    path : str or path
    schema : function, optional
        Takes a dict of str -> Header, all that the file says about its arrays. Returns
        a dict of str -> Expected, all that they must be, or raises a ValueError.

    Returns
    -------
    dict of str -> ndarray

    Raises
    ------
    ValueError
        The file cannot be read, is not an `.npz` file of plain arrays, does not fit
        into memory, or its arrays are not what is expected.
    """
    check_input(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = check_members(archive)
            headers = {name: read_header(archive, m) for name, m in members.items()}
            expected = schema(headers) if schema else {}
            if schema:
                check_headers(headers, expected)
            size = sum(member.file_size for member in members.values())
            try:
                check_memory("its arrays take", size)
            except ValueError as error:
                raise UnexpectedError(error) from None
            arrays = {name: read_array(archive, m) for name, m in members.items()}
        for name, array in arrays.items():
            check_numbers(name, array, expected.get(name))
    except UnexpectedError as error:
        raise ValueError(f"{path}: {error}") from None
    except Exception as error:  # zipfile, zlib and NumPy raise many kinds of them
        what = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise ValueError(
            f"{path}: is not a readable .npz file of arrays ({what})"
        ) from None
    return arrays


class UnexpectedError(ValueError):
    """The arrays of a file are not what is expected."""


def check_members(archive):
    """Return the members of a zip file by the names of their arrays.

    Files of ours are not compressed. Zeros that are can be a thousand times as many as
    the bytes of the file, which says nothing about the memory that it takes.
    """
    members = {}
    for member in archive.infolist():
        name = member.filename.removesuffix(".npy")
        if name == member.filename or name in members:
            raise ValueError(f"{member.filename!r} is not an array, or is there twice")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise ValueError(f"{name!r} is compressed in a way that NumPy does not use")
        members[name] = member
    size = sum(member.file_size for member in members.values())
    if size > UNPACKED * os.fstat(archive.fp.fileno()).st_size + SMALL:
        raise ValueError(f"its arrays are said to take {size:,} bytes, too many for it")
    return members


def read_header(archive, member):
    """Return the shape and dtype of an array, which its size must agree with."""
    with archive.open(member) as file:
        version = np.lib.format.read_magic(file)
        read = HEADERS.get(version)
        if read is None:
            raise ValueError(f"{member.filename!r} has an unknown version")
        shape, _, dtype = read(file, max_header_size=10_000)
        size = math.prod(shape) * dtype.itemsize
        if dtype.hasobject or dtype.names is not None or dtype.subdtype is not None:
            raise ValueError(f"{member.filename!r} does not hold numbers or text")
        if min(shape, default=0) < 0 or file.tell() + size != member.file_size:
            raise ValueError(f"{member.filename!r} has another size than it says")
    return Header(shape, dtype)


def read_array(archive, member):
    """Return an array of the file, in the order of its axes."""
    with archive.open(member) as file:
        array = np.lib.format.read_array(file, allow_pickle=False)
        file.read(1)  # the end of the file: now its checksum is compared
    return np.asarray(array, order="C")


def check_headers(headers, expected):
    """Raise an error if names, shapes or dtypes of arrays are not as expected."""
    for name in sorted(expected.keys() | headers.keys()):
        if name not in headers:
            raise UnexpectedError(f"{name!r} is missing")
        if name not in expected:
            raise UnexpectedError(f"{name!r} does not belong there")
        (shape, dtype), right = headers[name], expected[name]
        if shape != right.shape or not is_one_of(dtype, right.dtypes):
            raise UnexpectedError(
                f"{name!r} is {dtype} {shape}, but {right.dtypes} {right.shape} fits"
            )
        if 0 in shape and not right.empty:
            raise UnexpectedError(f"{name!r} is empty: its shape is {shape}")


def is_one_of(dtype, names):
    """Return whether a dtype is one of those that are named.

    >>> is_one_of(np.dtype("int16"), "integer"), is_one_of(np.dtype("<U3"), "float32")
    (True, False)
    """
    kinds = {"integer": "iu", "text": "U"}
    return any(
        dtype.kind in kinds[name] if name in kinds else dtype == np.dtype(name)
        for name in names.split(" or ")
    )


def check_numbers(name, array, expected):
    """Raise an error if numbers are missing, infinite, or outside their range."""
    if expected is None or array.dtype.kind == "U":
        return
    known = array[~np.isnan(array)] if expected.nan else array
    if known.size == 0:
        return
    low, high = known.min(), known.max()  # nan if any number is
    if not (np.isfinite(low) and np.isfinite(high)):
        raise UnexpectedError(f"{name!r} is not made of finite numbers")
    if not expected.low <= low <= high <= expected.high:
        found = f"{low}" if low == high else f"numbers from {low} to {high}"
        raise UnexpectedError(
            f"{name!r} holds {found}; {expected.low:g} to {expected.high:g} is right"
        )
