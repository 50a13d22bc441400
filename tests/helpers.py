"""What several tests need: random music, and gradients without calculus."""

import numpy as np


def random_music(seed, T, N, density=0.3):
    """Return random note states (T, N, 2): every note begins by being struck."""
    rng = np.random.default_rng(seed)
    played = rng.random((T, N)) < density
    began = played & ~np.roll(played, 1, axis=0)
    began[0] = played[0]
    again = played & (rng.random((T, N)) < 0.3)
    return np.stack([played, began | again], axis=-1).astype(np.uint8)


def central_differences(loss, array, epsilon=5e-5):
    """Return ∂loss/∂array by nudging each number of `array` up and down in place."""
    gradient = np.empty_like(array)
    for place in np.ndindex(array.shape):
        kept = array[place]
        array[place] = kept + epsilon
        above = loss()
        array[place] = kept - epsilon
        below = loss()
        array[place] = kept
        gradient[place] = (above - below) / (2 * epsilon)
    return gradient
