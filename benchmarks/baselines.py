"""Baselines: predictions of the next step without a recurrent network.

Each `fit_...` learns from pieces and returns a function from a piece of T steps to the
log-odds z (T - 1, N, 2) of play and articulate. These are what the network computes
too, so the same `negative_log_likelihood` scores them:

    frequency     the frequency of each note in all pieces, whatever happened before
    persistence   two probabilities for all notes: after a step with sound, and without
    regression    a logistic regression on the 80 note features of the network
"""

import numpy as np

from lstmviz.music.features import FEATURE_COUNT, FEATURES, note_features
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.network.optimizers import Adam
from lstmviz.network.settings import Settings, learning_rate
from lstmviz.network.training import draw_batch

__all__ = ["BASELINES", "score"]

STEPS, RATE, BATCH, LENGTH = 600, 0.05, 8, 64  # for training the regression


def fit_frequency(pieces):
    """Learn how often each note sounds, and how often it is struck if it sounds."""
    chosen = np.concatenate([piece.states[1:] for piece in pieces])
    z = np.stack(
        [
            log_odds(chosen[..., PLAYED].sum(axis=0), len(chosen)),
            log_odds(
                chosen[..., ARTICULATED].sum(axis=0), chosen[..., PLAYED].sum(axis=0)
            ),
        ],
        axis=-1,
    )
    return lambda piece: np.broadcast_to(z, (len(piece) - 1, *z.shape))


def fit_persistence(pieces):
    """Learn how often a note sounds or is struck after sound, and after silence."""
    before = np.concatenate([piece.states[:-1, :, PLAYED] for piece in pieces])
    chosen = np.concatenate([piece.states[1:] for piece in pieces])
    table = np.empty((2, 2))  # silent or sounding before; play, articulate
    for sounded in 0, 1:
        now = chosen[before == sounded]
        played, struck = now[:, PLAYED].sum(), now[:, ARTICULATED].sum()
        table[sounded] = log_odds(played, len(now)), log_odds(struck, played)
    return lambda piece: table[piece.states[:-1, :, PLAYED]]


def fit_regression(pieces, seed=0):
    """Learn z = x W + b from the note features x, with Adam on random segments."""
    notes = pieces[0].shape[1]
    weights = {"W": np.zeros((FEATURE_COUNT, 2), np.float32), "b": np.zeros(2)}

    def features(piece):
        x = note_features(piece)
        x[..., FEATURES["position"]] /= notes
        return x

    rng, adam = np.random.default_rng(seed), Adam()
    settings = Settings(steps=STEPS, learning_rate=RATE)
    for step in range(STEPS):
        gradients = {name: np.zeros_like(w) for name, w in weights.items()}
        for piece in draw_batch(pieces, BATCH, LENGTH, 0, rng):
            x = features(piece[:-1])
            z = x @ weights["W"] + weights["b"]
            _, dz = negative_log_likelihood(z, piece.states[1:])
            dz = dz.reshape(-1, 2) / (BATCH * LENGTH)
            gradients["W"] += x.reshape(-1, FEATURE_COUNT).T @ dz
            gradients["b"] += dz.sum(axis=0)
        adam.step(weights, gradients, learning_rate(settings, step))
    return lambda piece: features(piece[:-1]) @ weights["W"] + weights["b"]


BASELINES = {
    "each note at its own frequency": fit_frequency,
    "same as the step before, smoothed": fit_persistence,
    "logistic regression on the features": fit_regression,
}


def score(log_odds_of, pieces):
    """Return the loss of each piece in nats, summed over its steps.

    Parameters
    ----------
    log_odds_of : function
        What a `fit_...` returns.
    pieces : list of Piece

    Returns
    -------
    ndarray (P, 2)
        Play and articulate, as in `evaluating.nats_of_pieces`.
    """
    return np.array(
        [
            negative_log_likelihood(log_odds_of(piece), piece.states[1:])[0].sum((0, 1))
            for piece in pieces
        ]
    )


def log_odds(happened, of):
    """Return the log-odds of an event that happened `happened` times out of `of`.

    One case with the event and one without it are added (Laplace smoothing), so that
    no probability is 0 or 1.

    >>> round(float(log_odds(0, 8)), 3)  # 1 in 10
    -2.197
    """
    p = (happened + 1) / (of + 2)
    return np.log(p / (1 - p))
