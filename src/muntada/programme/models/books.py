"""The printed programme, made once for each release and language."""

from django.db import models

from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.models.choices import choices
from muntada.programme.models.releases import Release
from muntada.programme.rules.books import BookState, BookStep


class Book(models.Model):
    """A release as a printed book in one language: ordered, being made, or there with its pages."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="books")
    language = models.CharField(max_length=12, choices=CONTENT_LANGUAGES)
    state = models.CharField(max_length=8, choices=choices(BookState), default=BookState.WAITING.value)
    step = models.CharField(max_length=8, choices=choices(BookStep), default=BookStep.QUEUED.value)
    file = models.FileField(max_length=200, blank=True)
    bytes = models.PositiveIntegerField(default=0)
    pages = models.PositiveIntegerField(default=0)
    ordered_at = models.DateTimeField()
    made_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["release", "language"]
        constraints = [models.UniqueConstraint(fields=["release", "language"], name="one_book_per_language")]
