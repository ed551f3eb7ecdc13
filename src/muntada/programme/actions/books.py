"""Having the printed programme made: when a release comes, or when somebody first asks for it."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

import pypdfium2
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from procrastinate.contrib.django import app as queue

from muntada.foundations.live import announce
from muntada.programme.drawings.book import Cover, book
from muntada.programme.models import Book, Release
from muntada.programme.queries.exchange import ReleaseRef, programme_of
from muntada.programme.queries.releases import topic_of_programme
from muntada.programme.rules.books import BookState, is_lost

log = logging.getLogger("muntada.programme")

MAKE_BOOK = "programme.make_book"
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
            kept.state, kept.ordered_at = BookState.WAITING, now
            kept.save(update_fields=["state", "ordered_at"])
            queue.configure_task(MAKE_BOOK).defer(book_id=kept.pk)


def make_book(*, ordered: Book, clock: Callable[[], datetime]) -> None:
    """Set the book and keep it. Begun twice, it is the same book."""
    release = ordered.release
    if ordered.state == BookState.MADE:
        return
    try:
        ref = ReleaseRef(release.number, release.published_at)
        programme = programme_of(release.forum, ref)
        content = book(programme, Cover(release.notes), language=ordered.language)
        with pypdfium2.PdfDocument(content) as document:
            pages = len(document)
        place = f"{FOLDER}/{release.forum.slug}-{release.number}-{ordered.language}.pdf"
        default_storage.delete(place)
        file = default_storage.save(place, ContentFile(content))
    except Exception:
        log.exception("the book of release %s in %s could not be made", release.pk, ordered.language)
        Book.objects.filter(pk=ordered.pk).update(state=BookState.FAILED)
        raise
    finally:
        announce(topic_of_programme(release.forum))
    with transaction.atomic():
        Book.objects.filter(pk=ordered.pk).update(
            state=BookState.MADE, file=file, bytes=len(content), pages=pages, made_at=clock()
        )
        announce(topic_of_programme(release.forum))
