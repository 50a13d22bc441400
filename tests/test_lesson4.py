"""Tutorial 4: a typical mistake is recognised."""

import pytest
from helpers import told

BELOW = "below[:, 1:] = states[1:, :-1]"
JOINED = "np.concatenate([h, below], axis=2)"
TURNED = f"{JOINED}.swapaxes(0, 1)"
RESHAPED = "{}.reshape(h.shape[1], h.shape[0], -1)"
PUT = "[h, below]"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (TURNED, JOINED, "Time is still the first axis"),
        (TURNED, RESHAPED.format(JOINED), "reshape does not swap axes"),
        (
            TURNED,
            f"np.concatenate([{RESHAPED.format('h')}, below.swapaxes(0, 1)], axis=2)",
            "reshape does not swap the axes of h",
        ),
        (BELOW, "below = states[1:]", "the network could copy the answer"),
        (BELOW, "below[:, :-1] = states[1:, :-1]", "expected"),
        (
            BELOW,
            "below[:, :-1] = states[1:, 1:]",
            "the choice of the note above, n + 1",
        ),
        (BELOW, "below = np.roll(states[1:], -1, axis=1)", "np.roll by 1, not by -1"),
        (
            BELOW,
            "below[:, 1:] = states[:-1, :-1]",
            "take those of the next step, s + 1",
        ),
        (BELOW, "below = states[:-1]", "the note itself at the step that was heard"),
        (
            BELOW,
            "below = np.roll(states[1:], 1, axis=1)",
            "receives the choice of the highest",
        ),
        (
            BELOW,
            "below[:, 0] = states[1:, 0]; " + BELOW,
            "lowest note receives its own choice",
        ),
        (BELOW, "below[1:] = states[1:-1]", "shifted along time; shift them"),
        (BELOW, "below = np.roll(states[1:], 1, axis=0)", "and wrap around"),
        (BELOW, "pass", "are 0 everywhere"),
        (PUT, "[below, h]", "come before h"),
        (PUT, "[h, below[..., ::-1]]", "here articulated comes first"),
        (PUT, "[h, below[..., :1]]", "articulated should follow it"),
        (PUT, "[h]", "The choices are missing"),
        (PUT, "[-h, below]", "It should be h[0, 0, 0]"),
        (BELOW, BELOW + "; below[:, 0] = 1", "there is no note below the lowest"),
        (
            BELOW,
            BELOW + " * states[1:, 1:]",
            "It should be states[1, 0, 1], of the note below",
        ),
        ("states[1:, :-1]", "states[:, :-1]", "ValueError"),
    ],
)
def test_note_inputs(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "4a_note_inputs", right, wrong)


STEP = "z, state = step(np.concatenate([y[n], below]), state)"
DICE = "dice[n] < P[n]"
DECIDED = "chosen[n] = below = played, played and struck"
P = "P[n] = sigmoid(z)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("z, state = step", "z, _ = step", "starts from zero at every note"),
        ("y[n], below]", "y[n], chosen[n]]", "Every note receives 0, 0"),
        ("y[n], below]", "y[n], P[n - 1]]", "receives the probabilities"),
        ("y[n], below]", "y[n], chosen[n - 2] * (n > 1)]", "the note two below"),
        ("[y[n], below]", "[below, y[n]]", "come before the row of y"),
        (
            DECIDED,
            DECIDED + "; below = below[::-1]",
            "passed to the note above are swapped",
        ),
        ("played and struck", "struck", "cannot be articulated"),
        (DECIDED, DECIDED + "; below = played, struck", "this is right in chosen"),
        (DICE, "dice[n, ::-1] < P[n]", "The dice are swapped"),
        (DICE, "dice[n, 0] < P[n]", "articulate has its own"),
        (DICE, "dice[n, 1] < P[n]", "play has its own"),
        ("range(N)", "reversed(range(N))", "from the highest note down"),
        (DICE, "dice[n] > P[n]", "The comparison is reversed"),
        (DICE, "P[n] > 0.5", "The dice are not used"),
        (DICE, "dice[n] < z", "The dice are compared with log-odds"),
        (P, "P[n] = z", "the sigmoid turns them into probabilities"),
        (DICE, "dice[n] < P[n]; P[n] = z", "These are the log-odds z"),
        (P, "P[n] = np.tanh(z)", "use sigmoid, not tanh"),
        (DECIDED, DECIDED + "; P[n, 1] *= played", "do not change it"),
        ("return chosen, P", "return P, chosen", "numbers that P should have"),
        (DECIDED, "chosen[n] = below = played, played", "Its P is right: check"),
        (
            "y[n], below]",
            "y[n], 2 * np.array(below)]",
            "Its x should end with the choices",
        ),
        ("y[n], below]", "y[n - 1], below]", "should begin with its own row, y[0]"),
        (P, "P[n] = np.exp(z) / np.exp(z).sum()", "check what you do with z"),
        (STEP, f"{STEP}; {STEP}", "32 times for"),
        (DECIDED, DECIDED + "; below = z > 0", "Its x should end with the choices"),
        ("np.concatenate([y[n], below])", "y[n]", "step was given x of shape (3,)"),
        ("zeros(2), None", "zeros(2), np.zeros(4)", "a state that it did not return"),
        ("return chosen, P", "return chosen", "it should return chosen, P"),
    ],
)
def test_sample_notes(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "4b_sample_notes", right, wrong)


def test_the_state_of_another_note(tmp_path):
    first = "first = state if n < 2 else first; state = first"
    said = told(tmp_path, "4b_sample_notes", DECIDED, f"{DECIDED}; {first}")
    assert "the state that step returned for the note below" in said
