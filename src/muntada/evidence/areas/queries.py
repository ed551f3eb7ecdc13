"""Find areas by the codes of sources, and memberships by year."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

from django.db.models import Q, QuerySet

from muntada.evidence.areas.models import Area, Membership
from muntada.evidence.areas.rules import GROUPING_NAMES, AreaGrouping, AreaKind

CODES: Mapping[str, Any] = json.loads(
    (files("muntada.evidence.areas") / "data" / "area_codes.json").read_text(encoding="utf-8")
)
_SAME: Mapping[str, str] = {code: here for codes in CODES["same"].values() for code, here in codes.items()}
_M49_DIGITS = 3


@dataclass(frozen=True)
class AreaGroups:
    """The groups of one grouping."""

    name: str
    groups: tuple[Area, ...]


def groups_with_members() -> list[AreaGroups]:
    """Return the groups with known members, by grouping."""
    found: dict[str, list[Area]] = defaultdict(list)
    for group in Area.objects.filter(pk__in=Membership.objects.values("group")):
        found[group.grouping].append(group)
    return [
        AreaGroups(str(GROUPING_NAMES[grouping]), tuple(found[grouping]))
        for grouping in AreaGrouping
        if grouping in found
    ]


def members_of(group: Area, year: int | None) -> QuerySet[Membership]:
    """Return the members of a group, ever or in one year."""
    members = Membership.objects.filter(group=group).select_related("area")
    return members.filter(holds_in(year)) if year is not None else members


def holds_in(year: int) -> Q:
    since = Q(since_year=None) | Q(since_year__lte=year)
    return since & (Q(until_year=None) | Q(until_year__gt=year))


def in_order_of_names(members: QuerySet[Membership]) -> Sequence[Membership]:
    return sorted(members, key=lambda one: one.area.name_here)


def group_of_each(grouping: AreaGrouping, year: int) -> dict[str, str]:
    """Return the main group of each country in a year, by code."""
    rows = Membership.objects.filter(holds_in(year), group__grouping=grouping, group__is_main=True)
    return dict(rows.order_by("group__position").values_list("area__code", "group__code"))


@dataclass(frozen=True)
class GroupMembers:
    """A group, with the codes of its members in a year."""

    group: Area
    members: tuple[str, ...]


def groups_as_of(grouping: AreaGrouping, year: int) -> list[GroupMembers]:
    """Return the groups of a grouping with their members in a year."""
    return [one for one in every_group(year).values() if one.group.grouping == grouping]


def all_countries() -> list[Area]:
    return list(Area.objects.filter(kind=AreaKind.COUNTRY))


def every_group(year: int) -> dict[str, GroupMembers]:
    """Return every group with its members in a year, by code and in order."""
    rows = Membership.objects.filter(holds_in(year)).order_by("group__position", "area__code")
    found: dict[int, list[str]] = defaultdict(list)
    for group_id, code in rows.values_list("group_id", "area__code"):
        found[group_id].append(code)
    groups = Area.objects.in_bulk(found)
    return {groups[pk].code: GroupMembers(groups[pk], tuple(codes)) for pk, codes in found.items()}


@dataclass(frozen=True)
class MembershipSpan:
    """A membership from a year (inclusive) until a year (exclusive)."""

    group: str
    country: str
    since: int | None
    until: int | None


def spans_of_membership() -> list[MembershipSpan]:
    """Return all memberships with their years, ordered by group."""
    rows = Membership.objects.order_by("group__position", "group__code", "area__code", "since_year")
    told = rows.values_list("group__code", "area__code", "since_year", "until_year")
    return [MembershipSpan(*row) for row in told]


@dataclass(frozen=True)
class AreaCodes:
    """The areas by each of their codes."""

    by_code: Mapping[str, Area]
    by_alpha2: Mapping[str, Area]
    by_m49: Mapping[str, Area]

    def area(self, code: str) -> Area | None:
        """Return the area with this code of a source. `NA` is Namibia."""
        known = self.by_code.get(code)
        if known is not None:
            return known
        if code.isascii() and code.isdigit() and len(code) <= _M49_DIGITS:
            return self.by_m49.get(code.zfill(_M49_DIGITS))
        listed = _SAME.get(code.upper())
        if listed is not None:
            return self.by_code.get(listed)
        return self.by_alpha2.get(code.upper()) or self.by_code.get(code.upper()[:16])

    def found(self, codes: Iterable[str]) -> dict[str, Area]:
        """Return the area of each known code."""
        return {code: area for code in codes if (area := self.area(code) or self.by_code.get(code[:16]))}


def area_codes() -> AreaCodes:
    areas = list(Area.objects.all())
    return AreaCodes(
        by_code={area.code: area for area in areas},
        by_alpha2={area.alpha2: area for area in areas if area.alpha2},
        by_m49={area.m49: area for area in areas if area.m49},
    )
