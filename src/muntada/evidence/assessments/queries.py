"""Verdicts and stored results."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform
from django.utils.translation import gettext

from muntada.evidence.areas.models import Area
from muntada.evidence.areas.rules import AreaGrouping, AreaKind
from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.assessments.rules import METHOD_IDS, PACE, VERDICT_NAMES, ResultKind, Tone, tone_of
from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Observation, Vintage
from muntada.evidence.indicators.queries.indicators import current_vintage, current_vintages, weights_for
from muntada.evidence.indicators.rules.observations import Breakdown
from muntada.forums.models import Forum
from muntada.foundations.errors import NotThere

type YearValue = tuple[str, int, float]
type Path = tuple[str, ...]


@dataclass(frozen=True)
class MethodVerdict:
    """The statement of one method; a table of all countries repeats a few dozen of these."""

    method: str
    verdict: str
    name: str
    tone: Tone
    is_on_track: bool | None
    reason: str


@dataclass(frozen=True)
class AreaVerdicts:
    """An area with its newest value and the verdicts of all methods.

    `judging` counts methods with a verdict on pace, `on_track` those with a positive one.
    """

    area: Area
    name: str
    value: float | None
    year: int | None
    said: tuple[MethodVerdict, ...]
    on_track: int
    judging: int

    @property
    def is_country(self) -> bool:
        return self.area.kind == AreaKind.COUNTRY

    @property
    def is_agreed(self) -> bool:
        return self.judging > 0 and self.on_track in {0, self.judging}


@dataclass(frozen=True)
class MethodAgreement:
    """The number of areas on track by each method, by all and by any."""

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


def verdicts_of(target: IndicatorTarget) -> list[AreaVerdicts]:
    """Return every area with its verdicts, ordered by rank and name."""
    # Seven rows for each country: plain values cost a third of objects.
    rows = target.assessments.order_by().values_list("area_id", *_NEWEST, *_TOLD)
    words = _TranslatedWords()
    told: dict[int, dict[str, MethodVerdict]] = {}
    newest: dict[int, tuple[float | None, int | None]] = {}
    for area_id, value, year, *row in rows:
        newest[area_id] = value, year
        told.setdefault(area_id, {})[row[0]] = words.said(tuple(row))
    areas = Area.objects.in_bulk(told)
    lines = [_line(areas[area_id], *newest[area_id], said) for area_id, said in told.items()]
    return sorted(lines, key=lambda line: (line.area.position, line.name))


_NEWEST = ("current_value", "current_year")
_TOLD = ("method", "verdict", "is_on_track", "reason")


def _line(
    area: Area, value: float | None, year: int | None, by_method: Mapping[str, MethodVerdict]
) -> AreaVerdicts:
    said = tuple(by_method[method] for method in METHOD_IDS if method in by_method)
    on_track = [one.is_on_track for one in said]
    good = on_track.count(True)
    return AreaVerdicts(area, area.name_here, value, year, said, good, good + on_track.count(False))


class _TranslatedWords:
    """Verdicts and reasons in the language of the page, each looked up once."""

    def __init__(self) -> None:
        self._said: dict[tuple[Any, ...], MethodVerdict] = {}

    def said(self, row: tuple[Any, ...]) -> MethodVerdict:
        """Return the statement of a row with the columns of `_TOLD`."""
        found = self._said.get(row)
        if found is None:
            method, verdict, is_on_track, reason = row
            found = self._said[row] = MethodVerdict(
                method=method,
                verdict=verdict,
                name=str(VERDICT_NAMES.get(verdict, verdict)),
                tone=tone_of(verdict),
                is_on_track=is_on_track,
                reason=gettext(reason) if reason else "",
            )
        return found


def agreement_of(lines: Sequence[AreaVerdicts]) -> MethodAgreement:
    """Count areas on track by the number of methods: the table of disagreement."""
    good, judged = Counter[str](), Counter[str]()
    by_all = by_any = 0
    for line in lines:
        for one in line.said:
            if one.is_on_track is not None:
                judged[one.method] += 1
                good[one.method] += one.is_on_track
        paced = [one.is_on_track for one in line.said if one.method in PACE]
        by_all += bool(paced) and paced.count(True) == len(paced)
        by_any += True in paced
    return MethodAgreement(
        areas=len(lines),
        by_method=tuple((method, good[method], judged[method]) for method in PACE),
        by_all=by_all,
        by_any=by_any,
    )


def numbers_for(
    indicator: Indicator, vintage: Vintage | None
) -> tuple[dict[str, int], list[tuple[str, int, float]]]:
    """Return areas by code, and values as (area, year, value).

    Without an edition with a whole series, each year is from its newest edition.
    """
    rows = Observation.objects.filter(breakdown=Breakdown.TOTAL)
    if vintage is not None:
        # A separate query: joining thousands of rows just written is slow.
        found = rows.filter(vintage=vintage).order_by() if vintage.withdrawn_at is None else rows.none()
    else:
        editions = rows.filter(
            vintage__indicator=indicator, vintage__dimension="", vintage__withdrawn_at=None
        )
        found = editions.order_by("vintage__edition_year", "vintage__retrieved_date", "vintage")
    codes = dict(Area.objects.values_list("pk", "code"))
    areas: dict[str, int] = {}
    cells: dict[tuple[str, int], float] = {}
    for area_id, year, value in found.values_list("area_id", "year", "value"):
        areas[codes[area_id]] = area_id
        cells[codes[area_id], year] = value
    return areas, [(code, year, value) for (code, year), value in cells.items()]


@dataclass(frozen=True)
class Inputs:
    """The editions used for an indicator's results."""

    indicator: Indicator
    vintage: Vintage | None
    weights: Vintage | None


@dataclass(frozen=True)
class IndicatorNumbers:
    """The input of a computation: area, year and value, and the kind of each area."""

    cells: tuple[YearValue, ...]
    people: tuple[YearValue, ...]
    countries: frozenset[str]

    @property
    def digest(self) -> str:
        digest = hashlib.sha256()
        for part in (self.cells, self.people):
            digest.update(repr(sorted(part)).encode())
        digest.update(repr(sorted(self.countries)).encode())
        return digest.hexdigest()


def inputs_of(indicator: Indicator) -> Inputs:
    return Inputs(indicator, current_vintage(indicator), weights_for(indicator))


def numbers_of(inputs: Inputs) -> IndicatorNumbers:
    """Load the input: one value per cell, and the population of countries."""
    _, cells = numbers_for(inputs.indicator, inputs.vintage)
    countries = frozenset(Area.objects.filter(kind=AreaKind.COUNTRY).values_list("code", flat=True))
    people: Iterable[YearValue] = ()
    if inputs.weights is not None:
        _, weights = numbers_for(inputs.weights.indicator, inputs.weights)
        people = (cell for cell in weights if cell[0] in countries)
    return IndicatorNumbers(tuple(cells), tuple(people), countries)


def stored_result(
    inputs: Inputs, kind: ResultKind, version: int, target: IndicatorTarget | None = None
) -> StoredResult | None:
    """Return the stored result if it matches the current values and version."""
    return _kept(inputs, kind, version, target).first()


def kept_parts(
    inputs: Inputs, kind: ResultKind, version: int, target: IndicatorTarget | None, paths: Sequence[Path]
) -> Sequence[Any] | None:
    """Return only these paths of the stored result."""
    return _kept(inputs, kind, version, target).values_list(*map(_at, paths)).first()


def _at(path: Path) -> Combinable:
    place: Combinable = F("result")
    for name in path:
        place = KeyTransform(name, place)
    return place


def _kept(
    inputs: Inputs, kind: ResultKind, version: int, target: IndicatorTarget | None
) -> QuerySet[StoredResult]:
    return StoredResult.objects.filter(
        indicator=inputs.indicator,
        kind=kind,
        target=target,
        vintage=inputs.vintage,
        weights=inputs.weights,
        version=version,
    )


def areas_named(codes: Iterable[str]) -> dict[str, Area]:
    return {area.code: area for area in Area.objects.filter(code__in=set(codes))}


@dataclass(frozen=True)
class KnownResult:
    """The stored coverage of an indicator; empty if outdated."""

    indicator: Indicator
    found: Mapping[str, Any] | None


def known_results(indicators: Sequence[Indicator], version: int) -> list[KnownResult]:
    """Return the coverage of each indicator, in two queries."""
    current = current_vintages(indicators)
    rows = StoredResult.objects.filter(indicator__in=indicators, kind=ResultKind.KNOWN, version=version)
    kept = {one.indicator_id: one for one in rows}
    found = []
    for indicator in indicators:
        one, vintage = kept.get(indicator.pk), current.get(indicator.pk)
        stands = one is not None and one.vintage_id == (vintage.pk if vintage else None)
        found.append(KnownResult(indicator, one.result if one is not None and stands else None))
    return found


def indicators_in(forum: Forum) -> list[Indicator]:
    return list(Indicator.objects.filter(forum=forum).select_related("symbol__forum"))


def targets_in(forum: Forum) -> list[IndicatorTarget]:
    rows = IndicatorTarget.objects.filter(indicator__forum=forum).select_related("indicator__symbol__forum")
    return list(rows.order_by("indicator__symbol__number", "year"))


def people_in(forum: Forum, year: int) -> dict[str, float]:
    """Return the population of each country in the latest known year up to `year`."""
    weighted = Indicator.objects.filter(forum=forum).exclude(weighted_by="").first()
    vintage = weights_for(weighted) if weighted else None
    if vintage is None:
        return {}
    rows = Observation.objects.filter(
        vintage=vintage, breakdown=Breakdown.TOTAL, area__kind=AreaKind.COUNTRY, year__lte=year
    ).order_by("area_id", "-year")
    return dict(rows.distinct("area_id").values_list("area__code", "value"))


def main_groups() -> list[Area]:
    """Return the world and the main groups of regions, income and development."""
    groupings = (
        AreaGrouping.WORLD,
        AreaGrouping.REGION,
        AreaGrouping.ITU_REGION,
        AreaGrouping.INCOME,
        AreaGrouping.DEVELOPMENT,
    )
    every = Area.objects.filter(kind=AreaKind.AGGREGATE, grouping__in=groupings)
    return [area for area in every if area.is_main or area.grouping == AreaGrouping.WORLD]
