from django.conf import settings
from django.db import models

from muntada.forums.models import Line
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.meeting.reports import rules
from muntada.programme.sessions.models import Session
from muntada.record.models import Symbol


class SessionReport(models.Model):
    """A session report."""

    session = models.OneToOneField(Session, models.PROTECT, related_name="report")
    symbol = models.OneToOneField(Symbol, models.PROTECT, related_name="session_report")
    rapporteur = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="session_reports"
    )
    summary = models.TextField()
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    filed_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["symbol__number"]

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()


class ReportPoint(models.Model):
    """A point of a report, optionally about a line."""

    report = models.ForeignKey(SessionReport, models.CASCADE, related_name="points")
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.value) for kind in rules.PointKind])
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    line = models.ForeignKey(Line, models.PROTECT, null=True, blank=True, related_name="report_points")

    class Meta:
        ordering = ["report", "position"]
        constraints = [models.UniqueConstraint(fields=["report", "position"], name="one_point_per_place")]
