"""The result of an analysis: plain values that depend only on votes, settings and seed."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, overload

from muntada.engines.arrays import FloatArray, IndexArray
from muntada.engines.opinion.chance import ChanceSupport
from muntada.engines.opinion.heard import WeightedHearing
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.unity import Findings, Scores, VoteSide
from muntada.engines.reasons import Reason

type GroupingOutcome = Literal["groups", "one group", "too few"]
type ClaimVerdict = Literal["steady", "partly steady", "not steady"]


@dataclass(frozen=True, slots=True)
class ParticipantPlace:
    """The position of a person; `group` is None for people with too few votes.

    `support` is the share of bootstrap rounds in which the person stayed in the group, None if not
    tested.
    """

    id: str
    x: float
    y: float
    votes: int
    group: int | None
    support: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ParticipantPlaces(Sequence[ParticipantPlace]):
    """The positions of all people, stored as arrays so that ten million people fit in memory.

    `groups` is -1 for people in no group; `support` is NaN where not tested.
    """

    names: Sequence[str]
    places: FloatArray
    votes: IndexArray
    groups: IndexArray
    support: FloatArray | None = None

    @overload
    def __getitem__(self, place: int) -> ParticipantPlace: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ParticipantPlace, ...]: ...
    def __getitem__(self, place: int | slice) -> ParticipantPlace | tuple[ParticipantPlace, ...]:
        rows = place if isinstance(place, slice) else slice(place, place + 1 or None)
        support = None if self.support is None else self.support[rows]
        chosen = ParticipantPlaces(
            self.names[rows], self.places[rows], self.votes[rows], self.groups[rows], support
        )
        if isinstance(place, slice):
            return tuple(chosen)
        if not len(chosen):
            raise IndexError(place)
        return next(iter(chosen))

    def __iter__(self) -> Iterator[ParticipantPlace]:
        support = repeat(math.nan) if self.support is None else self.support.tolist()
        rows = (self.places.tolist(), self.votes.tolist(), self.groups.tolist())
        for name, (x, y), votes, group, held in zip(self.names, *rows, support, strict=False):
            yield ParticipantPlace(
                name, x, y, votes, group if group >= 0 else None, None if math.isnan(held) else held
            )

    def __len__(self) -> int:
        return len(self.names)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sequence) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))


@dataclass(frozen=True, slots=True)
class GroupVotes:
    """The votes of one group on one statement."""

    agree: int
    disagree: int
    passed: int


@dataclass(frozen=True, slots=True)
class StatementPlace:
    """The position of a statement and its votes.

    The counts are of people, over everybody; `by_group` has one entry per group. `unites` and
    `unites_against` are the group-aware consensus for agreeing and disagreeing. `priority` is the
    weight of the statement when the next one to show is drawn.
    """

    id: str
    x: float
    y: float
    extremity: float
    agree: int
    disagree: int
    passed: int
    by_group: tuple[GroupVotes, ...]
    unites: float
    unites_against: float
    priority: float
    left_out: bool
    scores: Scores | None = None


@dataclass(frozen=True, slots=True)
class GroupAgreement:
    """A statement of the consensus; `count` of the `seen` votes go in `direction`."""

    statement: str
    direction: VoteSide
    score: float
    count: int
    seen: int
    probability: float
    test: float


@dataclass(frozen=True, slots=True)
class Representative(GroupAgreement):
    """A representative statement of a group, and how much more the group holds it than others do.

    `support` is the share of bootstrap rounds in which it represented the group again, None if not
    tested.
    """

    ratio: float
    ratio_test: float
    best_agree: bool
    support: float | None = None

    @property
    def says(self) -> VoteSide:
        """The side the group takes; the `direction` of Polis is how the group differs from the others.

        Others may agree even more with the statement that this group agrees with most.
        """
        return "agree" if self.best_agree else self.direction


@dataclass(frozen=True, slots=True)
class OpinionGroup:
    """People who vote alike; groups are numbered by size, the largest is 0.

    `support` is the median Jaccard index with the most similar group over the bootstrap rounds; None if
    not tested.
    """

    id: int
    size: int
    x: float
    y: float
    representative: tuple[Representative, ...]
    support: float | None = None


@dataclass(frozen=True, slots=True)
class Consensus:
    agree: tuple[GroupAgreement, ...]
    disagree: tuple[GroupAgreement, ...]


@dataclass(frozen=True, slots=True)
class OpinionAxis:
    """An axis: its share of variance, and its correlation with the tendency to agree with anything.

    From a correlation of .71, half of the axis is explained by that tendency; `reading` says so.
    """

    share: float
    agreement_tendency: float
    reading: Reason | None = None


@dataclass(frozen=True, slots=True)
class GroupingSteadiness:
    """How stable the division is under resampling: a verdict with its reasons.

    Stability is no evidence of camps: a single homogeneous crowd can be divided just as stably.
    `caution` says so. `likeness` is the median adjusted Rand index, `same_number` the share of rounds
    with the same number of groups, `people` the number of people drawn in each round.
    """

    rounds: int
    people: int
    likeness: float
    same_number: float
    verdict: ClaimVerdict
    reasons: tuple[Reason, ...]
    caution: Reason


@dataclass(frozen=True, slots=True)
class OpinionGrouping:
    """How the groups were found, or why there is one or none; silhouettes by number of groups tried."""

    outcome: GroupingOutcome
    silhouettes: tuple[tuple[int, float], ...] = ()
    support: ChanceSupport | None = None
    reason: Reason | None = None
    steadiness: GroupingSteadiness | None = None


@dataclass(frozen=True, slots=True)
class ComputedMap:
    participants: ParticipantPlaces
    statements: tuple[StatementPlace, ...]
    groups: tuple[OpinionGroup, ...]
    consensus: Consensus
    axes: tuple[OpinionAxis, ...]
    grouping: OpinionGrouping
    settings: OpinionSettings
    seed: int
    findings: Findings | None = None
    voices: WeightedHearing | None = None
