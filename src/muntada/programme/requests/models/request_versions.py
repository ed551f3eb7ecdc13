"""What a request said before, and what is typed and not yet said."""

from django.db import models

from muntada.consultation.contributions.rules.drafts import WINDOW_LENGTH
from muntada.programme.requests.models.requests import SessionRequest
from muntada.record.models import Receipt


class RequestVersion(models.Model):
    """A session request as it was submitted, each time. `words` holds every field of it as plain values."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    words = models.JSONField()
    receipt = models.OneToOneField(Receipt, models.PROTECT, null=True, blank=True, related_name="+")
    submitted_at = models.DateTimeField()

    class Meta:
        ordering = ["request", "number"]
        constraints = [models.UniqueConstraint(fields=["request", "number"], name="one_request_per_version")]


class RequestCopy(models.Model):
    """What was typed in one browser window and is not what the request says.

    It stands beside a draft that had gone on in another window, or becomes the next version of what is
    submitted. `typed` is the form as the window sent it.
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
