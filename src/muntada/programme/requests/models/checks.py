"""The rules of session requests, and missing reports of the last edition."""

from django.db import models
from django.db.models.functions import Lower

from muntada.foundations.fields import codes
from muntada.programme.requests.rules.checks import Check, RuleStrength


class RequestRule(models.Model):
    """A rule of a forum: strength, and number if it has one."""

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="request_rules")
    check_code = models.CharField(max_length=32, choices=codes(Check))
    strength = models.CharField(max_length=8, choices=codes(RuleStrength), default=RuleStrength.OFF.value)
    number = models.PositiveSmallIntegerField(default=1)
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "check_code"], name="one_request_rule_of_a_kind")
        ]


class ReportOwed(models.Model):
    """An organization that filed no report on its session at another edition."""

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="reports_owed")
    organisation = models.CharField(max_length=200)
    what = models.CharField(max_length=200, blank=True)
    noted_at = models.DateTimeField()

    class Meta:
        ordering = [Lower("organisation"), "pk"]
        constraints = [
            models.UniqueConstraint(Lower("organisation"), "forum", "what", name="one_report_owed_once")
        ]

    def __str__(self) -> str:
        return self.organisation
