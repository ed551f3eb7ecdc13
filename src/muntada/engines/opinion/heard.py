"""Results when the groups of the voters are known: raw and weighted shares, and shares by declared group.

All values are plain. Lists of statements are parallel to those of the opinion map. A withheld value
would describe too few people, or would let a reader compute such a value by subtraction.
"""

from dataclasses import dataclass
from typing import Literal

from muntada.engines.opinion.intervals import Estimate
from muntada.engines.reasons import Reason

type ShownState = Literal["shown", "withheld", "not heard"]


@dataclass(frozen=True, slots=True)
class Shares:
    """Shares of the answers to a statement; `votes` is their number, or the effective number if weighted."""

    agree: Estimate
    disagree: Estimate
    passed: Estimate
    votes: float


@dataclass(frozen=True, slots=True)
class Margin:
    """One category compared with its target share.

    `target` is the share asked for; `aim` is the share after categories without voters are removed.
    `raw` and `achieved` are the shares without and with weights among all people in a category with a
    target. `people` and `raw` are None if withheld; all four are None for a category without voters.
    """

    dimension: str
    category: str
    heard: bool
    people: int | None
    target: float
    aim: float | None
    raw: float | None
    achieved: float | None


@dataclass(frozen=True, slots=True)
class Weighting:
    """The weights of the voters and their cost.

    `effective_size` is the number of unweighted people that give the same precision; `design_effect` is
    `people` divided by it. `capped` is the number of people at the `cap`, a multiple of the median
    weight. `reasons` explains which targets could not be met and which categories had no voters. If a
    group is withheld, these two numbers are rounded, and `capped` and `largest_weight` are None.
    """

    people: int
    effective_size: float
    design_effect: float
    cap: float
    capped: int | None
    largest_weight: float | None
    largest_error: float
    converged: bool
    rounds: int
    margins: tuple[Margin, ...]
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class HeardGroup:
    """A declared group, such as governments; `people` is None if withheld.

    `target` is its share among the groups with voters, if a target was set.
    """

    category: str
    standing: ShownState
    people: int | None
    target: float | None


@dataclass(frozen=True, slots=True)
class WeightingDimension:
    """A classification that people declared, such as stakeholder group or region.

    `undeclared` is the number who voted without declaring, or None if withheld.
    """

    name: str
    groups: tuple[HeardGroup, ...]
    undeclared: int | None


@dataclass(frozen=True, slots=True)
class DeclaredVotes:
    """The votes of a declared group on one statement; all values are None if withheld.

    `pooled` is the share that agrees after partial pooling with the statement and the group (see
    `pooling`); `pooled_against` is the same for disagreeing.
    """

    category: str
    standing: ShownState
    agree: int | None
    disagree: int | None
    passed: int | None
    pooled: Estimate | None
    pooled_against: Estimate | None


@dataclass(frozen=True, slots=True)
class DimensionVotes:
    """One statement over the groups of one dimension.

    `population` is the mean of the pooled shares weighted by the targets (None without targets). Over
    the groups shown, `together` is the geometric mean of (A+1)/(S+2) and `least` the lowest share of
    agreement; both are None for fewer than two groups. `kernel` and `neutral` are the scores without
    groups, with the declared groups weighted by their targets, or equally (None if nothing is scored).
    """

    dimension: str
    groups: tuple[DeclaredVotes, ...]
    population: Estimate | None
    population_against: Estimate | None
    together: float | None
    together_against: float | None
    least: Estimate | None
    least_against: Estimate | None
    kernel: float | None = None
    kernel_against: float | None = None
    neutral: float | None = None


@dataclass(frozen=True, slots=True)
class StatementVoices:
    """One statement: raw shares, weighted shares, and shares by declared group."""

    id: str
    raw: Shares
    weighted: Shares | None
    by_dimension: tuple[DimensionVotes, ...]


@dataclass(frozen=True, slots=True)
class WeightedHearing:
    """Who took part, how they were weighted, and the results; `weighting` is None without weights."""

    smallest: int
    weighting: Weighting | None
    dimensions: tuple[WeightingDimension, ...]
    statements: tuple[StatementVoices, ...]
