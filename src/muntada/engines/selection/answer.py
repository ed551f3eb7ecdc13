"""What comes out: who is chosen, what is proved, what each rule costs, and what it would take to be in."""

from dataclasses import dataclass
from enum import StrEnum

from muntada.engines.reasons import Reason
from muntada.engines.selection.problem import State


class Status(StrEnum):
    OPTIMAL = "optimal"  # no choice that keeps all rules has a higher score
    FEASIBLE = "feasible"  # it keeps all rules; a better one is not ruled out
    INFEASIBLE = "infeasible"  # no choice keeps all rules: see `conflict`
    UNKNOWN = "unknown"  # none was found with this effort, and none ruled out


@dataclass(frozen=True, slots=True)
class Line:
    """One thing a condition measures, in its own unit: sessions, minutes, people or per cent.

    `slack` is the distance to the nearer bound, negative where it is broken. Where a share of nothing is
    asked for, `value` is None and the line is met.
    """

    group: str  # which group of the scheme, where the condition has a line for each
    value: float | None
    least: float | None
    most: float | None
    met: bool
    slack: float | None
    said: Reason


@dataclass(frozen=True, slots=True)
class Standing:
    """How a choice stands to one condition, as the checker counts it."""

    condition: str
    state: State
    met: bool
    lines: tuple[Line, ...]


class Change(StrEnum):
    """What a price is the price of."""

    LIFTED = "lifted"  # the rule, pin or veto is not there
    ENFORCED = "enforced"  # a rule that only warns may not be broken
    ONE_SESSION_MORE = "one-session-more"
    ONE_HOUR_MORE = "one-hour-more"  # of rooms


@dataclass(frozen=True, slots=True)
class Price:
    """How much higher the highest score would be after the change (lower, where a rule is enforced).

    `points` is exact where it is given; else the price lies between `least` and `most` (None: nothing is
    known, or for a rule to be enforced, that no choice may keep it: `possible` says so).
    """

    condition: str
    change: Change
    points: float | None
    least: float
    most: float | None
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    said: Reason
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Excluded:
    """What it would take to have a request in that is not.

    `cost` is what the score would lose if it had to be in, exact where it is given, else between `least` and
    `most`; None with `possible` false: no choice that keeps the rules has it. `needed` is the score with
    which it would stand equal to the choice. `enter` and `leave` are who would come and go with it.
    """

    request: str
    possible: bool
    cost: float | None
    least: float | None
    most: float | None
    needed: float | None
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    against: tuple[str, ...]  # conditions that it alone, added to the choice, would break
    without: tuple[str, ...]  # conditions whose change alone (see `Price`) brings it into the choice found
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """How much of what a selection says is exact by now; of one that no choice can have all is known."""

    requests: int
    requests_exact: int
    prices: int
    prices_exact: int
    effort: float  # deterministic seconds since the selection was made

    @property
    def is_complete(self) -> bool:
        return self.requests == self.requests_exact and self.prices == self.prices_exact


@dataclass(frozen=True, slots=True)
class Conflict:
    """Conditions that no choice keeps together.

    With any one of them less there is a choice: re-solved to be sure. `smallest`: there is no smaller set.
    """

    conditions: tuple[str, ...]
    smallest: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that counting alone shows."""

    kind: str  # impossible: no choice keeps all rules; supply, idle: worth knowing
    reason: Reason
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Selection:
    """`chosen` by score, the highest first; `waiting` in the order in which they would come in.

    `score` and `bound` are in points; `gap` is their difference as a share of the bound. Without a choice
    `score` is None.
    """

    status: Status
    chosen: tuple[str, ...]
    score: float | None
    bound: float | None
    gap: float | None
    standings: tuple[Standing, ...] = ()
    prices: tuple[Price, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    waiting: tuple[str, ...] = ()
    conflict: Conflict | None = None
    findings: tuple[Finding, ...] = ()
    seed: int = 1
    effort: float = 0.0  # deterministic seconds used
    halted: bool = False  # ended by hand: how much is worked out depends on when
