import uuid
from enum import StrEnum

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateTimeRangeField,
    RangeBoundary,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme import rules
from muntada.programme.rules import RequestState, TimetableState


class TsTzRange(Func):
    """A period from two columns."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


def _choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    return [(word.value, word.value) for word in words]


class Room(models.Model):
    """A place where a session can be held. The seats of an online room are those who can join."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="rooms")
    name = models.CharField(max_length=80)
    seats = models.PositiveIntegerField(default=0)
    services = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    is_online_only = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [models.UniqueConstraint(Lower("name"), "forum", name="one_room_per_name")]

    def __str__(self) -> str:
        return self.name


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


class Session(models.Model):
    """What takes place. It brings together one session request or several."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="sessions")
    symbol = models.OneToOneField("record.Symbol", models.PROTECT, related_name="session")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=rules.TITLE_LENGTH)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    kind = models.CharField(max_length=24, choices=_choices(rules.SessionKind))
    minutes = models.PositiveSmallIntegerField()
    needs = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    audience = models.PositiveIntegerField(default=0)
    is_online_only = models.BooleanField(default=False)
    track = models.CharField(max_length=rules.TRACK_LENGTH, blank=True)
    lines = models.ManyToManyField("forums.Line", blank=True, related_name="sessions")
    goals = models.ManyToManyField("forums.Goal", blank=True, related_name="sessions")
    made_at = models.DateTimeField()
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancelled_reason = models.TextField(blank=True)

    class Meta:
        ordering = ["symbol__number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(minutes__range=(rules.SHORTEST_MINUTES, rules.LONGEST_MINUTES)),
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
    """Somebody with a part in a session. `key` is by what they are known across sessions."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="people")
    name = models.CharField(max_length=rules.NAME_LENGTH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=140)
    part = models.CharField(max_length=16, choices=_choices(rules.Part))
    is_confirmed = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["session", "key", "part"], name="one_part_once_per_session")
        ]

    @property
    def part_name(self) -> str:
        return str(rules.PART_NAMES[rules.Part(self.part)])


class SessionRequest(models.Model):
    """What somebody asks to hold. A draft has no symbol yet; a decision stands beside its public reason."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="session_requests")
    symbol = models.OneToOneField(
        "record.Symbol", models.PROTECT, null=True, blank=True, related_name="session_request"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="session_requests"
    )
    organisation = models.ForeignKey(
        "people.Organisation", models.PROTECT, null=True, blank=True, related_name="session_requests"
    )
    title = models.CharField(max_length=rules.TITLE_LENGTH, blank=True)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    kind = models.CharField(
        max_length=24, choices=_choices(rules.SessionKind), default=rules.SessionKind.WORKSHOP
    )
    minutes = models.PositiveSmallIntegerField(default=60)
    needs = ArrayField(models.CharField(max_length=32), default=list, blank=True)
    audience = models.PositiveIntegerField(default=0)
    is_online_only = models.BooleanField(default=False)
    track = models.CharField(max_length=rules.TRACK_LENGTH, blank=True)
    lines = models.ManyToManyField("forums.Line", blank=True, related_name="session_requests")
    goals = models.ManyToManyField("forums.Goal", blank=True, related_name="session_requests")
    answers = models.CharField(max_length=300, blank=True)
    state = models.CharField(
        max_length=12, choices=_choices(RequestState), default=RequestState.DRAFT, db_index=True
    )
    reason = models.TextField(blank=True)
    reason_language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES, default="en")
    session = models.ForeignKey(Session, models.PROTECT, null=True, blank=True, related_name="requests")
    source = models.CharField(max_length=120, blank=True)
    source_id = models.CharField(max_length=rules.SOURCE_ID_LENGTH, blank=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    is_invented = models.BooleanField(default=False)

    class Meta:
        ordering = ["symbol__number", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=RequestState.DRAFT, symbol=None, submitted_at=None)
                | (~Q(state=RequestState.DRAFT) & Q(symbol__isnull=False, submitted_at__isnull=False)),
                name="request_has_its_symbol_when_submitted",
            ),
            models.CheckConstraint(
                condition=Q(state__in=(RequestState.DRAFT, RequestState.SUBMITTED), decided_at=None)
                | (~Q(state__in=(RequestState.DRAFT, RequestState.SUBMITTED)) & Q(decided_at__isnull=False)),
                name="decision_has_its_moment",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=rules.REASONED) | ~Q(reason=""), name="refusal_has_its_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=rules.ABSORBED, session__isnull=False)
                | (~Q(state__in=rules.ABSORBED) & Q(session=None)),
                name="accepted_request_has_its_session",
            ),
            models.UniqueConstraint(
                fields=["forum", "source_id"],
                condition=~Q(source_id=""),
                name="request_is_imported_once",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def direction(self) -> str:
        return direction(self.language)

    @property
    def state_name(self) -> str:
        return str(rules.REQUEST_STATE_NAMES[RequestState(self.state)])

    @property
    def kind_name(self) -> str:
        return str(rules.SESSION_KIND_NAMES[rules.SessionKind(self.kind)])


class RequestSpeaker(models.Model):
    """Somebody a session request names, and whether they said yes."""

    request = models.ForeignKey(SessionRequest, models.CASCADE, related_name="speakers")
    name = models.CharField(max_length=rules.NAME_LENGTH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    is_confirmed = models.BooleanField(default=False)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "pk"]


class Timetable(models.Model):
    """A draft of the programme. Once released it is never changed: a new draft is made from it."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="timetables")
    number = models.PositiveIntegerField()
    made_from = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()
    seed = models.PositiveIntegerField(default=0)
    effort = models.FloatField(default=0)
    state = models.CharField(max_length=12, choices=_choices(TimetableState))
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


class Release(models.Model):
    """A timetable made public. What is public is the last release."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="releases")
    number = models.PositiveIntegerField()
    timetable = models.OneToOneField(Timetable, models.PROTECT, related_name="release")
    published_at = models.DateTimeField()
    notes = models.JSONField(default=dict, blank=True)
    difference = models.JSONField(default=dict)

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["forum", "number"], name="release_has_its_number")]


class ReleaseEntry(models.Model):
    """A session as a release shows it, kept as it was. Calendars follow `sequence` and `changed_at`."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="entries")
    session = models.ForeignKey(Session, models.PROTECT, related_name="entries")
    room = models.ForeignKey(Room, models.PROTECT, related_name="+")
    title = models.CharField(max_length=rules.TITLE_LENGTH)
    room_name = models.CharField(max_length=80)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    is_cancelled = models.BooleanField(default=False)
    sequence = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["starts_at", "room__position", "session"]
        constraints = [
            models.UniqueConstraint(fields=["release", "session"], name="session_stands_once_in_a_release"),
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="entry_ends_after_it_starts"
            ),
        ]

    @property
    def standing(self) -> rules.Standing:
        appearance = rules.Appearance(
            self.title, self.room_id, self.room_name, self.starts_at, self.ends_at, self.is_cancelled
        )
        return rules.Standing(appearance, self.sequence, self.changed_at)
