"""Tutorial 6: a typical mistake is recognised."""

import pytest
from helpers import told

NEURONS = "0 * h, sigmoid(h), sigmoid(c)"
GREY, RED = "7 * kind + 5", "7 * kind + 6"
BYTES = "np.floor(255 * image).astype(np.uint8)"
PLACE = "image[top : top + N, -band.shape[1] :] = band[::-1]"
BAND = "band = np.concatenate([neurons, decision], axis=1)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        (NEURONS, "0 * h, sigmoid(c), sigmoid(h)", "h and c are swapped"),
        (NEURONS, "sigmoid(h), sigmoid(c), 0 * h", "red is 0, but here the first"),
        (NEURONS, "0 * h, np.tanh(h), np.tanh(c)", "not tanh"),
        (NEURONS, "0 * h, (1 + np.tanh(h)) / 2, (1 + np.tanh(c)) / 2", "is σ(2 h)"),
        (NEURONS, "0 * h, h, c", "σ is missing"),
        (NEURONS, "sigmoid(0 * h), sigmoid(h), sigmoid(c)", "σ(0) is 0.5"),
        (BYTES, "np.round(255 * image).astype(np.uint8)", "rounds to the nearest"),
        (BYTES, "np.floor(256 * image).astype(np.uint8)", "not 256 x"),
        (BYTES, BYTES.replace("255 * image", "256 * image - (image > 0.999)"), "256"),
        (NEURONS, "sigmoid(h), 0 * h, sigmoid(c)", "h is in red"),
        (BYTES, "image.astype(np.uint8)", "multiply it by 255 first"),
        (BYTES, "np.floor(255 * image)", "uint8, not float64"),
        (BYTES, "image", "uint8, not float64"),
        ("band[::-1]", "band", "every band is upside down"),
        (BAND, f"{BAND}; band[:, -14:] = band[::-1, -14:]", "the decision is upside"),
        (BAND, f"{BAND}; band[:, :-14] = band[::-1, :-14]", "the neurons are upside"),
        ("-band.shape[1] :", ": band.shape[1]", "narrow bands are at the left"),
        (
            PLACE,
            f"{PLACE.replace('-band.shape[1] :', ': band.shape[1]')}\n"
            "        image[top : top + N, len(h[0]) :] = 0\n"
            "        image[top : top + N, -14:] = decision[::-1]",
            "directly to their left",
        ),
        ("k * (N + 5)", "k * (N + 4)", "here it is N + 4"),
        ("k * (N + 5)", "k * N", "here it is N: 5 rows"),
        ("(N + 5) - 5", "(N + 5)", "1 band of 4 rows makes 4 rows, not 9"),
        ("(N + 5) - 5", "(N + 6) - 6", "with 5 black rows between them make 25 rows"),
        ("for h, _ in layers) + 14", "for h, _ in layers) + 15", "make 19 columns"),
        ("enumerate(layers)", "enumerate(layers[::-1])", "here the order is reversed"),
        (BAND, f"{BAND}; band[:, -14:] = 0", "The decision is missing"),
        ("[neurons, decision]", "[decision, neurons]", "not to the left"),
        ("7 * kind", "7 * (1 - kind)", "Play and articulate are swapped"),
        (GREY, "7 * (1 - kind) + 5", "P(play) and P(articulate) are swapped"),
        (RED, "7 * (1 - kind) + 6", "red columns of played and articulated"),
        (f"[:, {RED}, 0]", f"[:, {RED}]", "could not broadcast"),
        (f"{RED}, 0] = chosen[:, kind]", f"{RED}] = chosen[:, kind, None]", "white"),
        (f"[:, {GREY}] = probability[:, kind, None]", "[:, 5] = 0", "the picture at"),
        (BYTES, f"{BYTES}.swapaxes(0, 1)", "axes are in another order"),
        (
            "    band = np.concatenate([neurons, decision], axis=1)",
            "    band = np.concatenate([neurons, (k == 0) * decision], axis=1)",
            "in the first band only",
        ),
        (f"return {BYTES}", "", "the picture is None"),
    ],
)
def test_snapshot(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "6a_snapshot", right, wrong)


BEAT, MEAN = "(start + np.arange(len(h))) % 16", "h[beat == b].mean(axis=(0, 1))"
STACK = f"np.stack([{MEAN} for b in range(16)])"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("mean(axis=(0, 1))", "mean(axis=0)", "mean over the notes is missing"),
        ("mean(axis=(0, 1))", "mean(axis=(0, 2))", "average over the notes"),
        ("mean(axis=(0, 1))", "mean()", "averages over the neurons as well"),
        (".mean", ".sum", "it should be the mean"),
        ("mean(axis=(0, 1))", "mean(axis=0).sum(axis=0)", "Notes are summed"),
        ("mean(axis=(0, 1))", "sum(axis=0).mean(axis=0)", "Steps are summed"),
        ("start + ", "", "start is left out"),
        (BEAT, "(np.arange(len(h)) - start) % 16", "start is subtracted"),
        (
            "    beat =",
            "    h = h[start:]\n    start = 0\n    beat =",
            "do not leave out",
        ),
        (BEAT, "np.arange(len(h)) // (len(h) // 16)", "blocks of consecutive steps"),
        ("start + ", "start + 1 + ", "one beat late"),
        ("16", "4", "A bar has 16 steps; this counts to 4."),
        (MEAN, "h[b].mean(axis=0)", "the first 16 steps only"),
        (BEAT, f"{BEAT}; h, beat = h[:32], beat[:32]", "include them"),
        (STACK, "h.reshape(-1, 16, *h.shape[1:]).mean(axis=(0, 2))", "reshape"),
        (
            STACK,
            "h.reshape(-1, 16, *h.shape[1:]).mean(axis=(0, 2))",
            "Here S is 37: the last bar need not be complete.",
        ),
        (f"return {STACK}", "", "beat_tuning is None"),
        (STACK, f"{STACK} ** 2", "[beat 0, neuron 0]: expected"),
    ],
)
def test_beat_tuning(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "6b_beat_tuning", right, wrong)
