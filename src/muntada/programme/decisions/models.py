"""Places that sessions have left."""

from django.db import models
from django.db.models import Q

from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.sessions.models import Session


class FreePlace(models.Model):
    """The place of a cancelled session: given to another request, or left empty."""

    session = models.OneToOneField(Session, models.CASCADE, related_name="place_left")
    freed_at = models.DateTimeField()
    filled_with = models.OneToOneField(
        SessionRequest, models.PROTECT, null=True, blank=True, related_name="place_taken"
    )
    filled_at = models.DateTimeField(null=True, blank=True)
    kept_empty_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["freed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(filled_with=None, filled_at=None)
                | Q(filled_with__isnull=False, filled_at__isnull=False, kept_empty_at=None),
                name="place_is_given_or_left_empty",
            ),
        ]

    def __str__(self) -> str:
        return str(self.session)
