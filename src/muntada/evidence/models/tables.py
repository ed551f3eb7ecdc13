"""Tables of initiatives that were sent in."""

from django.db import models

from muntada.foundations.jobs.models import Job

FILE_NAME_LENGTH = 120


class InitiativeTable(models.Model):
    """A table somebody looked at, with its job once it was ordered; dropped after a day if it was not.

    `rows` holds what would be taken in and is emptied once it is; `done` says how many of them are.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    job = models.OneToOneField(Job, models.CASCADE, null=True, blank=True, related_name="+")
    rows = models.JSONField(default=list)
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

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/evidence/initiatives/tables/{self.pk}"
