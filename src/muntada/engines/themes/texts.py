"""What goes in: texts of people, and descriptions of what a text may be about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

type Progress = Callable[[float, str], None]
"""Told the share done and the step; may raise, to stop the work."""


@dataclass(frozen=True, slots=True)
class Text:
    """What somebody wrote; the id is whatever the caller knows it by, the language a code like "zh-hans"."""

    id: str
    language: str
    text: str


@dataclass(frozen=True, slots=True)
class Description:
    """A line, a goal or anything else that a text can be about: title and description, by language."""

    code: str
    texts: Mapping[str, str]


def quietly(_share: float, _step: str) -> None:
    """Report to nobody."""


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """Let a step report its own share as a part of the whole."""
    return lambda share, step: progress(start + (end - start) * share, step)
