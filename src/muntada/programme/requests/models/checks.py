"""Against which rules session requests are checked, and who owes a report from the last edition."""

from django.db import models
from django.db.models.functions import Lower

from muntada.foundations.fields import codes
from muntada.programme.requests.rules.checks import Check, RuleStrength


class RequestRule(models.Model):
    """One rule of a forum for its session requests: how strict it is, and its number where it has one."""

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
    """A body that held a session at an edition this house does not know, and filed no report on it."""

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
