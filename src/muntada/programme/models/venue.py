"""Where and when sessions can be held."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from muntada.programme.models.choices import TsTzRange


class Building(models.Model):
    """A house with rooms. From one to another one has to walk."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="buildings")
    name = models.CharField(max_length=80)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), "forum", name="one_building_per_name")]

    def __str__(self) -> str:
        return self.name


class Walk(models.Model):
    """How many minutes it takes from one building to another, and back."""

    first = models.ForeignKey(Building, models.CASCADE, related_name="+")
    second = models.ForeignKey(Building, models.CASCADE, related_name="+")
    minutes = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_walk_per_two_buildings"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="walk_stands_in_one_order"),
        ]


class Room(models.Model):
    """A place where a session can be held. The seats of an online room are those who can join.

    A closed room stays where it is named already, and takes no session any more.
    """

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    building = models.ForeignKey(Building, models.PROTECT, null=True, blank=True, related_name="rooms")
    floor = models.CharField(max_length=40, blank=True)
    seats = models.PositiveIntegerField(default=0)
    services = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    is_online_only = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), "forum", name="one_room_per_name")]

    def __str__(self) -> str:
        return self.name


class RoomOpening(models.Model):
    """Hours of a day in which a room is open. A room without any is open at all hours."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="openings")
    period = DateTimeRangeField()

    class Meta:
        ordering = ["period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="opening_has_start_and_end",
            ),
            ExclusionConstraint(
                name="openings_do_not_overlap",
                expressions=[("room", RangeOperators.EQUAL), ("period", RangeOperators.OVERLAPS)],
            ),
        ]


class RoomClosure(models.Model):
    """A period in which a room cannot be used."""

    room = models.ForeignKey(Room, models.CASCADE, related_name="closures")
    period = DateTimeRangeField()
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["period"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="closure_has_start_and_end",
            )
        ]


class Slot(models.Model):
    """A time at which a session can start. Slots of a forum do not overlap."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="slots")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_at__gt=F("starts_at")), name="slot_ends_after_it_starts"),
            ExclusionConstraint(
                name="slots_do_not_overlap",
                expressions=[
                    ("forum", RangeOperators.EQUAL),
                    (TsTzRange("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]
