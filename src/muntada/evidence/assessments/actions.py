"""Set targets; compute and store verdicts and other results of indicators."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.assessments import rules
from muntada.evidence.assessments.adapter.forecasts import measure_forecast
from muntada.evidence.assessments.adapter.results import OF_THE_NUMBERS, VERSIONS
from muntada.evidence.assessments.adapter.verdicts import judge
from muntada.evidence.assessments.models import Assessment, StoredResult
from muntada.evidence.assessments.queries import IndicatorNumbers, Inputs, inputs_of, numbers_for, numbers_of
from muntada.evidence.assessments.rules import TARGET_ROLES, ResultKind
from muntada.evidence.indicators.models import Indicator, IndicatorTarget
from muntada.evidence.indicators.queries.indicators import current_vintage
from muntada.evidence.indicators.rules.targets import BetterWhen
from muntada.forums.rules.roles import require_role
from muntada.foundations.bulk_rows import copy_in
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.rules import Actor

KEPT = (
    "method",
    "method_version",
    "verdict",
    "is_on_track",
    "ratio",
    "observed_rate",
    "required_rate",
    "score",
    "base_year",
    "base_value",
    "current_year",
    "current_value",
    "points",
    "share_estimated",
    "digest",
)


@dataclass(frozen=True)
class NewTarget:
    """A target, and where it was agreed."""

    value: float
    year: int
    base_year: int
    direction: BetterWhen
    agreed_in: str
    limit: float | None = None
    lower: float | None = None
    optimum: float | None = None


def set_target(*, indicator: Indicator, new: NewTarget, actor: Actor, now: datetime) -> IndicatorTarget:
    """Set the target of an indicator for a year, replacing the one of that year."""
    require_role(actor, TARGET_ROLES, indicator.forum_id)
    agreed = clean_line(new.agreed_in)
    if not agreed:
        sentence = gettext("Please say where this target was agreed, so that others can look it up.")
        raise Refused(sentence, "agreed-missing", "agreed_in")
    rules.require_years(new.base_year, new.year)
    rules.require_scale(new.direction, lower=new.lower, optimum=new.optimum)
    with transaction.atomic():
        target, _ = IndicatorTarget.objects.update_or_create(
            indicator=indicator,
            year=new.year,
            defaults={
                "value": new.value,
                "base_year": new.base_year,
                "direction": new.direction,
                "limit": new.limit,
                "lower": new.lower,
                "optimum": new.optimum,
                "agreed_in": agreed,
                "set_by_id": actor.person_id,
                "set_at": now,
            },
        )
        record.write(
            forum_id=indicator.forum_id,
            actor=actor,
            verb="set_target",
            symbol=indicator.symbol,
            change={"value": new.value, "year": new.year, "base_year": new.base_year, "agreed_in": agreed},
            now=now,
        )
        assess_target(target=target, now=now)
        # All other results are of the numbers alone, which are the same as before.
        _forecast_target(target, now)
    return target


def remove_target(*, target: IndicatorTarget, actor: Actor, now: datetime) -> None:
    """Delete a target with its assessments; the log keeps it."""
    require_role(actor, TARGET_ROLES, target.indicator.forum_id)
    with transaction.atomic():
        record.write(
            forum_id=target.indicator.forum_id,
            actor=actor,
            verb="remove_target",
            symbol=target.indicator.symbol,
            change={"value": target.value, "year": target.year, "agreed_in": target.agreed_in},
            now=now,
        )
        target.delete()


def assess_target(*, target: IndicatorTarget, now: datetime) -> int:
    """Assess every area by all methods from the newest values; return the number of assessments."""
    vintage = current_vintage(target.indicator)
    areas, cells = numbers_for(target.indicator, vintage)
    made = [
        Assessment(
            target_id=target.pk,
            area_id=areas[row["area"]],
            reason=row["reason"] or "",
            **{name: row[name] for name in KEPT},
        )
        for row in judge(target, cells)
    ]
    with transaction.atomic():
        IndicatorTarget.objects.select_for_update(no_key=True).get(pk=target.pk)
        target.assessments.all().delete()
        copy_in(made)
        target.vintage, target.assessed_at = vintage, now
        target.save(update_fields=["vintage", "assessed_at"])
    return len(made)


def assess_indicator(*, indicator: Indicator, now: datetime) -> None:
    """Assess all targets of an indicator again after its values changed."""
    for target in indicator.targets.select_related("indicator"):
        assess_target(target=target, now=now)


def measure_indicator(*, indicator: Indicator, now: datetime) -> int:
    """Compute and replace all results of an indicator; return their number."""
    inputs = inputs_of(indicator)
    made = list(_results(inputs, numbers_of(inputs), now))
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=indicator.pk)
        indicator.results.all().delete()
        StoredResult.objects.bulk_create(made)
    return len(made)


def _forecast_target(target: IndicatorTarget, now: datetime) -> None:
    inputs = inputs_of(target.indicator)
    numbers = numbers_of(inputs)
    forecast = _forecast(inputs, numbers, target, now)
    with transaction.atomic():
        Indicator.objects.select_for_update(no_key=True).get(pk=target.indicator_id)
        target.results.all().delete()
        forecast.save()


def measure_weighted(*, weights: Indicator, now: datetime) -> None:
    """Recompute what is weighted by an indicator whose values changed."""
    for indicator in Indicator.objects.filter(forum=weights.forum_id, weighted_by=weights.code):
        measure_indicator(indicator=indicator, now=now)


def drop_results() -> None:
    """Delete all results; each is recomputed on request."""
    StoredResult.objects.all().delete()


def _results(inputs: Inputs, numbers: IndicatorNumbers, now: datetime) -> Iterator[StoredResult]:
    digest = numbers.digest
    for kind, measure in OF_THE_NUMBERS.items():
        yield _kept(inputs, kind, digest, now, result=measure(numbers))
    for target in inputs.indicator.targets.all():
        yield _forecast(inputs, numbers, target, now)


def _forecast(
    inputs: Inputs, numbers: IndicatorNumbers, target: IndicatorTarget, now: datetime
) -> StoredResult:
    found = measure_forecast(numbers, target)
    return _kept(inputs, ResultKind.FORECAST, numbers.digest, now, result=found, target=target)


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


def follow_numbers(*, indicator: Indicator, now: datetime) -> None:
    """Reassess the targets of an indicator, and recompute its results and those weighted by it."""
    assess_indicator(indicator=indicator, now=now)
    measure_indicator(indicator=indicator, now=now)
    measure_weighted(weights=indicator, now=now)
