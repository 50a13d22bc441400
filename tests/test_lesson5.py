"""Tutorial 5: a typical mistake is recognised."""

import pytest
from helpers import told

SURPRISE = "np.logaddexp(0, z) - chosen * z"
ADDED = "(surprise[..., 0] + played * surprise[..., 1]).sum() / len(z)"
P = "1 / (1 + np.exp(-z))"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("played * surprise", "surprise", "only where a note is played: leave"),
        ("played * ", "chosen[..., 1] * ", "where the note is articulated"),
        ("played * ", "(1 - played) * ", "this counts it only where no"),
        ("(surprise[..., 0]", "(played * surprise[..., 0]", "Only artic"),
        ("(0, z)", "(0, -z)", "here it is exp(-z)"),
        (" + played * surprise[..., 1]", "", "the surprise of play alone"),
        (" / len(z)", "", "sum over all steps: divide it by the number"),
        (".sum() / len(z)", ".mean()", "this averages over both"),
        ("/ len(z)", "/ z.shape[1]", "sums over steps and averages over notes"),
        (".sum() / len(z)", ".sum(axis=1)", "(): a single number, not (3,)"),
        ("return (", "return -(", "the minus is missing"),
        ("/ len(z)", "/ len(z) / np.log(2)", "These are bits"),
        ("/ len(z)", "/ len(z) / np.log(10)", "not that to base 10"),
        (SURPRISE, f"np.where(chosen, {P}, 1 - {P})", "their logarithm is missing"),
        (SURPRISE, f"np.where(chosen, 1 - {P}, {P})", "it should be -log P"),
        (SURPRISE, SURPRISE.replace("chosen", "(1 - chosen)"), "did not happen"),
        (SURPRISE, f"(z := {P}) * 0 + {SURPRISE}", "The sigmoid is applied twice"),
        (SURPRISE, f"-np.log({P}) * chosen", "This counts only what was chosen;"),
        (SURPRISE, "np.logaddexp(0, z) + -chosen * z", "`chosen` is uint8"),
        (SURPRISE, "np.logaddexp(0, (1 - 2 * chosen) * z)", "`chosen` is uint8"),
        (SURPRISE, "np.log(1 + np.exp(z)) - chosen * z", "±1000: expected"),
        (SURPRISE, "np.log(1 + np.exp(z)) - chosen * z", "more than a float can hold"),
        (SURPRISE, f"-np.log(np.where(chosen, {P}, 1 - {P}))", "±50: expected"),
        (
            SURPRISE,
            f"-np.log(np.where(chosen, {P}, 1 - {P}) + 1e-12)",
            "right for small z only",
        ),
        (SURPRISE, f"{SURPRISE} + 0.1", "nats: expected 9.2615, found 10.061"),
        ("    return (", "    (", "nats is None: is there a `return` missing?"),
    ],
)
def test_nats(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "5a_nats", right, wrong)


M, V = "m / (1 - BETA1**k)", "v / (1 - BETA2**k)"


@pytest.mark.parametrize(
    ("right", "wrong", "message"),
    [
        ("w - rate", "w + rate", "This increases the loss"),
        (M, "m", "m̂ is missing"),
        (V, "v", "v̂ is missing"),
        (f"{M}\n    v_hat = {V}", "m\n    v_hat = v", "The corrections are missing"),
        ("EPSILON), m, v", "EPSILON), m_hat, v_hat", "Use m̂ and v̂ only to move w"),
        ("EPSILON), m, v", "EPSILON), m_hat, v", "m that you return is not corrected"),
        ("gradient**2", "gradient", "the gradient is not squared"),
        ("gradient**2", "m**2", "not of m"),
        ("+ (1 - BETA1) * g", "+ g", "m at [row 0, column 0]: expected"),
        ("np.sqrt(v_hat)", "v_hat", "the root is missing"),
        (
            "np.sqrt(v_hat) + EPSILON",
            "np.sqrt(v_hat + EPSILON)",
            "added after the root",
        ),
        (" + EPSILON", "", "is ε missing?"),
        ("BETA1, BETA2, EPSILON", "BETA2, BETA1, EPSILON", "β1 and β2 are swapped"),
        (
            "BETA1 * m + (1 - BETA1)",
            "(1 - BETA1) * m + BETA1",
            "here β1 and 1 - β1 are swapped",
        ),
        (
            "BETA2 * v + (1 - BETA2)",
            "(1 - BETA2) * v + BETA2",
            "here β2 and 1 - β2 are swapped",
        ),
        ("**k", "**(k + 1)", "with k, not k + 1"),
        ("**k", "**(k - 1)", "not k - 1"),
        ("**k", " * k", "to the power of k"),
        ("rate * m_hat", "rate * gradient", "it should move by m̂"),
        ("- rate * m_hat", "- m_hat", "The rate is missing"),
        ("w - rate", "rate", "not the new w"),
        ("EPSILON), m, v", "EPSILON), v, m", "These are the numbers that v should"),
        ("w - rate", "w - 0.5 * rate", "w at [row 0, column 0]: expected"),
    ],
)
def test_adam_step(tmp_path, right, wrong, message):
    assert message in told(tmp_path, "5b_adam_step", right, wrong)


def test_adam_in_place_is_right(tmp_path):
    pieces = (
        *("m = BETA1 * m + (1 - BETA1)", "m *= BETA1\n    m += (1 - BETA1)"),
        *("v = BETA2 * v + (1 - BETA2)", "v *= BETA2\n    v += (1 - BETA2)"),
        *("return w - rate * m_hat", "w -= rate * m_hat"),
        *("+ EPSILON), m, v", "+ EPSILON)\n    return w, m, v"),
    )
    assert told(tmp_path, "5b_adam_step", *pieces) == ""
    wrong = told(tmp_path, "5b_adam_step", *pieces, "w -= rate", "w += rate")
    assert "This increases the loss" in wrong
    assert "It leaves w, m, v changed." in wrong


def test_adam_in_the_second_form_of_the_paper_is_right(tmp_path):
    step = "rate * m_hat / (np.sqrt(v_hat) + EPSILON)"
    second = (
        "rate * (1 - BETA2**k) ** 0.5 / (1 - BETA1**k) * m / (np.sqrt(v) + EPSILON)"
    )
    assert told(tmp_path, "5b_adam_step", step, second) == ""
