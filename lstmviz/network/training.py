"""Training: draw segments of music, compute the gradient, take a step; repeat.

`train` is the loop. Its settings are in `settings.py`; what a run saves to be resumed
is in `checkpoints.py`. All random numbers come from one generator, whose state is part
of the checkpoint: a run that was stopped and resumed ends with the same weights as one
that was not.
"""

import signal
import threading
from contextlib import contextmanager
from time import perf_counter

import numpy as np
from tqdm import trange

from lstmviz.checks import check_flag, check_kind, check_list, check_path, shown
from lstmviz.music.bars import bar_lines
from lstmviz.music.notes import PLAYED
from lstmviz.network.biaxial import Biaxial
from lstmviz.network.checkpoints import Run, load_run, run_folder, save_run
from lstmviz.network.evaluating import evaluate
from lstmviz.network.optimizers import decay_weights
from lstmviz.network.schemas import STEP
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
    **settings,
):
    """Train the network to predict the next step of the given pieces.

    Parameters
    ----------
    net : Biaxial
        Its weights are changed in place.
    pieces : sequence of Pieces or array_like (T, N, 2)
        The music to learn from; longer pieces are drawn more often.
    validation : sequence of Pieces or array_like (T, N, 2)
        Music that is only used to measure how well the network predicts.
    checkpoint : path, optional
        Folder of the run: `checkpoint.npz`, from which it can be resumed, and
        `best.npz`, the network with the lowest validation loss.
    resume : bool
        Continue from the checkpoint in the folder, as if the run had never stopped.
        Its settings hold; only `steps` can be changed.
    watch : function of (net, history), optional
        Called after each validation and at the end, when the checkpoint is saved.
    progress : bool
        Show a progress bar.
    **settings
        `steps`, `batch`, `length`, `optimizer`, `learning_rate`, `schedule`,
        `dropout`, `weight_decay`, `seed` and more: see `settings.Settings`.

    Returns
    -------
    dict of ndarray (steps,)
        One number a step: `loss` (nats per time step, with dropout), `norm` of the
        gradient before clipping, `learning_rate`, `seconds`, and the validation loss
        `total`, `play`, `articulate`, which is nan where it was not measured. Ctrl-C
        or SIGTERM ends the training after the current step, with everything saved.

    Raises
    ------
    ValueError
        A piece is no music for this network, a setting is out of its range, the
        folder holds another run or one is at work in it, or there is nothing to resume.
    FloatingPointError
        The loss, the gradient or a weight is no longer finite.

    Examples
    --------
    >>> from lstmviz.music.songbook import song
    >>> from lstmviz.network.biaxial import Biaxial
    >>> net = Biaxial(time_layers=(8,), note_layers=(8,))
    >>> history = train(net, [song("musette")], steps=20, batch=2, length=32)
    >>> bool(history["loss"][-1] < history["loss"][0])
    True
    """
    check_kind("net", net, Biaxial)
    pieces = check_list("pieces", pieces, "pieces of music")
    validation = check_list("validation", validation, "pieces of music")
    if checkpoint is not None:
        check_path("checkpoint", checkpoint)
    check_flag("resume", resume)
    check_flag("progress", progress)
    if watch is not None and not callable(watch):
        raise ValueError(f"watch must be a function, not {shown(watch)}")
    pieces = [net.check(piece) for piece in pieces]
    validation = [net.check(piece) for piece in validation]
    if not pieces:
        raise ValueError("there are no pieces to learn from")
    with run_folder(checkpoint):
        if resume:
            run = load_run(net, pieces, settings, checkpoint)
        else:
            run = Run.begin(net, pieces, settings, checkpoint)
        take_steps(run, pieces, validation, checkpoint, watch, progress)
    return run.history()


def take_steps(run, pieces, validation, checkpoint, watch, progress):
    """Take the steps of a run that are still to be taken; see `train`."""
    net, settings, rng = run.net, run.settings, run.rng
    samples = [piece[: settings.validate_steps] for piece in validation]
    bar = trange(
        settings.steps,
        initial=len(run.log),
        desc="training",
        unit="step",
        disable=not progress,
    )
    with bar, interruptible() as interrupted:
        for step in range(len(run.log), settings.steps):
            begin = perf_counter()
            batch = draw_batch(
                pieces, settings.batch, settings.length, settings.transpose, rng
            )
            masks = draw_masks(net, settings.batch, settings.dropout, rng)
            loss, gradients = net.loss_and_gradients(batch, masks)
            norm, rate = gradient_norm(gradients), learning_rate(settings, step)
            run.check_finite(checkpoint, loss=loss, gradient=norm)
            gradients = clip_gradients(gradients, norm, settings.clip)
            run.optimizer.step(net.parameters, gradients, rate)
            decay_weights(net.parameters, rate * settings.weight_decay)
            run.check_finite(checkpoint, **net.parameters)
            seconds = perf_counter() - begin

            run.log.append(dict(zip(STEP, (loss, norm, rate, seconds), strict=True)))
            if samples and run.is_due(settings.validate_every):
                run.log[-1] |= evaluate(net, samples)._asdict()
            report(bar, run.log[-1])
            stop = bool(interrupted)
            validated = "total" in run.log[-1] or run.is_due(settings.steps)
            if checkpoint and (validated or stop or run.is_due(settings.save_every)):
                save_run(run, checkpoint)
            if watch and validated:
                watch(net, run.history())
            if stop:
                break


def draw_batch(pieces, batch, length, transpose, rng):
    """Draw segments of up to `length` steps that start on bar lines: a list of Pieces.

    A piece is drawn in proportion to the number of places where a segment can start:
    its beginning, and each bar line that `length` steps follow. A piece that is
    shorter is taken whole. Each segment is moved up or down by up to `transpose`
    semitones, as far as all its notes stay in the range.
    """
    starts = [segment_starts(piece.position, length) for piece in pieces]
    counts = np.array([len(places) for places in starts])
    segments = []
    for which in rng.choice(len(pieces), batch, p=counts / counts.sum()):
        start = starts[which][rng.integers(counts[which])]
        segment = pieces[which][start : start + length]
        if transpose:
            down, up = transposition_range(segment.states)
            low, high = -min(transpose, down), min(transpose, up)
            segment = segment.transposed(int(rng.integers(low, high + 1)))
        segments.append(segment)
    return segments


def segment_starts(position, length):
    """Return the steps on which a segment can start: the first, and bar lines.

    >>> segment_starts(np.array([2, 0, 1, 2, 0, 1, 2]), length=4).tolist()
    [0, 1]
    """
    lines = bar_lines(position)
    lines = lines[lines <= len(position) - length]
    return lines if len(lines) and lines[0] == 0 else np.concatenate([[0], lines])


def transposition_range(states):
    """Return how many semitones music (T, N, 2) can move down, and up."""
    sounding = np.flatnonzero(states[..., PLAYED].any(axis=0))
    if len(sounding) == 0:
        return 0, 0
    return int(sounding[0]), states.shape[1] - 1 - int(sounding[-1])


def draw_masks(net, batch, dropout, rng):
    """Draw the dropout masks of a batch: name -> (batch, H), or None without dropout.

    A neuron is dropped with probability `dropout`. The others are multiplied by
    1 / (1 - dropout), so that the mean stays the same (inverted scaling).
    """
    if dropout == 0:
        return None
    masks = {}
    for name, H in net.sizes.items():
        kept = rng.random((batch, H)) >= dropout
        masks[name] = kept.astype(net.dtype) / net.dtype.type(1 - dropout)
    return masks


def gradient_norm(gradients):
    """Return the norm of all gradients together."""
    return float(np.sqrt(sum(np.vdot(g, g) for g in gradients.values())))


def clip_gradients(gradients, norm, longest):
    """Return the gradients scaled to the norm `longest` where `norm` is larger."""
    if norm <= longest:
        return gradients
    return {name: g * (longest / norm) for name, g in gradients.items()}


def report(bar, row):
    """Show a step and, if there is one, the validation loss in the progress bar."""
    if "total" in row:
        bar.set_description_str(f"validation {row['total']:.2f}", refresh=False)
    bar.set_postfix_str(f"loss {row['loss']:.2f} nats per time step", refresh=False)
    bar.update()


@contextmanager
def interruptible():
    """Let Ctrl-C end the training after the current step instead of within it.

    SIGTERM, with which a system that shuts down ends its programs, does the same.
    Yields a list, which is empty until then. A second Ctrl-C stops at once.
    """
    interrupted = []
    if threading.current_thread() is not threading.main_thread():
        yield interrupted  # only the main thread receives signals
        return

    def interrupt(*_):
        if interrupted:
            raise KeyboardInterrupt
        interrupted.append(True)

    signals = signal.SIGINT, signal.SIGTERM
    before = [signal.signal(each, interrupt) for each in signals]
    try:
        yield interrupted
    finally:
        for each, handler in zip(signals, before, strict=True):
            signal.signal(each, handler)
