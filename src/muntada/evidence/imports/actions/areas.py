"""The areas that an import is about: those the house knows, and what a file brings along besides."""

from collections.abc import Mapping

from django.db import transaction

from muntada.evidence.areas.actions import load_areas
from muntada.evidence.areas.models import Area
from muntada.evidence.areas.queries import area_codes
from muntada.evidence.areas.rules import AreaKind, Grouping
from muntada.evidence.assessments.actions import drop_results


def areas_by_code(names: Mapping[str, str]) -> dict[str, Area]:
    """Find the area of each code; `names` gives the source's own name to a code nobody knows.

    A code of two letters, of M49 or of a source stands for its country or group. An unknown code becomes a
    group of its own, so that nothing in a file is dropped.
    """
    found = area_codes().found(names)
    if len(found) < len(names):
        enter_areas()
        found = area_codes().found(names)
    strangers = [
        Area(
            code=code[:16],
            kind=AreaKind.AGGREGATE,
            grouping=Grouping.OTHER,
            titles={"en": name or code},
            position=len(names) + Area.objects.count(),
        )
        for code, name in names.items()
        if code not in found
    ]
    if strangers:
        Area.objects.bulk_create(strangers, ignore_conflicts=True)
        found = area_codes().found(names)
    return found


def enter_areas() -> None:
    """Enter what the house knows of areas; drop what was computed before anybody belonged to a group."""
    with transaction.atomic():
        if load_areas():
            drop_results()
