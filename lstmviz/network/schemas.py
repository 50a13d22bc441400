"""What the files of this package hold: networks, traces and checkpoints.

Each schema takes what a file says about its arrays (names, shapes and dtypes), before
any of them is read, and returns what they must be; see `lstmviz.arrays.load_arrays`.
The sizes of a network or trace are taken from the file, and everything in it must agree
with them.
"""

import re

from lstmviz.arrays import Expected, UnexpectedError
from lstmviz.cells.lstm import Layer
from lstmviz.music.features import FEATURE_COUNT

__all__ = [
    "LOGGED",
    "OPTIMIZER_STATE",
    "STEP",
    "checkpoint_schema",
    "layer_names",
    "network_schema",
    "trace_schema",
    "weight_shapes",
]

STEP = "loss", "norm", "learning_rate", "seconds"  # logged at every step
LOGGED = *STEP, "total", "play", "articulate"  # and at every validation
OPTIMIZER_STATE = {"adam": ("m", "v"), "adadelta": ("v", "u")}  # arrays for each weight
SQUARES = "v", "u"  # running means of squares: never negative
FLOATS = "float32", "float64"
TRACED = "float32 or float16"  # traces can be rounded
LAYER = re.compile(r"([A-Za-z0-9_]{1,40})\.(\w)")  # also written into pages, file names


# Networks -------------------------------------------------------------------------


def weight_shapes(time_layers, note_layers):
    """Return the name and shape of every array of a network with these layer sizes.

    >>> weight_shapes([3], [2])["note1.W"]
    (5, 8)
    """
    shapes = {}
    D = FEATURE_COUNT
    for axis, sizes in ("time", time_layers), ("note", note_layers):
        for number, H in enumerate(sizes, start=1):
            shapes[f"{axis}{number}.W"] = (D, 4 * H)
            shapes[f"{axis}{number}.U"] = (H, 4 * H)
            shapes[f"{axis}{number}.b"] = (4 * H,)
            D = H
        if axis == "time":
            D += 2  # the two choices for the note below
    return shapes | {"out.W": (D, 2), "out.b": (2,)}


def layer_names(arrays, axis):
    """Return the names of the layers along "time", or up the "note"s.

    >>> layer_names(["note1.U", "note2.U", "time1.U"], "note")
    ['note1', 'note2']
    """
    names = []
    while f"{axis}{len(names) + 1}.U" in arrays:
        names.append(f"{axis}{len(names) + 1}")
    return names


def network_schema(headers):
    """Return what the file of a network must hold."""
    number = Expected((), "integer", 0, 128)
    return expected_weights(headers) | {"low": number, "high": number}


def expected_weights(headers):
    """Return what the weights of a network must be: all of one dtype, and finite."""
    sizes = []
    for axis in "time", "note":
        names = layer_names(headers, axis)
        if not names:
            raise UnexpectedError(f"is not a network ('{axis}1.U' is missing)")
        sizes.append([first(headers[f"{name}.U"].shape) for name in names])
    dtype = next((d for d in FLOATS if headers["time1.U"].dtype == d), "float32")
    shapes = weight_shapes(*sizes)
    return {name: Expected(shape, dtype) for name, shape in shapes.items()}


def first(shape):
    """Return the length of the first axis; 0 if there is none."""
    return shape[0] if shape else 0


# Traces ---------------------------------------------------------------------------


def trace_schema(headers):
    """Return what the file of a trace must hold."""
    for name in "heard", "time_names", "note_names":
        if name not in headers:
            raise UnexpectedError(f"is not a trace ({name!r} is missing)")
    S, N = (*headers["heard"].shape, 0, 0)[:2]
    expected = {
        "heard": Expected((S, N, 2), "uint8", 0, 1),
        "chosen": Expected((S, N, 2), "uint8", 0, 1),
        "probability": Expected((S, N, 2), TRACED, 0, 1),
        "position": Expected((S + 1,), "int64", 0),
        "low": Expected((), "int64", 0, 127),
        "bpm": Expected((), "float64"),
        "time_names": Expected((first(headers["time_names"].shape),), "text"),
        "note_names": Expected((first(headers["note_names"].shape),), "text"),
    }
    layers = {name.rpartition(".")[0] for name in headers.keys() - expected.keys()}
    for layer in layers:
        if not re.fullmatch("[A-Za-z0-9_]{1,40}", layer):
            raise UnexpectedError(
                f"a layer is called {layer!r}; names are made of letters, digits and "
                "underscores"
            )
        H = (headers.get(f"{layer}.h") or headers[f"{layer}.c"]).shape[-1:]
        for part in Layer._fields:
            expected[f"{layer}.{part}"] = Expected((S, N, *H), TRACED)
    return expected


# Checkpoints ----------------------------------------------------------------------


def checkpoint_schema(headers):
    """Return what the file of a training run must hold.

    Which optimizer it is, its settings say, which are text: `Run` compares them.
    """
    if "settings" not in headers:
        raise UnexpectedError("cannot be resumed: it holds no training run")
    weights = expected_weights(under("weights", headers))
    steps = first(getattr(headers.get("log/loss"), "shape", ()))
    expected = {
        "settings": Expected((), "text"),
        "generator": Expected((), "text"),
        "music": Expected((), "integer", 0, 2**32 - 1),
    }
    for name in LOGGED:
        missing = name not in STEP
        expected[f"log/{name}"] = Expected((steps,), "float64", nan=missing)
    if "optimizer/k" in headers:
        expected["optimizer/k"] = Expected((), "int64", steps, steps)
    optimizer = "adam" if "optimizer/k" in headers else "adadelta"
    for name, weight in weights.items():
        expected[f"weights/{name}"] = weight
        for mean in OPTIMIZER_STATE[optimizer]:
            low = 0 if mean in SQUARES else weight.low
            expected[f"optimizer/{mean}.{name}"] = weight._replace(low=low)
    return expected


def under(part, arrays):
    """Return the arrays whose names begin with `part/`, without it.

    >>> under("log", {"log/loss": 1, "music": 2})
    {'loss': 1}
    """
    start = f"{part}/"
    return {
        name.removeprefix(start): array
        for name, array in arrays.items()
        if name.startswith(start)
    }
