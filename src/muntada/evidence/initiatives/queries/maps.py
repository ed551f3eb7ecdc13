"""Initiatives by country and by scope."""

from dataclasses import dataclass

from babel import Locale
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.utils import translation

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import SCOPE_NAMES, InitiativeScope


@dataclass(frozen=True)
class InCountry:
    """The number of initiatives in a country, by ISO 3166 two-letter code."""

    alpha2: str
    name: str
    count: int


def initiatives_by_country(chosen: QuerySet[Initiative]) -> list[InCountry]:
    """Count initiatives by named country, largest first."""
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
    """The number of initiatives of a scope, and how many name no country."""

    scope: str
    name: str
    count: int
    nowhere: int


def initiatives_by_reach(chosen: QuerySet[Initiative]) -> list[Reach]:
    nowhere = Count("pk", filter=Q(country="", also_in=Value([])))
    rows = chosen.order_by().values("scope").annotate(count=Count("pk"), nowhere=nowhere)
    counted = {scope: (count, none) for scope, count, none in rows.values_list("scope", "count", "nowhere")}
    return [Reach(one, str(SCOPE_NAMES[one]), *counted[one]) for one in InitiativeScope if one in counted]
