"""Training: random segments of music, the gradient, a small step; again."""

import numpy as np
from tqdm import trange

from lstmviz.music.notes import STEPS_PER_BAR
from lstmviz.network.optimizers import Adam

__all__ = ["draw_batch", "draw_masks", "train"]


def train(
    net,
    pieces,
    steps,
    batch=10,
    length=128,
    optimizer="adam",
    learning_rate=0.01,
    dropout=0.5,
    clip=1.0,
    seed=0,
    progress=False,
    backend="numba",
):
    """Teach the network to expect what comes next in the given pieces.

    Parameters
    ----------
    net : Biaxial
        Its weights are changed in place.
    pieces : sequence of array_like (T, N, 2)
        The music to learn; longer pieces are drawn from more often.
    steps : int
        How many times to move the weights.
    batch, length : int
        How many segments of how many time steps to learn from at each step.
    optimizer : {"adam"}
    learning_rate : float
    dropout : float
        Share of each layer's neurons that fall silent, anew for each segment.
    clip : float
        Longest gradient to trust: longer ones are shortened to this norm, over
        all weights together (Pascanu, Mikolov & Bengio 2013).
    seed : int
        For the same segments and masks, and so the same weights, again.
    progress : bool
        Show a progress bar.
    backend : {"numba", "numpy"}

    Returns
    -------
    ndarray (steps,)
        The loss at each step, in nats per time step.

    Raises
    ------
    ValueError
        A piece is no music for this network or shorter than `length`, or a
        number is out of its range.
    """
    pieces = [net.check(piece) for piece in pieces]
    check_settings(
        pieces, steps, batch, length, optimizer, learning_rate, dropout, clip
    )
    rng = np.random.default_rng(seed)
    adam = Adam(learning_rate)
    history = np.empty(steps)
    bar = trange(steps, desc="training", unit="step", delay=2, disable=not progress)
    for k in bar:
        segments = draw_batch(pieces, batch, length, rng)
        masks = draw_masks(net, batch, dropout, rng)
        history[k], gradients = net.loss_and_gradients(segments, masks, backend)
        adam.step(net.parameters, clipped(gradients, clip))
        bar.set_postfix_str(f"{history[k]:.2f} nats per time step")
    return history


def draw_batch(pieces, batch, length, rng):
    """Draw segments that start on bar lines: uint8 (batch, length, N, 2).

    A piece is drawn in proportion to how many bar lines it offers.
    """
    starts = np.array([(len(p) - length) // STEPS_PER_BAR + 1 for p in pieces])
    segments = []
    for which in rng.choice(len(pieces), batch, p=starts / starts.sum()):
        start = STEPS_PER_BAR * rng.integers(starts[which])
        segments.append(pieces[which][start : start + length])
    return np.stack(segments)


def draw_masks(net, batch, dropout, rng):
    """Draw which neurons fall silent: name -> (batch, H), or None without dropout.

    Those that stay speak up by 1 / (1 - dropout), so that on average as much
    is said as without dropout (inverted scaling).
    """
    if dropout == 0:
        return None
    masks = {}
    for name in net.layer_names:
        U = net.parameters[f"{name}.U"]
        kept = rng.random((batch, len(U))) >= dropout
        masks[name] = kept.astype(U.dtype) / U.dtype.type(1 - dropout)
    return masks


def clipped(gradients, norm):
    """Return the gradients, shortened together if they are longer than `norm`."""
    length = np.sqrt(sum(np.vdot(g, g) for g in gradients.values()))
    if length <= norm:
        return gradients
    return {name: g * (norm / length) for name, g in gradients.items()}


def check_settings(
    pieces, steps, batch, length, optimizer, learning_rate, dropout, clip
):
    """Raise a ValueError that says what about the settings cannot be."""
    for name, value in ("steps", steps), ("batch", batch):
        if value < 1:
            raise ValueError(f"{name} must be at least 1, not {value}")
    if length < 2:
        raise ValueError(f"length must be at least 2 time steps, not {length}")
    if not pieces:
        raise ValueError("there are no pieces to learn from")
    shortest = min(map(len, pieces))
    if shortest < length:
        raise ValueError(
            f"a piece has {shortest} time steps, fewer than the segments' {length}"
        )
    if optimizer != "adam":
        raise ValueError(f"unknown optimizer {optimizer!r}; there is 'adam'")
    if not learning_rate > 0:
        raise ValueError(f"learning_rate must be above 0, not {learning_rate}")
    if not clip > 0:
        raise ValueError(f"clip must be above 0, not {clip}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout must be from 0 up to, not including, 1: {dropout}")
