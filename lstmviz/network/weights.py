"""The weights of a biaxial network: initial values, names and shapes, files.

The weights are a dict of plain arrays. H is the number of neurons of the layer; the
gates stand in the order i, f, g, o along the last axis:

    time1.W (80, 4H)   time1.U (H, 4H)   time1.b (4H,)     along time; the input is
    time2.W ...                                            the 80 note features
    note1.W (H of the last time layer + 2, 4H) ...         up the notes; the + 2 are
    note2.W ...                                            the choices below
    out.W (H, 2)       out.b (2,)                          play, articulate
"""

from pathlib import Path

import numpy as np

from lstmviz.files import load_arrays, save_arrays
from lstmviz.music.features import FEATURE_COUNT, FEATURES

__all__ = [
    "initial_weights",
    "layer_names",
    "layer_sizes",
    "load_weights",
    "save_weights",
    "shipped",
    "weight_shapes",
]

SHIPPED = Path(__file__).parent.parent / "weights"


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


def initial_weights(time_layers, note_layers, notes, seed, dtype=np.float32):
    """Draw the weights that training starts from.

    Uniform in ±1/√H, with three exceptions. Forget gates start open: their biases are
    1 (Gers et al. 2000). The position feature goes up to `notes`, so its weights are
    divided by `notes`. The biases of the output start at the log-odds of a note that
    is rarely played.

    Parameters
    ----------
    time_layers, note_layers : sequence of int
        Neurons of each layer.
    notes : int
        N, how many notes the network covers.
    seed : int
        The same seed gives the same weights.
    dtype : float dtype

    Returns
    -------
    dict of ndarray
    """
    rng = np.random.default_rng(seed)
    parameters = {}
    for name, shape in weight_shapes(time_layers, note_layers).items():
        H = shape[0] if name == "out.W" else shape[-1] // 4
        bound = 1 / np.sqrt(max(H, 1))
        parameters[name] = rng.uniform(-bound, bound, shape).astype(dtype)
        if name.endswith(".b") and name != "out.b":
            parameters[name][H : 2 * H] = 1  # the forget gates
    parameters["time1.W"][FEATURES["position"]] /= notes
    parameters["out.b"][:] = -3, 0  # log-odds: 1 note in 20 sounds, half are struck
    return parameters


def save_weights(parameters, low, high, path):
    """Save weights and the range of notes they are for as `.npz`."""
    save_arrays(parameters | {"low": np.int64(low), "high": np.int64(high)}, path)


def load_weights(path):
    """Read weights, checking every name, shape and number.

    Returns
    -------
    parameters : dict of ndarray
    low, high : int
        The range of notes.

    Raises
    ------
    ValueError
        The file is not a network of ours; says which array does not fit.
    """
    arrays = load_arrays(path)
    for name in "low", "high":
        if arrays.get(name, np.empty(1)).shape != ():
            raise ValueError(f"{path}: is not a network ({name!r} is missing)")
    low, high = int(arrays.pop("low")), int(arrays.pop("high"))
    if not 0 <= low < high <= 128:
        raise ValueError(
            f"{path}: covers MIDI notes {low} up to {high}, which do not exist"
        )
    sizes = [layer_sizes(arrays, axis) for axis in ("time", "note")]
    if not all(sizes):
        raise ValueError(
            f"{path}: is not a network ('time1.U' or 'note1.U' is missing)"
        )
    expected = weight_shapes(*sizes)
    for name in sorted(expected.keys() | arrays.keys()):
        if name not in arrays:
            raise ValueError(f"{path}: is not a network ({name!r} is missing)")
        array = arrays[name]
        if array.shape != expected.get(name):
            raise ValueError(
                f"{path}: {name!r} has shape {array.shape}, "
                f"but {expected.get(name, 'no such array')} fits this network"
            )
        if array.dtype not in (np.float32, np.float64) or not np.isfinite(array).all():
            raise ValueError(f"{path}: {name!r} is not made of finite floats")
    return {name: arrays[name] for name in expected}, low, high


def layer_names(arrays, axis):
    """Return the names of the layers along "time", or up the "note"s.

    >>> layer_names(initial_weights([3], [2, 5], notes=78, seed=0), "note")
    ['note1', 'note2']
    """
    names = []
    while f"{axis}{len(names) + 1}.U" in arrays:
        names.append(f"{axis}{len(names) + 1}")
    return names


def layer_sizes(arrays, axis):
    """Return the number of neurons of the layers along "time", or up the "note"s.

    >>> layer_sizes(initial_weights([3], [2, 5], notes=78, seed=0), "note")
    (2, 5)
    """
    names = layer_names(arrays, axis)
    return tuple(len(np.atleast_1d(arrays[f"{name}.U"])) for name in names)


def shipped():
    """Return the networks that come with the package: a dict from name to file."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.npz"))}
