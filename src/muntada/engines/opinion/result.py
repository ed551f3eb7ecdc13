"""What comes out of an analysis: plain values that depend on votes, settings and seed alone."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Literal, overload

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.chance import Support
from muntada.engines.opinion.heard import Heard
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.unity import Direction, Findings, Scores
from muntada.engines.reasons import Reason

type Outcome = Literal["groups", "one group", "too few"]
type Verdict = Literal["steady", "partly steady", "not steady"]


@dataclass(frozen=True, slots=True)
class ParticipantPlace:
    """Where somebody lies in the plane; `group` is None for who has not voted on enough statements.

    `support` is the share of the rounds in which somebody stayed with the group, None where not tried.
    """

    id: str
    x: float
    y: float
    votes: int
    group: int | None
    support: float | None = None


@dataclass(frozen=True, slots=True, eq=False)
class ParticipantPlaces(Sequence[ParticipantPlace]):
    """Where everybody lies: a row for each person, in arrays, so that ten million people find room.

    `groups` is -1 for who is in none, `support` is not a number for who was not tried.
    """

    names: Sequence[str]
    places: Floats
    votes: Integers
    groups: Integers
    support: Floats | None = None

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
    """Where a statement lies, and how people voted on it.

    The counts are of people, over everybody; `by_group` has one entry per group. `unites` and
    `unites_against` are the group-aware consensus on agreeing and on disagreeing; `priority` weighs the
    lottery of what is asked next.
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
class Agreement:
    """A statement on which people are at one; `count` of the `seen` votes go in this direction."""

    statement: str
    direction: Direction
    score: float
    count: int
    seen: int
    probability: float
    test: float


@dataclass(frozen=True, slots=True)
class Representative(Agreement):
    """A statement that stands for a group, with how much more the group says so than all others.

    `support` is the share of the rounds in which it stood for the group again, None where not tried.
    """

    ratio: float
    ratio_test: float
    best_agree: bool
    support: float | None = None

    @property
    def says(self) -> Direction:
        """What the group says; the `direction` of Polis is how it differs from the others.

        Others may agree even more with what this group agrees with best.
        """
        return "agree" if self.best_agree else self.direction


@dataclass(frozen=True, slots=True)
class Group:
    """People who think alike; the largest group has the number 0.

    `support` is the Jaccard index with the most similar group, in the middle round of those in which the
    people were drawn anew: the share of people in both of those in either. None where not tried.
    """

    id: int
    size: int
    x: float
    y: float
    representative: tuple[Representative, ...]
    support: float | None = None


@dataclass(frozen=True, slots=True)
class Consensus:
    agree: tuple[Agreement, ...]
    disagree: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: its share of all difference, and its correlation with saying yes to anything.

    From a correlation of .71 on, half of what the axis shows is no more than that; the `reading` says so.
    """

    share: float
    agreement_tendency: float
    reading: Reason | None = None


@dataclass(frozen=True, slots=True)
class Steadiness:
    """How alike the division is if other people had come: a verdict with its reasons.

    It says nothing of camps: one crowd without camps can be divided just as steadily, and `caution` says so.

    `likeness` is the adjusted Rand index of the middle round, `same_number` the share of rounds with as many
    groups; `people` were drawn in each round.
    """

    rounds: int
    people: int
    likeness: float
    same_number: float
    verdict: Verdict
    reasons: tuple[Reason, ...]
    caution: Reason


@dataclass(frozen=True, slots=True)
class Grouping:
    """How the groups came about, or why there is one or none; silhouettes by number of groups tried."""

    outcome: Outcome
    silhouettes: tuple[tuple[int, float], ...] = ()
    support: Support | None = None
    reason: Reason | None = None
    steadiness: Steadiness | None = None


@dataclass(frozen=True, slots=True)
class OpinionMap:
    participants: ParticipantPlaces
    statements: tuple[StatementPlace, ...]
    groups: tuple[Group, ...]
    consensus: Consensus
    axes: tuple[Axis, ...]
    grouping: Grouping
    settings: Settings
    seed: int
    findings: Findings | None = None
    voices: Heard | None = None
