"""What every reader takes and gives: parts of a source in, observations and faults out, one by one."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Nature(StrEnum):
    """How a value came about, as far as its source says."""

    NOT_STATED = "not-stated"
    MEASURED = "measured"
    ESTIMATED = "estimated"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class Part:
    """One file, or one page of an interface's answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """One row as its source writes it: where it stands (from 1), and its cells by column name."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as its source states it; `value` is None where it states that there is none.

    `area` and `series` are the source's own codes. `breakdown` names the part of the people or things the
    value is about, such as `female` or `female+rural`, and is `total` for all.
    """

    line: int
    series: str
    series_name: str
    unit: str
    area: str
    area_name: str
    year: int
    breakdown: str
    value: float | None
    nature: Nature = Nature.NOT_STATED
    note: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a row is refused: its line, and a marked sentence with named places."""

    line: int
    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    file: str = ""

    def __str__(self) -> str:
        return self.sentence % self.params


class SourceFault(Exception):
    """Why a source cannot be read at all."""

    def __init__(
        self, sentence: str, params: Mapping[str, str | int] | None = None, line: int | None = None
    ) -> None:
        super().__init__(sentence, params)
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})
        self.line = line

    def __str__(self) -> str:
        return self.sentence % self.params


type Found = Observation | Fault


def shown(text: str) -> str:
    """Return a cell short enough for a sentence, and visible when it is empty."""
    shortened = text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004
    return f"“{shortened}”"
