"""Tutorial 5, *Teaching it a song*: the loss, and a step of Adam."""

import numpy as np

from lstmviz.coursework.comparing import Wrong, agree, agree_all, same, same_parts
from lstmviz.coursework.exercises import exercise
from lstmviz.coursework.mistakes import outcomes
from lstmviz.network.loss import negative_log_likelihood
from lstmviz.network.optimizers import Adam

__all__ = ["adam_step", "nats"]


# The loss -----------------------------------------------------------------------


@exercise(tutorial=5)
def nats(student):
    """z, chosen, both (S, N, 2) -> a number."""
    for S, N in (3, 5), (4, 6):
        z, chosen = music(S, N)
        found, right = student(z, chosen), per_step(z, chosen)
        mistakes = nats_mistakes(z, chosen)
        if not agree(found, right) and right_in_float(student, z, chosen):
            mistakes = {IN_BYTES: found}
        same("nats", found, right, "", mistakes)
    # Now sigmoid(z) is exactly 0 or 1, or exp(z) overflows. Some of the choices were
    # very improbable, and some articulations do not count.
    for size in (50, 1000):
        z = size * np.sign(z)
        with np.errstate(all="ignore"):
            found, right = student(z, chosen), per_step(z, chosen)
        mistakes = {INFINITE: np.inf, NAN: np.nan, CLIPPED: found}
        same(f"nats where z is ±{size}", found, right, "", mistakes)


IN_BYTES = (
    "`chosen` is uint8, which has no negative numbers: -1 becomes 255. Compute with "
    "chosen.astype(float) instead."
)
INFINITE = (
    "For large z, exp(z) is more than a float can hold, and 1 - sigmoid(z) is 0, whose "
    "logarithm is infinite. np.logaddexp(0, z) computes log(1 + exp(z)) for all z."
)
NAN = f"nan results from inf - inf, or from 0 times inf. {INFINITE}"
CLIPPED = (
    "It is right for small z only. Did you add a small number in the logarithm? "
    "np.logaddexp(0, z) computes log(1 + exp(z)) for all z, and needs no such number."
)


def right_in_float(student, z, chosen):
    """Return whether it would be right if `chosen` were floats instead of bytes."""
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


def per_step(z, chosen, likelihood=negative_log_likelihood):
    """Return the nats of each choice, summed over notes and averaged over steps."""
    surprise, _ = likelihood(z, chosen)
    return surprise.sum() / len(z)


def nats_mistakes(z, chosen):
    """Return what typical mistakes would give: reason -> number."""

    def run(likelihood):
        return per_step(z, chosen, likelihood)

    return outcomes(per_step, MEAN_MISTAKES, z, chosen) | outcomes(
        negative_log_likelihood, SURPRISE_MISTAKES, run=run
    )


MEAN_MISTAKES = """
It is minus the log likelihood: the minus is missing.
    surprise.sum() -> -surprise.sum()
This is the sum over all steps: divide it by the number of steps.
    / len(z) ->
Average over steps, and sum over notes; this averages over both.
    / len(z) -> / len(z) / z.shape[1]
Average over steps only; this is the mean of all choices, played and articulated.
    surprise.sum() / len(z) -> surprise.mean()
This sums over steps and averages over notes; sum over notes and average over steps.
    / len(z) -> / z.shape[1]
These are bits: nats take the natural logarithm, np.log.
    / len(z) -> / len(z) / np.log(2)
Nats take the natural logarithm, np.log, not that to base 10.
    / len(z) -> / len(z) / np.log(10)
"""
SURPRISE_MISTAKES = """
Average over steps, and leave out articulation of silent notes; this is the mean of all.
    counts * (np.logaddexp(0, z) - chosen * z)
        -> (np.logaddexp(0, z) - chosen * z) / z[0].size
This is a sum of probabilities: their logarithm is missing.
    np.logaddexp(0, z) - chosen * z -> np.where(chosen, sigmoid(z), sigmoid(-z))
This is a sum of 1 - P of what was chosen: it should be -log P.
    np.logaddexp(0, z) - chosen * z -> np.where(chosen, sigmoid(-z), sigmoid(z))
This is the surprise of what did not happen: are 0 and 1 of `chosen` swapped?
    - chosen * z -> - (1 - chosen) * z
The sigmoid is applied twice: the probability is sigmoid(z).
    np.logaddexp(0, z) - chosen * z -> np.logaddexp(0, sigmoid(z)) - chosen * sigmoid(z)
This counts only what was chosen; count what was not chosen as well.
    nats = counts -> nats = chosen * counts
This counts only what was not chosen; count what was chosen as well.
    nats = counts -> nats = (1 - chosen) * counts
This is the surprise of play alone; add that of articulate.
    = chosen[..., PLAYED] -> = 0
Articulation is a choice only where a note is played: leave it out elsewhere.
    counts[..., ARTICULATED] = chosen[..., PLAYED] -> pass
Articulation counts where the note is played, not only where the note is articulated.
    = chosen[..., PLAYED] -> = chosen[..., ARTICULATED]
Articulation counts where the note is played; this counts it only where no note is.
    = chosen[..., PLAYED] -> = 1 - chosen[..., PLAYED]
Only articulation depends on whether the note is played: play always counts.
    counts[..., ARTICULATED] = chosen[..., PLAYED] -> counts = chosen[..., :1]
y z is subtracted from log(1 + exp(z)); here it is exp(-z).
    logaddexp(0, z) -> logaddexp(0, -z)
y z should be subtracted from log(1 + exp(z)), not added.
    - chosen * z -> + chosen * z
"""


# Adam ---------------------------------------------------------------------------


@exercise(tutorial=5)
def adam_step(student):
    """w, gradient, m, v, k, rate -> w, m, v, all of the shape of w but k and rate."""
    rng = np.random.default_rng(5)
    w, gradient, m, v = rng.uniform(0.5, 2, (4, 2, 4))  # none of them nearly zero
    gradient[0], m[:, ::2] = -gradient[0], -m[:, ::2]
    # A later step, to which earlier gradients contribute; then a first step, with
    # gradients so small that epsilon matters, one of them zero.
    small = gradient * [1, 1e-4, 1e-7, 0]
    for case in (w, gradient, m, v, 3, 0.1), (w, small, 0 * m, 0 * v, 1, 0.1):
        with np.errstate(all="ignore"):
            found, right = student(*case), adam(Adam.step, *case)
            wrong = outcomes(Adam.step, ADAM_MISTAKES, *case, run=adam)
            accepted = outcomes(Adam.step, SECOND_FORM, *case, run=adam).values()
        if any(agree_all(found, other) for other in accepted):
            continue
        parts = dict.fromkeys("wmv", "row column")
        same_parts(parts, found, right, wrong, order="mvw")


def adam(step, w, gradient, m, v, k, rate):
    """Return w, m, v after one step of the library's Adam, or of a changed one."""
    optimizer, parameters = Adam(), {"w": w.copy()}
    state = optimizer.state = {"k": k - 1, "m.w": m.copy(), "v.w": v.copy()}
    step(optimizer, parameters, {"w": gradient}, rate)
    return parameters["w"], state["m.w"], state["v.w"]


M_HAT, V_HAT = "m / (1 - self.beta1**k)", "v / (1 - self.beta2**k)"
SECOND_FORM = """
The second form in the paper, where ε is added to √v instead of √v̂: right as well.
    m_hat / (np.sqrt(v_hat) -> m_hat * (1 - self.beta2**k) ** 0.5 / (np.sqrt(v)
"""
ADAM_MISTAKES = f"""
This increases the loss: the gradient points uphill, so subtract the step.
    -= learning_rate -> += learning_rate
The corrections are missing: m̂ = m / (1 - β1^k), and likewise v̂.
    {M_HAT} -> m
    {V_HAT} -> v
m̂ is missing: w moves by m, without the correction by 1 - β1^k.
    {M_HAT} -> m
v̂ is missing: w moves with √v, without the correction by 1 - β2^k.
    {V_HAT} -> v
Use m̂ and v̂ only to move w: return m and v without the correction.
    m_hat = {M_HAT} -> m /= 1 - self.beta1**k; m_hat = m
    v_hat = {V_HAT} -> v /= 1 - self.beta2**k; v_hat = v
Use m̂ only to move w: the m that you return is not corrected.
    m_hat = {M_HAT} -> m /= 1 - self.beta1**k; m_hat = m
Use v̂ only to move w: the v that you return is not corrected.
    v_hat = {V_HAT} -> v /= 1 - self.beta2**k; v_hat = v
v is the running mean of squares: the gradient is not squared.
    gradient**2 -> gradient
The step is divided by the square root of v̂: the root is missing.
    np.sqrt(v_hat) -> v_hat
ε is added after the root: √v̂ + ε.
    np.sqrt(v_hat) + self.epsilon -> np.sqrt(v_hat + self.epsilon)
Where the gradient has always been zero, this is 0 / 0: is ε missing?
    + self.epsilon ->
β1 and β2 are swapped: β1 belongs to m, β2 to v.
    self.beta1 -> BETA_1
    self.beta2 -> self.beta1
    BETA_1 -> self.beta2
The new m is β1 m + (1 - β1) gradient; here β1 and 1 - β1 are swapped.
    m += (1 - self.beta1) -> m += self.beta1
The new v is β2 v + (1 - β2) gradient²; here β2 and 1 - β2 are swapped.
    v += (1 - self.beta2) -> v += self.beta2
The new m is β1 m + (1 - β1) gradient, v likewise; here β and 1 - β are swapped.
    m += (1 - self.beta1) -> m += self.beta1
    v += (1 - self.beta2) -> v += self.beta2
k counts from 1: the first step has k = 1, so take 1 - β^k with k, not k + 1.
    **k -> **(k + 1)
k counts from 1: the first step has k = 1, so take 1 - β^k with k, not k - 1.
    **k -> **(k - 1)
The corrections take β to the power of k: 1 - β^k, not 1 - β.
    **k ->
The corrections take β to the power of k: 1 - β^k, not 1 - β k.
    **k -> * k
w moves by the gradient itself: it should move by m̂, the mean of all so far.
    * m_hat -> * gradient
v is the running mean of the square of the gradient, not of m.
    gradient**2 -> m**2
The new values take the factor 1 - β: (1 - β1) gradient, (1 - β2) gradient².
    (1 - self.beta1) * (gradient - m) -> gradient - (1 - self.beta1) * m
    (1 - self.beta2) * (gradient**2 - v) -> gradient**2 - (1 - self.beta2) * v
m̂ and v̂ are m and v divided by 1 - β^k, not multiplied by it.
    m / ( -> m * (
    v / ( -> v * (
m does not change: add 1 - β1 of the gradient.
    m += (1 - self.beta1) * (gradient - m) -> pass
w moves with the old m: update m first, then w.
    {M_HAT}
        -> (m - (1 - self.beta1) * gradient) / self.beta1 / (1 - self.beta1**k)
w moves with the old v: update v first, then w.
    {V_HAT}
        -> (v - (1 - self.beta2) * gradient**2) / self.beta2 / (1 - self.beta2**k)
The rate is missing: w moves by rate times m̂ / (√v̂ + ε).
    learning_rate * m_hat -> m_hat
This is the change of w, not the new w.
    parameters[name] -= -> parameters[name][:] =
"""
