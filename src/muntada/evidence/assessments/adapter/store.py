"""Keeping what a page found missing, as after a new version, so that the next need not compute it again.

It stands here and not among the actions since nobody acts: it keeps what the numbers say, as a cache does.
"""

from collections.abc import Callable
from typing import Any

from django.db import transaction
from django.db.models.functions import Now

from muntada.evidence.assessments.models import StoredResult
from muntada.evidence.assessments.queries import Inputs, kept_result
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import Indicator, IndicatorTarget


def keep_missing(
    *,
    inputs: Inputs,
    kind: ResultKind,
    version: int,
    target: IndicatorTarget | None,
    make: Callable[[], tuple[dict[str, Any], str]],
) -> StoredResult:
    """Keep what `make` computes with its digest, and return it; of two that come at once, only one computes.

    Whoever measures an indicator waits for the same lock before it writes, so nothing newer is overwritten.
    """
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=inputs.indicator.pk)
        stored = kept_result(inputs, kind, version, target)
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
        # As it is kept: pairs have become lists.
        made.refresh_from_db(fields=["result"])
        return made
