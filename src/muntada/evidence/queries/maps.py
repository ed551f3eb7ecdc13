"""What a map shows: the numbers of all countries in one year of one edition, and initiatives by country."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel import Locale
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.utils import translation

from muntada.evidence.models import Area, Indicator, IndicatorTarget, Initiative, Vintage
from muntada.evidence.models.areas import area_name
from muntada.evidence.queries.areas import values_in
from muntada.evidence.rules.areas import AreaKind
from muntada.evidence.rules.initiatives import SCOPE_NAMES, Scope
from muntada.evidence.rules.observations import Breakdown


def editions_with_series(indicator: Indicator) -> list[Vintage]:
    """Return the editions that hold a whole series, the oldest first."""
    whole = indicator.vintages.filter(dimension="", withdrawn_at=None).exclude(file_digest="")
    return list(whole.select_related("source"))


def years_of(vintage: Vintage) -> dict[int, int]:
    """Return the years in which an edition has numbers of countries, with how many, the newest first."""
    rows = vintage.observations.filter(area__kind=AreaKind.COUNTRY, breakdown=Breakdown.TOTAL)
    return dict(
        rows.order_by("-year").values("year").annotate(areas=Count("pk")).values_list("year", "areas")
    )


def year_to_show(years: Mapping[int, int]) -> int | None:
    """Return the newest year that at least half as many countries have as the fullest year."""
    fullest = max(years.values(), default=0)
    return max((year for year, areas in years.items() if 2 * areas >= fullest), default=None)


def target_for(indicator: Indicator, year: int) -> IndicatorTarget | None:
    """Return the next target from a year on, or the last one."""
    targets = list(indicator.targets.all())
    ahead = (one for one in targets if one.year >= year)
    return next(ahead, targets[-1] if targets else None)


@dataclass(frozen=True)
class Ranked:
    """A country with its value in one year and its rank among all that have one; equals share a rank."""

    code: str
    name: str
    value: float | None
    rank: int | None


def ranked_in(vintage: Vintage, year: int) -> list[Ranked]:
    """Return every country, the highest value first; those without one come last, by name."""
    values = values_in(vintage, year)
    countries = Area.objects.filter(kind=AreaKind.COUNTRY).order_by()
    named = [(one[0], area_name(*one)) for one in countries.values_list("code", "alpha2", "m49", "titles")]
    ranks = ranks_of(sorted(values.values(), reverse=True))
    ranked = [Ranked(code, name, values.get(code), ranks.get(values.get(code))) for code, name in named]
    return sorted(ranked, key=lambda one: (one.value is None, -(one.value or 0), one.name))


def ranks_of(falling: Sequence[float]) -> dict[float | None, int]:
    """Return the rank of each value, the highest being first."""
    ranks: dict[float | None, int] = {}
    for place, value in enumerate(falling, start=1):
        ranks.setdefault(value, place)
    return ranks


@dataclass(frozen=True)
class InCountry:
    """How many initiatives name a country, by its two letters of ISO 3166."""

    alpha2: str
    name: str
    count: int


def initiatives_by_country(chosen: QuerySet[Initiative]) -> list[InCountry]:
    """Count initiatives in every country they name, the country with most first."""
    everywhere = Func(
        Func(F("also_in"), F("country"), function="array_append"),
        function="unnest",
        output_field=CharField(),
    )
    rows = chosen.order_by().annotate(named=everywhere).values("named").annotate(count=Count("pk"))
    counts = {code: count for code, count in rows.values_list("named", "count") if code}
    names = Locale.parse(translation.get_language() or "en", sep="-").territories
    found = [InCountry(alpha2, str(names.get(alpha2, alpha2)), count) for alpha2, count in counts.items()]
    return sorted(found, key=lambda one: (-one.count, one.name))


@dataclass(frozen=True)
class Reach:
    """How many initiatives reach so far, and how many of them name no country."""

    scope: str
    name: str
    count: int
    nowhere: int


def initiatives_by_reach(chosen: QuerySet[Initiative]) -> list[Reach]:
    nowhere = Count("pk", filter=Q(country="", also_in=Value([])))
    rows = chosen.order_by().values("scope").annotate(count=Count("pk"), nowhere=nowhere)
    counted = {scope: (count, none) for scope, count, none in rows.values_list("scope", "count", "nowhere")}
    return [Reach(one, str(SCOPE_NAMES[one]), *counted[one]) for one in Scope if one in counted]
