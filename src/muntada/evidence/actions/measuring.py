"""Computing what pages show of an indicator's numbers, and keeping it until they change."""

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction

from muntada.evidence.engine.forecasts import measure_forecast
from muntada.evidence.engine.results import OF_THE_NUMBERS, VERSIONS
from muntada.evidence.models import Indicator, StoredResult
from muntada.evidence.queries.results import Inputs, Numbers, inputs_of, numbers_of
from muntada.evidence.rules.results import ResultKind


def measure_indicator(*, indicator: Indicator, now: datetime) -> int:
    """Compute and keep all results of an indicator in the place of those before; return how many."""
    inputs = inputs_of(indicator)
    made = list(_results(inputs, numbers_of(inputs), now))
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
        indicator.results.all().delete()
        StoredResult.objects.bulk_create(made)
    return len(made)


def measure_weighted(*, weights: Indicator, now: datetime) -> None:
    """Compute anew what is weighted by an indicator whose numbers changed."""
    for indicator in Indicator.objects.filter(forum=weights.forum_id, weighted_by=weights.code):
        measure_indicator(indicator=indicator, now=now)


def drop_results() -> None:
    """Forget what was computed of all indicators; each result is computed anew when it is asked for."""
    StoredResult.objects.all().delete()


def _results(inputs: Inputs, numbers: Numbers, now: datetime) -> Iterator[StoredResult]:
    digest = numbers.digest
    for kind, measure in OF_THE_NUMBERS.items():
        yield _kept(inputs, kind, digest, now, result=measure(numbers))
    for target in inputs.indicator.targets.all():
        found = measure_forecast(numbers, target)
        yield _kept(inputs, ResultKind.FORECAST, digest, now, result=found, target=target)


def _kept(inputs: Inputs, kind: ResultKind, digest: str, now: datetime, **named: object) -> StoredResult:
    return StoredResult(
        indicator=inputs.indicator,
        kind=kind,
        vintage=inputs.vintage,
        weights=inputs.weights,
        version=VERSIONS[kind],
        digest=digest,
        computed_at=now,
        **named,
    )
