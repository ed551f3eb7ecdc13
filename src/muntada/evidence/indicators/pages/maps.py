"""The map of an indicator: a year of an edition in classes, with a table."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.utils import translation
from django.utils.translation import gettext

from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Vintage
from muntada.evidence.indicators.queries.maps import RankedCountry
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.foundations.charts import numbers
from muntada.foundations.charts.canvas import ChartWords
from muntada.foundations.charts.classes import Classes, classes_of
from muntada.foundations.charts.maps import drawing, notices, sheet
from muntada.foundations.charts.maps.drawing import MapArea, MapWords
from muntada.foundations.charts.maps.world import WORLD, MapView, World

NAME = "world-map"


@dataclass(frozen=True)
class MapCountry:
    """A country in the table below the map."""

    code: str
    name: str
    rank: int
    value: float
    written: str
    number: int
    # The distance to the target, or that it is reached; empty without a target.
    to_target: str


@dataclass(frozen=True)
class LegendEntry:
    """A class of the legend: number, tone, range and number of areas."""

    number: int
    tone: int
    range: str
    count: int


@dataclass(frozen=True)
class IndicatorMap:
    """The data of a map page, picture or table."""

    indicator: Indicator
    vintage: Vintage
    year: int
    world: World
    view: MapView
    ranked: Sequence[RankedCountry]
    target: IndicatorTarget | None

    @cached_property
    def classes(self) -> Classes:
        """The classes, computed from all countries, so that they are the same in every view."""
        values = [one.value for one in self.ranked if one.value is not None]
        return classes_of(values, is_share="%" in self.indicator.units.get("en", ""))

    @cached_property
    def rows(self) -> list[MapCountry]:
        """The countries of the view with a value, highest first."""
        return [self._row(one, one.value) for one in self._shown if one.value is not None]

    @cached_property
    def without(self) -> list[RankedCountry]:
        return [one for one in self._shown if one.value is None]

    @cached_property
    def _shown(self) -> list[RankedCountry]:
        return [one for one in self.ranked if self.view.name == WORLD or one.code in self.view.members]

    def _row(self, one: RankedCountry, value: float) -> MapCountry:
        return MapCountry(
            code=one.code,
            name=one.name,
            rank=one.rank or 0,
            value=value,
            written=self._written[one.code],
            number=self.classes.class_of(value),
            to_target=_to_target(value, self.target) if self.target else "",
        )

    @cached_property
    def _written(self) -> Mapping[str, str]:
        language = translation.get_language() or "en"
        return {one.code: numbers.number(one.value, language) for one in self.ranked if one.value is not None}

    @property
    def not_drawn(self) -> list[MapCountry]:
        """The countries with a value but no place on the map."""
        return [row for row in self.rows if row.code not in self.world.shapes]

    @cached_property
    def legend(self) -> list[LegendEntry]:
        counts = Counter(row.number for row in self.rows)
        return [
            LegendEntry(
                number,
                drawing.tone_of(number, self.classes.count) + 1,
                _range(*self.classes.range_of(number)),
                counts[number],
            )
            for number in range(1, self.classes.count + 1)
        ]

    @property
    def members(self) -> int:
        return len(self._shown)

    @property
    def title(self) -> str:
        said = {"title": self.indicator.title_here, "unit": self.indicator.unit_here, "year": self.year}
        return (
            gettext("%(title)s, %(unit)s, %(year)s") % said
            if said["unit"]
            else f"{said['title']}, {self.year}"
        )

    @cached_property
    def svg(self) -> str:
        """The drawing in the language of the page."""
        return drawing.choropleth(
            self.world,
            self.view,
            {one.code: self._told(one) for one in self.ranked},
            count=self.classes.count,
            words=MapWords(
                language=translation.get_language() or "en",
                title=self.title,
                description=self._description,
                nobodys=gettext("No value: its status is not settled"),
            ),
            name=NAME,
        )

    @property
    def division(self) -> str:
        return notices.how_it_is_divided(in_steps=self.classes.in_steps)

    @property
    def file_name(self) -> str:
        region = "" if self.view.name == WORLD else f"-{self.view.name}"
        return f"{str(self.indicator.symbol).replace('/', '-')}-map-{self.year}{region}"

    def as_file(self) -> str:
        """Return the map as a file with source and notice."""
        words = ChartWords(translation.get_language() or "en", self.title, self._description)
        _, _, width, height = self.view.box
        legend = [sheet.Swatch(f"{one.range} ({one.count})", one.number, one.tone) for one in self.legend]
        legend.append(sheet.Swatch(f"{gettext('no data')} ({len(self.without)})"))
        said = {"source": self.vintage.source or gettext("not stated"), "label": self.vintage.label}
        foot = (
            gettext("Source: %(source)s, edition %(label)s.") % said + " " + self.division,
            notices.boundary_notice(),
            notices.how_it_is_drawn(self.world),
        )
        return sheet.as_svg(words, self.svg, height / width, legend, foot)

    def as_rows(self) -> list[dict[str, object]]:
        """Return the values of the map as table rows."""
        return [
            {
                "indicator": self.indicator.code,
                "area": row.code,
                "name": row.name,
                "year": self.year,
                "value": f"{row.value:.15g}",
                "unit": self.indicator.unit_here,
                "rank": row.rank,
                "class": row.number,
                "target": f"{self.target.value:.15g}" if self.target else "",
                "target_year": self.target.year if self.target else None,
                "source": str(self.vintage.source or ""),
                "edition": self.vintage.label,
                "retrieved": self.vintage.retrieved_date,
            }
            for row in self.rows
        ]

    def _told(self, one: RankedCountry) -> MapArea:
        if one.value is None:
            return MapArea(None, gettext("%(area)s: no data") % {"area": one.name})
        number = self.classes.class_of(one.value)
        said = {"area": one.name, "value": self._written[one.code], "class": number}
        return MapArea(number, gettext("%(area)s: %(value)s (class %(class)s)") % said)

    @property
    def _description(self) -> str:
        """Describe the map: the number of areas per class."""
        parts = [f"{one.number}: {one.range} ({one.count})" for one in self.legend]
        said = {"classes": "; ".join(parts), "without": len(self.without)}
        return (
            gettext("Countries by class, with how many are in each: %(classes)s. No data: %(without)s.")
            % said
        )


def _has_reached(value: float, target: IndicatorTarget) -> bool:
    if target.direction == BetterWhen.DOWN:
        return value <= target.value
    if target.direction == BetterWhen.PARITY:
        return value == target.value
    return value >= target.value


def _to_target(value: float, target: IndicatorTarget) -> str:
    """Return the signed distance to the target, or that it is reached."""
    if _has_reached(value, target):
        return gettext("reached")
    difference = value - target.value
    sign = "+" if difference > 0 else "−" if difference < 0 else ""
    return sign + numbers.difference(abs(difference), translation.get_language() or "en")


def _range(start: float | None, end: float | None) -> str:
    language = translation.get_language() or "en"
    low, high = (None if one is None else numbers.tick_label(one, language) for one in (start, end))
    if low is None and high is None:
        return gettext("all values")
    if low is None:
        return gettext("under %(end)s") % {"end": high}
    if high is None:
        return gettext("%(start)s and more") % {"start": low}
    return gettext("%(start)s to under %(end)s") % {"start": low, "end": high}
