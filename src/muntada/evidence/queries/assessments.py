"""What the methods say of every area, side by side, and on how much they agree."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext

from muntada.evidence.models import Area, Indicator, IndicatorTarget, Observation, Vintage
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
    # Seven rows for each of all countries: as plain values they cost a third of what objects would.
    rows = target.assessments.filter(area__kind=kind).order_by().values_list("area_id", *_NEWEST, *_TOLD)
    words = _Words()
    told: dict[int, dict[str, Said]] = {}
    newest: dict[int, tuple[float | None, int | None]] = {}
    for area_id, value, year, *row in rows:
        newest[area_id] = value, year
        told.setdefault(area_id, {})[row[0]] = words.said(*row)
    areas = Area.objects.in_bulk(told)
    lines = [
        AreaVerdicts(
            areas[area_id],
            areas[area_id].name_here,
            *newest[area_id],
            tuple(said[method] for method in METHOD_IDS if method in said),
        )
        for area_id, said in told.items()
    ]
    return sorted(lines, key=lambda line: (line.area.position, line.name))


_NEWEST = ("current_value", "current_year")
_TOLD = ("method", "verdict", "is_on_track", "ratio", "observed_rate", "required_rate", "points", "reason")


class _Words:
    """Verdicts and reasons in the language of the page; each is looked up once for all rows."""

    def __init__(self) -> None:
        self._names: dict[str, tuple[str, Tone]] = {}
        self._reasons: dict[str, str] = {"": ""}

    def said(
        self,
        method: str,
        verdict: str,
        is_on_track: bool | None,  # noqa: FBT001 - in the order of the columns
        ratio: float | None,
        observed_rate: float | None,
        required_rate: float | None,
        points: int,
        reason: str,
    ) -> Said:
        if verdict not in self._names:
            self._names[verdict] = str(VERDICT_NAMES.get(verdict, verdict)), tone_of(verdict)
        if reason not in self._reasons:
            self._reasons[reason] = gettext(reason)
        name, tone = self._names[verdict]
        return Said(
            method=method,
            verdict=verdict,
            name=name,
            tone=tone,
            is_on_track=is_on_track,
            ratio=ratio,
            observed_rate=observed_rate,
            required_rate=required_rate,
            points=points,
            reason=self._reasons[reason],
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
