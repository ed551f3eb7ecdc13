"""What comes out when it is known who speaks: raw and weighted shares side by side, group by group.

Plain values; the lists of statements run parallel to those of the opinion map. What is "withheld" stands for
too few people, or would tell by subtraction what too few people said.
"""

from dataclasses import dataclass
from typing import Literal

from muntada.engines.opinion.intervals import Estimate
from muntada.engines.reasons import Reason

type Standing = Literal["shown", "withheld", "not heard"]


@dataclass(frozen=True, slots=True)
class Shares:
    """What people say of a statement; `votes` is their number, effective where they are weighted."""

    agree: Estimate
    disagree: Estimate
    passed: Estimate
    votes: float


@dataclass(frozen=True, slots=True)
class Margin:
    """One category against its target share.

    `target` is the share asked for, `aim` the one that remains when those not heard are left aside; `raw`
    and `achieved` are the shares without and with weights, of all who are in a category with a target.
    `people` and `raw` are None where they are withheld, all four are None for who is not heard.
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
    """How people were weighted, and what it cost.

    `effective_size` unweighted people would say as much as these `people`; `design_effect` is the factor
    between them. `capped` people stand at the `cap`, which is counted in medians. `reasons` say in words
    what could not be met and who was not heard. Where a group is withheld, these two are rounded, and
    `capped` and `largest_weight` are None.
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
class DeclaredGroup:
    """A group by declaration, such as governments; `people` is None where it is withheld.

    `target` is its share in the whole among those heard, if one was set.
    """

    category: str
    standing: Standing
    people: int | None
    target: float | None


@dataclass(frozen=True, slots=True)
class Dimension:
    """A way in which people said who they are, such as stakeholder group or region.

    `undeclared` voted without saying, None where they are too few to be told.
    """

    name: str
    groups: tuple[DeclaredGroup, ...]
    undeclared: int | None


@dataclass(frozen=True, slots=True)
class DeclaredVotes:
    """The votes of a declared group on one statement; None throughout where they are withheld.

    `pooled` is the share that agrees when the group's few votes lean on what is known of the statement and
    of the group; `pooled_against` the same of disagreeing.
    """

    category: str
    standing: Standing
    agree: int | None
    disagree: int | None
    passed: int | None
    pooled: Estimate | None
    pooled_against: Estimate | None


@dataclass(frozen=True, slots=True)
class DimensionVotes:
    """One statement over the groups of one dimension.

    `population` is the mean of the pooled shares by the target shares (None without targets). Over the
    groups that are shown: `together`, the geometric mean of (A+1)/(S+2), and `least`, the lowest share of
    agreement; both None with fewer than two. `kernel` and `neutral` are the scores of what unites with the
    groups counting by their target shares, or alike (None where nothing is scored).
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
    """One statement as it was voted on, as it would be with the weights, and by declared group."""

    id: str
    raw: Shares
    weighted: Shares | None
    by_dimension: tuple[DimensionVotes, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """Who was heard, how they were weighted, and what they say; `weighting` is None without weights."""

    smallest: int
    weighting: Weighting | None
    dimensions: tuple[Dimension, ...]
    statements: tuple[StatementVoices, ...]
