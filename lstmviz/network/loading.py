"""Networks by name: those that were saved, and those that come with the package."""

import os

from lstmviz.checks import check_path
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.weights import layer_sizes, load_weights, shipped

__all__ = ["load"]


def load(name):
    """Return a network that was saved before, or one that comes with the package.

    Parameters
    ----------
    name : str or path
        A file that `Biaxial.save` wrote, or the name of a shipped network.

    Raises
    ------
    ValueError
        There is no such file or name, or the file holds no network.
    """
    check_path("name", name)
    if not os.path.exists(name) and str(name) not in shipped():
        names = ", ".join(shipped())
        raise ValueError(
            f"{name}: is neither a file nor a shipped network (those are: {names})"
        )
    parameters, low, high = load_weights(shipped().get(str(name), name))
    sizes = (layer_sizes(parameters, axis) for axis in ("time", "note"))
    net = Biaxial(*sizes, low, high)
    net.parameters = parameters
    return net
