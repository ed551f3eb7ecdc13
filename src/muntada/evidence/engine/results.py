"""The one place where results are computed from numbers: kept ones are read, and missing ones made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from muntada.evidence.engine import divides, forecasts, groups, known, trends
from muntada.evidence.models import IndicatorTarget
from muntada.evidence.queries.results import Inputs, Numbers, kept_result, numbers_of
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
    """Return what is kept; where nothing is, as after a new version, compute it for this page."""
    stored = kept_result(inputs, kind, VERSIONS[kind], target)
    if stored is not None:
        return Result(stored.result, stored.digest)
    numbers = numbers_of(inputs)
    if target is not None:
        return Result(forecasts.measure_forecast(numbers, target), numbers.digest)
    return Result(OF_THE_NUMBERS[kind](numbers), numbers.digest)
