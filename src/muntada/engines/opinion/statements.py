"""Which statements represent a group, which unite all groups, and which should be shown next.

The formulas are those of Polis with 1 = agree. A, D and S are the agreements, disagreements and all
votes of a group on a statement; A', D' and S' are those of all other groups.
"""

from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.result import GroupAgreement, Representative
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.unity import VoteSide
from muntada.engines.opinion.votes import VoteTable

META_PRIORITY = 7.0
NEW_WEIGHT, HALVED_AFTER = 8.0, 5.0


@dataclass(frozen=True, slots=True, eq=False)
class GroupTally:
    """Votes by group (row) and statement (column)."""

    agree: IndexArray
    disagree: IndexArray
    passed: IndexArray

    @property
    def seen(self) -> IndexArray:
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True, slots=True, eq=False)
class SideScores:
    """One direction: the probability, its test against one half, and its comparison with the other groups."""

    count: IndexArray
    probability: FloatArray
    test: FloatArray
    ratio: FloatArray
    ratio_test: FloatArray
    score: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Strengths:
    agree: SideScores
    disagree: SideScores
    seen: IndexArray


def tally(counts: FloatArray) -> GroupTally:
    """Split counts (groups x statements x answers) into a tally."""
    disagree, passed, agree = np.moveaxis(np.rint(counts).astype(np.intp), -1, 0)
    return GroupTally(agree, disagree, passed)


def strengths(votes: GroupTally) -> Strengths:
    return Strengths(_side(votes.agree, votes.seen), _side(votes.disagree, votes.seen), votes.seen)


def _side(count: IndexArray, seen: IndexArray) -> SideScores:
    count_elsewhere, seen_elsewhere = count.sum(axis=0) - count, seen.sum(axis=0) - seen
    probability = (count + 1) / (seen + 2)
    test = 2 * np.sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5)
    ratio = probability / ((count_elsewhere + 1) / (seen_elsewhere + 2))
    ratio_test = _two_proportions(count + 1, seen + 1, count_elsewhere + 1, seen_elsewhere + 1)
    return SideScores(
        count, probability, test, ratio, ratio_test, score=ratio * ratio_test * probability * test
    )


def _two_proportions(
    one: IndexArray, of_one: IndexArray, other: IndexArray, of_other: IndexArray
) -> FloatArray:
    """Return the z of the two-proportion test, 0 where both proportions are 1."""
    pooled = (one + other) / (of_one + of_other)
    spread = np.sqrt(pooled * (1 - pooled) * (1 / of_one + 1 / of_other))
    gap = one / of_one - other / of_other
    z: FloatArray = np.divide(gap, spread, out=np.zeros_like(gap), where=spread > 0)
    return z


def representative(
    found: Strengths, group: int, table: VoteTable, settings: OpinionSettings
) -> tuple[Representative, ...]:
    """List the representative statements of a group: the best agreed one, then those that set it apart."""
    usable = np.flatnonzero(~table.left_out())
    if not settings.compat:
        usable = usable[found.seen[group, usable] > 0]
    best = _best_agree(found, group, usable, settings.z)
    chosen = _setting_apart(found, group, usable, settings.z)
    if best is not None:
        chosen = [best, *(place for place in chosen if place != best)]
    elif not chosen and usable.size:
        apart = np.maximum(found.agree.ratio_test[group, usable], found.disagree.ratio_test[group, usable])
        chosen = [int(usable[int(np.argmax(apart))])]
    listed = [
        _described(found, group, place, table, best=place == best) for place in chosen[: settings.listed]
    ]
    return tuple(sorted(listed, key=lambda one: one.direction))  # "agree" before "disagree"


def _agrees(found: Strengths, group: int, place: int) -> bool:
    return bool(found.agree.ratio_test[group, place] > found.disagree.ratio_test[group, place])


def _setting_apart(found: Strengths, group: int, usable: IndexArray, z: float) -> list[int]:
    """Return the statements on which the group differs most from the others, strongest first."""

    def clear(side: SideScores) -> BoolArray:
        above: BoolArray = (side.ratio_test[group, usable] > z) & (side.test[group, usable] > z)
        return above

    places = usable[clear(found.agree) | clear(found.disagree)]
    agrees = found.agree.ratio_test[group, places] > found.disagree.ratio_test[group, places]
    scores = np.where(agrees, found.agree.score[group, places], found.disagree.score[group, places])
    return [int(place) for place in places[np.argsort(-scores, kind="stable")]]


def _best_agree(found: Strengths, group: int, usable: IndexArray, z: float) -> int | None:
    """Find the statement the group agrees with most; as in Polis, the test depends on the best so far."""
    side = found.agree
    usable = usable[(side.count[group, usable] > 0) | (found.disagree.count[group, usable] > 0)]
    rows = (side.score[group], side.probability[group] * side.test[group], side.ratio[group])
    distinctive, shared, ratio = (row.tolist() for row in rows)
    likely = (side.test[group] > z) | ((side.ratio[group] > 1) & (side.probability[group] > 0.5))  # noqa: PLR2004 - one half
    best: int | None = None
    for place in usable.tolist():
        if best is None:
            better = bool(likely[place])
        elif ratio[best] > 1:
            better = distinctive[place] > distinctive[best]
        else:
            better = shared[place] > shared[best]
        best = place if better else best
    return best


def _described(found: Strengths, group: int, place: int, table: VoteTable, *, best: bool) -> Representative:
    agrees = _agrees(found, group, place)
    side = found.agree if agrees else found.disagree
    return Representative(
        statement=table.statements[place],
        direction="agree" if agrees else "disagree",
        score=float(side.score[group, place]),
        count=int(side.count[group, place]),
        seen=int(found.seen[group, place]),
        probability=float(side.probability[group, place]),
        test=float(side.test[group, place]),
        ratio=float(side.ratio[group, place]),
        ratio_test=float(side.ratio_test[group, place]),
        best_agree=best,
    )


def consensus(
    everyone: Strengths, direction: VoteSide, table: VoteTable, settings: OpinionSettings
) -> tuple[GroupAgreement, ...]:
    """List the statements people agree (or disagree) with overall; `everyone` has all votes in a row."""
    side = everyone.agree if direction == "agree" else everyone.disagree
    probability, test = side.probability[0], side.test[0]
    majority = probability > 0.5  # noqa: PLR2004 - one half
    places = np.flatnonzero(~table.left_out() & majority & (test > settings.z))
    score = probability * test
    chosen = places[np.argsort(-score[places], kind="stable")][: settings.listed]
    return tuple(
        GroupAgreement(
            statement=table.statements[place],
            direction=direction,
            score=float(score[place]),
            count=int(side.count[0, place]),
            seen=int(everyone.seen[0, place]),
            probability=float(probability[place]),
            test=float(test[place]),
        )
        for place in chosen
    )


def across_groups(found: Strengths) -> tuple[FloatArray, FloatArray]:
    """Return the group-aware consensus for agreeing and for disagreeing: the product of the probabilities."""
    return found.agree.probability.prod(axis=0), found.disagree.probability.prod(axis=0)


def priorities(votes: GroupTally, extremity: FloatArray, meta: BoolArray) -> FloatArray:
    """Return the weight of showing a statement next: high if new, agreed, rarely passed, or extreme."""
    agree, seen, passed = votes.agree.sum(axis=0), votes.seen.sum(axis=0), votes.passed.sum(axis=0)
    importance = (1 - (passed + 1) / (seen + 2)) * (extremity + 1) * (agree + 1) / (seen + 2)
    newness = 1 + NEW_WEIGHT * 2.0 ** (-seen / HALVED_AFTER)
    return np.where(meta, META_PRIORITY, importance * newness) ** 2
