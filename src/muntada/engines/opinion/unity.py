"""Scores of the statements that unite, divide or leave people unsure, and the lists made from them."""

from dataclasses import dataclass
from typing import Literal

from muntada.engines.opinion.intervals import Estimate

type VoteSide = Literal["agree", "disagree"]


@dataclass(frozen=True, slots=True)
class UnityScores:
    """How far a statement unites people in one direction, by four measures.

    `kernel` is the mean along the first axis and needs no groups; `product` is the group-aware
    consensus; `least` is the lowest share over the groups; `plain` is the consensus measure over
    everybody.
    """

    kernel: float
    product: float
    least: Estimate
    plain: float


@dataclass(frozen=True, slots=True)
class Scores:
    """All scores of a statement.

    `neutral` is the vote, from -1 to 1, that the factor model expects of a person without leaning.
    `divides` is the difference between the two groups furthest apart, less its error; `spread` is the
    range of agreement along the first axis; `passed` is the share of passes.
    """

    agree: UnityScores
    disagree: UnityScores
    neutral: float
    divides: float
    spread: float
    passed: Estimate


@dataclass(frozen=True, slots=True)
class Uniting:
    """A statement that unites; `backed` says that the factor model also scores it highly.

    If it does not, check further: one side may be over-represented, or people may have acted together.
    """

    statement: str
    direction: VoteSide
    score: float
    product: float
    least: Estimate
    neutral: float
    backed: bool


@dataclass(frozen=True, slots=True)
class Dividing:
    """A statement that divides two groups: the one that agrees most and the one that agrees least, if any."""

    statement: str
    score: float
    most: int | None
    least: int | None


@dataclass(frozen=True, slots=True)
class Unsure:
    """A statement with an unusually large share of passes."""

    statement: str
    passed: Estimate


@dataclass(frozen=True, slots=True)
class Findings:
    """The lists; a statement needs at least `enough_seen` votes to be listed."""

    enough_seen: int
    unites: tuple[Uniting, ...]
    divides: tuple[Dividing, ...]
    unsure: tuple[Unsure, ...]
