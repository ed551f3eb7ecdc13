"""Breakdowns and natures of observations."""

from collections.abc import Mapping
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muntada.people.rules import Role


class Breakdown(StrEnum):
    """The part of the people an observation is about."""

    TOTAL = "total"
    FEMALE = "female"
    MALE = "male"
    URBAN = "urban"
    RURAL = "rural"
    AGE_15_24 = "age-15-24"
    AGE_OTHER = "age-other"


BREAKDOWN_NAMES: Mapping[Breakdown, Promise] = {
    Breakdown.TOTAL: _("All"),
    Breakdown.FEMALE: _("Women"),
    Breakdown.MALE: _("Men"),
    Breakdown.URBAN: _("Urban"),
    Breakdown.RURAL: _("Rural"),
    Breakdown.AGE_15_24: _("Aged 15 to 24"),
    Breakdown.AGE_OTHER: _("Other ages"),
}


class ValueNature(StrEnum):
    """How a value was obtained, according to its source."""

    NOT_STATED = "not-stated"
    MEASURED = "measured"
    ESTIMATED = "estimated"
    PROJECTED = "projected"


NATURE_NAMES: Mapping[ValueNature, Promise] = {
    ValueNature.NOT_STATED: _("Not stated"),
    ValueNature.MEASURED: _("Measured"),
    ValueNature.ESTIMATED: _("Estimated"),
    ValueNature.PROJECTED: _("Projected"),
}


def breakdown_name(breakdown: str) -> str:
    """Return the name of a breakdown, such as `female+rural`; unknown codes stay."""
    known = {part.value: name for part, name in BREAKDOWN_NAMES.items()}
    return ", ".join(str(known.get(part, part)) for part in breakdown.split("+"))


IMPORTING_ROLES = (Role.SECRETARIAT,)
