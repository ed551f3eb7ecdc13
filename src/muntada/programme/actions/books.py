"""Having the printed programme made: when a release comes, or when somebody first asks for it."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from muntada.foundations.bounded import DOCUMENT, read_file
from muntada.foundations.jobs.actions import Order, begin, cancel, order
from muntada.foundations.jobs.queries import ordered_jobs
from muntada.foundations.jobs.rules import MAY_BEGIN
from muntada.foundations.jobs.running import Run
from muntada.foundations.languages import language_name
from muntada.foundations.live import announce
from muntada.programme.actions import task_types
from muntada.programme.drawings.book import Cover, book
from muntada.programme.models import Book, Release
from muntada.programme.queries.books import active_books, key_of
from muntada.programme.queries.exchange import ReleaseRef, programme_of
from muntada.programme.queries.releases import topic_of_programme
from muntada.programme.rules.books import STEP_NAMES, STEP_SHARES, BookStep
from muntada.record.rules import SYSTEM

FOLDER = "programme/books"


def order_books(*, release: Release, languages: Iterable[str], now: datetime) -> None:
    """Have the book made in these languages; one that is there or on its way is not ordered twice."""
    for language in languages:
        with transaction.atomic():
            # Two who ask at the same time: the second waits, and then finds the job of the first.
            Release.objects.select_for_update(no_key=True).get(pk=release.pk)
            if not Book.objects.filter(release=release, language=language).exists():
                _order(release, language, now)


def _order(release: Release, language: str, now: datetime) -> None:
    last = ordered_jobs(key_of(release.pk, language)).first()
    if last is not None and last.is_active:
        return
    if last is not None and last.state in MAY_BEGIN:
        begin(job=last, actor=SYSTEM, now=now)
        return
    new = Order(
        forum_id=release.forum_id,
        key=key_of(release.pk, language),
        about=f"{release.number} · {language_name(language)}",
        back=f"/{release.forum.slug}/programme/downloads",
        actor=SYSTEM,
        now=now,
    )
    order(task_types.make_book, new, release_id=release.pk, language=language)


def make_book(*, run: Run, release: Release, language: str) -> None:
    """Set the book and keep it. Begun twice, it is the same book."""
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
        # As when a name was withdrawn meanwhile, and the book ordered before was cancelled.
        default_storage.delete(file)
        raise


def _store(run: Run, place: str, content: bytes) -> str:
    """Store the file of this run, and delete what a run left that died before."""
    for earlier in range(1, run.job.beginnings):
        default_storage.delete(f"{place}-{earlier}.pdf")
    return default_storage.save(f"{place}-{run.job.beginnings}.pdf", ContentFile(content))


def _reach(run: Run, step: BookStep) -> None:
    """Say what is being done now, to whoever looks."""
    run.begin_step(STEP_SHARES[step], str(STEP_NAMES[step]))


def remake_books(*, releases: Iterable[Release], now: datetime) -> None:
    """Delete what was printed of these releases; have the book of the last one made again."""
    for release in releases:
        active = active_books(release)
        for language in active:
            # First of all: a worker that is just about to keep a book is waited for.
            cancel(job=active[language], actor=SYSTEM, now=now)
        made = list(Book.objects.filter(release=release))
        Book.objects.filter(release=release).delete()
        for one in made:
            transaction.on_commit(partial(default_storage.delete, str(one.file.name)))
        if not release.forum.releases.filter(number__gt=release.number).exists():
            languages = dict.fromkeys([*active, *(one.language for one in made)])
            order_books(release=release, languages=languages, now=now)
