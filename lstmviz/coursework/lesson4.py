"""Tutorial 4, *Two axes*: from time to notes, and the walk up the notes."""

from functools import partial

import numpy as np

from lstmviz.cells import sampling, stack
from lstmviz.coursework.comparing import Wrong, agree, same, same_parts, shown
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.lesson3 import small_music
from lstmviz.coursework.mistakes import outcomes
from lstmviz.network.biaxial import choices_below, swap_axes

__all__ = ["note_inputs", "sample_notes"]


# From time to notes -------------------------------------------------------------


@exercise(tutorial=4)
def note_inputs(student):
    """h (S, N, H), states (S + 1, N, 2) -> (N, S, H + 2)."""
    for S, N, H in ((5, 8, 3), (2, 3, 4)):
        h = np.random.default_rng(S).normal(size=(S, N, H))
        states = small_music(S + 1, N)
        same(
            "the input",
            student(h, states),
            turned_and_below(h, states),
            "note step number",
            outcomes(turned_and_below, INPUT_MISTAKES, h, states),
            about=partial(source, H),
        )


def source(H, n, s, k):
    """Say what the input's number k, of note n at step s, is."""
    if k < H:
        return f"It should be h[{s}, {n}, {k}]."
    if n == 0:
        return "It should be 0, since there is no note below the lowest."
    return f"It should be states[{s + 1}, {n - 1}, {k - H}], chosen just below."


def turned_and_below(h, states):
    """Return the input of the note layers, as `Biaxial.forward` puts it together."""
    y, choices = swap_axes(h), swap_axes(choices_below(states[1:]))
    return np.concatenate([y, choices], axis=-1)


CHOSEN, PUT = "choices_below(states[1:])", "[y, choices]"
INPUT_MISTAKES = {
    "Time still comes first; turn it, so that the first axis is that of the notes.": (
        f"swap_axes(h), swap_axes({CHOSEN})",
        f"h, {CHOSEN}",
    ),
    "reshape does not swap axes: it cuts the same row of numbers elsewhere. Use "
    "transpose or swapaxes.": (
        "np.concatenate([y, choices], axis=-1)",
        "np.concatenate([h, choices_below(states[1:])], axis=-1)"
        ".reshape(*y.shape[:2], -1)",
    ),
    "reshape does not swap the axes of h: it cuts the same row of numbers elsewhere. "
    "Use transpose or swapaxes.": ("swap_axes(h)", "h.reshape(swap_axes(h).shape)"),
    "reshape does not swap the axes of the choices: it cuts the same row of numbers "
    "elsewhere. Use transpose or swapaxes.": (
        f"swap_axes({CHOSEN})",
        f"{CHOSEN}.reshape(h.shape[1], h.shape[0], 2)",
    ),
    "Each note is told its own choice: it would only have to copy the answer. It may "
    "know the note below, n - 1.": (CHOSEN, "states[1:]"),
    "Each note is told about the note above, n + 1; the walk comes from below, "
    "n - 1.": (
        CHOSEN,
        "choices_below(states[1:, ::-1])[:, ::-1]",
    ),
    "Each note is told about the note above (np.roll by 1, not by -1), and the highest "
    "about the lowest.": (CHOSEN, "np.roll(states[1:], -1, axis=1)"),
    "The choices are those of the step heard, s; the step in question is s + 1.": (
        "states[1:]",
        "states[:-1]",
    ),
    "The choices are those of the note itself at the step heard; wanted are those of "
    "the note below, at the step in question, s + 1.": (CHOSEN, "states[:-1]"),
    "The lowest note is told about the highest (np.roll or index -1 wraps around); it "
    "should be told 0.": (CHOSEN, "np.roll(states[1:], 1, axis=1)"),
    "The lowest note is told its own choice; it should be told 0.": (
        CHOSEN,
        "np.concatenate([states[1:, :1], states[1:, :-1]], axis=1)",
    ),
    "The choices are shifted along time; the note below is one earlier along the "
    "notes.": (
        CHOSEN,
        "np.concatenate([0 * states[:1], states[1:-1]])",
    ),
    "The choices are shifted along time, and wrap around; the note below is one "
    "earlier along the notes.": (CHOSEN, "np.roll(states[1:], 1, axis=0)"),
    "The choices come before h; they should stand after it.": (PUT, "[choices, y]"),
    "Of the two choices, played comes first; here articulated does.": (
        PUT,
        "[y, choices[..., ::-1]]",
    ),
    "What was chosen below is left 0 everywhere.": (PUT, "[y, 0 * choices]"),
    "Only whether the note below is played is told; articulated belongs to it, too.": (
        PUT,
        "[y, choices[..., :1]]",
    ),
    "The choices are missing: they stand after h.": (PUT, "[y]"),
}


# Up the notes -------------------------------------------------------------------

NOTES = 16


@exercise(tutorial=4)
def sample_notes(student):
    """y (N, H), step, dice (N, 2) -> chosen (N, 2), P (N, 2)."""
    rng = np.random.default_rng(4)
    y, dice = rng.normal(size=(NOTES, 3)), rng.random((NOTES, 2))
    shapes = {"note1.W": (5, 16), "note1.U": (4, 16), "note1.b": (16,)}
    shapes |= {"out.W": (4, 2), "out.b": (2,)}
    net = {name: 2 * rng.normal(size=shape) for name, shape in shapes.items()}
    walks = outcomes(sampling.sample_notes, SAMPLING_MISTAKES, net, ["note1"], y, dice)
    step, taken = stepping(net)
    found, expected = student(y, step, dice), walks.pop("right")
    parts = found if isinstance(found, tuple | list) else ()
    # Yes or no is the same by chance too often: a mistake has to explain P as well.
    sure = {
        why: walked for why, walked in walks.items() if all(map(agree, parts, walked))
    }
    try:
        named = dict(zip(("chosen", "P"), expected, strict=True))
        same_parts(found, named, "note choice", sure)
    except Wrong as wrong:
        if len(wrong.args) == 1 and " at [" in wrong.args[0]:
            from_the_lowest(found, expected, y, taken)
        raise


def stepping(net):
    """Return the function that steps up the notes, and a list of the steps taken.

    A step is: x, the state it went on from, the state it returned.
    """
    taken = []

    def step(x, state):
        x, inputs = np.array(x, np.float64), len(net["note1.W"])
        if x.shape != (inputs,):
            raise Wrong(
                f"step was given x of shape {x.shape}, not ({inputs},)",
                "It takes one note's row of y and, after it, the two choices below.",
            )
        if state is not None and not any(state is after for _, _, after in taken):
            raise Wrong(
                "step was given a state that it did not return",
                "It takes None for the lowest note, then what it returned before.",
            )
        note = stack.forward(net, ["note1"], x[None, None], before=state)
        taken.append((x, state, note))
        return note.output[0, 0] @ net["out.W"] + net["out.b"], note

    step.__qualname__ = "step"
    return step, taken


def from_the_lowest(found, expected, y, taken):
    """Say which note is the first that goes wrong, since all above depend on it."""
    if [getattr(a, "shape", ()) for a in found] != [a.shape for a in expected]:
        return
    below, before = np.zeros(2), None
    for n, (chosen, P) in enumerate(zip(*expected, strict=True)):
        if not agree(found[1][n], P):
            name, wrong, right = "P", found[1][n], P
            hint = why_P(n, taken, np.concatenate([y[n], below]), before)
        elif not agree(found[0][n], chosen):
            name, wrong, right = "chosen", found[0][n], chosen
            hint = "Its P is right: look at the dice."
        else:
            below, before = chosen, taken[n][2] if n < len(taken) else None
            continue
        raise Wrong(
            f"{name} of note {n}: expected {pair(right)}, found {pair(wrong)}",
            f"This is the first note that goes wrong. {hint}",
        )


def why_P(n, taken, x, before):
    """Say why P of note n is wrong: it should go from x and the state `before`."""
    if len(taken) != NOTES:
        return f"step was called {len(taken)} times for {NOTES} notes."
    given, state, _ = taken[n]
    if not agree(given[:-2], x[:-2]):
        return f"Its x should begin with its own row, y[{n}]."
    if not agree(given[-2:], x[-2:]):
        return (
            f"Its x should end with the choices below, {pair(x[-2:])}, "
            f"not {pair(given[-2:])}."
        )
    if state is not before:
        return "It should go on from the state that step returned for the note below."
    return "Its x and its state are right: what becomes of z? P is sigmoid(z)."


def pair(numbers):
    """Write two numbers."""
    return f"[{', '.join(map(shown, numbers))}]"


P_RETURNED = ("return chosen, z, layers", "return chosen, sigmoid(z)")
SQUASHED, TOLD = "sigmoid(z[n] / temperature)", "np.concatenate([y[n], below])"
FIRST, SECOND = "dice[n, 0] <", "dice[n, 1] <"
DECIDED = "chosen[n] = below[:] ="
SAMPLING_MISTAKES = {
    why: (*P_RETURNED, *pieces)
    for why, pieces in {
        "right": (),
        "The layer starts anew at every note: hand on the state that step returned.": (
            "before=note",
            "before=None",
        ),
        "Every note is told 0, 0: it should be told what was just chosen for the "
        "note below, n - 1.": (TOLD, "np.concatenate([y[n], 0 * below])"),
        "Every note is told the probabilities of the note below; tell it what the dice "
        "chose there, 0 or 1.": (
            DECIDED,
            "below[:] = p_play, p_articulate\n        chosen[n] =",
        ),
        "Every note is told about the note two below; the choices of the next one "
        "below are to be handed on.": (
            TOLD,
            "np.concatenate([y[n], chosen[n - 2] * (n > 1)])",
        ),
        "The choices below stand before the row of y; they should stand after it.": (
            TOLD,
            "np.concatenate([below, y[n]])",
        ),
        "The two choices below are swapped on their way up: played comes first.": (
            DECIDED,
            "chosen[n] = below[::-1] =",
        ),
        "A note that is not played cannot be articulated: its second die counts only "
        "if the first said yes.": ("played and dice", "dice"),
        "A note that is not played is not articulated: chosen knows it, but what the "
        "note above is told does not.": (
            DECIDED,
            "below[:] = played, dice[n, 1] < p_articulate\n        chosen[n] =",
        ),
        "The dice are swapped: the first decides on play, the second on articulate.": (
            *(FIRST, "dice[n, -1] <", SECOND, "dice[n, 0] <"),
        ),
        "One die is thrown for both: articulate has its own, dice[n, 1].": (
            SECOND,
            FIRST,
        ),
        "One die is thrown for both: play has its own, dice[n, 0].": (FIRST, SECOND),
        "The walk goes from the top down; go from the lowest note up.": (
            "range(N)",
            "reversed(range(N))",
        ),
        "Upside down: a die decides for yes if it is less than the probability.": (
            *(FIRST, "dice[n, 0] >", SECOND, "dice[n, 1] >"),
        ),
        "The dice are not thrown: here a note is played whenever P is above 0.5.": (
            *(FIRST, "0.5 <", SECOND, "0.5 <"),
        ),
        "z are log-odds: the sigmoid makes them probabilities, between 0 and 1.": (
            *(SQUASHED, "z[n]", "sigmoid(z)", "z"),
        ),
        "The dice are compared with log-odds; compare them with the probabilities.": (
            SQUASHED,
            "z[n]",
        ),
        "These are the log-odds z: P is sigmoid(z).": ("sigmoid(z)\n", "z\n"),
        "Probabilities are between 0 and 1: they take sigmoid, not tanh.": (
            "sigmoid",
            "np.tanh",
        ),
        "P(articulate) is what the network would do if the note were played: leave it "
        "as it is where the note is not.": (
            "sigmoid(z)\n",
            "sigmoid(z) * np.stack([np.ones(N), chosen[:, 0]], axis=1)\n",
        ),
    }.items()
}
