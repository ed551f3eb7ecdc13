"""The groups that are compared with the world."""

from muntada.evidence.models import Area
from muntada.evidence.rules.areas import AreaKind, Grouping


def main_groups() -> list[Area]:
    """Return the world, and the groups that make up theirs: of regions, income and development."""
    groupings = (
        Grouping.WORLD,
        Grouping.REGION,
        Grouping.ITU_REGION,
        Grouping.INCOME,
        Grouping.DEVELOPMENT,
    )
    every = Area.objects.filter(kind=AreaKind.AGGREGATE, grouping__in=groupings)
    return [area for area in every if area.is_main or area.grouping == Grouping.WORLD]
