from django.db import models
from django.db.models import Q

from muntada.consultation.models.calls import CallMeeting
from muntada.consultation.rules.calls import LONGEST_MEETING_RECORD
from muntada.record.models import Symbol


class MeetingRecord(models.Model):
    """The record of a meeting as it was filed, each time; never changed. `cites` is what it rests on."""

    meeting = models.ForeignKey(CallMeeting, models.CASCADE, related_name="records")
    number = models.PositiveSmallIntegerField()
    text = models.TextField(max_length=LONGEST_MEETING_RECORD)
    language = models.CharField(max_length=12)
    filed_at = models.DateTimeField()
    cites = models.ManyToManyField(Symbol, blank=True, related_name="cited_in_meetings")

    class Meta:
        ordering = ["meeting", "number"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "number"], name="meeting_record_has_one_number"),
            models.CheckConstraint(condition=~Q(text=""), name="a_meeting_record_says_something"),
        ]
