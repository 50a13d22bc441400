"""Tutorial 4, *Two axes*: the input of the note layers, and sampling up the notes."""

from functools import partial

import numpy as np

from lstmviz.cells import sampling, stack
from lstmviz.cells.lstm import sigmoid
from lstmviz.coursework.comparing import (
    Wrong,
    agree,
    agree_all,
    same,
    same_parts,
    shown,
)
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson3 import small_music
from lstmviz.coursework.mistakes import outcomes
from lstmviz.network.biaxial import choices_below, swap_axes

__all__ = ["note_inputs", "sample_notes"]


# The input of the note layers ---------------------------------------------------


@exercise(tutorial=4)
def note_inputs(student):
    """h (S, N, H), states (S + 1, N, 2) -> (N, S, H + 2)."""
    for S, N, H in ((5, 8, 3), (2, 3, 4)):
        h = np.random.default_rng(S).normal(size=(S, N, H))
        states = small_music(S + 1, N)
        same(
            "the input",
            student(h, states),
            note_layer_input(h, states),
            "note step number",
            outcomes(note_layer_input, INPUT_MISTAKES, h, states),
            about=partial(source, H),
        )


def source(H, n, s, k):
    """Say what number k of the input is, for note n at step s."""
    if k < H:
        return f"It should be h[{s}, {n}, {k}]."
    if n == 0:
        return "It should be 0: there is no note below the lowest."
    return f"It should be states[{s + 1}, {n - 1}, {k - H}], of the note below."


def note_layer_input(h, states):
    """Return the input of the note layers, as `Biaxial.forward` puts it together."""
    y, choices = swap_axes(h), swap_axes(choices_below(states[1:]))
    return np.concatenate([y, choices], axis=-1)


BELOW = "choices_below(states[1:])"
INPUT_MISTAKES = f"""
Time is still the first axis; swap the axes, so that notes are the first axis.
    swap_axes(h), swap_axes({BELOW}) -> h, {BELOW}
reshape does not swap axes, it keeps the order of the numbers: use swapaxes.
    np.concatenate([y, choices], axis=-1)
        -> np.concatenate([h, {BELOW}], axis=-1).reshape(*y.shape[:2], -1)
reshape does not swap the axes of h, it keeps the order of the numbers: use swapaxes.
    swap_axes(h) -> h.reshape(swap_axes(h).shape)
reshape does not swap the axes of the choices, it keeps their order: use swapaxes.
    swap_axes({BELOW}) -> {BELOW}.reshape(h.shape[1], h.shape[0], 2)
Each note receives its own choice, so the network could copy the answer; give it the
choice of the note below, n - 1.
    {BELOW} -> states[1:]
Each note receives the choice of the note above, n + 1, not of that below, n - 1.
    {BELOW} -> choices_below(states[1:, ::-1])[:, ::-1]
Each note receives the choice of the note above: np.roll by 1, not by -1.
    {BELOW} -> np.roll(states[1:], -1, axis=1)
The choices are those of the step that was heard, s; take those of the next step, s + 1.
    states[1:] -> states[:-1]
The choices are those of the note itself at the step that was heard; take those of the
note below, at the next step, s + 1.
    {BELOW} -> states[:-1]
The lowest note receives the choice of the highest (np.roll or index -1); give it 0.
    {BELOW} -> np.roll(states[1:], 1, axis=1)
The lowest note receives its own choice; give it 0.
    {BELOW} -> np.concatenate([states[1:, :1], states[1:, :-1]], axis=1)
The choices are shifted along time; shift them along the notes, by one.
    {BELOW} -> np.concatenate([0 * states[:1], states[1:-1]])
The choices are shifted along time, and wrap around; shift them along the notes, by one.
    {BELOW} -> np.roll(states[1:], 1, axis=0)
The choices come before h; they should come after it.
    [y, choices] -> [choices, y]
Of the two choices, played comes first; here articulated comes first.
    [y, choices] -> [y, choices[..., ::-1]]
The choices of the note below are 0 everywhere.
    [y, choices] -> [y, 0 * choices]
Only played of the note below is there; articulated should follow it.
    [y, choices] -> [y, choices[..., :1]]
The choices are missing: they should come after h.
    [y, choices] -> [y]
"""


# Sampling up the notes ----------------------------------------------------------


@exercise(tutorial=4)
def sample_notes(student):
    """y (N, H), step, dice (N, 2) -> chosen (N, 2), P (N, 2)."""
    for N, H in (16, 3), (7, 5):
        rng = np.random.default_rng(N)
        y, dice = rng.normal(size=(N, H)), rng.random((N, 2))
        shapes = {"note1.W": (H + 2, 16), "note1.U": (4, 16), "note1.b": (16,)}
        shapes |= {"out.W": (4, 2), "out.b": (2,)}
        net = {name: 2 * rng.normal(size=shape) for name, shape in shapes.items()}
        given = net, ["note1"], y, dice
        sample = sampling.sample_notes
        results = outcomes(sample, SAMPLING_MISTAKES, *given, first=TO_P)
        step, taken = stepping(net)
        found, (chosen, z, _) = student(y, step, dice), sample(*given)
        expected = chosen, sigmoid(z)
        # Choices are often the same by chance: a mistake has to explain P as well.
        sure = {why: both for why, both in results.items() if agree_all(found, both)}
        try:
            parts = dict.fromkeys(("chosen", "P"), "note choice")
            same_parts(parts, found, expected, sure)
        except Wrong as wrong:
            if len(wrong.args) == 1 and " at [" in wrong.args[0]:
                from_the_lowest(found, expected, y, taken)
            raise


def stepping(net):
    """Return the function `step` of one note, and a list of the calls of it.

    A call is recorded as: x, the state given, the state returned.
    """
    taken = []

    def step(x, state):
        x, inputs = np.array(x, np.float64), len(net["note1.W"])
        if x.shape != (inputs,):
            raise Wrong(
                f"step was given x of shape {x.shape}, not ({inputs},)",
                "It takes the row of y of one note, followed by the two choices of "
                "the note below.",
            )
        if state is not None and not any(state is after for _, _, after in taken):
            raise Wrong(
                "step was given a state that it did not return",
                "It takes None for the lowest note, and what it returned for the "
                "note below for the others.",
            )
        note = stack.forward(net, ["note1"], x[None, None], before=state)
        taken.append((x, state, note))
        return note.output[0, 0] @ net["out.W"] + net["out.b"], note

    step.__qualname__ = "step"
    return step, taken


def from_the_lowest(found, expected, y, taken):
    """Say which note is the first wrong one, since all notes above depend on it."""
    if [getattr(a, "shape", ()) for a in found] != [a.shape for a in expected]:
        return
    below, before = np.zeros(2), None
    for n, (chosen, P) in enumerate(zip(*expected, strict=True)):
        if not agree(found[1][n], P):
            name, wrong, right = "P", found[1][n], P
            hint = why_P(n, len(y), taken, np.concatenate([y[n], below]), before)
        elif not agree(found[0][n], chosen):
            name, wrong, right = "chosen", found[0][n], chosen
            hint = "Its P is right: check how you use the dice."
        else:
            below, before = chosen, taken[n][2] if n < len(taken) else None
            continue
        raise Wrong(
            f"{name} of note {n}: expected {pair(right)}, found {pair(wrong)}",
            f"This is the lowest note that is wrong. {hint}",
        )


def why_P(n, notes, taken, x, before):
    """Say why P of note n is wrong: it follows from x and the state `before`."""
    if len(taken) != notes:
        return f"step was called {len(taken)} times for {notes} notes."
    given, state, _ = taken[n]
    if not agree(given[:-2], x[:-2]):
        return f"Its x should begin with its own row, y[{n}]."
    if not agree(given[-2:], x[-2:]):
        return (
            f"Its x should end with the choices of the note below, {pair(x[-2:])}, "
            f"not {pair(given[-2:])}."
        )
    if state is not before:
        return "It should use the state that step returned for the note below."
    return "Its x and its state are right: check what you do with z. P is sigmoid(z)."


def pair(numbers):
    """Write two numbers."""
    return f"[{', '.join(map(shown, numbers))}]"


TO_P = "chosen, z, layers -> chosen, (sigmoid(z))"
SAMPLING_MISTAKES = """
The layer starts from zero at every note: pass on the state that step returned.
    before=note -> before=None
Every note receives 0, 0: give it what was just chosen for the note below, n - 1.
    [y[n], below] -> [y[n], 0 * below]
Every note receives the probabilities of the note below, not its choices, 0 or 1.
    chosen[n] = below[:] = -> below[:] = p_play, p_articulate; chosen[n] =
Every note receives the choices of the note two below, not of that directly below.
    [y[n], below] -> [y[n], chosen[n - 2] * (n > 1)]
The choices of the note below come before the row of y; they should come after it.
    [y[n], below] -> [below, y[n]]
The two choices that are passed to the note above are swapped: played comes first.
    chosen[n] = below[:] = -> chosen[n] = below[::-1] =
A note that is not played cannot be articulated: its second die does not count then.
    played and dice -> dice
A note that is not played is not articulated: this is right in chosen, but not in what
the note above receives.
    chosen[n] = below[:] = -> below[:] = played, dice[n, 1] < p_articulate; chosen[n] =
The dice are swapped: the first one decides about played, the second about articulated.
    dice[n, 0] < -> dice[n, -1] <
    dice[n, 1] < -> dice[n, 0] <
Both decisions use the same die: articulate has its own, dice[n, 1].
    dice[n, 1] < -> dice[n, 0] <
Both decisions use the same die: play has its own, dice[n, 0].
    dice[n, 0] < -> dice[n, 1] <
The loop goes from the highest note down; go from the lowest note up.
    range(N) -> reversed(range(N))
The comparison is reversed: the answer is yes if the die is less than the probability.
    dice[n, 0] < -> dice[n, 0] >
    dice[n, 1] < -> dice[n, 1] >
The dice are not used: here a note is played whenever P is above 0.5.
    dice[n, 0] < -> 0.5 <
    dice[n, 1] < -> 0.5 <
z are log-odds: the sigmoid turns them into probabilities, between 0 and 1.
    sigmoid(z[n] / temperature) -> z[n]
    (sigmoid(z)) -> z
The dice are compared with log-odds; compare them with the probabilities.
    sigmoid(z[n] / temperature) -> z[n]
These are the log-odds z: P is sigmoid(z).
    (sigmoid(z)) -> z
Probabilities are between 0 and 1: use sigmoid, not tanh.
    sigmoid -> np.tanh
P(articulate) is given that the note is played: do not change it where it is not.
    (sigmoid(z)) -> sigmoid(z) * np.stack([np.ones(N), chosen[:, 0]], axis=1)
"""
