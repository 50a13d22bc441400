"""Tutorial 3: a typical mistake is recognised."""

import pytest
from helpers import told

PLUS_MINUS = "2 * bits - 1"
POWERS = "2 ** np.arange(4)"
MOD = "t[:, None] % 16"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (PLUS_MINUS, "bits", "These are 0 and 1"),
        (PLUS_MINUS, "bits == 1", "These are 0 and 1"),
        (PLUS_MINUS, "1 - 2 * bits", "a 0 should become -1, a 1 should become +1"),
        (PLUS_MINUS, "2 * bits.astype(np.uint8) - 1", "no sign: in uint8"),
        (POWERS, "2 ** np.arange(4)[::-1]", "here the highest bit comes first"),
        ("np.arange(4) % 2", "np.arange(4)", "take the last digit only"),
        (f"// {POWERS} % 2", f"& {POWERS}", "still have their weights"),
        (MOD, "(t[:, None] + 1) % 16", "here they are counted from 1"),
        (MOD, "np.minimum(t[:, None], 15)", "The first bar is right"),
        (MOD, "t[:, None] % 8", "at [step 8, bit 3]: expected 1, found -1"),
        (MOD, "t[:, None] % 8", "8 in its bar, 1000 in binary: -1, -1, -1, +1."),
        (f"// {POWERS} % 2", "% 2 ** np.arange(1, 5)", "t % 4 still contains two bits"),
        (POWERS, "2 ** (np.arange(4) + 1)", "Everything is one bit early"),
        (PLUS_MINUS, "(2 * bits - 1).T", "should have shape (16, 4): step, bit, not"),
    ],
)
def test_beat(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "3a_beat", right, wrong)


def test_all_digits_of_t_are_as_good(tmp_path):
    assert not told(tmp_path, "3a_beat", " % 16", "")


SHIFTED = "heard[:, :, k] = padded[:, k : k + N]"
ROLLED = "heard[:, :, k] = np.roll(states, 12 - k, axis={})"
FLAT = "heard.reshape(T, N, 50)"
PADDED = "np.concatenate([silence, states, silence], axis=1)"
EDGED = "np.pad(states, [(0, 0), (12, 12), (0, 0)], mode='edge')"
BACKWARDS = "heard[:, n, k] = states[:, n - 12 + k]"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (
            FLAT,
            "heard.swapaxes(2, 3).reshape(T, N, 50)",
            "should be next to each other",
        ),
        (FLAT, "heard[..., ::-1].reshape(T, N, 50)", "here they are swapped"),
        (FLAT, "heard[:, :, ::-1].reshape(T, N, 50)", "octave below, -12, comes"),
        (FLAT, "heard[:, :, ::-1, ::-1].reshape(T, N, 50)", "and articulated comes"),
        (FLAT, "heard[..., [0, 0]].reshape(T, N, 50)", "Both numbers of an interval"),
        (SHIFTED, "heard[:, :, k, 0] = padded[:, k : k + N, 0]", "is 0 everywhere"),
        ("heard[:, :, k]", "heard[:, :, k - 12]", "add 12, since negative"),
        (
            f"return {FLAT}",
            f"heard[:, :12] = heard[:, -12:] = 0; return {FLAT}",
            "have neighbours as well",
        ),
        (FLAT, "heard[..., 0]", "This says only whether"),
        (FLAT, "heard[:, :, :24].reshape(T, N, 48)", "has 24 intervals"),
        ("range(25)", "range(24)", "range(-12, 12) ends with 11"),
        (
            "range(25)",
            "[*range(12), *range(13, 25)]",
            "The note itself belongs to its vicinity",
        ),
        (SHIFTED, ROLLED.format(1), "The neighbours wrap around"),
        (SHIFTED, ROLLED.format(0), "rotated along time (axis 0)"),
        (PADDED, EDGED, "the outermost notes are repeated"),
        ("k : k + N", "k - 1 : k - 1 + N", "line"),
        (
            "silence, states",
            "silence[:, 1:], states, states",
            "too high by one: the first",
        ),
        (
            "silence, states",
            "silence, silence[:, :1], states",
            "too low by one: the first",
        ),
        ("heard[:, :, k]", "heard[:, :, k - 1]", "note 19, 11 above, is played"),
        (
            SHIFTED,
            f"for n in range(min(N, N + 12 - k)):\n            {BACKWARDS}",
            "a negative index counts from the end",
        ),
        (
            SHIFTED,
            SHIFTED + " * (k != 7)",
            "Feature 14 is whether note 20, 5 below, is played",
        ),
        (SHIFTED, SHIFTED + "\n    heard[:, :, 12] = 1", "the note itself, is played"),
        (
            PADDED,
            "np.pad(states, [(0, 0), (12, 12), (0, 0)], mode='reflect')",
            "which does not exist",
        ),
        (FLAT, "heard", "should have shape (3, 60, 50): step, note, feature"),
    ],
)
def test_vicinity(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "3b_vicinity", right, wrong)


TURNED = "count[:, (pitch_class[:, None] + np.arange(12)) % 12]"
OWN = "pitch_class[:, None] + np.arange(12)"
COUNT = "played @ np.eye(12)[pitch_class]"
ABOVE = "np.array([[[sum(p[n + k :: 12]) for k in range(12)] for n in range(30)]"


@pytest.mark.parametrize(
    ("pieces", "message"),
    [
        ((TURNED, "np.repeat(count[:, None], 30, axis=1)"), "from C upwards"),
        ((TURNED, "count"), "read them from its own pitch class"),
        (
            (OWN, "np.arange(12) - pitch_class[:, None]"),
            "rotated in the wrong direction",
        ),
        ((OWN, "pitch_class[:, None] - np.arange(12)"), "The counts go down"),
        ((TURNED, f"({OWN} < 12) * {TURNED}"), "The counts do not wrap around"),
        (
            (TURNED, "np.stack([np.roll(count, -k) for k in pitch_class], axis=1)"),
            "moves numbers from one time step to the next",
        ),
        ((OWN, f"{OWN} + 1"), "start a semitone above"),
        (
            (COUNT, "played @ np.eye(12)[np.arange(30) % 12]"),
            "left out where you count",
        ),
        ((OWN, "np.arange(30)[:, None] + np.arange(12)"), "left out where you rotate"),
        (
            ("(low + np", "(np", TURNED, "np.repeat(count[:, None], 30, axis=1)"),
            "Every note gets the same numbers",
        ),
        ((COUNT, f"np.minimum({COUNT}, 1)"), "how many of its notes sound"),
        ((TURNED, TURNED + " / count.sum(axis=1)[:, None, None]"), "fractions of all"),
        ((TURNED, TURNED + " / 12"), "Every number is 0.083333 times as large"),
        ((TURNED, TURNED + " - np.eye(12)[0] * played[:, :, None]"), "counts itself"),
        ((TURNED, ABOVE + " for p in played])"), "Only the notes above are counted"),
        ((COUNT, f"np.tile(({COUNT}).sum(axis=0), (3, 1))"), "counted together"),
        (
            (f"= {COUNT}", "= np.zeros((3, 12)); count[:, pitch_class] += played"),
            "np.add.at or a matrix product",
        ),
        ((COUNT, f"({COUNT}) ** 2"), "0 above note 0 (low is 36), contains notes"),
        ((COUNT, f"({COUNT}) ** 2"), "at [step 0, note 0, interval 0]: expected"),
    ],
)
def test_context(tmp_path, pieces, message):
    assert message in told(tmp_path, "3c_context", *pieces)


def test_pitch_classes_from_any_note_are_as_good(tmp_path):
    assert not told(tmp_path, "3c_context", "(low + np", "(np")
