from django.conf import settings
from django.db import models

from muntada.evidence.indicators.models import Indicator
from muntada.forums.models import Line


class LineIndicator(models.Model):
    """A link of an indicator to an action line, with the reason."""

    line = models.ForeignKey(Line, models.PROTECT, related_name="indicator_ties")
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="line_ties")
    why = models.CharField(max_length=300, blank=True)
    tied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    tied_at = models.DateTimeField()

    class Meta:
        ordering = ["indicator__symbol__number"]
        constraints = [models.UniqueConstraint(fields=["line", "indicator"], name="indicator_tied_once")]

    def __str__(self) -> str:
        return f"{self.line.code}: {self.indicator}"
