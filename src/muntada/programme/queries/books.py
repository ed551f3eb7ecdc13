"""Which printed programmes are there, and how far those are that are not."""

from dataclasses import dataclass

from muntada.forums.models import Forum
from muntada.programme.models import Book, Release
from muntada.programme.queries.exchange import ReleaseRef
from muntada.programme.rules.books import STEP_NAMES, BookState, BookStep


def release_of(forum: Forum, ref: ReleaseRef) -> Release:
    return Release.objects.select_related("forum").get(forum=forum, number=ref.number)


def book_of(forum: Forum, ref: ReleaseRef, language: str) -> Book | None:
    """Return the book of a release in a language, if it was ever ordered."""
    return Book.objects.filter(release__forum=forum, release__number=ref.number, language=language).first()


def books_of(forum: Forum, ref: ReleaseRef) -> dict[str, Book]:
    """Return the books of a release by their language."""
    found = Book.objects.filter(release__forum=forum, release__number=ref.number)
    return {book.language: book for book in found}


@dataclass(frozen=True)
class StepLine:
    """A step of the making, and whether it is done or being done."""

    name: str
    is_done: bool
    is_current: bool


@dataclass(frozen=True)
class BookMaking:
    """How far a book is: its steps, how many wait before it, how many of its release are made."""

    steps: tuple[StepLine, ...]
    before: int
    made: int
    ordered: int
    is_made: bool
    is_failed: bool


def book_making(book: Book) -> BookMaking:
    """Tell how far a book is, by what is stored of it and of those before it."""
    steps = list(BookStep)
    reached = steps.index(BookStep(book.step))
    is_made = book.state == BookState.MADE
    waiting = Book.objects.filter(state=BookState.WAITING)
    of_release = Book.objects.filter(release=book.release_id)
    return BookMaking(
        steps=tuple(
            StepLine(str(STEP_NAMES[step]), is_made or place < reached, not is_made and place == reached)
            for place, step in enumerate(steps)
        ),
        before=0 if reached else waiting.filter(pk__lt=book.pk).count(),
        made=of_release.filter(state=BookState.MADE).count(),
        ordered=of_release.count(),
        is_made=is_made,
        is_failed=book.state == BookState.FAILED,
    )
