"""Page objects for group values: computed and published, for one year."""

from collections.abc import Mapping
from dataclasses import dataclass

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import GROUPING_NAMES, AreaGrouping
from muntada.evidence.assessments.adapter.results import result_of
from muntada.evidence.assessments.adapter.store import StoredRow
from muntada.evidence.assessments.adapter.values import said
from muntada.evidence.assessments.queries import Inputs, areas_named
from muntada.evidence.assessments.rules import ResultKind


@dataclass(frozen=True)
class GroupLine:
    """A group in one year: published value, computed value, and coverage."""

    area: Area
    published: float | None
    row: StoredRow
    why: str
    missing: tuple[tuple[str, float], ...]

    @property
    def apart(self) -> float | None:
        """Return the computed minus the published value."""
        value = self.row["value"]
        return None if value is None or self.published is None else value - self.published


@dataclass(frozen=True)
class ShownGroups:
    name: str
    lines: tuple[GroupLine, ...]


@dataclass(frozen=True)
class Groups:
    year: int | None
    years: tuple[int, ...]
    least_share: float
    ways: tuple[ShownGroups, ...]
    digest: str


def groups_page(inputs: Inputs, asked: int | None) -> Groups:
    """Return the groups of the requested year, else of the newest year with half of the maximum coverage."""
    result = result_of(inputs, ResultKind.GROUPS)
    groups = result.found["groups"]
    counted: dict[int, int] = {}
    for row in (row for rows in groups.values() for row in rows if row["value"] is not None):
        counted[row["year"]] = counted.get(row["year"], 0) + 1
    years = tuple(sorted({row["year"] for rows in groups.values() for row in rows}, reverse=True))
    enough = max(counted.values(), default=0) / 2
    newest = max((one for one, groups_told in counted.items() if groups_told >= enough), default=None)
    newest = newest if newest is not None else next(iter(years), None)
    year = asked if asked in years else newest
    return Groups(year, years, result.found["least_share"], _ways(inputs, groups, year), result.digest)


def _ways(inputs: Inputs, groups: Mapping[str, list[StoredRow]], year: int | None) -> tuple[ShownGroups, ...]:
    chosen = {group: row for group, rows in groups.items() for row in rows if row["year"] == year}
    missing = {code for row in chosen.values() for code, _ in row["missing"]}
    areas = areas_named({*chosen, *missing})
    published = _published(inputs, year)
    found: dict[str, list[GroupLine]] = {}
    for code, row in chosen.items():
        if code in areas:
            line = GroupLine(
                areas[code],
                published.get(code),
                row,
                said(row["reason"]),
                tuple((areas[one].name_here, share) for one, share in row["missing"] if one in areas),
            )
            found.setdefault(areas[code].grouping, []).append(line)
    return tuple(
        ShownGroups(str(GROUPING_NAMES[one]), tuple(sorted(found[one], key=lambda line: line.area.position)))
        for one in AreaGrouping
        if one in found
    )


def _published(inputs: Inputs, year: int | None) -> dict[str, float]:
    """Return the published value of each group in the year, of the same edition."""
    areas = result_of(inputs, ResultKind.TRENDS).found["areas"]
    return {code: value for code, row in areas.items() for one, value in row["points"] if one == year}


def all_rows(inputs: Inputs) -> list[tuple[str, StoredRow]]:
    """Return group and row for every group and year, for a download."""
    found = result_of(inputs, ResultKind.GROUPS).found["groups"]
    return [(group, row) for group, rows in found.items() for row in rows]
