"""What was computed and kept, and the numbers it is computed from."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import F, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.fields.json import KeyTransform

from muntada.evidence.models import Area, Indicator, IndicatorTarget, StoredResult, Vintage
from muntada.evidence.queries.assessments import numbers_for
from muntada.evidence.queries.indicators import current_vintage, current_vintages, weights_for
from muntada.evidence.rules.areas import AreaKind
from muntada.evidence.rules.results import ResultKind

type Cell = tuple[str, int, float]
type Path = tuple[str, ...]


@dataclass(frozen=True)
class Inputs:
    """The editions an indicator's results are computed from now."""

    indicator: Indicator
    vintage: Vintage | None
    weights: Vintage | None


@dataclass(frozen=True)
class Numbers:
    """All numbers that go into a computation: area, year and value, and what each area is."""

    cells: tuple[Cell, ...]
    people: tuple[Cell, ...]
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


def numbers_of(inputs: Inputs) -> Numbers:
    """Read what goes in: of each cell one number, and the people of the countries."""
    _, cells = numbers_for(inputs.indicator, inputs.vintage)
    countries = frozenset(Area.objects.filter(kind=AreaKind.COUNTRY).values_list("code", flat=True))
    people: Iterable[Cell] = ()
    if inputs.weights is not None:
        _, weights = numbers_for(inputs.weights.indicator, inputs.weights)
        people = (cell for cell in weights if cell[0] in countries)
    return Numbers(tuple(cells), tuple(people), countries)


def kept_result(
    inputs: Inputs, kind: ResultKind, version: int, target: IndicatorTarget | None = None
) -> StoredResult | None:
    """Return what is kept, if it is of the numbers that stand now and in the form that is read now."""
    return _kept(inputs, kind, version, target).first()


def kept_parts(
    inputs: Inputs, kind: ResultKind, version: int, target: IndicatorTarget | None, paths: Sequence[Path]
) -> Sequence[Any] | None:
    """Return only what lies under these paths in what is kept; the rest stays in the database."""
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
    """What is kept of an indicator about where it has numbers; nothing where that is of older numbers."""

    indicator: Indicator
    found: Mapping[str, Any] | None


def known_results(indicators: Sequence[Indicator], version: int) -> list[KnownResult]:
    """Return for each indicator where it has numbers, in two queries for all of them."""
    current = current_vintages(indicators)
    rows = StoredResult.objects.filter(indicator__in=indicators, kind=ResultKind.KNOWN, version=version)
    kept = {one.indicator_id: one for one in rows}
    found = []
    for indicator in indicators:
        one, vintage = kept.get(indicator.pk), current.get(indicator.pk)
        stands = one is not None and one.vintage_id == (vintage.pk if vintage else None)
        found.append(KnownResult(indicator, one.result if one is not None and stands else None))
    return found
