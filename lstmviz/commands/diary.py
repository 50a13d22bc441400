"""The diary of a training run: what it leaves to be looked at and heard.

log.csv              a line for each step
learning-curve.png   the same as a picture
samples/             at every validation, what the network composes, and a snapshot
"""

from pathlib import Path

import numpy as np

import lstmviz as lv
from lstmviz.files import save_table
from lstmviz.pictures.curve import learning_curve

__all__ = ["write_diary"]

SAMPLE_STEPS = 128  # time steps of a sample: eight bars
ZOOM = 3  # screen pixels a neuron


def write_diary(net, history, folder, seed=0):
    """Update the diary in `folder`, and add a sample of what the network composes.

    Samples are composed from silence, always with the same seed: what changes from one
    to the next is what was learned.

    Parameters
    ----------
    net : Biaxial
    history : dict of ndarray (steps,)
        As `train` passes it to `watch`.
    folder : path
    seed : int
        Of the samples.
    """
    folder, step = Path(folder), len(history["loss"])
    samples = folder / "samples"
    samples.mkdir(parents=True, exist_ok=True)
    write_log(history, folder / "log.csv")
    lv.write_image(learning_curve(history), folder / "learning-curve.png")
    _, trace = lv.compose(net, SAMPLE_STEPS, seed, record=True)
    name = f"step-{step:06}"
    lv.write_midi(trace, samples / f"{name}.mid")
    image = lv.snapshot(trace, len(trace) - 1)
    lv.write_image(image, samples / f"{name}.png", ZOOM)


def write_log(history, path):
    """Write a training history as CSV; a cell is empty where nothing was measured."""
    rows = [["step", *history]]
    for step, row in enumerate(zip(*history.values(), strict=True), start=1):
        rows.append([step, *("" if np.isnan(x) else f"{x:.6g}" for x in row)])
    save_table(rows, path)
