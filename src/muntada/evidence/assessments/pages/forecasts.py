"""Page objects for the forecast of one area: chart, description and past accuracy."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaKind
from muntada.evidence.assessments.adapter.forecasts import BACK
from muntada.evidence.assessments.adapter.results import result_parts
from muntada.evidence.assessments.adapter.store import StoredRow
from muntada.evidence.assessments.queries import Inputs
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import IndicatorTarget
from muntada.evidence.indicators.queries.indicators import WORLD
from muntada.foundations.charts import numbers
from muntada.foundations.charts.canvas import ChartWords
from muntada.foundations.charts.fans import Fan, fan_chart

# A smaller shortfall of coverage is attributed to chance.
SLACK = 0.05

type Ahead = tuple[int, float, float | None, float | None]


@dataclass(frozen=True)
class ShownForecast:
    """The path of an area to a target: values, forecasts and interval."""

    area: Area
    areas: tuple[tuple[str, str], ...]
    points: tuple[tuple[int, float], ...]
    ahead: tuple[Ahead, ...]
    level: float
    curve: str
    tried: Sequence[StoredRow]
    back: int
    chart: str
    is_country: bool

    @property
    def last(self) -> Ahead:
        return self.ahead[-1]

    @property
    def is_narrow(self) -> bool:
        """Return whether the interval covered clearly fewer past cases than it claims."""
        held = [one["covered"] for one in self.tried if one["covered"] is not None]
        return any(one < self.level - SLACK for one in held)


def forecast_page(
    inputs: Inputs, target: IndicatorTarget, asked: str, areas: Mapping[str, Area]
) -> ShownForecast | None:
    """Return the forecast of the requested area, else of the world, else of the first.

    `areas` are the assessed ones, by code.
    """
    asked = asked if asked in areas else WORLD
    head, part = result_parts(inputs, ResultKind.FORECAST, (HEAD, _of(asked)), target)
    where = [code for one in head["parts"].values() for code in one["codes"] if code in areas]
    if not where:
        return None
    code = next(one for one in (asked, WORLD, *where) if one in where)
    if code != asked:
        (part,) = result_parts(inputs, ResultKind.FORECAST, (_of(code),), target)
    side = head["parts"][part["part"]]
    points = tuple((year, value) for year, value in part["points"])
    ahead = tuple(
        (year, middle, low, high) for year, middle, low, high in part["ahead"] if middle is not None
    )
    return ShownForecast(
        area=areas[code],
        areas=_named({one: areas[one] for one in where}),
        points=points,
        ahead=ahead,
        level=head["level"],
        curve=_curve(side["curve"]),
        tried=side["tried"],
        back=BACK,
        chart=_chart(target, areas[code], points, ahead),
        is_country=areas[code].kind == AreaKind.COUNTRY,
    )


HEAD = ("head",)


def _of(code: str) -> tuple[str, str]:
    return "areas", code


def _named(areas: Mapping[str, Area]) -> tuple[tuple[str, str], ...]:
    """Return codes and names: groups first, then countries by name."""
    named = [
        (area.kind == AreaKind.COUNTRY, area.position, area.name_here, code) for code, area in areas.items()
    ]
    named.sort(key=lambda one: (one[0], 0 if one[0] else one[1], one[2]))
    return tuple((code, name) for _, _, name, code in named)


def _curve(name: str) -> str:
    return {
        "logistic": gettext("a saturating curve (logistic), which never passes the end of the scale"),
        "growth": gettext("a steady rate of growth"),
        "straight": gettext("a straight line"),
    }.get(name, name)


def _chart(
    target: IndicatorTarget, area: Area, points: Sequence[tuple[int, float]], ahead: Sequence[Ahead]
) -> str:
    language = get_language() or "en"
    fan = Fan(tuple(points), tuple(ahead), (target.year, target.value))
    value = numbers.figure(target.value, language)
    named = gettext("%(value)s by %(year)s") % {"value": value, "year": target.year}
    year, middle, low, high = ahead[-1]
    facts = {
        "area": area.name_here,
        "first": points[0][0],
        "last": points[-1][0],
        "year": year,
        "middle": numbers.figure(middle, language),
    }
    title = gettext("%(area)s, %(first)s to %(last)s, and what is expected until %(year)s") % facts
    if low is None or high is None:
        told = gettext("Expected in %(year)s: %(middle)s, without an interval.") % facts
    else:
        ends = {"low": numbers.figure(low, language), "high": numbers.figure(high, language)}
        told = gettext("Expected in %(year)s: %(middle)s, between %(low)s and %(high)s.") % (facts | ends)
    words = ChartWords(language, title, told)
    return fan_chart(fan, language, named).on_page(words, f"{target.indicator.symbol.number}-forecast")
