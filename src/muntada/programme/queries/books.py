"""Which printed programmes are there."""

from muntada.forums.models import Forum
from muntada.programme.models import Book, Release
from muntada.programme.queries.exchange import ReleaseRef


def release_of(forum: Forum, ref: ReleaseRef) -> Release:
    return Release.objects.select_related("forum").get(forum=forum, number=ref.number)


def book_of(forum: Forum, ref: ReleaseRef, language: str) -> Book | None:
    """Return the book of a release in a language, if it was ever ordered."""
    return Book.objects.filter(release__forum=forum, release__number=ref.number, language=language).first()


def books_of(forum: Forum, ref: ReleaseRef) -> dict[str, Book]:
    """Return the books of a release by their language."""
    found = Book.objects.filter(release__forum=forum, release__number=ref.number)
    return {book.language: book for book in found}
