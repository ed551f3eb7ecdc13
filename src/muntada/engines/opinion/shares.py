"""Compute raw and weighted shares, and shares by declared group, from `Voices` and the votes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.coded import ANSWERS
from muntada.engines.opinion.heard import (
    DeclaredVotes,
    DimensionVotes,
    HeardGroup,
    Margin,
    Shares,
    ShownState,
    StatementVoices,
    WeightedHearing,
    Weighting,
    WeightingDimension,
)
from muntada.engines.opinion.intervals import Estimate, estimates
from muntada.engines.opinion.kernel import Passes
from muntada.engines.opinion.pooling import Pooled, over_groups, pool
from muntada.engines.opinion.raking import WITHOUT_NUMBERS, DeclaredShares, rake
from muntada.engines.opinion.scores import AlongAxis, least, together
from muntada.engines.opinion.voices import Voices
from muntada.engines.opinion.votes import VoteTable
from muntada.engines.opinion.withheld import withheld
from muntada.engines.reasons import Reason

DISAGREE, PASS, AGREE = range(ANSWERS)
TO_COMPARE = 2

type ShareScore = Callable[[FloatArray], tuple[AlongAxis, FloatArray]]


@dataclass(frozen=True, slots=True, eq=False)
class Weighted:
    """The weight of each person (0 for people without votes), and how it was reached."""

    weights: FloatArray
    weighting: Weighting


def declared_of(table: VoteTable, voices: Voices) -> list[DeclaredShares]:
    """Return the declarations in the order of the table; an empty string is no declaration."""
    dimensions = []
    for name, said in sorted(voices.declared.items()):
        words = [said.get(person, "") for person in table.participants]
        categories = tuple(sorted(set(words).union(voices.targets.get(name, ())) - {""}))
        places = {category: place for place, category in enumerate(categories)}
        codes = np.fromiter((places.get(word, -1) for word in words), dtype=np.intp, count=len(words))
        dimensions.append(DeclaredShares(name, categories, codes))
    return dimensions


def weigh(table: VoteTable, declared: Sequence[DeclaredShares], voices: Voices) -> Weighted | None:
    """Weigh everybody who voted; None if no weights are requested."""
    if not voices.targets and not voices.weights:
        return None
    voted = table.coded.counts > 0
    base = np.fromiter(
        (voices.weights.get(person, 1.0) for person in table.participants),
        dtype=np.float64,
        count=len(voted),
    )
    of_voters = [DeclaredShares(one.name, one.categories, one.codes[voted]) for one in declared]
    raked = rake(of_voters, voices.targets, base[voted], voices.cap)
    weights = np.zeros(len(voted))
    weights[voted] = raked.weights
    return Weighted(weights, raked.weighting)


def hear(table: VoteTable, loops: Passes, voices: Voices, score: ShareScore | None = None) -> WeightedHearing:
    """Return the raw and weighted shares of everybody, and the votes of each declared group.

    `score` computes, for given weights, the scores that need no groups: along the first axis and by the
    factor model.
    """
    declared = declared_of(table, voices)
    weighted = weigh(table, declared, voices)
    voted = table.coded.counts > 0
    counts = loops.histogram()
    everybody = np.rint(counts.sum(axis=1))
    rooms = [_Room(one, voted, everybody, loops, voices) for one in declared]
    raw = _shares(counts, everybody)
    again: Sequence[Shares | None] = [None] * len(raw)
    if weighted is not None:
        again = _weighted_shares(loops, weighted.weights)
    by_room = [room.votes() if score is None else _scored(room, score) for room in rooms]
    return WeightedHearing(
        smallest=voices.smallest,
        weighting=None if weighted is None else _discreet(weighted.weighting, rooms),
        dimensions=tuple(room.dimension() for room in rooms),
        statements=tuple(
            StatementVoices(name, raw[place], again[place], tuple(votes[place] for votes in by_room))
            for place, name in enumerate(table.statements)
        ),
    )


def _shares(counts: FloatArray, sizes: FloatArray) -> list[Shares]:
    """Return the shares of the three answers, with intervals for these numbers of votes."""
    totals = counts.sum(axis=1)
    parts = np.divide(counts, totals[:, None], out=np.zeros_like(counts), where=totals[:, None] > 0)
    agree, disagree, passed = (estimates(parts[:, answer], sizes) for answer in (AGREE, DISAGREE, PASS))
    return [Shares(*row) for row in zip(agree, disagree, passed, map(float, sizes), strict=True)]


def _weighted_shares(loops: Passes, weights: FloatArray) -> list[Shares]:
    """Return weighted shares; the effective number of votes on a statement is (sum w)^2 / sum w^2."""
    both = np.stack((weights, weights**2), axis=1)
    sums = loops.scatter(both.__getitem__, 2).reshape(-1, ANSWERS, 2)
    totals, squares = sums.sum(axis=1).T
    sizes = np.divide(totals**2, squares, out=np.zeros_like(totals), where=squares > 0)
    return _shares(sums[..., 0], sizes)


def _scored(room: "_Room", score: ShareScore) -> list[DimensionVotes]:
    """Add the scores that need no groups, with the declared groups weighted by target, or equally."""
    weights = room.weights()
    if weights is None:
        return room.votes()
    along, neutral = score(weights)
    rows = zip(along.agree.tolist(), along.disagree.tolist(), neutral.tolist(), strict=True)
    return [
        replace(votes, kernel=agree, kernel_against=disagree, neutral=vote)
        for votes, (agree, disagree, vote) in zip(room.votes(), rows, strict=True)
    ]


def _discreet(weighting: Weighting, rooms: Sequence["_Room"]) -> Weighting:
    """Remove what withheld groups would reveal: the exact weight of a small group gives its size."""
    kept = {(room.name, category) for room in rooms for category in room.withheld_categories}

    def told(margin: Margin) -> Margin:
        hidden = (margin.dimension, margin.category) in kept
        return replace(margin, people=None, raw=None) if hidden else margin

    if not kept:
        return weighting
    return replace(
        weighting,
        effective_size=float(round(weighting.effective_size)),
        design_effect=round(weighting.design_effect, 1),
        capped=None,
        largest_weight=None,
        largest_error=round(weighting.largest_error, 2),
        margins=tuple(told(one) for one in weighting.margins),
        reasons=tuple(map(_without_numbers, weighting.reasons)),
    )


def _without_numbers(reason: Reason) -> Reason:
    if reason.sentence not in WITHOUT_NUMBERS:
        return reason
    kept = {name: value for name, value in reason.params.items() if name in {"dimension", "cap"}}
    return Reason(WITHOUT_NUMBERS[reason.sentence], kept)


class _Room:
    """One dimension: the votes of its groups on all statements, and which of them may be shown."""

    def __init__(
        self, declared: DeclaredShares, voted: BoolArray, everybody: FloatArray, loops: Passes, voices: Voices
    ) -> None:
        self.name, self.categories = declared.name, declared.categories
        self.voted, self.smallest, self.cap = voted, voices.smallest, voices.cap
        self.codes = codes = np.where(voted, declared.codes, -1)
        self.people = np.bincount(codes[codes >= 0], minlength=len(self.categories)).tolist()
        self.undeclared = int(np.count_nonzero(voted)) - sum(self.people)
        # People without a declaration are treated as a group: they can be withheld together with a small
        # group.
        kept = withheld([*self.people, self.undeclared], 0, self.smallest)
        self.tells_undeclared = len(self.people) not in kept
        self.kept = kept - {len(self.people)}
        self.targets = self._targets(voices)
        self.counts = np.zeros((0, len(everybody), ANSWERS))
        if self.categories:
            self.counts = np.rint(loops.group_counts(codes, len(self.categories)))
        self.everybody = everybody

    @property
    def withheld_categories(self) -> list[str]:
        return [self.categories[place] for place in sorted(self.kept)]

    def _targets(self, voices: Voices) -> dict[str, float]:
        """Return the target shares among the categories with voters."""
        wanted = voices.targets.get(self.name, {})
        heard = {
            category: wanted[category]
            for category, people in zip(self.categories, self.people, strict=True)
            if people and category in wanted
        }
        total = sum(heard.values())
        return {category: share / total for category, share in heard.items()}

    def weights(self) -> FloatArray | None:
        """Return weights that give groups with voters their targets, or equal shares; capped as usual."""
        wanted = self.targets or {
            category: 1.0 for category, people in zip(self.categories, self.people, strict=True) if people
        }
        if not wanted:
            return None
        declared = DeclaredShares(self.name, self.categories, self.codes[self.voted])
        raked = rake([declared], {self.name: wanted}, np.ones(len(declared.codes)), self.cap)
        weights = np.zeros(len(self.voted))
        weights[self.voted] = raked.weights
        return weights

    def dimension(self) -> WeightingDimension:
        groups = tuple(
            HeardGroup(
                category,
                self._standing(place, people),
                people if people and place not in self.kept else None,
                self.targets.get(category),
            )
            for place, (category, people) in enumerate(zip(self.categories, self.people, strict=True))
        )
        return WeightingDimension(self.name, groups, self.undeclared if self.tells_undeclared else None)

    def _standing(self, place: int, people: int) -> ShownState:
        if people == 0:
            return "not heard"
        return "withheld" if place in self.kept else "shown"

    def votes(self) -> list[DimensionVotes]:
        """Return the votes of all groups on each statement."""
        counts = self.counts.astype(np.intp)
        seen = counts.sum(axis=-1)
        told = self._told(seen)
        pooled = pool(counts[..., AGREE], counts[..., DISAGREE], seen)
        groups = self._groups(counts, told, pooled)
        agree, disagree = (
            self._across(counts[..., answer], seen, told, side, pooled)
            for answer, side in ((AGREE, pooled.agree), (DISAGREE, pooled.disagree))
        )
        return [
            DimensionVotes(
                self.name, tuple(row), *(value for pair in zip(*both, strict=True) for value in pair)
            )
            for row, *both in zip(groups, agree, disagree, strict=True)
        ]

    def _told(self, seen: IndexArray) -> BoolArray:
        """Mark, by group and statement, the votes that may be shown."""
        rest = self.everybody.astype(np.intp) - seen.sum(axis=0)
        told = seen > 0
        for place, (sizes, others) in enumerate(zip(seen.T.tolist(), rest.tolist(), strict=True)):
            told[list(withheld(sizes, others, self.smallest, self.kept)), place] = False
        return told

    def _groups(self, counts: IndexArray, told: BoolArray, pooled: Pooled) -> list[list[DeclaredVotes]]:
        """Return the votes of each group, per statement."""
        sides = [
            [estimates(side[group], pooled.votes[group]) for group in range(len(self.categories))]
            for side in (pooled.agree, pooled.disagree)
        ]
        silent = counts.sum(axis=-1) == 0

        def of_group(group: int, place: int) -> DeclaredVotes:
            category = self.categories[group]
            if not told[group, place]:
                standing: ShownState = "not heard" if silent[group, place] else "withheld"
                return DeclaredVotes(category, standing, None, None, None, None, None)
            disagree, passed, agree = counts[group, place].tolist()
            return DeclaredVotes(
                category, "shown", agree, disagree, passed, sides[0][group][place], sides[1][group][place]
            )

        return [
            [of_group(group, place) for group in range(len(self.categories))]
            for place in range(len(self.everybody))
        ]

    def _across(
        self, counts: IndexArray, seen: IndexArray, told: BoolArray, side: FloatArray, pooled: Pooled
    ) -> list[tuple[Estimate | None, float | None, Estimate | None]]:
        """Return, per statement, the share in the whole by the targets; mean and minimum over groups."""
        whole: Sequence[Estimate | None] = [None] * len(self.everybody)
        if self.targets:
            rows = [place for place, category in enumerate(self.categories) if category in self.targets]
            shares = np.array([self.targets[self.categories[place]] for place in rows])
            whole = estimates(*over_groups(side[rows], pooled.votes[rows], pooled.lent[rows], shares))
        comparable = told.sum(axis=0) >= TO_COMPARE
        if not self.categories:
            return [(None, None, None)] * len(self.everybody)
        low, mean = least(counts, seen, told), together(counts, seen, told)
        lowest = [Estimate(*map(float, row)) for row in zip(low.share, low.low, low.high, strict=True)]
        return [
            (
                whole[place] if self.everybody[place] else None,
                float(mean[place]) if comparable[place] else None,
                lowest[place] if comparable[place] else None,
            )
            for place in range(len(self.everybody))
        ]
