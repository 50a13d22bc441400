"""Tutorial 5, *Teaching it a song*: the loss, and the step that makes it smaller."""

import numpy as np

from lstmviz.cells.lstm import sigmoid
from lstmviz.coursework.comparing import Wrong, agree, same, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.music.notes import ARTICULATED, PLAYED
from lstmviz.network.biaxial import negative_log_likelihood
from lstmviz.network.optimizers import Adam

__all__ = ["adam_step", "nats"]


# The loss -----------------------------------------------------------------------


@exercise(tutorial=5)
def nats(student):
    """z, chosen, both (S, N, 2) -> a number."""
    z, chosen = music(S=3, N=5)
    found, right = student(z, chosen), per_step(z, chosen)
    mistakes = nats_mistakes(z, chosen)
    if not agree(found, right) and right_in_float(student, z, chosen):
        mistakes = {IN_BYTES: found}
    same("nats", found, right, "", mistakes)
    # Here sigmoid(z) is exactly 0 or 1, or exp(z) more than a float can hold. Some of
    # it was chosen against all odds, and some articulations do not count.
    for size in (50, 1000):
        z = size * np.sign(z)
        with np.errstate(all="ignore"):
            found, right = student(z, chosen), per_step(z, chosen)
        mistakes = {INFINITE: np.inf, NAN: np.nan, CLIPPED: found}
        same(f"nats where z is ±{size}", found, right, "", mistakes)


IN_BYTES = (
    "`chosen` is uint8, which has no negative numbers: -1 becomes 255. Calculate with "
    "chosen.astype(float) instead."
)
INFINITE = (
    "For large z, exp(z) is more than a float can hold, and 1 - sigmoid(z) is 0, whose "
    "logarithm is infinite. np.logaddexp(0, z) is log(1 + exp(z)) without either."
)
NAN = f"nan comes of inf - inf, or of 0 times inf. {INFINITE}"
CLIPPED = (
    "It is right for small z only. Is something kept from being 0 in the logarithm? "
    "np.logaddexp(0, z) is log(1 + exp(z)), and needs no such care."
)


def right_in_float(student, z, chosen):
    """Tell whether it would be right if `chosen` were no bytes."""
    try:
        return agree(student(z, chosen.astype(float)), per_step(z, chosen))
    except Wrong:
        return False


def music(S, N):
    """Return z and chosen of S steps and N notes, some of them articulated."""
    rng = np.random.default_rng(5)
    z = rng.normal(0, 2, (S, N, 2))
    played = rng.random((S, N)) < 0.5
    struck = played & (rng.random((S, N)) < 0.5)
    return z, np.stack([played, struck], axis=-1).astype(np.uint8)


def per_step(z, chosen):
    """Return the library's nats, summed over notes and averaged over steps."""
    surprise, _ = negative_log_likelihood(z, chosen)
    return surprise.sum() / len(z)


def nats_mistakes(z, chosen):
    """Return what typical mistakes would give: reason -> number."""
    S, N, _ = z.shape
    right, P = per_step(z, chosen), sigmoid(z)
    surprise, _ = negative_log_likelihood(z, chosen)
    happened = np.where(chosen, P, 1 - P)
    counts = np.ones_like(z)
    counts[..., ARTICULATED] = chosen[..., PLAYED]
    surprises = outcomes(negative_log_likelihood, SURPRISE_MISTAKES, z, chosen)
    return {
        "Minus the log likelihood: the minus is missing.": -right,
        "This is the sum over all steps: divide it by how many they are.": right * S,
        "Only steps are averaged; notes are summed: this averages over both.": right
        / N,
        "Only steps are averaged; this is the mean of all choices, played and "
        "articulated.": surprise.mean(),
        "This sums over steps and averages over notes: it is the other way round.": (
            right * S / N
        ),
        "These are bits: nats take the natural logarithm, np.log.": right / np.log(2),
        "Nats take the natural logarithm, np.log, not that to base 10.": (
            right / np.log(10)
        ),
        "This adds up probabilities: their logarithm is missing.": (
            (counts * happened).sum() / S
        ),
        "This adds up 1 - P of what was chosen: it should be -log P.": (
            (counts * (1 - happened)).sum() / S
        ),
        "This is the surprise of what did not happen: is `chosen` the wrong way "
        "round?": per_step(-z, chosen),
        "z is squashed twice: only one sigmoid lies between z and a probability.": (
            per_step(P, chosen)
        ),
        "Only what was chosen is counted; what was not chosen can be surprising, "
        "too.": (surprise * chosen).sum() / S,
        "Only what was not chosen is counted: the surprise of what was is missing.": (
            (surprise * (1 - chosen)).sum() / S
        ),
        "This is the surprise of playing alone: articulation counts, too.": (
            surprise[..., PLAYED].sum() / S
        ),
    } | {why: wrong.sum() / S for why, (wrong, _) in surprises.items()}


SURPRISE_MISTAKES = {
    "Articulation is a choice only where a note is played: elsewhere it must not "
    "count.": ("counts[..., ARTICULATED] = chosen[..., PLAYED]", "pass"),
    "Articulation counts where the note is played; this counts it where it is "
    "articulated.": ("= chosen[..., PLAYED]", "= chosen[..., ARTICULATED]"),
    "Only where a note is played does articulation count: this does it the other way "
    "round.": ("= chosen[..., PLAYED]", "= 1 - chosen[..., PLAYED]"),
    "Only articulation depends on what is played: that a note stays silent counts.": (
        "counts[..., ARTICULATED] = chosen[..., PLAYED]",
        "counts = chosen[..., :1]",
    ),
    "y z is taken away from log(1 + exp(z)): here it is exp(-z).": (
        "logaddexp(0, z)",
        "logaddexp(0, -z)",
    ),
    "y z is to be taken away from log(1 + exp(z)), not added.": (
        "- chosen * z",
        "+ chosen * z",
    ),
}


# Adam ---------------------------------------------------------------------------


@exercise(tutorial=5)
def adam_step(student):
    """w, gradient, m, v, k, rate -> w, m, v, all of the shape of w but k and rate."""
    rng = np.random.default_rng(5)
    w, gradient, m, v = rng.uniform(0.5, 2, (4, 2, 4))  # none of them nearly zero
    gradient[0], m[:, ::2] = -gradient[0], -m[:, ::2]
    # Under way, when all that came before counts; then a first step, of gradients so
    # small that epsilon shows, one of them zero.
    small = gradient * [1, 1e-4, 1e-7, 0]
    for case in (w, gradient, m, v, 3, 0.1), (w, small, 0 * m, 0 * v, 1, 0.1):
        with np.errstate(all="ignore"):
            found, right = student(*case), adam(Adam.step, *case)
            wrong = outcomes(Adam.step, ADAM_MISTAKES, *case, run=adam)
        right = dict(zip("wmv", right, strict=True))
        same_parts(found, right, "row column", wrong, order="mvw")


def adam(step, w, gradient, m, v, k, rate):
    """Return w, m, v after one step of the library's Adam, or of a changed one."""
    optimizer, parameters = Adam(), {"w": w.copy()}
    state = optimizer.state = {"k": k - 1, "m.w": m.copy(), "v.w": v.copy()}
    step(optimizer, parameters, {"w": gradient}, rate)
    return parameters["w"], state["m.w"], state["v.w"]


MEAN, SQUARE = "m += (1 - self.beta1) * (gradient - m)", "(gradient**2 - v)"
M_HAT, V_HAT = "m / (1 - self.beta1**k)", "v / (1 - self.beta2**k)"
MOVE = "-= learning_rate * m_hat / (np.sqrt(v_hat) + self.epsilon)"
ADAM_MISTAKES = {
    "This climbs: the gradient points uphill, so w moves by minus the step.": (
        "-= learning_rate",
        "+= learning_rate",
    ),
    "The corrections are missing: m̂ = m / (1 - β1^k), and v̂ likewise.": (
        M_HAT,
        "m",
        V_HAT,
        "v",
    ),
    "m̂ is missing: w is moved by m, without the correction by 1 - β1^k.": (M_HAT, "m"),
    "v̂ is missing: w is moved with √v, without the correction by 1 - β2^k.": (
        V_HAT,
        "v",
    ),
    "m̂ and v̂ are only for moving w: the m and v that you return stay as they are.": (
        f"m_hat = {M_HAT}",
        "m /= 1 - self.beta1**k; m_hat = m",
        f"v_hat = {V_HAT}",
        "v /= 1 - self.beta2**k; v_hat = v",
    ),
    "m̂ is only for moving w: the m that you return is not corrected.": (
        f"m_hat = {M_HAT}",
        "m /= 1 - self.beta1**k; m_hat = m",
    ),
    "v̂ is only for moving w: the v that you return is not corrected.": (
        f"v_hat = {V_HAT}",
        "v /= 1 - self.beta2**k; v_hat = v",
    ),
    "v is the running mean of squares: the gradient is not squared.": (
        SQUARE,
        "(gradient - v)",
    ),
    "The step is divided by the root of v̂: the root is missing.": (
        "np.sqrt(v_hat)",
        "v_hat",
    ),
    "ε belongs outside the root: √v̂ + ε.": (
        "np.sqrt(v_hat) + self.epsilon",
        "np.sqrt(v_hat + self.epsilon)",
    ),
    "Where the gradient has always been zero, this is 0 / 0: is ε missing?": (
        " + self.epsilon",
        "",
    ),
    "β1 and β2 are swapped: β1 is that of m, β2 that of v.": (
        "self.beta1",
        "self.beta",
        "self.beta2",
        "self.beta1",
        "self.beta)",
        "self.beta2)",
        "self.beta*",
        "self.beta2*",
    ),
    "m keeps β1 of what it was, and takes 1 - β1 of the gradient; here it is the other "
    "way round.": ("m += (1 - self.beta1)", "m += self.beta1"),
    "v keeps β2 of what it was, and takes 1 - β2 of the square; here it is the other "
    "way round.": ("v += (1 - self.beta2)", "v += self.beta2"),
    "m and v keep β of what they were, and take 1 - β of what is new; here it is the "
    "other way round.": (
        "m += (1 - self.beta1)",
        "m += self.beta1",
        "v += (1 - self.beta2)",
        "v += self.beta2",
    ),
    "k counts from 1: the first step has k = 1, so 1 - β^k as it is, not k + 1.": (
        "**k",
        "**(k + 1)",
    ),
    "k counts from 1: the first step has k = 1, so 1 - β^k as it is, not k - 1.": (
        "**k",
        "**(k - 1)",
    ),
    "The corrections take β to the power of k: 1 - β^k, not 1 - β.": ("**k", ""),
    "The corrections take β to the power of k: 1 - β^k, not 1 - β k.": ("**k", " * k"),
    "w is moved by the gradient itself: it should be m̂, which remembers earlier "
    "ones.": (
        "* m_hat",
        "* gradient",
    ),
    "v is the running mean of the gradient's square, not of that of m.": (
        SQUARE,
        "(m**2 - v)",
    ),
    "What is new counts only 1 - β: (1 - β1) gradient, and (1 - β2) gradient².": (
        MEAN,
        "m += gradient - (1 - self.beta1) * m",
        "(1 - self.beta2) * (gradient**2 - v)",
        "gradient**2 - (1 - self.beta2) * v",
    ),
    "m̂ and v̂ are m and v divided by 1 - β^k, not multiplied by it.": (
        M_HAT,
        M_HAT.replace("/", "*"),
        V_HAT,
        V_HAT.replace("/", "*"),
    ),
    "ε is added to √v̂; this adds it to √v, which is corrected later.": (
        MOVE,
        MOVE.replace("v_hat)", "v)").replace(
            "_hat", "_hat * np.sqrt(1 - self.beta2**k)"
        ),
    ),
    "m stays as it was: does it take 1 - β1 of the gradient?": (MEAN, "pass"),
    "w is moved with the old m: first move m, then w by it.": (
        M_HAT,
        "(m - (1 - self.beta1) * gradient) / self.beta1 / (1 - self.beta1**k)",
    ),
    "w is moved with the old v: first move v, then w by it.": (
        V_HAT,
        "(v - (1 - self.beta2) * gradient**2) / self.beta2 / (1 - self.beta2**k)",
    ),
    "The rate is missing: w moves by rate times m̂ / (√v̂ + ε).": (
        MOVE,
        MOVE.replace("learning_rate * ", ""),
    ),
    "This is how far w moves, not where it gets to.": (
        "parameters[name] -=",
        "parameters[name][:] =",
    ),
}
