"""The result: the choice, its proof, the price of each rule, and what each excluded request lacks."""

from dataclasses import dataclass
from enum import StrEnum

from muntada.engines.reasons import Reason
from muntada.engines.selection.problem import RuleState


class ChoiceStatus(StrEnum):
    OPTIMAL = "optimal"  # no choice that keeps all rules has a higher score
    FEASIBLE = "feasible"  # all rules are kept; a better choice may exist
    INFEASIBLE = "infeasible"  # no choice keeps all rules: see `conflict`
    UNKNOWN = "unknown"  # no choice was found with this effort, but one may exist


@dataclass(frozen=True, slots=True)
class ConditionMeasure:
    """A value measured by a condition, in its own unit: sessions, minutes, people or per cent.

    `slack` is the distance to the nearer bound, negative if it is broken. For a share of nothing,
    `value` is None and the line is satisfied.
    """

    group: str  # the group of the scheme, if the condition has a line per group
    value: float | None
    least: float | None
    most: float | None
    met: bool
    slack: float | None
    said: Reason


@dataclass(frozen=True, slots=True)
class ConditionResult:
    """The state of one condition for a choice, as computed by the checker."""

    condition: str
    state: RuleState
    met: bool
    lines: tuple[ConditionMeasure, ...]


class PriceCause(StrEnum):
    """The change that a price refers to."""

    LIFTED = "lifted"  # the rule, pin or veto is removed
    ENFORCED = "enforced"  # a rule that only warns becomes binding
    ONE_SESSION_MORE = "one-session-more"
    ONE_HOUR_MORE = "one-hour-more"  # of room time


@dataclass(frozen=True, slots=True)
class Price:
    """The increase of the optimal score after the change (decrease, if a rule becomes binding).

    `points` is exact if given; otherwise the price is between `least` and `most` (None: unknown). If a
    rule cannot be kept at all, `possible` is false.
    """

    condition: str
    change: PriceCause
    points: float | None
    least: float
    most: float | None
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    said: Reason
    possible: bool = True


@dataclass(frozen=True, slots=True)
class Excluded:
    """What it would take to include a request that was not chosen.

    `cost` is the score lost by including it: exact if given, otherwise between `least` and `most`. If
    no choice with it keeps the rules, it is None and `possible` is false. `needed` is the score with
    which it would equal the choice. `enter` and `leave` are the requests that would change with it.
    """

    request: str
    possible: bool
    cost: float | None
    least: float | None
    most: float | None
    needed: float | None
    enter: tuple[str, ...]
    leave: tuple[str, ...]
    against: tuple[str, ...]  # conditions broken by adding only this request to the choice
    without: tuple[str, ...]  # conditions whose change alone (see `Price`) brings it in
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Advance:
    """How much of a selection is exact so far."""

    requests: int
    requests_exact: int
    prices: int
    prices_exact: int
    effort: float  # deterministic seconds since the selection was made

    @property
    def is_complete(self) -> bool:
        return self.requests == self.requests_exact and self.prices == self.prices_exact


@dataclass(frozen=True, slots=True)
class RuleConflict:
    """Conditions that no choice keeps together.

    Without any one of them a choice exists (verified by solving again). `smallest`: no smaller set
    exists.
    """

    conditions: tuple[str, ...]
    smallest: bool
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class CountingFinding:
    """A result of counting alone."""

    kind: str  # impossible: no choice keeps all rules; supply, idle: for information
    reason: Reason
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SelectionAnswer:
    """`chosen` is in descending order of score; `waiting` is the order of the waiting list.

    `score` and `bound` are in points; `gap` is their difference as a share of the bound. Without a
    choice, `score` is None.
    """

    status: ChoiceStatus
    chosen: tuple[str, ...]
    score: float | None
    bound: float | None
    gap: float | None
    standings: tuple[ConditionResult, ...] = ()
    prices: tuple[Price, ...] = ()
    excluded: tuple[Excluded, ...] = ()
    waiting: tuple[str, ...] = ()
    conflict: RuleConflict | None = None
    findings: tuple[CountingFinding, ...] = ()
    seed: int = 1
    effort: float = 0.0  # deterministic seconds used
    halted: bool = False  # stopped by hand, so the amount of detail depends on when
