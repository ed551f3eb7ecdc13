"""Read stored results; compute missing ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muntada.engines.values import JsonObject
from muntada.evidence.assessments.adapter import coverage_counts, divides, forecasts, groups, trends
from muntada.evidence.assessments.adapter.store import store_missing
from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.assessments.queries import (
    IndicatorNumbers,
    Inputs,
    Path,
    kept_parts,
    numbers_of,
    stored_result,
)
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import IndicatorTarget


@dataclass(frozen=True)
class Result:
    """A result of the engine, and the digest of its input."""

    found: JsonObject
    digest: str


OF_THE_NUMBERS: Mapping[ResultKind, Callable[[IndicatorNumbers], JsonObject]] = {
    ResultKind.DIVIDES: divides.measure_divides,
    ResultKind.TRENDS: trends.measure_trends,
    ResultKind.KNOWN: coverage_counts.measure_known,
    ResultKind.GROUPS: groups.measure_groups,
}
VERSIONS: Mapping[ResultKind, int] = {
    ResultKind.DIVIDES: divides.VERSION,
    ResultKind.TRENDS: trends.VERSION,
    ResultKind.KNOWN: coverage_counts.VERSION,
    ResultKind.GROUPS: groups.VERSION,
    ResultKind.FORECAST: forecasts.VERSION,
}


def result_of(inputs: Inputs, kind: ResultKind, target: IndicatorTarget | None = None) -> Result:
    """Return the stored result; compute and store it if missing, as after an upgrade."""
    stored = stored_result(inputs, kind, VERSIONS[kind], target) or _made(inputs, kind, target)
    return Result(stored.result, stored.digest)


def result_parts(
    inputs: Inputs, kind: ResultKind, paths: Sequence[Path], target: IndicatorTarget | None = None
) -> Sequence[Any]:
    """Return only the parts of a result under these paths, for results much larger than a page needs."""
    kept = kept_parts(inputs, kind, VERSIONS[kind], target, paths)
    if kept is None:
        _made(inputs, kind, target)
        kept = kept_parts(inputs, kind, VERSIONS[kind], target, paths)
    if kept is None:
        raise LookupError(kind)
    return kept


def _made(inputs: Inputs, kind: ResultKind, target: IndicatorTarget | None) -> StoredResult:
    def make() -> tuple[JsonObject, str]:
        numbers = numbers_of(inputs)
        if target is not None:
            return forecasts.measure_forecast(numbers, target), numbers.digest
        return OF_THE_NUMBERS[kind](numbers), numbers.digest

    return store_missing(inputs=inputs, kind=kind, version=VERSIONS[kind], target=target, make=make)
