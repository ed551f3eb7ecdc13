"""Countries and groups as the house knows them, and what a file brings along besides."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from muntada.evidence.models import Area
from muntada.evidence.rules.areas import DEVELOPMENT_TOO, AreaKind, Grouping

_DATA = files("muntada.forums") / "data"


def areas_by_code(names: Mapping[str, str]) -> dict[str, Area]:
    """Find the area of each code; `names` gives the source's own name to a code nobody knows.

    A code of two letters stands for its country. An unknown code becomes a group of its own, so that
    nothing in a file is dropped.
    """
    found = _found(names)
    if len(found) < len(names):
        Area.objects.bulk_create(_known_areas(), ignore_conflicts=True)
        found = _found(names)
    strangers = [
        Area(
            code=code,
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
        found = _found(names)
    return found


def _found(names: Mapping[str, str]) -> dict[str, Area]:
    by_code = {area.code: area for area in Area.objects.filter(code__in=names)}
    two_letters = [code for code in names if len(code) == 2 and code not in by_code]  # noqa: PLR2004
    by_alpha2 = {area.alpha2: area for area in Area.objects.filter(alpha2__in=two_letters)}
    return by_code | by_alpha2


def _known_areas() -> Iterator[Area]:
    groups: Mapping[str, Any] = json.loads((_DATA / "areas.json").read_text(encoding="utf-8"))["areas"]
    for position, (code, group) in enumerate(groups.items()):
        is_development = code in DEVELOPMENT_TOO
        grouping = Grouping.DEVELOPMENT if is_development else Grouping(group["scheme"])
        overlaps = bool(group.get("part_of") or group.get("combines"))
        yield Area(
            code=code,
            kind=AreaKind.AGGREGATE,
            grouping=grouping,
            titles=group["titles"],
            is_main=grouping is not Grouping.OTHER and not overlaps,
            position=position,
        )
    countries = json.loads((_DATA / "countries.json").read_text(encoding="utf-8"))["countries"]
    for position, country in enumerate(countries, start=len(groups)):
        yield Area(
            code=country["alpha3"],
            kind=AreaKind.COUNTRY,
            alpha2=country["alpha2"] or "",
            titles=country.get("titles", {}),
            region=country.get("wb_region") or "",
            income=country.get("wb_income") or "",
            position=position,
        )
