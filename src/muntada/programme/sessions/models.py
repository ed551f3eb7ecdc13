"""Sessions, people, rooms and slots."""

import uuid

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from muntada.foundations.fields import codes
from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme.sessions.rules import (
    KEY_LENGTH,
    LONGEST_MINUTES,
    NAME_LENGTH,
    PART_NAMES,
    SHORTEST_MINUTES,
    TITLE_LENGTH,
    TRACK_LENGTH,
    SessionKind,
    SessionRole,
)


class Session(models.Model):
    """A session, made from one or several requests."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="sessions")
    symbol = models.OneToOneField("record.Symbol", models.PROTECT, related_name="session")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=TITLE_LENGTH)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    kind = models.CharField(max_length=24, choices=codes(SessionKind))
    minutes = models.PositiveSmallIntegerField()
    needs = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    audience = models.PositiveIntegerField(default=0)
    is_online_only = models.BooleanField(default=False)
    track = models.CharField(max_length=TRACK_LENGTH, blank=True)
    lines = models.ManyToManyField("forums.Line", blank=True, related_name="sessions")
    goals = models.ManyToManyField("forums.Goal", blank=True, related_name="sessions")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["symbol__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(SHORTEST_MINUTES, LONGEST_MINUTES)),
                name="session_has_a_fair_length",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return self.symbol.get_absolute_url()

    @property
    def direction(self) -> str:
        return direction(self.language)


class SessionPerson(models.Model):
    """A person with a part in a session. `key` identifies them across sessions."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="people")
    name = models.CharField(max_length=NAME_LENGTH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=KEY_LENGTH)
    part = models.CharField(max_length=16, choices=codes(SessionRole))
    is_confirmed = models.BooleanField(default=False)
    # Whoever was asked by letter is shown once they said yes; the timetable keeps their time free meanwhile.
    is_shown = models.BooleanField(default=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key", "part"], name="one_part_once_per_session")
        ]

    @property
    def part_name(self) -> str:
        return str(PART_NAMES[SessionRole(self.part)])


class Favourite(models.Model):
    """A session marked by a person, visible only to them."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="favourites")
    session = models.ForeignKey(Session, models.CASCADE, related_name="favourites")
    marked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "session"], name="favourite_is_marked_once"),
        ]


class FavouriteCalendar(models.Model):
    """The secret address of a person's calendar of marked sessions."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    forum = models.ForeignKey("forums.Forum", models.CASCADE, related_name="+")
    key = models.CharField(max_length=43, unique=True)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "forum"], name="one_favourite_calendar_per_person"),
        ]


class Building(models.Model):
    """A building with rooms; walking between buildings takes time."""

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
    """A room. The seats of an online room are its participants.

    A closed room stays where it is used, but takes no new session.
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
    """Opening hours of a room. A room without any is always open."""

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


class TsTzRange(Func):
    """A period from two columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


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
