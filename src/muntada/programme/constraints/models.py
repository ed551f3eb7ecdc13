"""Constraints on sessions, and the rules of timetables.

Migration SQL adds that everything is within one forum and that no order has a cycle.
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
    """A session starts only after another has ended."""

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
    """Sessions that are parts of one whole, in order."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="session_series")
    name = models.CharField(max_length=TIE_NAME_LENGTH)
    same_day = models.BooleanField(default=False)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="one_series_per_name")]

    def __str__(self) -> str:
        return self.name


class SeriesPart(models.Model):
    """A session at its position in a series; in one series at most."""

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
    """A set of sessions, no two at the same time."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="apart_sets")
    name = models.CharField(max_length=TIE_NAME_LENGTH)

    class Meta:
        ordering = ["name", "pk"]
        constraints = [models.UniqueConstraint(fields=["forum", "name"], name="one_apart_set_per_name")]

    def __str__(self) -> str:
        return self.name


class ApartMember(models.Model):
    """A session in a set kept apart."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="+")
    apart = models.ForeignKey(ApartSet, models.CASCADE, related_name="members")
    session = models.ForeignKey(Session, models.CASCADE, related_name="kept_apart")

    class Meta:
        ordering = ["apart", "session"]
        constraints = [models.UniqueConstraint(fields=["apart", "session"], name="once_in_an_apart_set")]


class TimetableRules(models.Model):
    """The rules of a forum's timetables. A weight of 0 disables a wish."""

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
        """The wishes about even spreading that are hard rules."""
        held = {"lines": self.lines_must_spread, "groups": self.groups_must_spread}
        return frozenset(name for name, must in held.items() if must)

    @property
    def pause(self) -> timedelta:
        return timedelta(minutes=self.pause_minutes)
