"""Optimizers: how far to move each weight, given the gradient.

An optimizer remembers something of each weight's gradients so far. It keeps that
in `memory`, a dict of plain arrays, so that a checkpoint can hold all of it.
"""

import numpy as np

__all__ = ["OPTIMIZERS", "Adadelta", "Adam"]


class Adam:
    """Adam (Kingma & Ba 2015): steps sized by each weight's own recent gradients.

        m <- β1 m + (1 - β1) grad             running mean
        v <- β2 v + (1 - β2) grad²            running mean square
        weight <- weight - rate m̂ / (√v̂ + ε)

    where m̂ = m / (1 - β1^k) and v̂ = v / (1 - β2^k) make up for m and v having
    started at zero k steps ago.

    Parameters
    ----------
    beta1, beta2 : float
        How slowly the running means forget.
    epsilon : float
        Keeps the division finite.
    """

    learning_rate = 0.002  # that suits this network where none is asked for

    def __init__(self, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.memory = {"k": np.zeros((), np.int64)}

    def step(self, parameters, gradients, learning_rate):
        """Move `parameters`, a dict of arrays, in place, against `gradients`."""
        self.memory["k"] += 1
        k = int(self.memory["k"])
        for name, gradient in gradients.items():
            m = self.memory.setdefault(f"m.{name}", np.zeros_like(gradient))
            v = self.memory.setdefault(f"v.{name}", np.zeros_like(gradient))
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat = m / (1 - self.beta1**k)
            v_hat = v / (1 - self.beta2**k)
            parameters[name] -= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)


class Adadelta:
    """Adadelta (Zeiler 2012), as the 2015 code has it: no learning rate to choose.

        v <- ρ v + (1 - ρ) grad²              running mean square of gradients
        Δ = √(u + ε) / √(v + ε) grad          how far to move, in weight's own units
        u <- ρ u + (1 - ρ) Δ²                 running mean square of moves
        weight <- weight - rate Δ             with a rate of 1

    Parameters
    ----------
    rho : float
        How slowly the running means forget.
    epsilon : float
        Gets the first moves going.
    """

    learning_rate = 1.0

    def __init__(self, rho=0.95, epsilon=1e-6):
        self.rho, self.epsilon = rho, epsilon
        self.memory = {}

    def step(self, parameters, gradients, learning_rate):
        """Move `parameters`, a dict of arrays, in place, against `gradients`."""
        for name, gradient in gradients.items():
            v = self.memory.setdefault(f"v.{name}", np.zeros_like(gradient))
            u = self.memory.setdefault(f"u.{name}", np.zeros_like(gradient))
            v += (1 - self.rho) * (gradient**2 - v)
            move = np.sqrt((u + self.epsilon) / (v + self.epsilon)) * gradient
            u += (1 - self.rho) * (move**2 - u)
            parameters[name] -= learning_rate * move


OPTIMIZERS = {"adam": Adam, "adadelta": Adadelta}
