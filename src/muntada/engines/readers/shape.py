"""The types of all readers: parts of a source in; observations and faults out, one at a time."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class ReadNature(StrEnum):
    """How a value was obtained, according to its source."""

    NOT_STATED = "not-stated"
    MEASURED = "measured"
    ESTIMATED = "estimated"
    PROJECTED = "projected"


@dataclass(frozen=True, slots=True)
class SourcePart:
    """A file, or a page of an API answer."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Record:
    """A row as in the source: its position (from 1), and its cells by column name."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class ReadObservation:
    """A value as stated by its source; `value` is None if the source states that there is none.

    `area` and `series` are the codes of the source. `breakdown` names the people or things the value is
    about, such as `female` or `female+rural`; `total` means all.
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
    nature: ReadNature = ReadNature.NOT_STATED
    note: str = ""
    file: str = ""


@dataclass(frozen=True, slots=True)
class RowRefusal:
    """The reason a row is rejected: its line, and a sentence marked for translation with its parameters."""

    line: int
    sentence: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    file: str = ""

    def __str__(self) -> str:
        return self.sentence % self.params


class SourceFault(Exception):
    """The reason a source cannot be read at all."""

    def __init__(
        self, sentence: str, params: Mapping[str, str | int] | None = None, line: int | None = None
    ) -> None:
        super().__init__(sentence, params)
        self.sentence = sentence
        self.params: dict[str, str | int] = dict(params or {})
        self.line = line

    def __str__(self) -> str:
        return self.sentence % self.params


type ReadItem = ReadObservation | RowRefusal


def shown(text: str) -> str:
    """Shorten a cell for a sentence, and make an empty one visible."""
    shortened = text if len(text) <= 40 else text[:39] + "…"  # noqa: PLR2004
    return f"“{shortened}”"
