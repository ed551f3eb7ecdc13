"""The input: texts of people, and descriptions of subjects."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

type ReportThemes = Callable[[float, str], None]
"""Called with the share done and the step; may raise to stop the work."""


@dataclass(frozen=True, slots=True)
class IdentifiedText:
    """A text by a person; `id` is opaque, `language` a code such as "zh-hans"."""

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Description:
    """A line, goal or other subject: title and description, by language."""

    code: str
    texts: Mapping[str, str]


def quietly(_share: float, _step: str) -> None:
    """Report nothing."""


def part_of(progress: ReportThemes, start: float, end: float) -> ReportThemes:
    """Return a callback that maps a step's own progress to a part of the whole."""
    return lambda share, step: progress(start + (end - start) * share, step)
