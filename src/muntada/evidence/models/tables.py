"""Tables of initiatives that were sent in."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.evidence.models.choices import codes
from muntada.evidence.rules.tables import TableState

FILE_NAME_LENGTH = 120


class InitiativeTable(models.Model):
    """A table somebody looked at: taken in row by row in the queue, or thrown away after a day.

    `rows` holds what would be taken in and is emptied once it is; `done` says how many of them are.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    rows = models.JSONField(default=list)
    count = models.PositiveIntegerField()
    same = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=codes(TableState), default=TableState.LOOKED_AT.value)
    publishes = models.BooleanField(default=False)
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum"],
                condition=Q(state=TableState.WAITING.value),
                name="one_initiative_table_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(done__lte=models.F("count")), name="initiative_table_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/initiatives/tables/{self.pk}"
