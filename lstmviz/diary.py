"""The diary of a training run: what it leaves behind to be looked at and heard.

log.csv              a line for each step
learning-curve.png   the same as a picture
samples/             now and then, what the network composes, and a snapshot
"""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.files import save_table
from lstmviz.pictures.curve import learning_curve

__all__ = ["write_diary"]

SAMPLE_STEPS = 128  # how much is composed each time: eight bars
ZOOM = 3  # screen pixels a neuron


def write_diary(folder, net, history, seed=0):
    """Bring the diary in `folder` up to date, and add a sample of this moment.

    The sample is composed from silence, always with the same dice, so that what
    changes from one to the next is what was learned.

    Parameters
    ----------
    folder : path
    net : Biaxial
    history : dict of ndarray (steps,)
        As `train` passes it to `watch`.
    seed : int
        The dice of the samples.
    """
    folder, step = Path(folder), len(history["loss"])
    samples = folder / "samples"
    samples.mkdir(parents=True, exist_ok=True)
    write_log(folder / "log.csv", history)
    lv.write_image(learning_curve(history), folder / "learning-curve.png")
    states, trace = lv.compose(net, SAMPLE_STEPS, seed, record=True)
    name = f"step-{step:06}"
    lv.write_midi(states, samples / f"{name}.mid", low=net.low)
    image = lv.snapshot(trace, len(trace) - 1)
    lv.write_image(image, samples / f"{name}.png", ZOOM)


def write_log(path, history):
    """Write a training history as CSV; a cell is empty where nothing was measured."""
    rows = [["step", *history]]
    for step, row in enumerate(zip(*history.values(), strict=True), start=1):
        rows.append([step, *("" if np.isnan(x) else f"{x:.6g}" for x in row)])
    save_table(path, rows)
