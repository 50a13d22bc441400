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

from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.music.features import FEATURES
from lstmviz.network.schemas import layer_names, network_schema, weight_shapes

__all__ = [
    "initial_weights",
    "layer_sizes",
    "load_weights",
    "save_weights",
    "shipped",
]

SHIPPED = Path(__file__).parent.parent / "weights"


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
    arrays = load_arrays(path, network_schema)
    low, high = int(arrays.pop("low")), int(arrays.pop("high"))
    if not low < high:
        raise ValueError(
            f"{path}: covers MIDI notes {low} up to {high}, which do not exist"
        )
    sizes = [layer_sizes(arrays, axis) for axis in ("time", "note")]
    return {name: arrays[name] for name in weight_shapes(*sizes)}, low, high


def layer_sizes(arrays, axis):
    """Return the number of neurons of the layers along "time", or up the "note"s.

    >>> layer_sizes(initial_weights([3], [2, 5], notes=78, seed=0), "note")
    (2, 5)
    """
    names = layer_names(arrays, axis)
    return tuple(len(arrays[f"{name}.U"]) for name in names)


def shipped():
    """Return the networks that come with the package: a dict from name to file."""
    return {path.stem: path for path in sorted(SHIPPED.glob("*.npz"))}
