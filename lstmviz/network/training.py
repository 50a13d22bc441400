"""Training: random segments of music, the gradient, a small step; again.

`train` is the loop. What decides the outcome is in `settings.py`, what remembers
it in `checkpoints.py`. Every random draw comes from one generator, whose state a
checkpoint keeps, so that a run that was stopped goes on as if it had not been.
"""

import signal
import threading
from contextlib import contextmanager
from time import perf_counter

import numpy as np
from tqdm import trange

from lstmviz.music.notes import PLAYED, STEPS_PER_BAR, transposed
from lstmviz.network.checkpoints import Run, load_run, save_run
from lstmviz.network.evaluating import evaluate
from lstmviz.network.settings import learning_rate

__all__ = ["draw_batch", "draw_masks", "train"]


def train(
    net,
    pieces,
    validation=(),
    checkpoint=None,
    resume=False,
    watch=None,
    progress=False,
    backend="numba",
    **settings,
):
    """Teach the network to expect what comes next in the given pieces.

    Parameters
    ----------
    net : Biaxial
        Its weights are changed in place.
    pieces : sequence of array_like (T, N, 2)
        The music to learn; longer pieces are drawn from more often.
    validation : sequence of array_like (T, N, 2)
        Music to be tested with now and then, never to be learned from.
    checkpoint : path, optional
        Folder to keep the run in: `checkpoint.npz` to go on from, and
        `best.npz`, the network when it knew the validation pieces best.
    resume : bool
        Go on from the folder's checkpoint, as if the run had never stopped. Its
        settings hold, except for `steps`, if given.
    watch : function of (net, history), optional
        Called after each look at the validation pieces and at the end.
    progress : bool
        Show a progress bar.
    backend : {"numba", "numpy"}
    **settings
        `steps`, `batch`, `length`, `optimizer`, `learning_rate`, `schedule`,
        `dropout`, `transpose`, `seed` and more: see `settings.Settings`.

    Returns
    -------
    dict of ndarray (steps,)
        One number a step: `loss` (nats per time step, with dropout), `norm` of
        the gradient before clipping, `learning_rate`, `seconds`, and where the
        validation pieces were heard, else nan, `total`, `play`, `articulate`.
        Ctrl-C ends it early, after the step that is being taken, with all saved.

    Raises
    ------
    ValueError
        A piece is no music for this network, a setting is out of its range, or
        the folder holds another run.
    FloatingPointError
        The loss or gradient is no longer finite; the checkpoint before it stands.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.biaxial import Biaxial
    >>> net = Biaxial(time_layers=(8,), note_layers=(8,))
    >>> history = train(net, [song("musette")], steps=20, batch=2, length=32)
    >>> bool(history["loss"][-1] < history["loss"][0])
    True
    """
    pieces = [net.check(piece) for piece in pieces]
    if not pieces:
        raise ValueError("there are no pieces to learn from")
    run = (
        load_run(checkpoint, net, pieces, settings)
        if resume
        else Run.begin(net, pieces, settings, checkpoint)
    )
    settings = run.settings
    samples = [net.check(piece)[: settings.validate_steps] for piece in validation]
    begun = len(run.log)

    with stop_asked() as asked:
        bar = trange(
            begun,
            settings.steps,
            initial=begun,
            total=settings.steps,
            desc="training",
            unit="step",
            disable=not progress,
        )
        for k in bar:
            row = take_step(run, pieces, backend)
            last = k + 1 == settings.steps
            if samples and ((k + 1) % settings.validate_every == 0 or last):
                row |= evaluate(net, samples, backend)._asdict()
                bar.set_description_str(f"validation {row['total']:.2f}")
            run.log.append(row)
            bar.set_postfix_str(f"loss {row['loss']:.2f} nats per time step")
            if watch and ("total" in row or last):
                watch(net, run.history())
            stop = bool(asked)
            due = (k + 1) % settings.save_every == 0 or "total" in row
            if checkpoint and (due or last or stop):
                save_run(checkpoint, run)
            if stop:
                break
    return run.history()


def take_step(run, pieces, backend):
    """Learn from one batch: change the weights, and return what is to be logged."""
    begin = perf_counter()
    net, settings, rng = run.net, run.settings, run.rng
    batch = draw_batch(pieces, settings.batch, settings.length, settings.transpose, rng)
    masks = draw_masks(net, settings.batch, settings.dropout, rng)
    loss, gradients = net.loss_and_gradients(batch, masks, backend)
    norm = length_of(gradients)
    if not np.isfinite(loss + norm):
        raise FloatingPointError(
            f"at step {len(run.log)} the loss is {loss} and the gradient {norm} long; "
            "a lower learning rate may help (the last checkpoint is intact)"
        )
    rate = learning_rate(settings, len(run.log))
    run.optimizer.step(net.parameters, clipped(gradients, norm, settings.clip), rate)
    if not all(np.isfinite(w).all() for w in net.parameters.values()):
        raise FloatingPointError(
            f"at step {len(run.log)} the weights are no longer finite; a lower "
            "learning rate may help (the last checkpoint is intact)"
        )
    seconds = perf_counter() - begin
    return {"loss": loss, "norm": norm, "learning_rate": rate, "seconds": seconds}


def draw_batch(pieces, batch, length, transpose, rng):
    """Draw segments that start on bar lines: a list of uint8 (length, N, 2).

    A piece is drawn in proportion to how many bar lines it offers; one that is
    shorter than `length` is taken whole. Each segment is moved by up to `transpose`
    semitones up or down, as far as all its notes stay within the range.
    """
    starts = np.array([max(len(p) - length, 0) // STEPS_PER_BAR + 1 for p in pieces])
    segments = []
    for which in rng.choice(len(pieces), batch, p=starts / starts.sum()):
        start = STEPS_PER_BAR * rng.integers(starts[which])
        segment = pieces[which][start : start + length]
        if transpose:
            down, up = room(segment)
            low, high = -min(transpose, down), min(transpose, up)
            segment = transposed(segment, int(rng.integers(low, high + 1)))
        segments.append(segment)
    return segments


def room(states):
    """Return how many semitones music (T, N, 2) can move down, and up."""
    sounding = np.flatnonzero(states[..., PLAYED].any(axis=0))
    if len(sounding) == 0:
        return 0, 0
    return int(sounding[0]), states.shape[1] - 1 - int(sounding[-1])


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


def length_of(gradients):
    """Return the norm of all gradients together."""
    return float(np.sqrt(sum(np.vdot(g, g) for g in gradients.values())))


def clipped(gradients, norm, longest):
    """Return the gradients, `norm` long, shortened together to `longest` if longer."""
    if norm <= longest:
        return gradients
    return {name: g * (longest / norm) for name, g in gradients.items()}


@contextmanager
def stop_asked():
    """Let Ctrl-C ask for a stop after the step, rather than tear it apart.

    Yields a list, empty until someone asks. Who asks twice does not want to wait.
    """
    asked = []
    if threading.current_thread() is not threading.main_thread():
        yield asked  # only the main thread hears of Ctrl-C
        return

    def ask(*_):
        if asked:
            raise KeyboardInterrupt
        asked.append(True)

    before = signal.signal(signal.SIGINT, ask)
    try:
        yield asked
    finally:
        signal.signal(signal.SIGINT, before)
