"""Timetables and placements."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeOperators
from django.db import models
from django.db.models import F, Q

from muntada.foundations.jobs.rules import JobState
from muntada.foundations.stored import read_stored
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.sessions.rules import TITLE_LENGTH
from muntada.programme.timetable.rules import (
    Appearance,
    ConflictingRules,
    MoveNews,
    ReleasedState,
    TimetableFinding,
    UnplacedReasons,
    moment_in_words,
    somebody,
)


class Timetable(models.Model):
    """A draft of the programme. Released, it is immutable."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="timetables")
    number = models.PositiveIntegerField()
    made_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    # What makes it; a draft that was copied, or made at once, has none.
    job = models.OneToOneField("jobs.Job", models.PROTECT, null=True, blank=True, related_name="timetable")
    seed = models.PositiveIntegerField(default=0)
    effort = models.FloatField(default=0)
    status = models.CharField(max_length=24, blank=True)
    objective = models.JSONField(default=dict)
    bound = models.JSONField(default=dict)
    violations = models.JSONField(default=list)
    unplaced = models.JSONField(default=list)
    blame = models.JSONField(default=list)
    # Counts the changes by hand; whoever changes something says which version they saw.
    version = models.PositiveIntegerField(default=0)
    is_repair = models.BooleanField(default=False)
    discarded_at = models.DateTimeField(null=True, blank=True)
    discarded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Of what the findings were judged by: where that has changed they are judged anew.
    judged_by = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="timetable_has_its_number")]

    def get_absolute_url(self) -> str:
        return f"/{self.forum.slug}/programme/timetables/{self.number}"

    @property
    def findings(self) -> tuple[TimetableFinding, ...]:
        """What is wrong with it, as it was judged last."""
        return tuple(read_stored(TimetableFinding, one) for one in self.violations)

    @property
    def left_out(self) -> tuple[UnplacedReasons, ...]:
        """The sessions without a place."""
        return tuple(read_stored(UnplacedReasons, one) for one in self.unplaced)

    @property
    def conflicts(self) -> tuple[ConflictingRules, ...]:
        """Why sessions are without a place: the rules that cannot all hold."""
        return tuple(read_stored(ConflictingRules, one) for one in self.blame)

    @property
    def is_made(self) -> bool:
        return self.job is None or self.job.state == JobState.DONE

    @property
    def state_mark(self) -> str:
        """What the sign of its state looks like, before it is published."""
        return "open" if self.job is None or self.is_made else self.job.state_mark


class Placement(models.Model):
    """A session in a room for a period. A room holds one session at a time."""

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
    """A person on stage in a placement, never in two at once.

    The database keeps `timetable` and `period` equal to those of the placement.
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


class Move(models.Model):
    """A change by hand; changes made together share a version.

    An empty side means unplaced.
    """

    timetable = models.ForeignKey(Timetable, models.CASCADE, related_name="moves")
    version = models.PositiveIntegerField()
    session = models.ForeignKey(Session, models.PROTECT, related_name="+")
    moved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    moved_at = models.DateTimeField()
    from_room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    from_period = DateTimeRangeField(null=True, blank=True)
    to_room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="+")
    to_period = DateTimeRangeField(null=True, blank=True)
    is_undo = models.BooleanField(default=False)
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-version", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["timetable", "version", "session"], name="session_moves_once_at_once"
            )
        ]

    def news(self, zone: ZoneInfo) -> MoveNews:
        """Tell of this move, by the clock of a zone; asks for who, what and where."""
        place = ""
        if self.to_room and self.to_period:
            place = f"{moment_in_words(self.to_period.lower, zone)}, {self.to_room.name}"
        return MoveNews(
            session=self.session.symbol.short,
            who=somebody(str(self.moved_by or "")),
            at=moment_in_words(self.moved_at, zone),
            place=place,
        )


class SessionLock(models.Model):
    """A decision by people: a session starts in this slot, and in this room if given.

    It applies to each timetable made or changed later.
    """

    session = models.OneToOneField(Session, models.CASCADE, related_name="lock")
    slot = models.ForeignKey(Slot, models.PROTECT, related_name="locks")
    room = models.ForeignKey(Room, models.PROTECT, null=True, blank=True, related_name="locks")
    locked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    locked_at = models.DateTimeField()

    class Meta:
        ordering = ["pk"]


class Release(models.Model):
    """A published timetable. The last release is public."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    timetable = models.OneToOneField(Timetable, models.PROTECT, related_name="release")
    published_at = models.DateTimeField()
    # When a name was withdrawn from what it keeps, if ever: whoever follows it reads it anew.
    revised_at = models.DateTimeField(null=True, blank=True)
    notes = models.JSONField(default=dict, blank=True)
    difference = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="release_has_its_number")]

    @property
    def changed_at(self) -> datetime:
        return self.revised_at or self.published_at


class ReleaseEntry(models.Model):
    """A session as released. Calendars use `sequence` and `changed_at`."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="entries")
    session = models.ForeignKey(Session, models.PROTECT, related_name="entries")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+")
    title = models.CharField(max_length=TITLE_LENGTH)
    room_name = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()
    # What is said of the session, by `rules.facts`: other programs get the same release again and again.
    facts = models.JSONField(default=dict)

    class Meta:
        ordering = ["starts_at", "room__position", "session"]
        constraints = [
            models.UniqueConstraint(fields=["release", "session"], name="session_stands_once_in_a_release"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="entry_ends_after_it_starts"
            ),
        ]

    @property
    def standing(self) -> ReleasedState:
        appearance = Appearance(
            self.title, self.room_id, self.room_name, self.starts_at, self.ends_at, self.is_cancelled
        )
        return ReleasedState(appearance, self.sequence, self.changed_at)
