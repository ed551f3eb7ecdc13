"""The one place where results are computed from numbers: kept ones are read, and missing ones made."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from muntada.evidence.engine import divides, forecasts, groups, known, trends
from muntada.evidence.engine.keeping import keep_missing
from muntada.evidence.models import IndicatorTarget, StoredResult
from muntada.evidence.queries.results import Inputs, Numbers, Path, kept_parts, kept_result, numbers_of
from muntada.evidence.rules.results import ResultKind

type Plain = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What the engine said, and the digest of the numbers it rests on."""

    found: Plain
    digest: str


OF_THE_NUMBERS: Mapping[ResultKind, Callable[[Numbers], Plain]] = {
    ResultKind.DIVIDES: divides.measure_divides,
    ResultKind.TRENDS: trends.measure_trends,
    ResultKind.KNOWN: known.measure_known,
    ResultKind.GROUPS: groups.measure_groups,
}
VERSIONS: Mapping[ResultKind, int] = {
    ResultKind.DIVIDES: divides.VERSION,
    ResultKind.TRENDS: trends.VERSION,
    ResultKind.KNOWN: known.VERSION,
    ResultKind.GROUPS: groups.VERSION,
    ResultKind.FORECAST: forecasts.VERSION,
}


def result_of(inputs: Inputs, kind: ResultKind, target: IndicatorTarget | None = None) -> Result:
    """Return what is kept; where nothing is, as after a new version, compute it and keep it."""
    stored = kept_result(inputs, kind, VERSIONS[kind], target) or _made(inputs, kind, target)
    return Result(stored.result, stored.digest)


def result_parts(
    inputs: Inputs, kind: ResultKind, paths: Sequence[Path], target: IndicatorTarget | None = None
) -> Sequence[Any]:
    """Return only what lies under some paths in a result, for where the whole is much more than is shown."""
    kept = kept_parts(inputs, kind, VERSIONS[kind], target, paths)
    if kept is None:
        _made(inputs, kind, target)
        kept = kept_parts(inputs, kind, VERSIONS[kind], target, paths)
    if kept is None:
        raise LookupError(kind)
    return kept


def _made(inputs: Inputs, kind: ResultKind, target: IndicatorTarget | None) -> StoredResult:
    def make() -> tuple[Plain, str]:
        numbers = numbers_of(inputs)
        if target is not None:
            return forecasts.measure_forecast(numbers, target), numbers.digest
        return OF_THE_NUMBERS[kind](numbers), numbers.digest

    return keep_missing(inputs=inputs, kind=kind, version=VERSIONS[kind], target=target, make=make)
