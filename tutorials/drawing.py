"""The figures of the tutorials: what is drawn with more than a few lines.

The notebooks are about LSTMs and music, not about matplotlib. So what they draw is
there, and how it is drawn is here. Importing this file sets the style of all figures.
"""

from pathlib import Path

import matplotlib.pyplot as plt
import numpy as np

from lstmviz.music.features import FEATURES
from lstmviz.music.notes import LOW, pitch_name

plt.style.use(Path(__file__).with_name("lstmviz.mplstyle"))

PARTS = ["input gate i", "forget gate f", "candidate g", "output gate o"]
PARTS += ["cell state c", "hidden state h"]
GREYS = ["0.1", "0.5", "0.75"]
BESIDE = {"loc": "upper left", "bbox_to_anchor": (1, 1)}  # a legend


# Curves -----------------------------------------------------------------------------


def curves(ax, curves, title, xlabel, ylabel=None, colours=GREYS, log=False, **limits):
    """Draw curves, a dict of name and values, over 0, 1, 2 ..."""
    for (name, values), colour in zip(curves.items(), colours, strict=False):
        ax.plot(values, color=colour, label=name)
    if log:
        ax.set_yscale("log")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, **limits)
    ax.legend()


def cell(parts, title, inputs):
    """Draw inputs, a dict, and the parts i, f, g, o, c, h (steps, 6) of one cell."""
    names = [*inputs, *PARTS]
    values = [*inputs.values(), *np.transpose(parts)]
    size = 7.5, 0.55 * len(values) + 0.8
    fig, axes = plt.subplots(len(values), figsize=size, sharex=True)
    for k, ax in enumerate(axes):
        colour = "C6" if k < len(inputs) else f"C{k - len(inputs)}"
        ax.step(range(len(values[k])), values[k], where="mid", color=colour)
        ax.set_ylabel(names[k], rotation=0, ha="right", va="center", color=colour)
        ax.set_ylim(1.3 * min(-0.2, *values[k]), 1.3 * max(1, *values[k]))
    fig.align_ylabels()
    axes[0].set_title(title)
    axes[-1].set_xlabel("time step")


def two_cells(one, other, names, title):
    """Draw cell state and hidden state of two cells, one above the other."""
    _, axes = plt.subplots(2, sharex=True, figsize=(7.5, 3.2))
    for ax, part in zip(axes, (4, 5), strict=True):
        steps = range(len(one))
        ax.step(steps, one[:, part], where="mid", color=f"C{part}", label=names[0])
        ax.step(steps, other[:, part], "--", where="mid", color="C7", label=names[1])
        ax.set_ylabel("ifgoch"[part], rotation=0)
        ax.legend(**BESIDE)
    axes[0].set_title(title)
    axes[1].set_xlabel("time step")


def learning(history, start, guesses):
    """Draw the learning curve of `lv.train`, and the losses of simple guesses."""
    measured = np.isfinite(history["total"])
    steps = 1 + np.arange(len(history["loss"]))
    plt.plot(steps, history["loss"], color="0.85", linewidth=1, label="each batch")
    for part, colour in ("total", "C4"), ("play", "C5"), ("articulate", "C0"):
        values = np.append(getattr(start, part), history[part][measured])
        at = np.append(0, steps[measured])
        plt.plot(at, values, "o-", color=colour, markersize=3, label=part)
    white = dict(facecolor="w", edgecolor="none", pad=0.5)
    for name, value in guesses.items():
        plt.axhline(value, color="C6", linewidth=1, linestyle=":")
        plt.text(steps[-1], value + 0.25, name, ha="right", fontsize=8, bbox=white)
    plt.gca().set(xlabel="training step", ylabel="nats per time step", ylim=(0, 16))
    plt.title("The loss falls below both simple guesses")
    plt.legend(ncols=4, loc="upper right")


# Tables and diagrams ----------------------------------------------------------------


def weights(table, rows, neurons):
    """Draw all weights of a layer (rows, 4 gates x neurons), each as a number."""
    _, ax = plt.subplots()
    ax.imshow(table, cmap="PuOr", vmin=-25, vmax=25, aspect="auto")
    for row, column in np.argwhere(table):
        ax.text(column, row, f"{table[row, column]:g}", ha="center", va="center")
    for gate in 1, 2, 3:
        ax.axvline(gate * neurons - 0.5, color="black", lw=0.8)
    for edge in 4.5, 6.5:  # between W, U and b
        ax.axhline(edge, color="black", lw=0.8)
    ax.set_yticks(range(len(rows)), rows)
    columns = [f"{gate} of {neuron}" for gate in "ifgo" for neuron in range(neurons)]
    ax.set_xticks(range(len(columns)), columns)
    ax.set_title("All the weights of a layer with two neurons")
    ax.grid(False)


def two_routes():
    """Draw the two routes of a gradient from one step to the step before."""
    _, ax = plt.subplots(figsize=(7.5, 3.2))
    for t, name in enumerate(["t − 1", "t", "t + 1"]):
        ax.text(3 * t, 2, "c", size=16, color="C4", ha="center", va="center")
        ax.text(3 * t, 0, "h", size=16, color="C5", ha="center", va="center")
        ax.text(3 * t, -1.75, name, ha="center", va="center")
        ax.annotate("", (3 * t, 1.7), (3 * t, 0.35), arrowprops={"arrowstyle": "->"})
        above = {"arrowstyle": "->", "color": "C6"}
        ax.annotate("", (3 * t, -0.3), (3 * t, -1.45), arrowprops=above)
    for t in 0, 1:
        along = {"arrowstyle": "->", "color": "C4", "lw": 2.5}
        ax.annotate("", (3 * t + 0.3, 2), (3 * t + 2.7, 2), arrowprops=along)
        ax.text(3 * t + 1.5, 2.2, "dc_after = dc f", color="C4", ha="center")
        around = {"arrowstyle": "->", "color": "C5", "lw": 2.5}
        ax.annotate("", (3 * t + 0.25, 0.1), (3 * t + 2.75, 1.75), arrowprops=around)
        ax.text(3 * t + 1.6, 0, "dh_after = dz · u", color="C5", ha="center")
    ax.text(6.1, 0.9, "through o tanh(c)")
    ax.text(6.1, -1, "from the loss", color="C6")
    ax.set(title="Two routes back", xlim=(-0.5, 8), ylim=(-2, 2.6))
    ax.axis("off")


def rules(steps, errors):
    """Draw the error of rules, a dict of name and errors, over the size of a step."""
    for (name, error), colour in zip(errors.items(), ("C0", "C4", "C7"), strict=True):
        plt.loglog(steps, error, ".", color=colour, label=name)
    plt.title("Too small a step, too large a step")
    plt.gca().set(xlabel="step ε", ylabel="relative error")
    plt.legend(**BESIDE)


# Music ------------------------------------------------------------------------------


def piano_roll(ax, states, title, low=36, high=84, first=0):
    """Draw note states (steps, 78, 2): struck is black, held is grey."""
    picture = states.sum(axis=-1).T  # 0 silent, 1 held, 2 struck
    ax.imshow(picture, cmap="Greys", vmax=2.2, origin="lower", aspect="auto")
    octaves = np.arange(low, high + 1, 12)
    ax.set_yticks(octaves - LOW, [pitch_name(note) for note in octaves])
    bars = np.arange(0, len(states) + 1, 16)
    ax.set_xticks(bars - 0.5, bars + first)
    ax.set(title=title, xlabel="time step (sixteenths)", ylim=(low - LOW, high - LOW))


def features(ax, features, title):
    """Draw the 80 features of all 78 notes at one step: one row a note."""
    picture = features.copy()
    picture[:, 0] /= 77  # the position
    ax.imshow(picture, cmap="PuOr_r", vmin=-2, vmax=2, origin="lower", aspect="auto")
    for place in FEATURES.values():
        ax.axvline(place.stop - 0.5, color="0.6", linewidth=0.8)
    ax.grid(False)
    octaves = np.arange(0, 78, 12)
    ax.set_yticks(octaves, [pitch_name(LOW + note) for note in octaves])
    names = list(FEATURES)[1:5]  # the others are too narrow for a name
    centres = [(FEATURES[k].start + FEATURES[k].stop - 1) / 2 for k in names]
    ax.set_xticks(centres, names)
    ax.set(title=title, ylabel="note")


def two_bars(ax, places, sets, title, xlabel, ylabel):
    """Draw two sets of bars, a dict of name and heights, side by side."""
    sides = (-0.2, "C7"), (0.2, "C6")
    for (name, heights), (side, colour) in zip(sets.items(), sides, strict=True):
        ax.bar(places + side, heights, 0.4, color=colour, label=name)
    ax.margins(y=0.25)  # room for the legend
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel)
    ax.grid(axis="x", visible=False)
    ax.legend()


# A hand on a gate -------------------------------------------------------------------


def sliders(draw, **values):
    """Show a drawing with a slider for each of its numbers.

    Where ipywidgets is missing, or no one can move a slider, the drawing is still.

    Parameters
    ----------
    draw : function
        Draws for given numbers.
    values : name=(lowest, highest, step, start)
    """
    try:
        from ipywidgets import FloatSlider, interact
    except ImportError:
        draw(**{name: start for name, (*_, start) in values.items()})
        return
    wide = {"style": {"description_width": "initial"}, "layout": {"width": "30em"}}
    moved = {}
    for name, (low, high, step, start) in values.items():
        numbers = {"min": low, "max": high, "step": step, "readout_format": ".3g"}
        moved[name] = FloatSlider(start, **numbers, **wide)
    interact(draw, **moved)
