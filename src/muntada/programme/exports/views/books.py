"""Pages of printed programmes."""

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.cache import get_conditional_response
from django.utils.http import http_date
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.pages import ANYONE, READS_AND_WRITES
from muntada.programme.exports.exports.book import MEDIA_TYPE, lacks_letters
from muntada.programme.exports.queries import book_making, book_of, release_of
from muntada.programme.releases import actions as books
from muntada.programme.releases.models import Book
from muntada.programme.releases.queries import release_ref
from muntada.programme.releases.rules import release_tag

# The part replaced by live updates.
PART = "programme/exports/parts/book_making.html"


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, methods=READS_AND_WRITES)
@chosen_by("part")
def book(request: HttpRequest, forum_request: ForumRequest, language: str) -> HttpResponseBase:
    """Serve the last release as a printed programme; a form orders one that is missing."""
    if language not in forum_request.forum.languages:
        raise NotThere(gettext("This forum has no programme in this language."), "language")
    ref = release_ref(forum_request.forum)
    if ref is None:
        raise NotThere(gettext("The programme is not published yet."), "release")
    kept = book_of(forum_request.forum, ref, language)
    part = PART if request.GET.get("part") == "making" else ""
    if kept is not None and not part:
        return _given(request, forum_request, kept, ref.number)
    release = release_of(forum_request.forum, ref)
    if request.method == "POST":
        books.order_books(release=release, languages=[language], now=forum_request.now)
        return redirect(request.path)
    context = {
        "language": language,
        "making": book_making(release, language),
        "lacks_letters": lacks_letters(forum_request.forum.languages),
    }
    return render(request, part or "programme/exports/book.html", context, status=200 if part else 202)


def _given(request: HttpRequest, forum_request: ForumRequest, kept: Book, number: int) -> HttpResponseBase:
    tag = release_tag(forum_request.forum.slug, number, kept.language, changed_at=kept.made_at)
    known = get_conditional_response(request, etag=tag, last_modified=int(kept.made_at.timestamp()))
    answer: HttpResponseBase = known or FileResponse(
        kept.file.open("rb"),
        content_type=MEDIA_TYPE,
        filename=f"{forum_request.forum.slug}-{kept.language}.pdf",
    )
    answer.headers["ETag"] = tag
    answer.headers["Last-Modified"] = http_date(kept.made_at.timestamp())
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
