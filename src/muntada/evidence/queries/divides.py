"""The numbers of all countries at once, as a comparison between them needs them."""

from collections.abc import Iterable

from muntada.evidence.models import Area, Vintage
from muntada.evidence.rules.areas import AreaKind, Grouping
from muntada.evidence.rules.observations import Breakdown

type Cells = Iterable[tuple[str, int, float]]


def countries() -> dict[str, str]:
    """Return every country's code with that of its region, empty where it has none."""
    return dict(Area.objects.filter(kind=AreaKind.COUNTRY).order_by("code").values_list("code", "region"))


def country_cells(vintage: Vintage) -> Cells:
    """Return code, year and value of all countries in an edition."""
    rows = vintage.observations.filter(area__kind=AreaKind.COUNTRY, breakdown=Breakdown.TOTAL)
    return rows.order_by().values_list("area__code", "year", "value").iterator(chunk_size=5000)


def main_groups() -> list[Area]:
    """Return the world, and the regions, income and development groups that make up theirs."""
    groupings = (Grouping.WORLD, Grouping.REGION, Grouping.INCOME, Grouping.DEVELOPMENT)
    every = Area.objects.filter(kind=AreaKind.AGGREGATE, grouping__in=groupings)
    return [area for area in every if area.is_main or area.grouping == Grouping.WORLD]
