"""Make printed programmes, after a release or on request."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from muntada.foundations.bounded import DOCUMENT, read_file
from muntada.foundations.jobs.actions import cancel
from muntada.foundations.jobs.running import Run
from muntada.foundations.live import announce
from muntada.programme.exports.exports.book import Cover, book
from muntada.programme.exports.queries import active_books
from muntada.programme.exports.rules import STEP_NAMES, STEP_SHARES, BookStep
from muntada.programme.releases.actions import order_books
from muntada.programme.releases.models import Book
from muntada.programme.releases.queries import ReleaseRef, programme_of, topic_of_programme
from muntada.programme.timetable.models import Release
from muntada.record.rules import SYSTEM

FOLDER = "programme/books"


def make_book(*, run: Run, release: Release, language: str) -> None:
    """Typeset and store a printed programme. Repeated runs give the same file."""
    address = f"/{release.forum.slug}/programme/book/{language}.pdf"
    if Book.objects.filter(release=release, language=language).exists():
        run.end(result_at=address)
        return
    _reach(run, BookStep.READING)
    programme = programme_of(release.forum, ReleaseRef(release.number, release.changed_at))
    _reach(run, BookStep.SETTING)
    content = book(programme, Cover(release.notes), language=language)
    _reach(run, BookStep.KEEPING)
    (pages,) = read_file("muntada.parsers.documents:page_count", content, bounds=DOCUMENT)
    file = _store(run, f"{FOLDER}/{release.forum.slug}-{release.number}-{language}-{run.job.pk}", content)
    try:
        with transaction.atomic():
            run.end(result_at=address)
            Book.objects.create(
                release=release,
                language=language,
                job=run.job,
                file=file,
                bytes=len(content),
                pages=pages,
                made_at=run.clock(),
            )
            announce(topic_of_programme(release.forum))
    except Exception:
        # For instance if a name was withdrawn meanwhile and this job was cancelled.
        default_storage.delete(file)
        raise


def _store(run: Run, place: str, content: bytes) -> str:
    """Store the file of this run, and delete the remains of a run that died."""
    for earlier in range(1, run.job.beginnings):
        default_storage.delete(f"{place}-{earlier}.pdf")
    return default_storage.save(f"{place}-{run.job.beginnings}.pdf", ContentFile(content))


def _reach(run: Run, step: BookStep) -> None:
    """Report the current step."""
    run.begin_step(STEP_SHARES[step], str(STEP_NAMES[step]))


def remake_books(*, releases: Iterable[Release], now: datetime) -> None:
    """Delete the printed programmes of these releases, and order those of the last one."""
    for release in releases:
        active = active_books(release)
        for language in active:
            # First, to wait for a worker that is about to store a file.
            cancel(job=active[language], actor=SYSTEM, now=now)
        made = list(Book.objects.filter(release=release))
        Book.objects.filter(release=release).delete()
        for one in made:
            transaction.on_commit(partial(default_storage.delete, str(one.file.name)))
        if not release.forum.releases.filter(number__gt=release.number).exists():
            languages = dict.fromkeys([*active, *(one.language for one in made)])
            order_books(release=release, languages=languages, now=now)
