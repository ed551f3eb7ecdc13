"""Timetables and what stands in them."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    DateTimeRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import Q

from muntada.programme.models.choices import choices
from muntada.programme.models.sessions import Session
from muntada.programme.models.venue import Room
from muntada.programme.rules.timetables import TimetableState


class Timetable(models.Model):
    """A draft of the programme. Once released it is never changed: a new draft is made from it."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="timetables")
    number = models.PositiveIntegerField()
    made_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    effort = models.FloatField(default=0)
    state = models.CharField(max_length=12, choices=choices(TimetableState))
    progress = models.JSONField(default=dict)
    status = models.CharField(max_length=24, blank=True)
    objective = models.JSONField(default=dict)
    bound = models.JSONField(default=dict)
    violations = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="timetable_has_its_number")]


class Placement(models.Model):
    """A session stands in a room for a period, in one timetable. A room holds one session at a time."""

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="placements")
    session = models.ForeignKey(Session, models.PROTECT, related_name="placements")
    room = models.ForeignKey(Room, models.PROTECT, related_name="placements")
    period = DateTimeRangeField()

    class Meta:
        ordering = ["period", "room__position"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "session"], name="session_stands_once_in_a_timetable"
            ),
            models.CheckConstraint(
                condition=Q(period__isempty=False, period__lower_inf=False, period__upper_inf=False),
                name="placement_has_start_and_end",
            ),
            ExclusionConstraint(
                name="room_holds_one_session_at_a_time",
                expressions=[
                    ("timetable", RangeOperators.EQUAL),
                    ("room", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]


class PlacementPerson(models.Model):
    """Who is on stage in a placement. Nobody is on two stages at once.

    The database keeps `timetable` and `period` equal to those of the placement (migration 0002).
    """

    placement = models.ForeignKey(Placement, models.CASCADE, related_name="people")
    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="+")
    key = models.CharField(max_length=140)
    period = DateTimeRangeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["placement", "key"], name="person_stands_once_in_a_placement"),
            ExclusionConstraint(
                name="person_is_on_one_stage_at_a_time",
                expressions=[
                    ("timetable", RangeOperators.EQUAL),
                    ("key", RangeOperators.EQUAL),
                    ("period", RangeOperators.OVERLAPS),
                ],
            ),
        ]
