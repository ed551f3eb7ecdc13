"""What is published."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from muntada.foundations.jobs.models import Job
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.timetable.models import Release


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


class Book(models.Model):
    """A release as a printed book in one language, with its pages. What is being made is a job."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="books")
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    # Books made before there were jobs have none.
    job = models.OneToOneField(Job, models.SET_NULL, null=True, blank=True, related_name="book")
    file = models.FileField(max_length=200)
    bytes = models.PositiveIntegerField()
    pages = models.PositiveIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["release", "language"]
        constraints = [models.UniqueConstraint(fields=["release", "language"], name="one_book_per_language")]
