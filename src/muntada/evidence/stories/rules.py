"""The structure of data stories, and figures in texts. Pure functions."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.foundations.errors import Refused
from muntada.people.rules import Role

STORY_ROLES = (Role.SECRETARIAT,)
TITLE_LENGTH = 200
LEAD_LENGTH = 600
TEXT_LENGTH = 4000
MOST_PARTS = 20
# More series cannot be distinguished in a chart.
MOST_SERIES = 9


class StoryShape(StrEnum):
    """How the numbers of a part are shown."""

    LINES = "lines"
    EDITIONS = "editions"
    TEXT = "text"


SHAPE_NAMES: Mapping[StoryShape, Promise] = {
    StoryShape.LINES: _("Over the years, as chart and table"),
    StoryShape.EDITIONS: _("What each edition says"),
    StoryShape.TEXT: _("Text alone"),
}


@dataclass(frozen=True)
class FigureRef:
    """A figure as written in a text; without an edition, that of the newest."""

    indicator: int
    area: str
    year: int
    breakdown: str = Breakdown.TOTAL
    edition: str = ""

    def __str__(self) -> str:
        edition = f" @{self.edition}" if self.edition else ""
        return f"{{D/{self.indicator} {self.area} {self.year} {self.breakdown}{edition}}}"


_FIGURE = re.compile(
    r"\{D/([1-9][0-9]{0,8}) ([A-Za-z0-9_-]{1,16}) ([0-9]{4})"
    r"(?: ([a-z][a-z0-9+_-]{0,199}))?(?: @([^{}\n]{1,80}))?\}"
)
_BRACED = re.compile(r"\{D[^{}\n]*\}")


def figures_in(text: str) -> tuple[FigureRef, ...]:
    """Return the distinct figures in a text, in order."""
    return tuple(dict.fromkeys(_reference(found) for found in _FIGURE.finditer(text)))


def with_figures(text: str, write: Callable[[FigureRef], str]) -> str:
    """Replace each figure in a text."""
    return _FIGURE.sub(lambda found: write(_reference(found)), text)


def _reference(found: re.Match[str]) -> FigureRef:
    number, area, year, breakdown, edition = found.groups()
    return FigureRef(
        int(number), area, int(year), breakdown or Breakdown.TOTAL.value, (edition or "").strip()
    )


def require_readable(text: str, field: str) -> None:
    """Refuse malformed figures."""
    for found in _BRACED.finditer(text):
        if not _FIGURE.fullmatch(found[0]):
            sentence = gettext(
                "%(figure)s cannot be read. A figure is written with its indicator, area and year, for "
                "example {D/1 WLD 2024}; a part of the people and an edition may follow: "
                "{D/1 WLD 2024 female @2025}."
            )
            raise Refused(sentence % {"figure": found[0]}, "figure-unreadable", field)


@dataclass(frozen=True)
class StorySlice:
    """The numbers of an indicator shown in a part."""

    areas: tuple[str, ...]
    breakdowns: tuple[str, ...]
    first_year: int | None = None
    last_year: int | None = None

    def holds(self, year: int) -> bool:
        return (self.first_year or year) <= year <= (self.last_year or year)


def require_drawable(shape: StoryShape, chosen: StorySlice, *, has_indicator: bool) -> None:
    """Refuse a slice that shows nothing, or too much."""
    if shape is StoryShape.TEXT:
        return
    if not has_indicator:
        raise Refused(gettext("Please choose an indicator, or text alone."), "story-slice", "indicator")
    if not chosen.areas:
        raise Refused(gettext("Please choose at least one area."), "story-slice", "areas")
    series = len(chosen.areas) * len(chosen.breakdowns)
    if series > MOST_SERIES:
        sentence = gettext(
            "These would be %(count)d lines; more than %(most)d cannot be told apart. Please choose fewer "
            "areas, or split the part in two."
        )
        raise Refused(sentence % {"count": series, "most": MOST_SERIES}, "story-slice", "areas")
    if chosen.first_year and chosen.last_year and chosen.first_year > chosen.last_year:
        raise Refused(gettext("The first year comes after the last one."), "story-slice", "last_year")
