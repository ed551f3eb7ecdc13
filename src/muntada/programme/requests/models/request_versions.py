"""Submitted versions of requests, and unsubmitted input."""

from django.db import models

from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH
from muntada.programme.requests.models.requests import SessionRequest
from muntada.record.models import Receipt


class RequestVersion(models.Model):
    """A submitted version of a request. `words` holds all fields as plain values."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = models.JSONField()
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="one_request_per_version")]


class RequestCopy(models.Model):
    """Input of a browser window that is not part of the request.

    It is a copy beside a draft, or the next version of a submitted request. `typed` is the form data.
    """

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="copies")
    window = models.CharField(max_length=WINDOW_LENGTH, blank=True)
    typed = models.JSONField()
    saved_at = models.DateTimeField()

    class Meta:
        ordering = ["-saved_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["request", "window"], name="one_copy_per_request_and_window")
        ]
