"""The result: placements, violations, score and bound."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import NamedTuple

from muntada.engines.reasons import in_english
from muntada.engines.timetable.problem import PlacementSpec


@dataclass(frozen=True, slots=True)
class TimetableReason:
    """A sentence for translation: a template with %(name)s placeholders, and its parameters.

    A template of two lines has a plural: the first line is the singular (`ngettext_noop`). The
    parameters `session`, `other`, `person`, `room`, `slot`, `track`, `line`, `group` and `organiser`
    are ids; `sessions`, `people` and `rooms` are ids joined by ", ". A caller may replace ids by names.
    """

    sentence: str
    params: Mapping[str, str | int]

    def __str__(self) -> str:
        return in_english(self.sentence, self.params)


class Tier(IntEnum):
    """Priorities: rules of an earlier tier are never traded for rules of a later one."""

    HARD = 0
    MOVE = 1
    WISH = 2
    FIT = 3


@dataclass(frozen=True, slots=True)
class Violation:
    """A broken rule: by whom, by how much (`amount` in the unit of the rule), and at what cost."""

    rule: str
    tier: Tier
    amount: int
    cost: int
    reason: TimetableReason
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()


class TimetableScore(NamedTuple):
    """A score, compared lexicographically; smaller is better."""

    locked_out: int  # locked sessions without a place
    unplaced: int
    moved: int  # published sessions away from their published place
    wishes: int  # cost of broken wishes about time
    fit: int  # cost of rooms that are too large


@dataclass(frozen=True, slots=True)
class TimetableAssessment:
    """The evaluation of a timetable."""

    score: TimetableScore
    violations: tuple[Violation, ...]
    unplaced: tuple[str, ...]

    @property
    def hard(self) -> tuple[Violation, ...]:
        return tuple(violation for violation in self.violations if violation.tier is Tier.HARD)


class PlanStatus(StrEnum):
    OPTIMAL = "optimal"  # no better timetable exists; `fit` is optimal for these slots
    FEASIBLE = "feasible"  # no hard rule is broken; a better timetable may exist


@dataclass(frozen=True, slots=True)
class UnplacedSpec:
    session: str
    reasons: tuple[TimetableReason, ...]


@dataclass(frozen=True, slots=True)
class TimetablePlan:
    """A timetable without broken hard rules, its evaluation, and what the solver proved.

    `bound` is a score that no timetable can beat. `gap` is the unproved share of the first value in
    which score and bound differ; 0 if optimal.
    """

    placements: tuple[PlacementSpec, ...]
    violations: tuple[Violation, ...]
    unplaced: tuple[UnplacedSpec, ...]
    score: TimetableScore
    bound: TimetableScore
    gap: float
    status: PlanStatus
    seed: int
    effort: float  # deterministic seconds used


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """Progress of the search: its tier, the best value so far, and the bound."""

    tier: str  # locks, places, moves, wishes
    best: int
    bound: int
    effort: float  # seconds of search so far; during a run CP-SAT reports only wall-clock seconds
    since: float = 0.0  # seconds since the last improvement
    moves: int = 0  # steps of the local search since the last improvement
    starts: Mapping[str, str] = field(default_factory=dict)  # of the best timetable so far: session -> slot

    @property
    def gap(self) -> float:
        """Return the share of the best value that is not proved; 0 if optimal."""
        return (self.best - self.bound) / self.best if self.best > self.bound else 0.0
