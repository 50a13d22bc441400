"""The result of tuning: what each neuron follows, as arrays, as counts, as a table."""

from typing import NamedTuple

import numpy as np

from lstmviz.arrays import load_arrays, save_arrays
from lstmviz.checks import check_count, check_known, check_real, is_count, shown
from lstmviz.files import save_table
from lstmviz.music.notes import check_range, counted
from lstmviz.reading.measures import CURVES, MEASURES
from lstmviz.reading.tuned_file import OWN, PEAKS, tuning_schema

__all__ = ["FOLLOWED", "RATE", "LayerTuning", "Tuning"]

RATE = 0.05  # of the neurons that are found, so many are expected to be false

# What a neuron follows: the measures that must all be found.
FOLLOWED = {
    "bar": ("bar", "bar_moved"),
    "beat": ("beat", "beat_moved"),
    "onset": ("onset", "onset_moved"),
    "interval": ("interval", "interval_alone"),
    "note": ("note",),
}


class LayerTuning(NamedTuple):
    """What the H neurons of a layer follow. The dicts are keyed as `MEASURES`."""

    value: dict  # measure -> (H,)
    p: dict  # measure -> (H,) how often a shift reaches the value
    q: dict  # measure -> (H,) the same as a false-discovery rate in the layer
    shifted: dict  # measure -> (H,) the magnitude that 5 % of the shifts reach
    untrained: dict  # measure -> (U, H) the values of U untrained networks
    at: dict  # measure "interval", "interval_alone" -> (H,) semitones of the peak
    slope: np.ndarray  # (H,) deviations of h for an octave up the keyboard
    curves: dict  # name -> (P, H), see `lstmviz.reading.measures.curve`
    chance: dict  # name -> (2, P, H): the band that holds 95 % of the shifts

    def __repr__(self):
        """Show how many neurons were measured."""
        return f"<LayerTuning: {len(self.slope)} neurons, {len(self.value)} measures>"

    def found(self, measure, rate=RATE):
        """Return which neurons follow by one measure: bool (H,).

        Their value is more than chance, at this false-discovery rate, and more than
        that of any neuron of the layer in the untrained networks.
        """
        return self.more_than_chance(measure, rate) & self.learned(measure)

    def more_than_chance(self, measure, rate=RATE):
        """Return which neurons the shifts do not explain: bool (H,)."""
        return self.q[measure] <= rate

    def learned(self, measure):
        """Return which neurons exceed all those of untrained networks: bool (H,)."""
        highest = np.abs(self.untrained[measure]).max(initial=0.0)
        return np.abs(self.value[measure]) > highest

    def follows(self, what, rate=RATE):
        """Return which neurons follow one of `FOLLOWED`, by all its measures: (H,)."""
        measures = FOLLOWED[what]
        follow = np.all([self.found(name, rate) for name in measures], axis=0)
        if what == "onset":  # in both cases up at struck notes, or down
            follow &= np.prod([self.value[name] for name in measures], axis=0) > 0
        if what == "interval":
            follow &= self.at["interval"] == self.at["interval_alone"]
        return follow

    def words(self, rate=RATE):
        """Return what each neuron follows, such as ["beat", "interval +2"]."""
        words = [[] for _ in self.slope]
        for what in FOLLOWED:
            for neuron in np.flatnonzero(self.follows(what, rate)):
                where = f" {self.at['interval'][neuron]:+d}" * (what == "interval")
                words[neuron].append(what + where)
        return words


class Tuning:
    """What every neuron of a network follows, beside its controls.

    `tuning["time1"]` is the `LayerTuning` of a layer.

    Attributes
    ----------
    layers : dict of str -> LayerTuning
        From the input to the output.
    low, notes : int
        The MIDI note of index 0, and how many notes there are.
    steps, pieces : int
        How much music the network heard.
    shifts : int
        How many shifts there are of each kind.
    """

    def __init__(self, layers, low, notes, steps, pieces, shifts):
        self.layers, self.low, self.notes = layers, int(low), int(notes)
        self.steps, self.pieces, self.shifts = int(steps), int(pieces), int(shifts)

    def __repr__(self):
        """Show the music, the neurons and the controls in one line."""
        sizes = ", ".join(f"{name} {H}" for name, H in self.sizes.items())
        return (
            f"<Tuning: {sizes} neurons, {self.steps:,} steps of "
            f"{counted(self.pieces, 'piece')}, {self.shifts} shifts, "
            f"{counted(self.untrained, 'untrained network')}>"
        )

    def __getitem__(self, name):
        """Return the layer of a name."""
        return self.layers[check_known("layer", name, self)]

    def __iter__(self):
        """Iterate over the names of the layers, from the input to the output."""
        return iter(self.layers)

    @property
    def names(self):
        """Names of the layers, from the input to the output."""
        return list(self.layers)

    @property
    def sizes(self):
        """Number of neurons of each layer: a dict from its name to H."""
        return {name: len(layer.slope) for name, layer in self.layers.items()}

    @property
    def untrained(self):
        """How many untrained networks there are to compare with."""
        return len(next(iter(self.layers.values())).untrained["onset"])

    def strongest(self, layer, measure, count=1):
        """Return the neurons of a layer that follow most by a measure.

        Parameters
        ----------
        layer : str
        measure : str
            One of `MEASURES`, such as "onset".
        count : int

        Returns
        -------
        list of int
            The strongest first.
        """
        value = self[layer].value[check_known("measure", measure, MEASURES)]
        check_count("count", count, 1)
        return np.argsort(-np.abs(value), kind="stable")[:count].tolist()

    def counts(self, rate=RATE):
        """Return how many neurons of each layer follow something, beside the controls.

        Returns
        -------
        dict of (layer, what) -> dict
            `what` is one of `FOLLOWED`. The entries:

            neurons
                How many the layer has.
            more_than_chance
                Those that the shifts do not explain, for music as it is written.
            in_both
                Those of them that the shifts do not explain, either, when the bar lines
                are moved or, for intervals, when chords are taken apart.
            follows
                Those that follow it: more than chance, and more than any neuron of
                untrained networks, by all its measures.
            untrained
                Neurons of an untrained network that exceed those of all other
                untrained networks, by all its measures: the mean over the networks.
        """
        check_rate(rate)
        return {
            (name, what): layer_counts(layer, what, rate)
            for name, layer in self.layers.items()
            for what in FOLLOWED
        }

    def follows(self, layer, neuron, rate=RATE):
        """Return in words what a neuron follows, such as ["beat", "interval +2"]."""
        words = self[layer].words(check_rate(rate))
        if not is_count(neuron, len(words)):
            last = len(words) - 1
            raise ValueError(f"no neuron {shown(neuron)}; {layer} has 0 to {last}")
        return words[neuron]

    def table(self, rate=RATE):
        """Return a row for each neuron, beneath a heading.

        Returns
        -------
        list of list
            layer, neuron, what it follows; then for each measure its value, the
            magnitude that 5 % of the shifts reach, the largest one of an untrained
            network, and q; the semitones of both interval peaks and the slope.
        """
        check_rate(rate)
        heading = ["layer", "neuron", "follows"]
        for measure in MEASURES:
            heading += [measure, f"{measure}_shifted", f"{measure}_untrained"]
            heading += [f"{measure}_q"]
        heading += ["interval_at", "interval_alone_at", "note_slope"]
        rows = [heading]
        for name, layer in self.layers.items():
            for k, words in enumerate(layer.words(rate)):
                row = [name, k, "; ".join(words)]
                for measure in MEASURES:
                    highest = np.abs(layer.untrained[measure]).max(initial=0.0)
                    cells = layer.value[measure][k], layer.shifted[measure][k]
                    cells = *cells, highest, layer.q[measure][k]
                    row += [float(f"{cell:.4g}") for cell in cells]
                row += [int(layer.at[m][k]) for m in ("interval", "interval_alone")]
                rows.append([*row, float(f"{layer.slope[k]:.4g}")])
        return rows

    def write_csv(self, path, rate=RATE):
        """Write `table` as CSV, completely or not at all."""
        save_table(self.table(rate), path)

    def save(self, path):
        """Save as `.npz`, completely or not at all; `Tuning.load` reads it."""
        arrays = {name: np.int64(getattr(self, name)) for name in OWN}
        arrays["names"] = np.array(self.names, np.str_)
        for name, layer in self.layers.items():
            for part, content in layer._asdict().items():
                if part == "slope":
                    arrays[f"{name}.slope"] = content
                else:
                    for key, array in content.items():
                        arrays[f"{name}.{part}.{key}"] = array
        save_arrays(arrays, path)

    @staticmethod
    def load(path):
        """Read a tuning.

        Raises
        ------
        ValueError
            The file is not a tuning of ours; says which array does not fit.
        """
        arrays = load_arrays(path, tuning_schema)
        own = {name: int(arrays[name]) for name in OWN}
        names = arrays["names"].tolist()
        held = [
            name.removesuffix(".slope") for name in arrays if name.endswith(".slope")
        ]
        try:
            if sorted(names) != sorted(held):
                raise ValueError("'names' does not name its layers")
            check_range(own["low"], own["low"] + own["notes"])
        except ValueError as error:
            raise ValueError(f"{path}: {error}") from None
        return Tuning({name: load_layer(arrays, name) for name in names}, **own)


def load_layer(arrays, name):
    """Take the arrays of a layer out of those of a file."""
    keyed = {"at": PEAKS, "curves": CURVES, "chance": CURVES}
    parts = {
        part: {key: arrays[f"{name}.{part}.{key}"] for key in keyed.get(part, MEASURES)}
        for part in LayerTuning._fields
        if part != "slope"
    }
    return LayerTuning(**parts, slope=arrays[f"{name}.slope"])


def check_rate(rate):
    """Return a false-discovery rate."""
    return check_real("rate", rate, 0, 1)


def layer_counts(layer, what, rate):
    """Return how many neurons of a layer follow something, as `Tuning.counts`."""
    measures = FOLLOWED[what]
    chance = np.array([layer.more_than_chance(name, rate) for name in measures])
    return {
        "neurons": len(layer.slope),
        "more_than_chance": int(chance[0].sum()),
        "in_both": int(chance.all(axis=0).sum()),
        "follows": int(layer.follows(what, rate).sum()),
        "untrained": learned_by_none(layer, measures),
    }


def learned_by_none(layer, measures):
    """Return how many neurons of an untrained network all others would call learned."""
    untrained = [np.abs(layer.untrained[name]) for name in measures]  # of (U, H)
    U = len(untrained[0])
    if U < 2:
        return 0.0
    count = 0
    for u in range(U):
        others = np.arange(U) != u
        more = [values[u] > values[others].max() for values in untrained]
        count += int(np.all(more, axis=0).sum())
    return count / U
