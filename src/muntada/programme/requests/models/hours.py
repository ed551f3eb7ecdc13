"""The hours in which people can take part, as stated by them or told to the secretariat."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.programme.requests.rules.speakers import ZONE_LENGTH, Availability, DaySpan
from muntada.programme.sessions.rules import KEY_LENGTH


class HoursSaid(models.Model):
    """Days and hours of a person in their zone; hours of single days are separate rows."""

    is_remote = models.BooleanField(default=False)
    zone = models.CharField(max_length=ZONE_LENGTH, blank=True)
    hours_from = models.TimeField(null=True, blank=True)
    hours_to = models.TimeField(null=True, blank=True)
    days_away = ArrayField(models.DateField(), default=list, blank=True)

    class Meta:
        abstract = True

    @property
    def availability(self) -> Availability:
        return Availability(
            self.is_remote,
            self.zone,
            self.hours_from,
            self.hours_to,
            tuple(self.days_away),
            tuple(DaySpan(one.day, one.starts, one.ends) for one in self.spans.all()),  # type: ignore[attr-defined]
        )

    def take_down(self, said: Availability) -> None:
        """Store the hours, without those of single days."""
        self.is_remote, self.zone = said.is_remote, said.zone
        self.hours_from, self.hours_to = said.hours_from, said.hours_to
        self.days_away = sorted(set(said.days_away))


class HoursSpan(models.Model):
    """Hours on a single day, in the person's zone.

    They replace the general hours of that day. An end at midnight is the end of the day.
    """

    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        abstract = True


HOURS_ARE_WHOLE = Q(hours_from=None, hours_to=None) | Q(hours_from__isnull=False, hours_to__isnull=False)
SPAN_IS_FORWARD = Q(ends__gt=F("starts")) | Q(ends=time(0))


class HoursTold(HoursSaid):
    """Hours told to the secretariat after acceptance, replacing earlier ones.

    `key` identifies the person across sessions. Hours stated later by link replace these.
    """

    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="hours_told")
    key = models.CharField(max_length=KEY_LENGTH)
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["forum", "key"], name="hours_told_once_of_each"),
            models.CheckConstraint(condition=HOURS_ARE_WHOLE, name="hours_told_have_both_ends"),
        ]

    def __str__(self) -> str:
        return self.key


class HoursToldSpan(HoursSpan):
    """Hours on a single day, told to the secretariat."""

    told = models.ForeignKey(HoursTold, models.CASCADE, related_name="spans")

    class Meta:
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=SPAN_IS_FORWARD, name="hours_told_span_ends_after_it_starts")
        ]
