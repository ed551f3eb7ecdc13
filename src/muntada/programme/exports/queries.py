"""Printed programmes and the progress of their jobs."""

from dataclasses import dataclass

from muntada.forums.models import Forum
from muntada.foundations.jobs.models import Job
from muntada.foundations.jobs.queries import ordered_jobs
from muntada.foundations.jobs.rules import ACTIVE, JobState
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.programme.exports.rules import STEP_NAMES, BookStep, step_at
from muntada.programme.releases.models import Book
from muntada.programme.releases.queries import ReleaseRef, key_of
from muntada.programme.timetable.models import Release


def release_of(forum: Forum, ref: ReleaseRef) -> Release:
    return Release.objects.select_related("forum").get(forum=forum, number=ref.number)


def book_of(forum: Forum, ref: ReleaseRef, language: str) -> Book | None:
    """Return the printed programme of a release in a language, if made."""
    return Book.objects.filter(release__forum=forum, release__number=ref.number, language=language).first()


def books_of(forum: Forum, ref: ReleaseRef) -> dict[str, Book]:
    """Return the printed programmes of a release by language."""
    found = Book.objects.filter(release__forum=forum, release__number=ref.number)
    return {book.language: book for book in found}


def active_books(release: Release) -> dict[str, Job]:
    """Return the active jobs of a release by language."""
    languages = {key_of(release.pk, language): language for language in LANGUAGE_CODES}
    jobs = Job.objects.filter(key__in=languages, state__in=ACTIVE)
    return {languages[job.key]: job for job in jobs}


@dataclass(frozen=True)
class StepLine:
    """A step, and whether it is done or running."""

    name: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class BookMaking:
    """The progress of a printed programme: steps, jobs before it, number made."""

    steps: tuple[StepLine, ...]
    before: int
    made: int
    languages: int
    topic: str
    is_made: bool
    is_failed: bool


def book_making(release: Release, language: str) -> BookMaking | None:
    """Return the progress from the last job and those before it."""
    job = ordered_jobs(key_of(release.pk, language)).first()
    if job is None:
        return None
    steps = list(BookStep)
    waits = job.state == JobState.QUEUED
    reached = 0 if waits else steps.index(step_at(job.progress))
    is_made = job.state == JobState.DONE
    before = Job.objects.filter(kind=job.kind, state__in=ACTIVE, pk__lt=job.pk)
    languages = release.forum.languages
    return BookMaking(
        steps=tuple(
            StepLine(str(STEP_NAMES[step]), is_made or place < reached, not is_made and place == reached)
            for place, step in enumerate(steps)
        ),
        before=before.count() if waits else 0,
        made=Book.objects.filter(release=release, language__in=languages).count(),
        languages=len(languages),
        topic=job.topic,
        is_made=is_made,
        is_failed=not is_made and not job.is_active,
    )
