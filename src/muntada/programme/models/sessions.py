"""Sessions and who has a part in them."""

import uuid

from django.conf import settings
from django.contrib.postgres.fields import (
    ArrayField,
)
from django.db import models
from django.db.models import Q

from muntada.foundations.languages import CONTENT_LANGUAGES, direction
from muntada.programme.models.choices import choices
from muntada.programme.rules.sessions import (
    KEY_LENGTH,
    LONGEST_MINUTES,
    NAME_LENGTH,
    PART_NAMES,
    SHORTEST_MINUTES,
    TITLE_LENGTH,
    TRACK_LENGTH,
    Part,
    SessionKind,
)


class Session(models.Model):
    """What takes place. It brings together one session request or several."""

    forum = models.ForeignKey("forums.Forum", models.PROTECT, related_name="sessions")
    symbol = models.OneToOneField("record.Symbol", models.PROTECT, related_name="session")
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    title = models.CharField(max_length=TITLE_LENGTH)
    description = models.TextField(blank=True)
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    kind = models.CharField(max_length=24, choices=choices(SessionKind))
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
    """Somebody with a part in a session. `key` is by what they are known across sessions."""

    session = models.ForeignKey(Session, models.CASCADE, related_name="people")
    name = models.CharField(max_length=NAME_LENGTH)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    key = models.CharField(max_length=KEY_LENGTH)
    part = models.CharField(max_length=16, choices=choices(Part))
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
        return str(PART_NAMES[Part(self.part)])
