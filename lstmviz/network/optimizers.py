"""Optimizers: how far each weight moves, given the gradient.

An optimizer keeps running means of the gradients in `state`, a dict of plain arrays,
so that a checkpoint can save all of it.
"""

import numpy as np

__all__ = ["OPTIMIZERS", "Adadelta", "Adam", "decay_weights"]


class Adam:
    """Adam (Kingma & Ba 2015): the step of each weight depends on its own gradients.

        m <- β1 m + (1 - β1) grad             running mean
        v <- β2 v + (1 - β2) grad²            running mean square
        weight <- weight - rate m̂ / (√v̂ + ε)

    where m and v are corrected for having started at zero k steps ago:

        m̂ = m / (1 - β1^k)      v̂ = v / (1 - β2^k)

    Parameters
    ----------
    beta1, beta2 : float
        Decay rates of the running means.
    epsilon : float
        Keeps the division finite.
    """

    learning_rate = 0.002  # the default, chosen for this network

    def __init__(self, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.state = {"k": np.zeros((), np.int64)}

    def step(self, parameters, gradients, learning_rate):
        """Move `parameters`, a dict of arrays, in place, against `gradients`."""
        self.state["k"] += 1
        k = int(self.state["k"])
        for name, gradient in gradients.items():
            m = self.state.setdefault(f"m.{name}", np.zeros_like(gradient))
            v = self.state.setdefault(f"v.{name}", np.zeros_like(gradient))
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat = m / (1 - self.beta1**k)
            v_hat = v / (1 - self.beta2**k)
            parameters[name] -= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


class Adadelta:
    """Adadelta (Zeiler 2012), as in the 2015 code: it needs no learning rate.

        v <- ρ v + (1 - ρ) grad²              running mean square of gradients
        Δ = √(u + ε) / √(v + ε) grad          the move, in the unit of the weight
        u <- ρ u + (1 - ρ) Δ²                 running mean square of moves
        weight <- weight - rate Δ             with a rate of 1

    Parameters
    ----------
    rho : float
        Decay rate of the running means.
    epsilon : float
        Makes the first moves larger than zero.
    """

    learning_rate = 1.0

    def __init__(self, rho=0.95, epsilon=1e-6):
        self.rho, self.epsilon = rho, epsilon
        self.state = {}

    def step(self, parameters, gradients, learning_rate):
        """Move `parameters`, a dict of arrays, in place, against `gradients`."""
        for name, gradient in gradients.items():
            v = self.state.setdefault(f"v.{name}", np.zeros_like(gradient))
            u = self.state.setdefault(f"u.{name}", np.zeros_like(gradient))
            v += (1 - self.rho) * (gradient**2 - v)
            move = np.sqrt((u + self.epsilon) / (v + self.epsilon)) * gradient
            u += (1 - self.rho) * (move**2 - u)
            parameters[name] -= learning_rate * move


OPTIMIZERS = {"adam": Adam, "adadelta": Adadelta}


def decay_weights(parameters, rate):
    """Move all weights towards zero, in place: weight <- (1 - rate) weight.

    A network that has to keep its weights small cannot learn its music by heart so
    easily. The decay is apart from the gradient, which Adam would divide by its size
    (Loshchilov & Hutter 2019). Biases stay as they are.

    >>> parameters = {"out.W": np.array([8.0, -4.0]), "out.b": np.array([8.0])}
    >>> decay_weights(parameters, rate=0.25)
    >>> parameters["out.W"].tolist(), parameters["out.b"].tolist()
    ([6.0, -3.0], [8.0])
    """
    for name, weights in parameters.items():
        if not name.endswith(".b"):
            weights *= weights.dtype.type(1 - rate)
