"""Load countries and groups from the data of the platform."""

import json
from collections.abc import Iterator, Mapping
from importlib.resources import files
from typing import Any

from django.db import transaction

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.areas.queries import CODES
from muntada.evidence.areas.rules import DEVELOPMENT_TOO, AreaGrouping, AreaKind
from muntada.forums.models import SourceStatus

_DATA = files("muntada.forums") / "data"
_UNSD = "UNSD, Standard country or area codes for statistical use (M49)"
_WORLD_BANK = "World Bank country and lending groups"


def load_areas() -> bool:
    """Store the known countries, groups and memberships, once.

    Returns whether the memberships are new.
    """
    with transaction.atomic():
        Area.objects.bulk_create(_known_areas(), ignore_conflicts=True)
        unnumbered = {area.code: area for area in Area.objects.filter(m49="")}
        numbered = [unnumbered[one.code] for one in _known_areas() if one.m49 and one.code in unnumbered]
        by_code = {one.code: one.m49 for one in _known_areas()}
        for area in numbered:
            area.m49 = by_code[area.code]
        Area.objects.bulk_update(numbered, ["m49"])
        are_new = not Membership.objects.exists()
        if are_new:
            Membership.objects.bulk_create(_memberships())
    return are_new


def _known_areas() -> Iterator[Area]:
    known: Mapping[str, Any] = json.loads((_DATA / "areas.json").read_text(encoding="utf-8"))
    groups = known["areas"]
    numbers = {code: number for number, code in CODES["m49_groups"].items()}
    for position, (code, group) in enumerate(groups.items()):
        is_development = code in DEVELOPMENT_TOO
        grouping = AreaGrouping.DEVELOPMENT if is_development else AreaGrouping(group["scheme"])
        overlaps = bool(group.get("part_of") or group.get("combines"))
        yield Area(
            code=code,
            kind=AreaKind.AGGREGATE,
            grouping=grouping,
            m49=numbers.get(code, ""),
            titles=group["titles"],
            is_main=grouping is not AreaGrouping.OTHER and not overlaps,
            position=position,
        )
    countries = _countries()
    for position, country in enumerate(countries, start=len(groups)):
        yield Area(
            code=country["alpha3"],
            kind=AreaKind.COUNTRY,
            alpha2=country["alpha2"] or "",
            m49=country["m49"] or "",
            titles=country.get("titles", {}),
            region=country.get("wb_region") or "",
            income=country.get("wb_income") or "",
            position=position,
        )
    for position, number in enumerate(CODES["m49_regions"], start=len(groups) + len(countries)):
        # Areas without titles are named by CLDR, under their M49 code.
        yield Area(
            code=f"M49-{number}",
            kind=AreaKind.AGGREGATE,
            grouping=AreaGrouping.M49,
            m49=number,
            titles=known["m49"].get(number, {}).get("titles", {}),
            is_main=True,
            position=position,
        )


def _countries() -> list[dict[str, Any]]:
    countries: list[dict[str, Any]] = json.loads((_DATA / "countries.json").read_text(encoding="utf-8"))[
        "countries"
    ]
    return countries


def _memberships() -> Iterator[Membership]:
    areas = {area.code: area for area in Area.objects.all()}
    for country in _countries():
        area = areas[country["alpha3"]]
        for group, source, since, until in _groups_of(country):
            yield Membership(
                area=area,
                group=areas[group],
                since_year=since,
                until_year=until,
                source=source,
                status=SourceStatus.UNVERIFIED,
            )


def _groups_of(country: Mapping[str, Any]) -> Iterator[tuple[str, str, int | None, int | None]]:
    """Yield each group of a country with its source, and the years if known."""
    code = country["alpha3"]
    for key, group in (("lldc", "LLDC"), ("sids", "SIDS")):
        if country[key]:
            yield group, _UNSD, None, None
    left, joined = CODES["ldc"]["left"], CODES["ldc"]["joined"]
    if country["ldc"] or code in left:
        yield "LDC", "UN, list of least developed countries", joined.get(code), left.get(code)
    for number in filter(None, (country["m49_region"], country["m49_sub_region"])):
        yield f"M49-{number}", _UNSD, None, None
    for group in filter(None, (country.get("wb_region"), country.get("wb_income"))):
        yield group, _WORLD_BANK, None, None
    region = _itu_region(code, country["m49_region"])
    if region:
        yield region, "ITU-D, regions", None, None


def _itu_region(code: str, continent: str | None) -> str:
    regions = CODES["itu_regions"]
    for group, members in regions["lists"].items():
        if code in members:
            return str(group)
    return str(regions["by_continent"].get(continent, ""))
