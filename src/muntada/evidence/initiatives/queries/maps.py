"""Initiatives by country and by reach."""

from dataclasses import dataclass

from babel import Locale
from django.db.models import CharField, Count, F, Func, Q, QuerySet, Value
from django.utils import translation

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.rules import SCOPE_NAMES, Scope


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
