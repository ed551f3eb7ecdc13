"""Exports of the programme. Clients with the current version get 304 before anything is generated."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.functional import Promise
from django.utils.http import http_date
from django.utils.translation import gettext, gettext_lazy

from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest, forum_at
from muntada.forums.rules import Stage
from muntada.forums.views import forum_page
from muntada.foundations import sheets
from muntada.foundations.downloads import content_disposition
from muntada.foundations.errors import NotThere
from muntada.foundations.file_addresses import chosen_by
from muntada.foundations.languages import in_language
from muntada.foundations.page_cache import cache_response
from muntada.foundations.pages import ANYONE
from muntada.programme.exports.exports import (
    calendar,
    feeds,
    jsonld,
    schedule_json,
    schedule_xml,
    spreadsheet,
)
from muntada.programme.exports.exports.book import lacks_letters
from muntada.programme.exports.queries import books_of
from muntada.programme.releases import queries as read
from muntada.programme.releases.queries import (
    ReleasedProgramme,
    ReleasedSession,
    ReleaseRef,
    topic_of_programme,
)
from muntada.programme.releases.rules import Picked, language_asked, numbers_listed, release_tag

type Draw = Callable[[ReleasedProgramme, ExportRequest], bytes]

UTF_8 = "; charset=utf-8"
CACHE_SECONDS = 3_600
CALENDAR_FILE = "programme.ics"
# The parameter that sets the language of an export, and those that select sessions of a calendar.
LANGUAGE = "in"
SELECTIONS = ("s", "line", "language", "kind")


@dataclass(frozen=True)
class ExportRequest:
    """The language, sessions and address of an export."""

    language: str
    picked: Picked
    address: str


@dataclass(frozen=True)
class Export:
    """A format: file name, media type and generator."""

    name: str
    file: str
    media_type: str
    draw: Draw
    use: Promise


def _xml(programme: ReleasedProgramme, wish: ExportRequest) -> bytes:
    return schedule_xml.schedule_xml(programme, language=wish.language, site=settings.SITE_ADDRESS)


def _json(programme: ReleasedProgramme, wish: ExportRequest) -> bytes:
    return schedule_json.schedule_json(programme, language=wish.language, site=settings.SITE_ADDRESS)


def _jsonld(programme: ReleasedProgramme, wish: ExportRequest) -> bytes:
    return jsonld.programme_jsonld(programme, language=wish.language, site=settings.SITE_ADDRESS)


def _csv(programme: ReleasedProgramme, _wish: ExportRequest) -> bytes:
    return sheets.as_csv(spreadsheet.COLUMNS, spreadsheet.rows_of(programme, settings.SITE_ADDRESS))


def _xlsx(programme: ReleasedProgramme, _wish: ExportRequest) -> bytes:
    rows = spreadsheet.rows_of(programme, settings.SITE_ADDRESS)
    return sheets.as_xlsx(rows, sheet=f"{programme.slug}-programme", made_at=programme.published_at)


def _ics(programme: ReleasedProgramme, wish: ExportRequest) -> bytes:
    name = in_language(programme.names, wish.language)
    sessions = read.sessions_picked(programme, wish.picked)
    if wish.picked.room is not None:
        name = f"{name}: {programme.room[wish.picked.room].name}"
    return _calendar(programme, sessions, name, programme.published_at, wish)


def _calendar(
    programme: ReleasedProgramme,
    sessions: tuple[ReleasedSession, ...],
    name: str,
    changed_at: datetime,
    wish: ExportRequest,
) -> bytes:
    heading = calendar.Heading(
        name=name,
        changed_at=changed_at,
        language=wish.language,
        url=f"{settings.SITE_ADDRESS}/{programme.slug}/programme",
        source=wish.address,
    )
    return calendar.calendar(programme, sessions, heading, settings.SITE_ADDRESS)


EXPORTS = (
    Export(
        "schedule_xml",
        "schedule.xml",
        schedule_xml.MEDIA_TYPE + UTF_8,
        _xml,
        gettext_lazy("Conference apps and video teams (c3voc schedule)"),
    ),
    Export(
        "schedule_json",
        "schedule.json",
        schedule_json.MEDIA_TYPE,
        _json,
        gettext_lazy("The same, for programs that read JSON (version 1)"),
    ),
    Export("calendar", CALENDAR_FILE, calendar.MEDIA_TYPE + UTF_8, _ics, gettext_lazy("Calendars")),
    Export(
        "programme_jsonld",
        "programme.jsonld",
        jsonld.MEDIA_TYPE,
        _jsonld,
        gettext_lazy("Search engines (schema.org)"),
    ),
    Export(
        "programme_csv",
        "programme.csv",
        sheets.CSV,
        _csv,
        gettext_lazy("Spreadsheets and scripts, a row for each session"),
    ),
    Export("programme_xlsx", "programme.xlsx", sheets.XLSX, _xlsx, gettext_lazy("Spreadsheets")),
)
_BY_FILE = {export.file: export for export in EXPORTS}


@dataclass(frozen=True)
class CalendarLine:
    """A calendar on the download page. `follow` opens a calendar program."""

    name: str
    address: str

    @property
    def is_whole(self) -> bool:
        return not self.name

    @property
    def follow(self) -> str:
        return f"webcal://{settings.SITE_ADDRESS.partition('://')[2]}{self.address}"


@dataclass(frozen=True)
class ExportFile:
    file: str
    use: Promise
    media_type: str
    address: str


@dataclass(frozen=True)
class BookLine:
    """A printed programme on the download page; without pages if not made yet."""

    language: str
    address: str
    pages: int
    bytes: int


def _book_lines(forum: Forum, ref: ReleaseRef) -> list[BookLine]:
    made = books_of(forum, ref)
    return [
        BookLine(
            language,
            reverse("programme:book", args=[forum.slug, language]),
            made[language].pages if language in made else 0,
            made[language].bytes if language in made else 0,
        )
        for language in forum.languages
    ]


@forum_page(may=ANYONE, stage=Stage.PROGRAMME)
def downloads(request: HttpRequest, forum_request: ForumRequest) -> HttpResponse:
    """Show all formats with their addresses."""
    ref = _release_ref(forum_request.forum, None)
    slug, query = forum_request.forum.slug, f"?{LANGUAGE}={translation.get_language()}"
    rooms = [
        CalendarLine(name, reverse("programme:room_calendar", args=[slug, pk]) + query)
        for pk, name in read.rooms_in(forum_request.forum, ref)
    ]
    whole = reverse("programme:calendar", args=[slug])
    context = {
        "release": ref,
        "books": _book_lines(forum_request.forum, ref),
        "lacks_letters": lacks_letters(forum_request.forum.languages),
        "earlier": read.earlier_releases(forum_request.forum, ref),
        "calendars": [CalendarLine("", whole + query), *rooms],
        "files": [
            ExportFile(
                one.file,
                one.use,
                one.media_type.partition(";")[0],
                reverse(f"programme:{one.name}", args=[slug]),
            )
            for one in EXPORTS
            if one.name != "calendar"
        ],
        "listed": f"{settings.SITE_ADDRESS}{whole}?s=12,15",
    }
    answer = render(request, "programme/exports/downloads.html", context)
    return cache_response(
        request, answer, topic_of_programme(forum_request.forum), zone=forum_request.forum.timezone
    )


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, asks_roles=False)
@chosen_by(LANGUAGE)
def export(
    request: HttpRequest, forum_request: ForumRequest, file: str, number: int | None = None
) -> HttpResponseBase:
    """Serve a release in a format: the last one, or by number."""
    return _exported(request, forum_request, _BY_FILE[file], number, None)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, asks_roles=False)
@chosen_by(LANGUAGE, *SELECTIONS)
def calendar_export(
    request: HttpRequest, forum_request: ForumRequest, number: int | None = None, room: int | None = None
) -> HttpResponseBase:
    """Serve a release as a calendar: whole, of one room, or only the selected sessions."""
    return _exported(request, forum_request, _BY_FILE[CALENDAR_FILE], number, room)


def _exported(
    request: HttpRequest, forum_request: ForumRequest, shape: Export, number: int | None, room: int | None
) -> HttpResponseBase:
    ref = _release_ref(forum_request.forum, number)
    wish = _wish(request, room)
    file = shape.file if room is None else f"room-{room}.ics"
    return _answer(
        request,
        forum_request.forum,
        tag=release_tag(forum_request.forum.slug, ref.number, wish.language, changed_at=ref.changed_at),
        changed_at=ref.changed_at,
        media_type=shape.media_type,
        file=f"{forum_request.forum.slug}-{file}",
        draw=partial(_drawn, forum_request.forum.slug, ref, shape.draw, wish),
    )


def _drawn(slug: str, ref: ReleaseRef, draw: Draw, wish: ExportRequest) -> bytes:
    return draw(read.programme_of(forum_at(slug), ref), wish)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, asks_roles=False)
@chosen_by(LANGUAGE)
def session_export(
    request: HttpRequest, forum_request: ForumRequest, number: int, form: str
) -> HttpResponseBase:
    """Serve a session as iCalendar or JSON-LD; its ETag changes with the session only."""
    ref = _release_ref(forum_request.forum, None)
    entry = read.session_ref(forum_request.forum, ref, number)
    if entry is None:
        raise NotThere(gettext("This session is not in the published programme."), "session")
    wish = _wish(request, None)
    media_type = calendar.MEDIA_TYPE + UTF_8 if form == "ics" else jsonld.MEDIA_TYPE
    return _answer(
        request,
        forum_request.forum,
        tag=release_tag(forum_request.forum.slug, f"s{number}", wish.language, changed_at=entry.changed_at),
        changed_at=entry.changed_at,
        media_type=media_type,
        file=f"{forum_request.forum.slug}-s{number}.{form}",
        draw=partial(_session_drawn, forum_request.forum.slug, ref, number, form, wish),
    )


def _session_drawn(slug: str, ref: ReleaseRef, number: int, form: str, wish: ExportRequest) -> bytes:
    programme = read.programme_of(forum_at(slug), ref, session=number)
    (session,) = programme.sessions
    if form == "ics":
        return _calendar(programme, (session,), session.title, session.changed_at, wish)
    return jsonld.session_jsonld(programme, session, language=wish.language, site=settings.SITE_ADDRESS)


@forum_page(may=ANYONE, stage=Stage.PROGRAMME, asks_roles=False)
@chosen_by(LANGUAGE)
def changes(request: HttpRequest, forum_request: ForumRequest, form: str) -> HttpResponseBase:
    """Serve the changes of each release as a feed."""
    ref = _release_ref(forum_request.forum, None)
    wish = _wish(request, None)
    return _answer(
        request,
        forum_request.forum,
        tag=release_tag(forum_request.forum.slug, ref.number, wish.language, changed_at=ref.changed_at),
        changed_at=ref.changed_at,
        media_type=feeds.ATOM + UTF_8 if form == "atom" else feeds.JSON_FEED,
        file=f"{forum_request.forum.slug}-changes.{form}",
        draw=partial(_feed_drawn, forum_request.forum.slug, form, wish),
    )


def _feed_drawn(slug: str, form: str, wish: ExportRequest) -> bytes:
    forum = forum_at(slug)
    channel = feeds.Channel(
        forum=in_language(forum.names, wish.language),
        language=wish.language,
        zone=forum.timezone,
        home=f"{settings.SITE_ADDRESS}/{slug}/programme",
        address=wish.address,
    )
    with translation.override(wish.language):
        return (feeds.atom if form == "atom" else feeds.json_feed)(read.last_releases(forum), channel)


def _release_ref(forum: Forum, number: int | None) -> ReleaseRef:
    ref = read.release_ref(forum, number)
    if ref is not None:
        return ref
    if number is not None:
        raise NotThere(gettext("There is no such release. The programme page names the last one."), "release")
    raise NotThere(
        gettext("The programme is not published yet. This address begins to work with its first release."),
        "release",
    )


def _wish(request: HttpRequest, room: int | None) -> ExportRequest:
    asked = request.GET
    numbers = numbers_listed(asked["s"]) if "s" in asked else frozenset[int]()
    return ExportRequest(
        language=language_asked(
            asked.get(LANGUAGE, ""), translation.get_language() or settings.LANGUAGE_CODE
        ),
        picked=Picked(
            numbers=numbers,
            room=room,
            line=asked.get("line", ""),
            language=asked.get("language", ""),
            kind=asked.get("kind", ""),
        ),
        address=f"{settings.SITE_ADDRESS}{request.get_full_path()}",
    )


def _answer(
    request: HttpRequest,
    forum: Forum,
    *,
    tag: str,
    changed_at: datetime,
    media_type: str,
    file: str,
    draw: Callable[[], bytes],
) -> HttpResponseBase:
    """Answer conditional and HEAD requests without generating the export."""
    headers = {
        "ETag": tag,
        "Last-Modified": http_date(changed_at.timestamp()),
        "Cache-Control": "public, max-age=300",
        # Public data, which pages of other sites may read.
        "Access-Control-Allow-Origin": "*",
    }
    known = get_conditional_response(request, etag=tag, last_modified=int(changed_at.timestamp()))
    if known is not None:
        for name, value in headers.items():
            known.headers[name] = value
        return known
    headers["Content-Disposition"] = content_disposition(file, inline=True)
    if request.method == "HEAD":
        # Without Content-Length, which is only known after generating.
        return StreamingHttpResponse((), content_type=media_type, headers=headers)
    answer = HttpResponse(draw(), content_type=media_type, headers=headers)
    return cache_response(
        request, answer, topic_of_programme(forum), zone=forum.timezone, seconds=CACHE_SECONDS
    )
