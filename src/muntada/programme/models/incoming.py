"""Programmes and session requests that come in files."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.programme.models.choices import choices
from muntada.programme.models.timetables import Timetable
from muntada.programme.rules.incoming import FileKind, FileState

FILE_NAME_LENGTH = 120


class IncomingFile(models.Model):
    """A file somebody looked at: taken in whole in the queue, or thrown away after a day.

    `sentence` says why it was refused, to whoever looked at it and in their language; `made` what came of it.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    name = models.CharField(max_length=FILE_NAME_LENGTH)
    kind = models.CharField(max_length=16, choices=choices(FileKind))
    content = models.BinaryField()
    state = models.CharField(max_length=8, choices=choices(FileState), default=FileState.LOOKED_AT.value)
    sentence = models.TextField(blank=True)
    made = models.JSONField(default=dict)
    timetable = models.ForeignKey(Timetable, models.SET_NULL, null=True, blank=True, related_name="+")
    looked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    looked_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["forum"], condition=Q(state=FileState.WAITING), name="one_file_taken_in_at_a_time"
            )
        ]

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/programme/files/{self.pk}"
