"""Tables of initiatives that were sent in."""

import json
from typing import Any

from django.db import models

from muntada.foundations.jobs.models import Upload

FILE_NAME_LENGTH = 120


class InitiativeTable(models.Model):
    """A table somebody looked at. What would be taken in is the content of its upload, and goes with it.

    `done` says how many of the rows are taken in.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    job = models.OneToOneField(Upload, models.CASCADE, related_name="+")
    count = models.PositiveIntegerField()
    same = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)
    publishes = models.BooleanField(default=False)
    looked_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(done__lte=models.F("count")), name="initiative_table_in_bounds"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The rows that would be taken in; none any more once they are."""
        return list(json.loads(bytes(self.job.content))) if self.job.content else []

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/initiatives/tables/{self.pk}"
