"""What an area can be, and by which groups the world is divided."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class AreaKind(StrEnum):
    COUNTRY = "country"
    AGGREGATE = "aggregate"


class Grouping(StrEnum):
    """A way of dividing the world; each has its own aggregates."""

    WORLD = "world"
    REGION = "region"
    ITU_REGION = "itu-region"
    M49 = "m49-region"
    INCOME = "income"
    DEVELOPMENT = "development"
    OTHER = "other"


GROUPING_NAMES: Mapping[Grouping, Promise] = {
    Grouping.WORLD: _("World"),
    Grouping.REGION: _("Regions"),
    Grouping.ITU_REGION: _("ITU regions"),
    Grouping.M49: _("Continents and subregions (M49)"),
    Grouping.INCOME: _("Income groups"),
    Grouping.DEVELOPMENT: _("Development groups"),
    Grouping.OTHER: _("Other groups"),
}


# What the World Bank lists among its other groups and a review of development asks for.
DEVELOPMENT_TOO = frozenset({"SST", "HPC", "FCS"})
# A chart with more lines than this cannot be read; the table holds them all.
LINES_IN_A_CHART = 9
CHARTED: tuple[Grouping, ...] = (Grouping.REGION, Grouping.INCOME, Grouping.DEVELOPMENT)


def asked_year(text: str) -> int | None:
    """Return the year somebody asked for, or none where that is no year."""
    is_year = text.isascii() and text.isdigit() and len(text) == 4  # noqa: PLR2004
    return int(text) if is_year else None
