"""Damage files of networks, traces, runs and tunings: does using them go wrong?

    python tests/stress/fuzz_npz.py --minutes 5 [--seed 0]

Whatever a file contains, it can be used for all that there is (`evaluate`, `trace`,
`compose`, `page`, pictures, `train` with `resume`), or is refused by a ValueError of
one line, within some seconds of processor time and 500 MB of memory. Files are damaged
at random, as bytes and as arrays. A file with which something goes wrong is kept.
"""

import io
import json
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np
from damage import BYTE_DAMAGE
from fuzzing import attempt, fuzz

import lstmviz as lv
from lstmviz.network.checkpoints import CHECKPOINT

SECONDS, MEGABYTES = 10.0, 500
SETTINGS = dict(batch=2, length=8, save_every=1, validate_every=1, validate_steps=4)
DTYPES = "f4 f8 f2 >f4 i8 i4 u1 i1 ? c8 U3 S3 O M8[s] V4".split()  # noqa: SIM905
NUMBERS = 0, 1, -1, 0.5, 24.9, 1e-45, 1e38, -1e300, np.inf, -np.inf, np.nan, 2**62
TEXTS = "", "time1", "note1", "x" * 99, "é", "../up", "<b>", "{}", "[" * 5000, "null"


def music():
    return lv.song("musette")[:12]


# What is done with a file -------------------------------------------------------


def use_network(path):
    net = lv.load(path)
    piece = music() if (net.low, net.high) == (24, 102) else None
    if piece is None:
        piece = lv.Piece(np.zeros((9, net.notes, 2)), low=net.low)
    lv.evaluate(net, [piece])
    lv.trace(net, piece)
    lv.compose(net, 3, prompt=piece)
    net.backend = "numpy"
    lv.compose(net, 2, record=True)
    lv.train(net, [piece], steps=1, batch=1, length=4)
    net.save(path.with_suffix(".copy"))


def use_trace(path):
    trace = lv.Trace.load(path)
    trace.piece, trace[1:], repr(trace)
    first = trace.names[0]
    lv.snapshot(trace, 0, labels=True)
    lv.neuron(trace, first, 0, notes=True)
    lv.gates(trace, first, 0)
    lv.gallery(trace, {first: [0]})
    lv.saturation_chart(trace)
    lv.page(trace, path.with_suffix(".html"), gates=True)
    lv.write_midi(trace, path.with_suffix(".copy"))
    trace.save(path.with_suffix(".copy"))


def use_checkpoint(path):
    folder = path.with_suffix(".run")
    folder.mkdir(exist_ok=True)
    (folder / CHECKPOINT).write_bytes(path.read_bytes())
    try:
        lv.train(small(), [music()], [music()], folder, resume=True, steps=3)
    except ValueError as error:
        said = str(error).replace(str(folder / CHECKPOINT), str(path))
        raise ValueError(said) from None


def use_tuning(path):
    tuning = lv.Tuning.load(path)
    tuning.counts(), repr(tuning)
    tuning.write_csv(path.with_suffix(".copy"))
    lv.tuning_counts(tuning)
    for name in tuning:
        lv.tuning_layer(tuning, name)
        lv.tuning_curves(tuning, name, 0)
    heard = lv.trace(small(), music())
    if [*tuning.sizes.items()] == [*heard.sizes.items()]:
        lv.page(heard, path.with_suffix(".html"), tuning=tuning)
    tuning.save(path.with_suffix(".copy"))


USES = use_network, use_trace, use_checkpoint, use_tuning


def use(path, kind):
    """Use a file; FloatingPointError is what training says of numbers that explode."""
    try:
        USES[kind](path)
    except FloatingPointError:
        pass
    except ValueError as error:
        # Music and pictures are refused for their numbers, without the file's name.
        if str(path) in str(error) or "Traceback" in str(error):
            raise
        known = "bpm", "finite", "metre", "bar of", "leaves the range", "pixels"
        if not any(word in str(error) for word in known):
            raise


# Damage -------------------------------------------------------------------------


def remove_array(arrays, rng, name):
    del arrays[name]


def rename_array(arrays, rng, name):
    other = rng.choice([*arrays, "stray", "optimizer/m.time1.W", "time1.h", "../x"])
    arrays[str(other)] = arrays.pop(name)


def change_dtype(arrays, rng, name):
    with np.errstate(all="ignore"):
        try:
            arrays[name] = arrays[name].astype(rng.choice(DTYPES))
        except (TypeError, ValueError):
            arrays[name] = np.zeros(3, rng.choice(DTYPES[:-3]))


def change_numbers(arrays, rng, name):
    array = arrays[name] = np.array(arrays[name])
    if array.size and array.dtype.kind in "iufc":
        place = rng.integers(array.size, size=rng.choice([1, array.size]))
        with np.errstate(all="ignore"):
            array.flat[place] = np.array(rng.choice(NUMBERS)).astype(array.dtype)


def change_shape(arrays, rng, name):
    array = arrays[name]
    kinds = [
        lambda: array[:0], lambda: array[None], lambda: array.ravel(),
        lambda: array[..., :1], lambda: np.concatenate([array, array]),
        lambda: array.T, lambda: np.asfortranarray(array), lambda: array[..., :0],
        lambda: np.zeros(()), lambda: np.broadcast_to(array, (50, *array.shape)),
    ]  # fmt: skip
    try:
        arrays[name] = kinds[rng.integers(len(kinds))]()
    except (ValueError, IndexError):
        arrays[name] = np.zeros((0, 0))


def change_text(arrays, rng, name):
    texts = [name for name, a in arrays.items() if a.dtype.kind == "U"]
    name = str(rng.choice(texts)) if texts else name
    array = arrays[name]
    if array.ndim == 1 and array.dtype.kind == "U":
        arrays[name] = np.array([*array[1:], rng.choice(TEXTS)])
        return
    text = str(array) if array.dtype.kind == "U" else "{}"
    try:
        content = json.loads(text)
        inner = content
        while isinstance(inner, dict) and inner:  # any number in any depth
            key = str(rng.choice(list(inner)))
            if isinstance(inner[key], dict) and rng.random() < 0.9:
                inner = inner[key]
                continue
            values = -1, 0, 2, 2.5, 2**200, "x", None, [], {}, float("nan"), True
            inner[key] = values[rng.integers(len(values))]
            break
        text = json.dumps(content)
    except (ValueError, RecursionError):
        pass
    if rng.random() < 0.2:
        text = str(rng.choice(TEXTS))
    arrays[name] = np.array(text)


ARRAY_DAMAGE = [
    remove_array, rename_array, change_dtype, change_numbers, change_numbers,
    change_shape, change_text, change_text,
]  # fmt: skip


def rezipped(data, rng):
    """Return the same members, compressed in another way or with damaged headers."""
    whole = io.BytesIO()
    how = int(rng.choice([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, 12, 14]))
    with (
        zipfile.ZipFile(io.BytesIO(data)) as archive,
        zipfile.ZipFile(whole, "w", how) as target,
    ):
        for name in archive.namelist():
            content = bytearray(archive.read(name))
            if rng.random() < 0.3:  # the header of an array is text
                for place in rng.integers(6, min(120, len(content)), size=2):
                    content[place] = rng.integers(32, 127)
            target.writestr(name if rng.random() < 0.95 else name[:-4], content)
    return whole.getvalue()


def damaged(data, rng):
    """Return the bytes of a file, damaged in a few ways."""
    if rng.random() < 0.7:
        with np.load(io.BytesIO(data)) as file:
            arrays = dict(file)
        for damage in rng.choice(ARRAY_DAMAGE, size=rng.integers(1, 4)):
            if arrays:
                damage(arrays, rng, str(rng.choice(list(arrays))))
        whole = io.BytesIO()
        np.savez(whole, **arrays)
        data = whole.getvalue()
    if rng.random() < 0.2:
        data = rezipped(data, rng)
    if rng.random() < 0.3:
        data = bytearray(data)
        for damage in rng.choice(BYTE_DAMAGE, size=rng.integers(1, 3)):
            damage(data, rng, FILES)
            data = data or bytearray(1)
    return bytes(data[:2_000_000])


def case(rng, path):
    """Write a damaged file, and return what became of using it."""
    kind = int(rng.integers(len(FILES)))
    path.write_bytes(damaged(FILES[kind], rng))
    return attempt(lambda path: use(path, kind), path, SECONDS, MEGABYTES)


def small():
    return lv.Biaxial((4, 3), (3, 2), seed=0)


def prepare(paths):
    """Prepare a process: make a file of each kind, and compile everything once."""
    global FILES
    FILES = []
    with tempfile.TemporaryDirectory() as folder:
        net, path = small(), Path(folder, "file.npz")
        net.save(path)
        FILES.append(path.read_bytes())
        lv.trace(net, music()).save(path)
        FILES.append(path.read_bytes())
        run = Path(folder, "run")
        lv.train(net, [music()], [music()], run, steps=2, **SETTINGS)
        FILES.append((run / CHECKPOINT).read_bytes())
        lv.tuning(net, [music()], shifts=20, untrained=2).save(path)
        FILES.append(path.read_bytes())
        for kind, data in enumerate(FILES):
            path.write_bytes(data)
            use(path, kind)


if __name__ == "__main__":
    sys.exit(fuzz(__doc__.split("\n")[0], prepare, case, ".npz"))
