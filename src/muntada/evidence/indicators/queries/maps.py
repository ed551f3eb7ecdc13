"""The data of a map: all countries in one year of an edition."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count

from muntada.evidence.areas.models import Area, area_name
from muntada.evidence.areas.rules import AreaKind
from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Vintage
from muntada.evidence.indicators.queries.areas import values_in
from muntada.evidence.indicators.rules.observations import Breakdown


def editions_with_series(indicator: Indicator) -> list[Vintage]:
    """Return the editions with a whole series, oldest first."""
    whole = indicator.vintages.filter(dimension="", withdrawn_at=None).exclude(file_digest="")
    return list(whole.select_related("source"))


def years_of(vintage: Vintage) -> dict[int, int]:
    """Return the years with values of countries, and their number, newest first."""
    rows = vintage.observations.filter(area__kind=AreaKind.COUNTRY, breakdown=Breakdown.TOTAL)
    return dict(
        rows.order_by("-year").values("year").annotate(areas=Count("pk")).values_list("year", "areas")
    )


def year_to_show(years: Mapping[int, int]) -> int | None:
    """Return the newest year with at least half as many countries as the fullest year."""
    fullest = max(years.values(), default=0)
    return max((year for year, areas in years.items() if 2 * areas >= fullest), default=None)


def target_for(indicator: Indicator, year: int) -> IndicatorTarget | None:
    """Return the next target from a year on, or the last one."""
    targets = list(indicator.targets.all())
    ahead = (one for one in targets if one.year >= year)
    return next(ahead, targets[-1] if targets else None)


@dataclass(frozen=True)
class RankedCountry:
    """A country with its value and rank in a year; ties share a rank."""

    code: str
    name: str
    value: float | None
    rank: int | None


def ranked_in(vintage: Vintage, year: int) -> list[RankedCountry]:
    """Return every country, highest value first; those without one last, by name."""
    values = values_in(vintage, year)
    countries = Area.objects.filter(kind=AreaKind.COUNTRY).order_by()
    named = [(one[0], area_name(*one)) for one in countries.values_list("code", "alpha2", "m49", "titles")]
    ranks = ranks_of(sorted(values.values(), reverse=True))
    ranked = [
        RankedCountry(code, name, values.get(code), ranks.get(values.get(code))) for code, name in named
    ]
    return sorted(ranked, key=lambda one: (one.value is None, -(one.value or 0), one.name))


def ranks_of(falling: Sequence[float]) -> dict[float | None, int]:
    """Return the rank of each value, the highest first."""
    ranks: dict[float | None, int] = {}
    for place, value in enumerate(falling, start=1):
        ranks.setdefault(value, place)
    return ranks
