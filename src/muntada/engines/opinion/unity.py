"""What unites, what divides, what leaves people unsure: scores of statements, and the lists made of them."""

from dataclasses import dataclass
from typing import Literal

from muntada.engines.opinion.intervals import Estimate

type Direction = Literal["agree", "disagree"]


@dataclass(frozen=True, slots=True)
class Side:
    """How far a statement unites people in one direction, by four measures.

    `kernel` is the mean along the first axis and needs no groups; `product` is the group-aware consensus;
    `least` is the lowest share over the groups; `plain` is the measure of the consensus over everybody.
    """

    kernel: float
    product: float
    least: Estimate
    plain: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of a statement.

    `neutral` is the vote, from -1 to 1, that the factor model expects of somebody without leaning. `divides`
    is by how much the groups furthest apart differ for sure, `spread` how much the share of agreement varies
    along the first axis; `passed` is the share of those who passed.
    """

    agree: Side
    disagree: Side
    neutral: float
    divides: float
    spread: float
    passed: Estimate


@dataclass(frozen=True, slots=True)
class Uniting:
    """A statement that unites; `backed` says that it is high by the factor model too.

    Where it is not, look closer: people of one side may have been many, or may have acted together.
    """

    statement: str
    direction: Direction
    score: float
    product: float
    least: Estimate
    neutral: float
    backed: bool


@dataclass(frozen=True, slots=True)
class Dividing:
    """A statement on which two groups are far apart: which agrees most, which least; None without groups."""

    statement: str
    score: float
    most: int | None
    least: int | None


@dataclass(frozen=True, slots=True)
class Unsure:
    """A statement that more people pass on than on others."""

    statement: str
    passed: Estimate


@dataclass(frozen=True, slots=True)
class Findings:
    """The lists; only statements with at least `enough_seen` votes are in them."""

    enough_seen: int
    unites: tuple[Uniting, ...]
    divides: tuple[Dividing, ...]
    unsure: tuple[Unsure, ...]
