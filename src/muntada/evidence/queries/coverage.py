"""Whose numbers are looked through to say what is known."""

from muntada.evidence.models import Indicator, IndicatorTarget, Observation
from muntada.evidence.queries.indicators import weights_for
from muntada.evidence.rules.areas import AreaKind
from muntada.evidence.rules.observations import Breakdown
from muntada.forums.models import Forum


def indicators_in(forum: Forum) -> list[Indicator]:
    return list(Indicator.objects.filter(forum=forum).select_related("symbol__forum"))


def targets_in(forum: Forum) -> list[IndicatorTarget]:
    rows = IndicatorTarget.objects.filter(indicator__forum=forum).select_related("indicator__symbol__forum")
    return list(rows.order_by("indicator__symbol__number", "year"))


def people_in(forum: Forum, year: int) -> dict[str, float]:
    """Return the people of each country in the latest year up to one of which the forum knows them."""
    weighted = Indicator.objects.filter(forum=forum).exclude(weighted_by="").first()
    vintage = weights_for(weighted) if weighted else None
    if vintage is None:
        return {}
    rows = Observation.objects.filter(
        vintage=vintage, breakdown=Breakdown.TOTAL, area__kind=AreaKind.COUNTRY, year__lte=year
    ).order_by("area_id", "-year")
    return dict(rows.distinct("area_id").values_list("area__code", "value"))
