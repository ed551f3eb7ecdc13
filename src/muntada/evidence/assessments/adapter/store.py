"""Store results that a page found missing, as after an upgrade.

This is a cache of computed values without an actor, therefore not an action.
"""

from collections.abc import Callable, Mapping
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.assessments.queries import Inputs, stored_result
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import Indicator, IndicatorTarget

type StoredRow = Mapping[str, Any]


def store_missing(
    *,
    inputs: Inputs,
    kind: ResultKind,
    version: int,
    target: IndicatorTarget | None,
    make: Callable[[], tuple[dict[str, Any], str]],
) -> StoredResult:
    """Store and return the result of `make` with its digest; of concurrent calls, only one computes.

    Measuring an indicator takes the same lock before writing, so newer results are not overwritten.
    """
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=inputs.indicator.pk)
        stored = stored_result(inputs, kind, version, target)
        if stored is not None:
            return stored
        result, digest = make()
        inputs.indicator.results.filter(kind=kind, target=target).delete()
        made = StoredResult.objects.create(
            indicator=inputs.indicator,
            kind=kind,
            target=target,
            vintage=inputs.vintage,
            weights=inputs.weights,
            version=version,
            digest=digest,
            result=result,
            computed_at=Now(),
        )
        # The stored form: tuples have become lists.
        made.refresh_from_db(fields=["result"])
        return made
