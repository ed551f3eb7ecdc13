"""What is published."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from muntada.programme.models.sessions import Session
from muntada.programme.models.speakers import RequestSpeaker
from muntada.programme.models.timetables import Timetable
from muntada.programme.models.venue import Room
from muntada.programme.rules.releases import Appearance, Standing
from muntada.programme.rules.sessions import TITLE_LENGTH


class Release(models.Model):
    """A timetable made public. What is public is the last release."""

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
    """A session as a release shows it, kept as it was. Calendars follow `sequence` and `changed_at`."""

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
    def standing(self) -> Standing:
        appearance = Appearance(
            self.title, self.room_id, self.room_name, self.starts_at, self.ends_at, self.is_cancelled
        )
        return Standing(appearance, self.sequence, self.changed_at)


class ReleaseLetter(models.Model):
    """That somebody is told what a release changes for the sessions they have a part in; once.

    `speaker` is whoever said yes by a link and has no account.
    """

    release = models.ForeignKey(Release, models.CASCADE, related_name="letters")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+"
    )
    speaker = models.ForeignKey(RequestSpeaker, models.CASCADE, null=True, blank=True, related_name="+")
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["release", "person"], name="person_told_once_of_a_release"),
            models.UniqueConstraint(fields=["release", "speaker"], name="speaker_told_once_of_a_release"),
            models.CheckConstraint(
                condition=Q(person=None, speaker__isnull=False) | Q(person__isnull=False, speaker=None),
                name="release_letter_has_one_reader",
            ),
        ]
