"""The areas of an import: known ones, and new groups from a file."""

from collections.abc import Mapping

from django.db import transaction

from muntada.evidence.areas.actions import load_areas
from muntada.evidence.areas.models import Area
from muntada.evidence.areas.queries import area_codes
from muntada.evidence.areas.rules import AreaGrouping, AreaKind
from muntada.evidence.assessments.actions import drop_results


def areas_by_code(names: Mapping[str, str]) -> dict[str, Area]:
    """Return the area of each code; `names` has the source's names for unknown codes.

    A two-letter, M49 or source code stands for its country or group. An unknown code becomes a new
    group, so that nothing in a file is dropped.
    """
    found = area_codes().found(names)
    if len(found) < len(names):
        enter_areas()
        found = area_codes().found(names)
    strangers = [
        Area(
            code=code[:16],
            kind=AreaKind.AGGREGATE,
            grouping=AreaGrouping.OTHER,
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
    """Store the known areas; drop results computed without memberships."""
    with transaction.atomic():
        if load_areas():
            drop_results()
