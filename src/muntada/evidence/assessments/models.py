from django.db import models
from django.db.models import Q

from muntada.evidence.areas.models import Area
from muntada.evidence.assessments.rules import ResultKind
from muntada.evidence.indicators.models import Indicator, IndicatorTarget, Vintage
from muntada.foundations.fields import codes


class Assessment(models.Model):
    """The verdict of one method for one area, with its basis; recomputed when values change."""

    target = models.ForeignKey(IndicatorTarget, models.CASCADE, related_name="assessments")
    area = models.ForeignKey(Area, models.PROTECT, related_name="+")
    method = models.CharField(max_length=16)
    method_version = models.CharField(max_length=16)
    verdict = models.CharField(max_length=48)
    is_on_track = models.BooleanField(null=True, blank=True)
    ratio = models.FloatField(null=True, blank=True)
    observed_rate = models.FloatField(null=True, blank=True)
    required_rate = models.FloatField(null=True, blank=True)
    score = models.FloatField(null=True, blank=True)
    base_year = models.PositiveSmallIntegerField(null=True, blank=True)
    base_value = models.FloatField(null=True, blank=True)
    current_year = models.PositiveSmallIntegerField(null=True, blank=True)
    current_value = models.FloatField(null=True, blank=True)
    points = models.PositiveSmallIntegerField()
    share_estimated = models.FloatField(null=True, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    digest = models.CharField(max_length=64)

    class Meta:
        ordering = ["target", "area", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["target", "area", "method"], name="one_assessment_per_area_and_method"
            )
        ]

    def __str__(self) -> str:
        return f"{self.area}: {self.verdict} ({self.method})"


class StoredResult(models.Model):
    """A result of the engine for one edition; recomputed when values or engine change.

    `digest` is that of the input, `version` that of the stored form.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="results")
    kind = models.CharField(max_length=12, choices=codes(ResultKind))
    target = models.ForeignKey(IndicatorTarget, models.CASCADE, null=True, blank=True, related_name="results")
    vintage = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")
    # The edition of the weights of countries, if any.
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
