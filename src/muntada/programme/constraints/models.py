"""What ties sessions to each other in time, and by which rules a forum's timetable is made.

Migration 0014 adds what a model cannot say: all of it stays inside one forum, and no order goes in a circle.
"""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

from muntada.programme.constraints.rules import (
    COMFORT_FROM,
    COMFORT_TO,
    LONGEST_PAUSE,
    MOST_WEIGHT,
    TIE_NAME_LENGTH,
    WEIGHTS,
)
from muntada.programme.sessions.models import Session


class SessionOrder(models.Model):
    """One session starts when another has ended, and not before."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="+")
    earlier = models.ForeignKey(Session, models.CASCADE, related_name="followed_by")
    later = models.ForeignKey(Session, models.CASCADE, related_name="comes_after")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["earlier", "later"], name="two_sessions_have_one_order"),
            models.CheckConstraint(condition=~Q(earlier=F("later")), name="no_session_follows_itself"),
        ]


class SessionSeries(models.Model):
    """Sessions that are the parts of one whole, in their order."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="session_series")
    name = models.CharField(max_length=TIE_NAME_LENGTH)
    same_day = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="one_series_per_name")]

    def __str__(self) -> str:
        return self.name


class SeriesPart(models.Model):
    """A session in its place in a series; it is a part of one series at most."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="+")
    series = models.ForeignKey(SessionSeries, models.CASCADE, related_name="parts")
    session = models.OneToOneField(Session, models.CASCADE, related_name="series_part")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["series", "position"]
        constraints = [
            models.UniqueConstraint(fields=["series", "position"], name="one_part_in_each_place_of_a_series")
        ]


class ApartSet(models.Model):
    """Sessions no two of which are at the same time."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="apart_sets")
    name = models.CharField(max_length=TIE_NAME_LENGTH)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="one_apart_set_per_name")]

    def __str__(self) -> str:
        return self.name


class ApartMember(models.Model):
    """A session that is kept apart from the others of a set."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="+")
    apart = models.ForeignKey(ApartSet, models.CASCADE, related_name="members")
    session = models.ForeignKey(Session, models.CASCADE, related_name="kept_apart")

    class Meta:
        ordering = ["apart", "session"]
        constraints = [models.UniqueConstraint(fields=["apart", "session"], name="once_in_an_apart_set")]


class TimetableRules(models.Model):
    """By which rules the timetables of a forum are made and judged. A weight of 0 switches a wish off."""

    forum = models.OneToOneField("forums.Forum", models.PROTECT, related_name="timetable_rules")
    organiser_limit = models.PositiveSmallIntegerField(null=True, blank=True)
    pause_minutes = models.PositiveSmallIntegerField(default=0)
    comfort_from = models.TimeField(default=COMFORT_FROM)
    comfort_to = models.TimeField(default=COMFORT_TO)
    tracks_never_meet = models.BooleanField(default=False)
    lines_must_spread = models.BooleanField(default=False)
    groups_must_spread = models.BooleanField(default=False)
    comfort = models.PositiveSmallIntegerField(default=WEIGHTS["comfort"])
    track = models.PositiveSmallIntegerField(default=WEIGHTS["track"])
    lines = models.PositiveSmallIntegerField(default=WEIGHTS["lines"])
    groups = models.PositiveSmallIntegerField(default=WEIGHTS["groups"])
    favourites = models.PositiveSmallIntegerField(default=WEIGHTS["favourites"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(comfort_from__lt=F("comfort_to")), name="comfort_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(organiser_limit=None) | Q(organiser_limit__gt=0), name="an_organiser_may_have_one"
            ),
            models.CheckConstraint(condition=Q(pause_minutes__lte=LONGEST_PAUSE), name="pause_is_no_day"),
            *(
                models.CheckConstraint(
                    condition=Q((f"{name}__lte", MOST_WEIGHT)), name=f"weight_of_{name}_is_fair"
                )
                for name in WEIGHTS
            ),
        ]

    @property
    def weights(self) -> dict[str, int]:
        return {name: getattr(self, name) for name in WEIGHTS}

    @property
    def must_spread(self) -> frozenset[str]:
        """What has to be spread evenly over the days, by the names of its wishes."""
        held = {"lines": self.lines_must_spread, "groups": self.groups_must_spread}
        return frozenset(name for name, must in held.items() if must)

    @property
    def pause(self) -> timedelta:
        return timedelta(minutes=self.pause_minutes)
