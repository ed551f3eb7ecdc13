"""Which printed programmes are there."""

from muntada.forums.models import Forum
from muntada.programme.models import Book, Release
from muntada.programme.queries.exchange import Edition


def release_of(forum: Forum, edition: Edition) -> Release:
    return Release.objects.select_related("forum").get(forum=forum, number=edition.number)


def book_of(forum: Forum, edition: Edition, language: str) -> Book | None:
    """Return the book of a release in a language, if it was ever ordered."""
    return Book.objects.filter(
        release__forum=forum, release__number=edition.number, language=language
    ).first()


def books_of(forum: Forum, edition: Edition) -> dict[str, Book]:
    """Return the books of a release by their language."""
    found = Book.objects.filter(release__forum=forum, release__number=edition.number)
    return {book.language: book for book in found}
