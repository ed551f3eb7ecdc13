"""What came of a selection, as it is stored: the choice, what each rule costs, and what the others lack."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from muntada.programme.requests.rules.checks import RuleStrength


class SelectionStatus(StrEnum):
    """How sure the choice is. The values are those of the engine."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SelectionReason:
    """A sentence of the engine that is not translated yet, with its parameters."""

    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True)
class MeasuredLine:
    """One thing a rule measures. A share of nothing has no value and is met."""

    said: SelectionReason
    met: bool
    value: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class RuleResult:
    """How the choice stands to a rule, a capacity or a pin."""

    condition: str
    state: RuleStrength
    met: bool
    lines: tuple[MeasuredLine, ...] = ()


@dataclass(frozen=True)
class RulePrice:
    """What a change of a rule is worth: exact in `points`, or between `least` and `most`."""

    condition: str
    change: str
    said: SelectionReason
    points: float | None = None
    least: float | None = None
    most: float | None = None
    enter: tuple[str, ...] = ()
    leave: tuple[str, ...] = ()
    possible: bool = True


@dataclass(frozen=True)
class ExcludedRequest:
    """What a request lacks that was not chosen; `against` are the rules it would break by itself."""

    request: str
    possible: bool = True
    cost: float | None = None
    most: float | None = None
    against: tuple[str, ...] = ()
    reasons: tuple[SelectionReason, ...] = ()


@dataclass(frozen=True)
class StoredConflict:
    """Rules that no choice keeps together; `smallest`: no smaller set of them exists."""

    smallest: bool
    conditions: tuple[str, ...] = ()
    reasons: tuple[SelectionReason, ...] = ()


@dataclass(frozen=True)
class StoredFinding:
    """What counting alone shows."""

    reason: SelectionReason


@dataclass(frozen=True)
class SelectionChoice:
    """The choice alone, without what is known of each rule and each request: cheap to read.

    `score` and `bound` are in points, `gap` is their difference as a share. Without a choice there is
    no score. `waiting` is the order of the waiting list.
    """

    status: SelectionStatus
    chosen: tuple[str, ...] = ()
    waiting: tuple[str, ...] = ()
    score: float | None = None
    bound: float | None = None
    gap: float | None = None
    halted: bool = False

    @property
    def gap_in_percent(self) -> float:
        return round(100 * self.gap, 2) if self.gap else 0


@dataclass(frozen=True)
class SelectionResult(SelectionChoice):
    """All that is known of a selection. Some hundred requests: read it once for a page."""

    standings: tuple[RuleResult, ...] = ()
    prices: tuple[RulePrice, ...] = ()
    excluded: tuple[ExcludedRequest, ...] = ()
    conflict: StoredConflict | None = None
    findings: tuple[StoredFinding, ...] = ()

    @property
    def has_intervals(self) -> bool:
        """Whether a price is known only to lie between two figures."""
        return any(one.points is None and one.most is not None for one in self.prices)
