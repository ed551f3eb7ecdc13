from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.evidence.models.areas import Area
from muntada.evidence.models.choices import codes
from muntada.evidence.models.indicators import Indicator, Vintage
from muntada.evidence.rules import verdicts as rules


class IndicatorTarget(models.Model):
    """What an indicator is to reach in every area, by when and counted since when."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets")
    value = models.FloatField()
    year = models.PositiveSmallIntegerField()
    base_year = models.PositiveSmallIntegerField()
    direction = models.CharField(
        max_length=8, choices=codes(rules.Direction), default=rules.Direction.UP.value
    )
    # The natural end of the scale, as 100 for a percentage; and the scale on which SDSN scores.
    limit = models.FloatField(null=True, blank=True)
    lower = models.FloatField(null=True, blank=True)
    optimum = models.FloatField(null=True, blank=True)
    agreed_in = models.CharField(max_length=300)
    set_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    set_at = models.DateTimeField()
    vintage = models.ForeignKey(Vintage, models.PROTECT, null=True, blank=True, related_name="+")
    assessed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["year", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["indicator", "year"], name="one_target_per_indicator_and_year"),
            models.CheckConstraint(condition=Q(year__gt=F("base_year")), name="target_after_its_base_year"),
        ]

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value:g} ({self.year})"

    def get_absolute_url(self) -> str:
        return f"{self.indicator.get_absolute_url()}/progress/{self.year}"

    @property
    def direction_name(self) -> str:
        return str(rules.DIRECTION_NAMES[rules.Direction(self.direction)])


class Assessment(models.Model):
    """The verdict of one method on one area, with all that it rests on; made anew when the numbers change."""

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
