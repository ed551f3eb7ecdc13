"""Partial pooling: estimates for small groups that borrow strength from the statement and the group.

Empirical Bayes. The few votes of a group on a statement are combined with a prior worth `strength`
votes. The mean of the prior is logistic(statement log-odds + group effect); its strength follows
from the deviation of the group's votes from that mean over all statements (method of moments for
the beta-binomial, Kleinman 1973).
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import FloatArray, IndexArray

WEAKEST, STRONGEST = 1.0, 200.0
STEPS, LONGEST_STEP = 25, 2.0
SETTLED = 1e-10
PRIOR_VOTES = 2.0  # a group effect is shrunk towards 0 by two votes, one for each side
NEVER, ALWAYS = 1e-6, 1 - 1e-6
KNOWN = 0.5  # in an interval the prior counts half: its mean and strength are themselves estimates


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Shares by group (row) and statement (column), and the number of votes each is worth.

    `lent` is the part of these votes that comes from the prior.
    """

    agree: FloatArray
    disagree: FloatArray
    votes: FloatArray
    lent: FloatArray
    strength: FloatArray


def pool(agree: IndexArray, disagree: IndexArray, seen: IndexArray) -> Pooled:
    """Pool the votes of groups (rows) on statements (columns); each group has one strength."""
    priors = _prior(agree, seen), _prior(disagree, seen)
    too_much = np.maximum(priors[0] + priors[1], 1.0)  # the two prior means must not add up to more than 1
    means = priors[0] / too_much, priors[1] / too_much
    strength = _strength((agree, disagree), means, seen)
    shares = [
        (count + strength[:, None] * mean) / (seen + strength[:, None])
        for count, mean in zip((agree, disagree), means, strict=True)
    ]
    lent = KNOWN * strength[:, None]
    return Pooled(shares[0], shares[1], seen + lent, lent / (seen + lent), strength)


def over_groups(
    shares: FloatArray, votes: FloatArray, lent: FloatArray, targets: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the mean over the groups weighted by `targets`, and its effective number of votes.

    The prior is shared, so its error is the same in all groups and does not average out; the errors of
    the groups' own votes do. The effective number is that of a beta distribution with this mean and
    variance.
    """
    weights = (targets / targets.sum())[:, None]
    mean = (weights * shares).sum(axis=0)
    variances = shares * (1 - shares) / (votes + 1)
    apart = (weights**2 * variances * (1 - lent)).sum(axis=0)
    alike = (weights * np.sqrt(variances * lent)).sum(axis=0) ** 2
    spread = mean * (1 - mean)
    size = np.divide(spread, apart + alike, out=votes.sum(axis=0) + 1, where=apart + alike > 0) - 1
    return mean, np.maximum(size, 0.0)


def _prior(count: IndexArray, seen: IndexArray) -> FloatArray:
    """Return prior means: the most likely effect of each group, given the log-odds of the statements."""
    total, all_seen = count.sum(axis=0), seen.sum(axis=0)
    odds = np.log((total + 1) / (all_seen - total + 1))
    effect = np.zeros((len(count), 1))
    for _ in range(STEPS):
        mean = _logistic(odds + effect)
        slope = (count - seen * mean).sum(axis=1, keepdims=True) + PRIOR_VOTES * (0.5 - _logistic(effect))
        bend = (seen * mean * (1 - mean)).sum(axis=1, keepdims=True) + PRIOR_VOTES / 4
        step = np.clip(slope / bend, -LONGEST_STEP, LONGEST_STEP)
        effect = effect + step
        if np.all(np.abs(step) < SETTLED):
            break
    return _logistic(odds + effect)


def _strength(
    counts: tuple[IndexArray, IndexArray], means: tuple[FloatArray, FloatArray], seen: IndexArray
) -> FloatArray:
    """Estimate by moments: the variance of a count is binomial times 1 + (S - 1) / (strength + 1)."""
    excess, room = np.zeros(len(seen)), np.zeros(len(seen))
    for count, mean in zip(counts, means, strict=True):
        likely = np.clip(mean, NEVER, ALWAYS)
        spread = (count - seen * likely) ** 2 / (likely * (1 - likely))
        excess += (spread - seen).sum(axis=1)
        room += (seen * (seen - 1.0)).sum(axis=1)
    clumping = np.divide(excess, room, out=np.zeros_like(excess), where=room > 0)
    strength = np.divide(1.0, clumping, out=np.full_like(excess, np.inf), where=clumping > 0) - 1
    return np.asarray(np.clip(strength, WEAKEST, STRONGEST))


def _logistic(odds: FloatArray) -> FloatArray:
    return np.asarray(1 / (1 + np.exp(-odds)))
