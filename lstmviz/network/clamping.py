"""Clamping: a neuron is made to output one value, whatever it hears.

A hidden state h only ever meets weights: those of the recurrence in its own layer, and
those of the input of the layer above, or of the output. With h[k] = v at every step,

    h U + b                 =  (h without neuron k) U         + (b + v U[k])
    h W_above + b_above     =  (h without neuron k) W_above   + (b_above + v W_above[k])

so clamping is an edit of weights: v U[k] goes into the bias and U[k] becomes zero, in
its own layer and likewise in the one above. No hook into the forward pass is needed,
and what comes out is an ordinary set of weights.
"""

from operator import index

import numpy as np

from lstmviz.checks import shown
from lstmviz.network.weights import layer_names

__all__ = ["above", "check_neurons", "clamped_parameters"]


def clamped_parameters(parameters, neurons, values):
    """Return a copy of the weights in which some neurons always output a value.

    Parameters
    ----------
    parameters : dict of ndarray
        Weights under the names in `lstmviz.network.weights`; they stay as they are.
    neurons : dict of str -> sequence of int
        Numbers of neurons by layer, such as `{"time1": [17, 3]}`.
    values : float, or dict of str -> sequence of float
        One value for all of them, or one for each, such as `{"time1": [0.1, -0.2]}`.

    Returns
    -------
    dict of ndarray
        Named and shaped like `parameters`.

    Raises
    ------
    ValueError
        There is no such layer or neuron, a neuron is named twice, or the values do not
        fit the neurons or are not finite.

    Notes
    -----
    The value also stands for the state before the first step, which is zero in an
    unclamped network: the neuron outputs v from before the first step on.

    Examples
    --------
    >>> from lstmviz.network.weights import initial_weights
    >>> parameters = initial_weights((3,), (2,), notes=78, seed=0)
    >>> clamped = clamped_parameters(parameters, {"note1": [1]}, 0.5)
    >>> clamped["out.W"][1]
    array([0., 0.], dtype=float32)
    >>> moved = clamped["out.b"] - parameters["out.b"]
    >>> bool(np.allclose(moved, 0.5 * parameters["out.W"][1], atol=1e-6))
    True
    """
    sizes = {
        name: len(parameters[f"{name}.U"])
        for axis in ("time", "note")
        for name in layer_names(parameters, axis)
    }
    neurons = check_neurons(neurons, sizes)
    values = check_values(values, neurons)
    edited = {name: array.copy() for name, array in parameters.items()}
    for name, chosen in neurons.items():
        for weights, bias in (
            (f"{name}.U", f"{name}.b"),
            above(parameters, name),
        ):
            v = values[name].astype(edited[bias].dtype)
            edited[bias] += v @ edited[weights][chosen]
            edited[weights][chosen] = 0
    return edited


def above(parameters, name):
    """Return the names of the weights and bias that read a layer, from above.

    >>> from lstmviz.network.weights import initial_weights
    >>> parameters = initial_weights((3, 3), (2,), notes=78, seed=0)
    >>> [above(parameters, name)[0] for name in ("time1", "time2", "note1")]
    ['time2.W', 'note1.W', 'out.W']
    """
    names = [*layer_names(parameters, "time"), *layer_names(parameters, "note"), "out"]
    reader = names[names.index(name) + 1]
    return f"{reader}.W", f"{reader}.b"


def check_neurons(neurons, sizes):
    """Return neurons as a dict from layer to a list of int, or raise a ValueError.

    Parameters
    ----------
    neurons : dict of str -> sequence of int
    sizes : dict of str -> int
        Number of neurons of each layer.

    Examples
    --------
    >>> check_neurons({"time1": (17, 300)}, {"time1": 300})
    Traceback (most recent call last):
        ...
    ValueError: time1 has the neurons 0 to 299, not 300
    """
    if not hasattr(neurons, "items"):
        raise ValueError(
            'neurons are a dict from layer to numbers, such as {"time1": [17, 3]}, '
            f"not {shown(neurons)}"
        )
    checked = {}
    for name, numbers in neurons.items():
        if name not in sizes:
            raise ValueError(f"no layer {name!r}; there are {', '.join(sizes)}")
        try:
            checked[name] = [index(number) for number in numbers]
        except TypeError:
            raise ValueError(
                f"the neurons of {name} are a sequence of whole numbers, "
                f"not {shown(numbers)}"
            ) from None
        for number in checked[name]:
            if not 0 <= number < sizes[name]:
                raise ValueError(
                    f"{name} has the neurons 0 to {sizes[name] - 1}, not {number}"
                )
            if checked[name].count(number) > 1:
                raise ValueError(f"neuron {number} of {name} is named twice")
    return checked


def check_values(values, neurons):
    """Return values as a dict from layer to array, or raise a ValueError."""
    if not hasattr(values, "items"):
        values = {name: [values] * len(chosen) for name, chosen in neurons.items()}
    if values.keys() != neurons.keys():
        raise ValueError(
            f"the values are for {', '.join(map(str, values)) or 'no layer'}, but the "
            f"neurons are of {', '.join(neurons) or 'no layer'}"
        )
    checked = {}
    for name, chosen in neurons.items():
        try:
            array = np.asarray(values[name])
            if array.dtype.kind == "c":
                raise TypeError
            checked[name] = array.astype(np.float64)
        except (TypeError, ValueError):
            raise ValueError(f"the values of {name} are no numbers") from None
        if checked[name].shape != (len(chosen),):
            raise ValueError(
                f"{name}: {len(chosen)} neurons need as many values, not an array of "
                f"shape {checked[name].shape}"
            )
        if not (np.abs(checked[name]) <= np.finfo(np.float32).max).all():
            raise ValueError(f"the values of {name} are not all finite")
    return checked
