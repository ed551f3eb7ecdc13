from django.db import models
from django.db.models import Q

from muntada.evidence.models.choices import codes
from muntada.evidence.models.indicators import Indicator, Vintage
from muntada.evidence.models.targets import IndicatorTarget
from muntada.evidence.rules.results import ResultKind


class StoredResult(models.Model):
    """What the engine said of the numbers of one edition; made anew when they or the engine change.

    `digest` is that of the numbers that went in, `version` that of the form in which the result is kept.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="results")
    kind = models.CharField(max_length=12, choices=codes(ResultKind))
    target = models.ForeignKey(IndicatorTarget, models.CASCADE, null=True, blank=True, related_name="results")
    vintage = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")
    # The edition by which countries are weighted, where they are.
    weights = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")
    version = models.PositiveSmallIntegerField()
    digest = models.CharField(max_length=64)
    result = models.JSONField()
    computed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "kind", "target"],
                nulls_distinct=False,
                name="one_result_per_indicator_and_kind",
            ),
            models.CheckConstraint(
                condition=Q(kind=ResultKind.FORECAST.value, target__isnull=False)
                | ~Q(kind=ResultKind.FORECAST.value) & Q(target=None),
                name="only_a_forecast_has_a_target",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.kind}"
