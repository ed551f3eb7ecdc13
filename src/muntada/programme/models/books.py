"""The printed programme, made once for each release and language."""

from django.db import models

from muntada.foundations.jobs.models import Job
from muntada.foundations.languages import CONTENT_LANGUAGES
from muntada.programme.models.releases import Release


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
