"""What comes out of an analysis: plain values that depend on votes, settings and seed alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, overload

from muntada.engines.opinion.arrays import Floats, Integers
from muntada.engines.opinion.chance import Support
from muntada.engines.opinion.heard import Heard
from muntada.engines.opinion.settings import Settings
from muntada.engines.reasons import Reason

type Direction = Literal["agree", "disagree"]
type Outcome = Literal["groups", "one group", "too few"]


@dataclass(frozen=True, slots=True)
class ParticipantPlace:
    """Where somebody lies in the plane; `group` is None for who has not voted on enough statements."""

    id: str
    x: float
    y: float
    votes: int
    group: int | None


@dataclass(frozen=True, slots=True, eq=False)
class ParticipantPlaces(Sequence[ParticipantPlace]):
    """Where everybody lies: a row for each person, in arrays, so that ten million people find room.

    `groups` is -1 for who is in none.
    """

    names: Sequence[str]
    places: Floats
    votes: Integers
    groups: Integers

    @overload
    def __getitem__(self, place: int) -> ParticipantPlace: ...
    @overload
    def __getitem__(self, place: slice) -> tuple[ParticipantPlace, ...]: ...
    def __getitem__(self, place: int | slice) -> ParticipantPlace | tuple[ParticipantPlace, ...]:
        if isinstance(place, slice):
            return tuple(
                ParticipantPlaces(
                    self.names[place], self.places[place], self.votes[place], self.groups[place]
                )
            )
        group = int(self.groups[place])
        x, y = self.places[place].tolist()
        return ParticipantPlace(
            self.names[place], x, y, int(self.votes[place]), group if group >= 0 else None
        )

    def __iter__(self) -> Iterator[ParticipantPlace]:
        rows = (self.places.tolist(), self.votes.tolist(), self.groups.tolist())
        for name, (x, y), votes, group in zip(self.names, *rows, strict=True):
            yield ParticipantPlace(name, x, y, votes, group if group >= 0 else None)

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
    """A statement that stands for a group, with how much more the group says so than all others."""

    ratio: float
    ratio_test: float
    best_agree: bool


@dataclass(frozen=True, slots=True)
class Group:
    """People who think alike; the largest group has the number 0."""

    id: int
    size: int
    x: float
    y: float
    representative: tuple[Representative, ...]


@dataclass(frozen=True, slots=True)
class Consensus:
    agree: tuple[Agreement, ...]
    disagree: tuple[Agreement, ...]


@dataclass(frozen=True, slots=True)
class Axis:
    """What an axis shows: its share of all difference, and its correlation with saying yes to anything."""

    share: float
    agreement_tendency: float


@dataclass(frozen=True, slots=True)
class Grouping:
    """How the groups came about, or why there is one or none; silhouettes by number of groups tried."""

    outcome: Outcome
    silhouettes: tuple[tuple[int, float], ...] = ()
    support: Support | None = None
    reason: Reason | None = None


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
    voices: Heard | None = None
