"""Having the printed programme made: when a release comes, or when somebody first asks for it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from functools import partial

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction

from muntada.foundations.bounded import DOCUMENT, read_file
from muntada.foundations.live import announce
from muntada.programme.actions import task_types
from muntada.programme.drawings.book import Cover, book
from muntada.programme.models import Book, Release
from muntada.programme.queries.exchange import ReleaseRef, programme_of
from muntada.programme.queries.releases import topic_of_programme
from muntada.programme.rules.books import BookState, BookStep, is_lost

log = logging.getLogger("muntada.programme")

FOLDER = "programme/books"


def order_books(*, release: Release, languages: Iterable[str], now: datetime) -> None:
    """Have the book made in these languages; one that is there or on its way is not ordered twice."""
    for language in languages:
        with transaction.atomic():
            made, is_new = Book.objects.get_or_create(
                release=release, language=language, defaults={"ordered_at": now}
            )
            kept = Book.objects.select_for_update(of=("self",), no_key=True).get(pk=made.pk)
            if not is_new and not is_lost(kept.state, kept.ordered_at, now):
                continue
            kept.state, kept.step, kept.ordered_at = BookState.WAITING, BookStep.QUEUED, now
            kept.save(update_fields=["state", "step", "ordered_at"])
            task_types.make_book.order(book_id=kept.pk)


def make_book(*, ordered: Book, clock: Callable[[], datetime]) -> None:
    """Set the book and keep it. Begun twice, it is the same book."""
    release = ordered.release
    if ordered.state == BookState.MADE:
        return
    try:
        _reach(ordered, BookStep.READING)
        ref = ReleaseRef(release.number, release.changed_at)
        programme = programme_of(release.forum, ref)
        _reach(ordered, BookStep.SETTING)
        content = book(programme, Cover(release.notes), language=ordered.language)
        _reach(ordered, BookStep.KEEPING)
        (pages,) = read_file("muntada.parsers.documents:page_count", content, bounds=DOCUMENT)
        place = f"{FOLDER}/{release.forum.slug}-{release.number}-{ordered.language}-{ordered.pk}.pdf"
        default_storage.delete(place)
        file = default_storage.save(place, ContentFile(content))
    except Exception:
        log.exception("the book of release %s in %s could not be made", release.pk, ordered.language)
        Book.objects.filter(pk=ordered.pk).update(state=BookState.FAILED)
        raise
    finally:
        announce(topic_of_programme(release.forum))
    with transaction.atomic():
        kept = Book.objects.filter(pk=ordered.pk).update(
            state=BookState.MADE, file=file, bytes=len(content), pages=pages, made_at=clock()
        )
        if not kept:
            # A name was withdrawn meanwhile, and with it the book ordered before.
            default_storage.delete(file)
        announce(topic_of_programme(release.forum))


def _reach(ordered: Book, step: BookStep) -> None:
    """Say what is being done now, to whoever looks."""
    Book.objects.filter(pk=ordered.pk).update(step=step)
    announce(topic_of_programme(ordered.release.forum))


def remake_books(*, releases: Iterable[Release], now: datetime) -> None:
    """Delete what was printed of these releases; have the book of the last one made again."""
    for release in releases:
        made = list(Book.objects.filter(release=release))
        Book.objects.filter(release=release).delete()
        for one in made:
            if one.file.name:
                transaction.on_commit(partial(default_storage.delete, one.file.name))
        if not release.forum.releases.filter(number__gt=release.number).exists():
            order_books(release=release, languages=[one.language for one in made], now=now)
