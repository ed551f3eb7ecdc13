"""Groupings of areas."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AreaKind(StrEnum):
    COUNTRY = "country"
    AGGREGATE = "aggregate"


class AreaGrouping(StrEnum):
    """A way of dividing the world, with its own groups."""

    WORLD = "world"
    REGION = "region"
    ITU_REGION = "itu-region"
    M49 = "m49-region"
    INCOME = "income"
    DEVELOPMENT = "development"
    OTHER = "other"


GROUPING_NAMES: Mapping[AreaGrouping, Promise] = {
    AreaGrouping.WORLD: _("World"),
    AreaGrouping.REGION: _("Regions"),
    AreaGrouping.ITU_REGION: _("ITU regions"),
    AreaGrouping.M49: _("Continents and subregions (M49)"),
    AreaGrouping.INCOME: _("Income groups"),
    AreaGrouping.DEVELOPMENT: _("Development groups"),
    AreaGrouping.OTHER: _("Other groups"),
}


# Other groups of the World Bank that matter for a review of development.
DEVELOPMENT_TOO = frozenset({"SST", "HPC", "FCS"})
# A chart with more lines is unreadable; the table has them all.
LINES_IN_A_CHART = 9
CHARTED: tuple[AreaGrouping, ...] = (AreaGrouping.REGION, AreaGrouping.INCOME, AreaGrouping.DEVELOPMENT)


def asked_year(text: str) -> int | None:
    """Return the requested year, or None if the text is not a year."""
    is_year = text.isascii() and text.isdigit() and len(text) == 4  # noqa: PLR2004
    return int(text) if is_year else None
