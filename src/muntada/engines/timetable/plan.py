"""What comes out: where each session stands, what is wrong with that, how good it is and could be."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from muntada.engines.reasons import in_english
from muntada.engines.timetable.problem import Placement


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence ready to be translated: a template with %(name)s places, and what fills them.

    A template of two lines counts: its first line is for one, its second for more (`ngettext_noop`).

    What stands under `session`, `other`, `person`, `room`, `slot`, `track`, `line`, `group`, `organiser` is
    an id; `sessions`, `people` and `rooms` are ids joined by ", ". Who shows the sentence may put names in
    their place.
    """

    sentence: str
    params: Mapping[str, str | int]

    def __str__(self) -> str:
        return in_english(self.sentence, self.params)


class Tier(IntEnum):
    """Rules of an earlier tier are never traded for rules of a later one."""

    HARD = 0
    MOVE = 1
    WISH = 2
    FIT = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """Which rule is broken, by whom, by how much (`amount` in the rule's own measure), and at what cost."""

    rule: str
    tier: Tier
    amount: int
    cost: int
    reason: Reason
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


class Score(NamedTuple):
    """Smaller is better, and each figure counts only between timetables that are equal in those before it."""

    locked_out: int  # sessions with a lock that are not placed
    unplaced: int
    moved: int  # published sessions that do not stand where they were published
    wishes: int  # cost of the wishes about time
    fit: int  # cost of rooms that are too large


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the evaluator says about any timetable."""

    score: Score
    violations: tuple[Violation, ...]
    unplaced: tuple[str, ...]

    @property
    def hard(self) -> tuple[Violation, ...]:
        return tuple(violation for violation in self.violations if violation.tier is Tier.HARD)


class Status(StrEnum):
    OPTIMAL = "optimal"  # nothing better exists; `fit` is the best for these slots
    FEASIBLE = "feasible"  # it breaks no hard rule; something better may exist


@dataclass(frozen=True, slots=True)
class Unplaced:
    session: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A timetable that breaks no hard rule, with the evaluator's word on it and what the solver has proved.

    `bound` is a score that no timetable can be better than. `gap` is the share of the first figure in which
    score and bound differ that is not proved: 0 where all is proved.
    """

    placements: tuple[Placement, ...]
    violations: tuple[Violation, ...]
    unplaced: tuple[Unplaced, ...]
    score: Score
    bound: Score
    gap: float
    status: Status
    seed: int
    effort: float  # deterministic seconds used


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the work is: in which tier, the best figure so far, the best that is still possible."""

    tier: str  # locks, places, moves, wishes
    best: int
    bound: int
    effort: float  # seconds of searching so far; inside a run CP-SAT gives only those of the clock
    since: float = 0.0  # seconds since the last improvement
    moves: int = 0  # steps of the local search since then
    starts: Mapping[str, str] = field(default_factory=dict)  # of the best so far: session -> slot

    @property
    def gap(self) -> float:
        """The share of the best figure that is not proved; 0 where nothing better is possible."""
        return (self.best - self.bound) / self.best if self.best > self.bound else 0.0
