"""What the methods say of every area, side by side, and on how much they agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.evidence.models import Area, Assessment, Indicator, IndicatorTarget, Observation, Vintage
from muntada.evidence.rules.areas import AreaKind
from muntada.evidence.rules.observations import Breakdown
from muntada.evidence.rules.verdicts import METHOD_IDS, PACE, VERDICT_NAMES, Tone, tone_of
from muntada.foundations.errors import NotThere


@dataclass(frozen=True)
class Said:
    """What one method says of an area."""

    method: str
    verdict: str
    name: str
    tone: Tone
    is_on_track: bool | None
    ratio: float | None
    observed_rate: float | None
    required_rate: float | None
    points: int
    reason: str


@dataclass(frozen=True)
class AreaVerdicts:
    """An area with its newest value and what all methods say of it."""

    area: Area
    name: str
    value: float | None
    year: int | None
    said: tuple[Said, ...]

    @property
    def on_track(self) -> int:
        return sum(one.is_on_track is True for one in self.said)

    @property
    def judging(self) -> int:
        """How many methods have a verdict on the pace."""
        return sum(one.is_on_track is not None for one in self.said)

    @property
    def is_agreed(self) -> bool:
        return self.judging > 0 and self.on_track in {0, self.judging}


@dataclass(frozen=True)
class Agreement:
    """How many areas are on track by each method, by all and by any of them."""

    areas: int
    by_method: tuple[tuple[str, int, int], ...]
    by_all: int
    by_any: int


def target_at(indicator: Indicator, year: int) -> IndicatorTarget:
    found = (
        IndicatorTarget.objects.select_related("indicator__symbol__forum", "vintage__source")
        .filter(indicator=indicator, year=year)
        .first()
    )
    if found is None:
        raise NotThere(gettext("No target is set for this year."), "target")
    return found


def verdicts_of(target: IndicatorTarget, kind: AreaKind) -> list[AreaVerdicts]:
    """Return every area of a kind with its verdicts, in the order of their names."""
    rows = target.assessments.filter(area__kind=kind).select_related("area")
    by_area: dict[int, dict[str, Assessment]] = {}
    for row in rows:
        by_area.setdefault(row.area_id, {})[row.method] = row
    lines = []
    for said in by_area.values():
        first = next(iter(said.values()))
        told = tuple(_said(said[method]) for method in METHOD_IDS if method in said)
        lines.append(
            AreaVerdicts(first.area, first.area.name_here, first.current_value, first.current_year, told)
        )
    return sorted(lines, key=lambda line: (line.area.position, line.name))


def _said(row: Assessment) -> Said:
    return Said(
        method=row.method,
        verdict=row.verdict,
        name=str(VERDICT_NAMES.get(row.verdict, row.verdict)),
        tone=tone_of(row.verdict),
        is_on_track=row.is_on_track,
        ratio=row.ratio,
        observed_rate=row.observed_rate,
        required_rate=row.required_rate,
        points=row.points,
        reason=gettext(row.reason) if row.reason else "",
    )


def agreement_of(lines: Sequence[AreaVerdicts]) -> Agreement:
    """Count by how many methods the areas are on track: the table of disagreement."""
    by_method = []
    for method in PACE:
        told = [one.is_on_track for line in lines for one in line.said if one.method == method]
        by_method.append((method, told.count(True), len(told) - told.count(None)))
    every = [[one.is_on_track for one in line.said if one.method in PACE] for line in lines]
    return Agreement(
        areas=len(lines),
        by_method=tuple(by_method),
        by_all=sum(bool(told) and all(one is True for one in told) for told in every),
        by_any=sum(any(one is True for one in told) for told in every),
    )


def numbers_for(
    indicator: Indicator, vintage: Vintage | None
) -> tuple[dict[str, int], list[tuple[str, int, float]]]:
    """Return the areas by code and the numbers as area, year and value.

    Where no edition is a whole series, each year is that of the newest edition that has it.
    """
    rows = Observation.objects.filter(breakdown=Breakdown.TOTAL, vintage__withdrawn_at=None)
    if vintage is not None:
        rows = rows.filter(vintage=vintage)
    else:
        rows = rows.filter(vintage__indicator=indicator, vintage__dimension="")
    newest = rows.order_by("vintage__edition_year", "vintage__retrieved_date", "vintage")
    areas: dict[str, int] = {}
    cells: dict[tuple[str, int], float] = {}
    for code, area_id, year, value in newest.values_list("area__code", "area_id", "year", "value"):
        areas[code] = area_id
        cells[code, year] = value
    return areas, [(code, year, value) for (code, year), value in cells.items()]
