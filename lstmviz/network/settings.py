"""The settings of a training run.

Together with the music and the initial weights they determine every number of a run.
A checkpoint contains them, so that resuming needs no arguments.
"""

import sys
from dataclasses import dataclass

import numpy as np

from lstmviz.checks import check_choice, check_count, check_real
from lstmviz.network.optimizers import OPTIMIZERS

__all__ = ["Settings", "learning_rate"]

SCHEDULES = ("cosine", "constant")
HIGHEST = 10**18
LARGEST = sys.float_info.max
LOWEST = {  # of the settings that are whole numbers
    0: ("warmup", "transpose", "seed"),
    1: ("steps", "batch", "validate_every", "save_every"),
    2: ("length", "validate_steps"),
}


@dataclass
class Settings:
    """How to train, checked when made.

    Attributes
    ----------
    steps : int
        Number of updates of the weights.
    batch, length : int
        Segments a batch, and time steps a segment.
    optimizer : {"adam", "adadelta"}
    learning_rate : float, optional
        0.002 for Adam and 1 for Adadelta if not given.
    schedule : {"cosine", "constant"}
        How the learning rate changes, see `learning_rate`.
    warmup : int
        Steps over which the learning rate rises from zero at the beginning.
    dropout : float
        Dropout rate: the probability that a neuron's output is zero for a segment.
    weight_decay : float
        Weights lose this share of themselves, times the learning rate, at every step;
        see `optimizers.decay_weights`.
    transpose : int
        Move each segment up or down by up to so many semitones, at random.
    clip : float
        Largest norm of the gradient, over all weights together: a larger gradient is
        scaled to this norm (Pascanu, Mikolov & Bengio 2013).
    validate_every, save_every : int
        Steps between validations, and between checkpoints.
    validate_steps : int
        Time steps per validation piece: how much of its beginning is heard.
    seed : int
        Of the segments, transpositions and dropout masks.

    Raises
    ------
    ValueError
        A setting is out of its range.
    """

    steps: int = 1500
    batch: int = 10
    length: int = 128
    optimizer: str = "adam"
    learning_rate: float | None = None
    schedule: str = "cosine"
    warmup: int = 0
    dropout: float = 0.5
    weight_decay: float = 0.0
    transpose: int = 0
    clip: float = 1.0
    validate_every: int = 100
    save_every: int = 25
    validate_steps: int = 256
    seed: int = 0

    def __post_init__(self):
        """Fill in the default learning rate of the optimizer, and check everything."""
        check_choice("optimizer", self.optimizer, OPTIMIZERS)
        check_choice("schedule", self.schedule, SCHEDULES)
        if self.learning_rate is None:
            self.learning_rate = OPTIMIZERS[self.optimizer].learning_rate
        for low, names in LOWEST.items():
            for name in names:
                setattr(
                    self, name, check_count(name, getattr(self, name), low, HIGHEST)
                )
        for name in "learning_rate", "clip":
            value = check_real(name, getattr(self, name), 0, LARGEST, above=True)
            setattr(self, name, value)
        for name in "dropout", "weight_decay":
            value = check_real(name, getattr(self, name), 0, 1, below=True)
            setattr(self, name, value)


def learning_rate(settings, step):
    """Return the learning rate of a step, counted from 0.

    It rises linearly over the first `warmup` steps. From there it is constant
    ("constant"), or falls to zero along half a cosine ("cosine", Loshchilov & Hutter
    2017):

        learning rate = rate (1 + cos(π progress)) / 2      progress from 0 to 1

    >>> settings = Settings(steps=100, learning_rate=1.0)
    >>> [round(learning_rate(settings, step), 3) for step in (0, 50, 99)]
    [1.0, 0.5, 0.0]
    """
    if step < settings.warmup:
        return settings.learning_rate * (step + 1) / settings.warmup
    if settings.schedule == "constant":
        return settings.learning_rate
    progress = (step - settings.warmup) / max(1, settings.steps - settings.warmup)
    return float(settings.learning_rate * (1 + np.cos(np.pi * progress)) / 2)
