"""When somebody can take part: as they said it under their link, or as the secretariat was told."""

from datetime import time

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from muntada.programme.requests.rules.speakers import ZONE_LENGTH, Availability, DaySpan
from muntada.programme.sessions.rules import KEY_LENGTH


class HoursSaid(models.Model):
    """Days and hours of somebody, by the clock of their zone; hours of single days are rows of their own."""

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
        """Write down what was said, but for the hours of single days, which are rows."""
        self.is_remote, self.zone = said.is_remote, said.zone
        self.hours_from, self.hours_to = said.hours_from, said.hours_to
        self.days_away = sorted(set(said.days_away))


class HoursSpan(models.Model):
    """Hours of a single day in which somebody can take part, by the clock of their zone.

    A day with such hours has no others. An end at midnight is that of the day.
    """

    day = models.DateField()
    starts = models.TimeField()
    ends = models.TimeField()

    class Meta:
        abstract = True


HOURS_ARE_WHOLE = Q(hours_from=None, hours_to=None) | Q(hours_from__isnull=False, hours_to__isnull=False)
SPAN_IS_FORWARD = Q(ends__gt=F("starts")) | Q(ends=time(0))


class HoursTold(HoursSaid):
    """What the secretariat was told after a session was accepted: it holds instead of what was said before.

    `key` is by what somebody is known across the sessions of a forum. What they say under their link later
    takes its place.
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
    """Hours of a single day, as the secretariat was told."""

    told = models.ForeignKey(HoursTold, models.CASCADE, related_name="spans")

    class Meta:
        ordering = ["day", "starts", "pk"]
        constraints = [
            models.CheckConstraint(condition=SPAN_IS_FORWARD, name="hours_told_span_ends_after_it_starts")
        ]
