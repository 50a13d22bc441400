"""Optimizers: how far to move each weight, given the gradient."""

import numpy as np

__all__ = ["Adam"]


class Adam:
    """Adam (Kingma & Ba 2015): steps sized by each weight's own recent gradients.

        m <- β1 m + (1 - β1) grad             running mean
        v <- β2 v + (1 - β2) grad²            running mean square
        weight <- weight - rate m̂ / (√v̂ + ε)

    where m̂ = m / (1 - β1^k) and v̂ = v / (1 - β2^k) make up for m and v having
    started at zero k steps ago.

    Parameters
    ----------
    learning_rate : float
    beta1, beta2 : float
        How slowly the running means forget.
    epsilon : float
        Keeps the division finite.
    """

    def __init__(self, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
        self.learning_rate = learning_rate
        self.beta1, self.beta2, self.epsilon = beta1, beta2, epsilon
        self.k = 0
        self.m, self.v = {}, {}

    def step(self, parameters, gradients):
        """Move `parameters`, a dict of arrays, in place, against `gradients`."""
        self.k += 1
        for name, gradient in gradients.items():
            m = self.m.setdefault(name, np.zeros_like(gradient))
            v = self.v.setdefault(name, np.zeros_like(gradient))
            m += (1 - self.beta1) * (gradient - m)
            v += (1 - self.beta2) * (gradient**2 - v)
            m_hat = m / (1 - self.beta1**self.k)
            v_hat = v / (1 - self.beta2**self.k)
            parameters[name] -= (
                self.learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)
            )
