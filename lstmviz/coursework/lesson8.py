"""Tutorial 8, *From following to causing*: clamping, and the test by deletion."""

import numpy as np

from lstmviz.coursework.comparing import Wrong, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.network.clamping import clamped_parameters

__all__ = ["clamp", "deletion_test"]


# Clamping -----------------------------------------------------------------------


@exercise(tutorial=8)
def clamp(student):
    """U, b, W, b_above, neurons, values -> the same four arrays, edited."""
    for H, neurons in (3, [1]), (5, [4, 0, 2]):
        rng = np.random.default_rng(H)
        U, b = rng.normal(size=(H, 4 * H)), rng.normal(size=4 * H)
        # The input of the layer above has two numbers more: the choices below.
        W, b_above = rng.normal(size=(H + 2, 8)), rng.normal(size=8)
        given = U, b, W, b_above, neurons, rng.normal(size=len(neurons))
        right = edited(clamped_parameters, *given)
        mistakes = outcomes(clamped_parameters, CLAMPING_MISTAKES, *given, run=edited)
        parts = {
            "U": "row column",
            "b": "column",
            "W": "row column",
            "b_above": "column",
        }
        same_parts(parts, student(*given, unchanged=COPY), right, mistakes)


COPY = "The caller still needs it: change a copy, as the first line does."


def edited(clamped, U, b, W, b_above, neurons, values):
    """Return the four arrays after the library's edit, or a changed one."""
    parameters = {"time1.U": U, "time1.b": b, "note1.W": W, "note1.b": b_above}
    # The names of the layer above; nothing else of it is edited.
    parameters |= {"note1.U": np.zeros((2, 8)), "out.W": W[:2], "out.b": b[:2]}
    clamped = clamped(parameters, {"time1": neurons}, {"time1": values})
    return tuple(clamped[name] for name in ("time1.U", "time1.b", "note1.W", "note1.b"))


ADDED, ZEROED = "v @ edited[weights][chosen]", "edited[weights][chosen] = 0"
CLAMPING_MISTAKES = f"""
The biases should change: without v U[k] in them the neuron is clamped to 0. If you add
it, do so before row k becomes 0.
    edited[bias] += {ADDED} -> pass
Row k should become 0: the neuron's own h is still read.
    {ZEROED} -> pass
v U[k] is subtracted: it should be added.
    += {ADDED} -> -= {ADDED}
The value is missing: add v U[k], not U[k].
    {ADDED} -> edited[weights][chosen].sum(axis=0)
h[k] is multiplied by row k: here column k becomes 0.
    {ZEROED} -> edited[weights][:, chosen] = 0
Row k should become 0, not v.
    {ZEROED} -> edited[weights][chosen] = v[:, None]
Row k should become 0: v U[k] is in the bias, so the row must not be multiplied by v.
    {ZEROED} -> edited[weights][chosen] *= v[:, None]
Only the neuron's own layer is edited: the layer above still reads h.
    above(parameters, name), ->
Only the layer above is edited: the neuron's own layer still reads h at the next step.
    (f"{{name}}.U", f"{{name}}.b"), ->
Each neuron has its own value: here all have the first one.
    v @ -> v[0] * np.ones(len(v)) @
The values are in the wrong order: value j belongs to neuron neurons[j].
    {ADDED} -> v @ edited[weights][sorted(chosen)]
Only the first of the neurons is clamped.
    edited[bias] += v @ -> chosen = chosen[:1]; v = v[:1]; edited[bias] += v @
Every neuron except these is clamped: row k alone should become 0.
    {ZEROED} -> edited[weights][np.delete(np.arange(len(edited[weights])), chosen)] = 0
All rows became 0: only row k should.
    {ZEROED} -> edited[weights][:] = 0
"""


# Deletion -----------------------------------------------------------------------


@exercise(tutorial=8)
def deletion_test(student):
    """log_odds, states, notes, values, controls -> two numbers."""
    for seed, count in (0, 1), (1, 3):
        states, notes = some_notes(seed)
        rng = np.random.default_rng(seed)
        values = rng.permutation(np.linspace(0.5, 3, len(notes)))
        values[np.argsort(values)[[-1, -3]]] *= -1  # some speak against the decision
        controls = [
            rng.choice(len(notes), count, replace=False).tolist() for _ in range(4)
        ]
        given = decision_of(states, seed), states, notes, values, controls
        mistakes = outcomes(changes, DELETION_MISTAKES, *given)
        parts = {"without the named notes": "", "without others": ""}
        same_parts(parts, student(*given), changes(*given), mistakes)


def some_notes(seed, T=8, N=6, count=9):
    """Return note states (T, N, 2), and their notes as (start, stop, n)."""
    rng = np.random.default_rng(seed)
    states, notes = np.zeros((T, N, 2), np.uint8), []
    while len(notes) < count:
        start, n, steps = rng.integers(T - 2), rng.integers(N), rng.integers(2, 4)
        start, stop, n = int(start), int(min(start + steps, T)), int(n)
        if not states[max(start - 1, 0) : stop + 1, n].any():
            states[start:stop, n, 0] = states[start, n, 1] = 1
            notes.append((start, stop, n))
    return states, notes


def decision_of(states, seed):
    """Return a function from note states to log-odds, in which notes interact."""
    rng = np.random.default_rng(seed + 10)
    weights = rng.normal(size=(3, *states.shape))
    shape = states.shape

    def log_odds(changed):
        if np.shape(changed) != shape:
            raise Wrong(
                f"log_odds takes note states {shape}, not an array {np.shape(changed)}"
            )
        changed = np.asarray(changed, np.float64)
        if (changed[..., 1] > changed[..., 0]).any():
            raise Wrong(
                "log_odds was given a note that is articulated but not played",
                "Delete both: states[start:stop, n] = 0.",
            )
        a, b, c = (weights * changed).sum(axis=(1, 2, 3))
        return a + np.tanh(b) * c

    return log_odds


def changes(log_odds, states, notes, values, controls):
    """Return the change of the log-odds without the named notes, and without others."""
    before, count = log_odds(states), len(controls[0])

    def change(places):
        silent = states.copy()
        for place in places:
            start, stop, n = notes[place]
            silent[start:stop, n] = 0
        return abs(log_odds(silent) - before)

    named = np.argsort(-np.abs(values))[:count]
    return change(named), np.mean([change(places) for places in controls])


NAMED, CHANGE = "np.argsort(-np.abs(values))[:count]", "abs(log_odds(silent) - before)"
MEAN = "np.mean([change(places) for places in controls])"
DELETION_MISTAKES = f"""
A note that speaks strongly against the decision matters, too: take the largest |value|.
    {NAMED} -> np.argsort(-values)[:count]
These are the notes that matter least: np.argsort sorts from the smallest up.
    {NAMED} -> np.argsort(np.abs(values))[:count]
These are the notes with the lowest values: take the largest magnitudes.
    {NAMED} -> np.argsort(values)[:count]
These are the first notes of the list: take those with the largest magnitudes.
    {NAMED} -> range(count)
Only one note is deleted: delete as many as each control has.
    len(controls[0]) -> 1
All notes are named: take as many as each control has.
    len(controls[0]) -> len(notes)
The last step of each note still sounds: stop itself does not belong to the note.
    silent[start:stop, n] -> silent[start : stop - 1, n]
Only the onset of a note is deleted: silence all its steps, start up to stop.
    silent[start:stop, n] -> silent[start, n]
A note is deleted with everything else that sounds during it: silence note n only.
    silent[start:stop, n] -> silent[start:stop]
All notes of this pitch are deleted: silence steps start up to stop only.
    silent[start:stop, n] -> silent[:, n]
Only the articulation is deleted: the note still sounds.
    silent[start:stop, n] -> silent[start:stop, n, 1]
One group is still deleted for the next: begin with a new copy of states each time.
    states.copy() -> states
    before, count -> states = states.copy(); before, count
The notes are kept and the others deleted: it should be the other way round.
    log_odds(silent) -> log_odds(states - silent)
This is the log-odds without the notes: it should be how much they change.
    {CHANGE} -> log_odds(silent)
This is the change with its sign: take the magnitude of each change.
    {CHANGE} -> log_odds(silent) - before
This is the change with its sign, upside down: take the magnitude of each change.
    {CHANGE} -> before - log_odds(silent)
The controls' changes have signs, which cancel: take the magnitude of each first.
    {CHANGE} -> log_odds(silent) - before
    change(named), {MEAN} -> abs(change(named)), abs({MEAN})
The changes of the controls are summed: take their mean.
    np.mean -> np.sum
This is the largest change of the controls: take their mean.
    np.mean -> np.max
This is the first control alone: take the mean over all of them.
    {MEAN} -> change(controls[0])
All controls are deleted together: delete one group at a time.
    {MEAN} -> change([place for places in controls for place in places])
Both numbers are swapped: the named notes come first.
    change(named), {MEAN} -> {MEAN}, change(named)
The first number should be a change, not how many times that of the controls.
    change(named), {MEAN} -> change(named) / {MEAN}, {MEAN}
"""
