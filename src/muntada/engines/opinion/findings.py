"""Score every statement by all measures, and list those that unite, divide or leave people unsure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS
from muntada.engines.opinion.factors import fit
from muntada.engines.opinion.intervals import Estimate, estimates
from muntada.engines.opinion.projection import Centred, Projection
from muntada.engines.opinion.scores import AlongAxis, NumberArray, along_axis, gap, least
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.unity import Dividing, Findings, Scores, Uniting, UnityScores, Unsure, VoteSide

DISAGREE, PASS, AGREE = range(ANSWERS)
MAJORITY = 0.5
BACKED_BY = 0.25  # the upper quarter of the statements in the factor model
DIRECTIONS: tuple[VoteSide, VoteSide] = ("agree", "disagree")
TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """The scores as arrays, one entry per statement; scores by direction exist for agree and disagree."""

    kernel: tuple[FloatArray, FloatArray]
    product: tuple[FloatArray, FloatArray]
    least: tuple[list[Estimate], list[Estimate]]
    plain: tuple[FloatArray, FloatArray]
    neutral: FloatArray
    divides: FloatArray
    spread: FloatArray
    passed: list[Estimate]

    def scores(self) -> list[Scores]:
        """Return the scores of each statement."""
        return [
            Scores(
                agree=self._side(0, place),
                disagree=self._side(1, place),
                neutral=float(self.neutral[place]),
                divides=float(self.divides[place]),
                spread=float(self.spread[place]),
                passed=self.passed[place],
            )
            for place in range(len(self.passed))
        ]

    def _side(self, side: int, place: int) -> UnityScores:
        return UnityScores(
            kernel=float(self.kernel[side][place]),
            product=float(self.product[side][place]),
            least=self.least[side][place],
            plain=float(self.plain[side][place]),
        )


def measured(centred: Centred, projection: Projection, grouped: BoolArray, counts: FloatArray) -> Measured:
    """Score all statements; `counts` holds the votes as groups x statements x answers."""
    seen = counts.sum(axis=-1)
    of_all = centred.counts.sum(axis=1)
    along, neutral = without_groups(centred, projection, grouped)
    sides = counts[..., AGREE], counts[..., DISAGREE]
    passed = np.divide(centred.counts[:, PASS], of_all, out=np.zeros_like(of_all), where=of_all > 0)
    return Measured(
        kernel=(along.agree, along.disagree),
        product=(_product(sides[0], seen), _product(sides[1], seen)),
        least=(_least(sides[0], seen), _least(sides[1], seen)),
        plain=(_plain(centred.counts[:, AGREE], of_all), _plain(centred.counts[:, DISAGREE], of_all)),
        neutral=neutral,
        divides=gap(sides[0], seen),
        spread=along.spread,
        passed=estimates(passed, of_all),
    )


def without_groups(
    centred: Centred, projection: Projection, grouped: BoolArray, weights: FloatArray | None = None
) -> tuple[AlongAxis, FloatArray]:
    """Score all statements by the measures without groups, with optional weights of people."""
    along = along_axis(centred.loops, projection.people[:, 0], grouped, weights)
    takes_part = centred.worth.any(axis=1)
    start = np.sqrt(len(takes_part)) * projection.axes.directions[:, 0]
    factors = fit(centred.loops, takes_part, start, weights)
    return along, np.where(takes_part, factors.expected, 0.0)


def listed(
    names: Sequence[str],
    left_out: BoolArray,
    counts: FloatArray,
    scored: Measured,
    settings: OpinionSettings,
    people: int,
) -> Findings:
    """List the statements that take part and have enough votes; ties in column order."""
    enough = min(settings.enough_seen, max(1, people // TWO))
    seen = counts.sum(axis=(0, 2))
    usable = np.flatnonzero(~left_out & (seen >= enough))
    return Findings(
        enough_seen=enough,
        unites=_uniting(names, usable, scored, settings.listed),
        divides=_dividing(names, usable, counts, scored, settings.listed),
        unsure=_unsure(names, usable, scored, settings.listed),
    )


def _uniting(names: Sequence[str], usable: IndexArray, scored: Measured, most: int) -> tuple[Uniting, ...]:
    found = []
    for side, (direction, sign) in enumerate(zip(DIRECTIONS, (1.0, -1.0), strict=True)):
        neutral = sign * scored.neutral
        bar = float(np.quantile(neutral[usable], 1 - BACKED_BY)) if usable.size else 0.0
        found += [
            Uniting(
                statement=names[place],
                direction=direction,
                score=float(scored.kernel[side][place]),
                product=float(scored.product[side][place]),
                least=scored.least[side][place],
                neutral=float(scored.neutral[place]),
                backed=bool(neutral[place] >= bar),
            )
            for place in usable
            if scored.kernel[side][place] > MAJORITY
        ]
    return tuple(sorted(found, key=lambda one: -round(one.score, 12))[:most])


def _dividing(
    names: Sequence[str], usable: IndexArray, counts: FloatArray, scored: Measured, most: int
) -> tuple[Dividing, ...]:
    """List what divides the groups; without groups, what divides people along the first axis."""
    grouped = len(counts) >= TWO
    score = scored.divides if grouped else scored.spread
    shares = (counts[..., AGREE] + 1) / (counts.sum(axis=-1) + 2)
    order = usable[np.argsort(-np.round(score[usable], 12), kind="stable")]
    return tuple(
        Dividing(
            statement=names[place],
            score=float(score[place]),
            most=int(shares[:, place].argmax()) if grouped else None,
            least=int(shares[:, place].argmin()) if grouped else None,
        )
        for place in order[:most]
        if score[place] > 0
    )


def _unsure(names: Sequence[str], usable: IndexArray, scored: Measured, most: int) -> tuple[Unsure, ...]:
    """List the statements that significantly more people pass on than on the median statement."""
    shares = np.array([scored.passed[place].share for place in usable])
    usual = float(np.median(shares)) if shares.size else 0.0
    low = np.array([scored.passed[place].low for place in usable])
    order = np.argsort(-np.round(low, 12), kind="stable")
    return tuple(
        Unsure(names[usable[rank]], scored.passed[usable[rank]]) for rank in order[:most] if low[rank] > usual
    )


def _product(counts: NumberArray, seen: NumberArray) -> FloatArray:
    return np.asarray(((counts + 1) / (seen + 2)).prod(axis=0))


def _least(counts: NumberArray, seen: NumberArray) -> list[Estimate]:
    found = least(counts, seen)
    return [Estimate(*map(float, row)) for row in zip(found.share, found.low, found.high, strict=True)]


def _plain(count: FloatArray, seen: FloatArray) -> FloatArray:
    """Return the probability times its test against one half, as in the consensus."""
    share = (count + 1) / (seen + 2)
    return np.asarray(share * 2 * np.sqrt(seen + 1) * ((count + 1) / (seen + 1) - 0.5))
