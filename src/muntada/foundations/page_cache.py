"""Public pages cached in memory: readers who are not signed in get the stored answer without Django.

A view whose answer is the same for everybody passes it through `cache_response` with the topics it
depends on. An announcement of a topic (`live.announce`) removes the page in every process, and no
page is used beyond its lifetime. While the database is away, cached pages are still served, with a
notice of their age.
"""

import gzip
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation

from muntada.foundations.asgi_types import AsgiApp, AsgiMessage, AsgiReceive, AsgiSend
from muntada.foundations.live import Hub
from muntada.foundations.page_keys import PageKey, PageRequest, page_request

type Headers = list[tuple[bytes, bytes]]

# From the view to this module; removed before the answer is sent.
MARK = "X-Muntada-Cache"
MARK_NAME = MARK.lower().encode()
CACHE_SECONDS = 60
MOST_PAGES = 2_000
MOST_BYTES = 64_000_000
LARGEST = 8_000_000
OK = 200
SERVER_ERRORS = range(500, 600)
BODY_HEADERS = frozenset({b"content-length", b"content-type", b"content-encoding"})
# Headers not valid for a page with a notice, which must be neither stored nor compared.
FRESH_HEADERS = frozenset({b"content-length", b"etag", b"last-modified", b"cache-control", b"expires"})
# The place in `base.html` for the notice.
NOTICE_PLACE = b"<!--notices-->"


def cache_response(
    request: HttpRequest,
    response: HttpResponse,
    *topics: str,
    zone: ZoneInfo | None = None,
    seconds: int = CACHE_SECONDS,
) -> HttpResponse:
    """Let everybody not signed in get this answer until one of the topics is announced.

    `zone` is the time zone in which the notice gives the time of the page.
    """
    is_personal = (
        request.user.is_authenticated
        or settings.SESSION_COOKIE_NAME in request.COOKIES
        or CookieStorage.cookie_name in request.COOKIES
    )
    if not is_personal:
        response.headers[MARK] = " ".join((str(seconds), zone.key if zone else "UTC", *topics))
    if not response.has_header("ETag"):
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if not response.has_header("Cache-Control"):
        # Browsers store it too, but revalidate each time: the answer is a 304.
        response.headers["Cache-Control"] = "private, no-cache" if is_personal else "no-cache"
    return response


@dataclass(slots=True)
class CachedPage:
    headers: Headers
    body: bytes
    etag: bytes
    modified: bytes
    topics: frozenset[str]
    zone: ZoneInfo
    drawn_at: datetime
    until: float
    with_notice: bytes | None = None

    @property
    def size(self) -> int:
        return len(self.body) + len(self.with_notice or b"")


@dataclass(slots=True)
class PendingAnswer:
    """An answer of the application, as far as received."""

    headers: Headers = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    mark: bytes = b""
    is_withheld: bool = False


class PageCache:
    """The application with the cache in front of it; used only in the event loop."""

    def __init__(
        self,
        application: AsgiApp,
        hub: Hub,
        clock: Callable[[], float] = time.monotonic,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._application = application
        self._hub = hub
        self._clock = clock
        self._now = now
        self._pages: OrderedDict[PageKey, CachedPage] = OrderedDict()
        self._bytes = 0
        # Announcements are counted, to detect pages that changed while they were rendered.
        self._heard = 0
        self._heard_all = 0
        self._heard_of: dict[str, int] = {}
        hub.follow(self.remove)

    async def __call__(self, scope: dict[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
        request = page_request(scope)
        if request is None:
            await self._application(scope, receive, _without_mark(send))
            return
        page = self._pages.get(request.key)
        if page is not None and not self._hub.is_listening:
            await self._give_with_notice(request, page, send)
        elif page is not None and page.until > self._clock():
            self._pages.move_to_end(request.key)
            await _give(request, page, send)
        else:
            await self._draw(request, scope, receive, send)

    async def _draw(
        self, request: PageRequest, scope: dict[str, Any], receive: AsgiReceive, send: AsgiSend
    ) -> None:
        begun, answer, last = self._heard, PendingAnswer(), self._pages.get(request.key)

        async def watched(message: AsgiMessage) -> None:
            if answer.is_withheld:
                return
            if message["type"] == "http.response.start":
                answer.mark, answer.headers = _parted(message["headers"])
                answer.is_withheld = last is not None and message["status"] in SERVER_ERRORS
                has_cookies = any(name.lower() == b"set-cookie" for name, _ in answer.headers)
                if message["status"] != OK or has_cookies or not request.is_storable:
                    answer.mark = b""
                if answer.is_withheld:
                    return
                message = {**message, "headers": answer.headers}
            elif answer.mark:
                answer.parts.append(message.get("body", b""))
                if not message.get("more_body") and request.method == "GET":
                    self._store(request.key, answer, begun)
            await send(message)

        await self._application(scope, receive, watched)
        if answer.is_withheld and last is not None:
            await self._give_with_notice(request, last, send)

    def _store(self, key: PageKey, answer: PendingAnswer, begun: int) -> None:
        seconds, zone, *topics = answer.mark.decode("latin1").split(" ")
        body = b"".join(answer.parts)
        # Changes announced during rendering may be missing from the page.
        is_late = max([self._heard_all, *(self._heard_of.get(topic, 0) for topic in topics)]) > begun
        if is_late or not self._hub.is_listening or len(body) > LARGEST:
            return
        named = {name.lower(): value for name, value in answer.headers}
        self._drop(key)
        self._pages[key] = CachedPage(
            headers=answer.headers,
            body=body,
            etag=named.get(b"etag", b""),
            modified=named.get(b"last-modified", b""),
            topics=frozenset(topics),
            zone=ZoneInfo(zone),
            drawn_at=self._now(),
            until=self._clock() + int(seconds),
        )
        self._bytes += len(body)
        self._make_room()

    async def _give_with_notice(self, request: PageRequest, page: CachedPage, send: AsgiSend) -> None:
        """Send a page that may be out of date, with a notice of its time."""
        body = page.with_notice
        if body is None:
            body = page.with_notice = _with_notice(page, request.key.language)
            if self._pages.get(request.key) is page:
                self._bytes += len(body)
                self._make_room()
        age = max(0, int((self._now() - page.drawn_at).total_seconds()))
        headers = [pair for pair in page.headers if pair[0].lower() not in FRESH_HEADERS]
        headers += [
            (b"content-length", str(len(body)).encode()),
            (b"cache-control", b"no-store"),
            (b"age", str(age).encode()),
            (b"warning", b'110 - "Response is Stale"'),
        ]
        await _answer(request, headers, body, send)

    def remove(self, topic: str | None) -> None:
        """Remove the pages that depend on a topic; all pages if announcements may have been missed."""
        self._heard += 1
        if topic is None:
            self._heard_all = self._heard
            self._heard_of.clear()
            self._pages.clear()
            self._bytes = 0
            return
        self._heard_of[topic] = self._heard
        for key in [key for key, page in self._pages.items() if topic in page.topics]:
            self._drop(key)

    def _drop(self, key: PageKey) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= page.size

    def _make_room(self) -> None:
        while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
            self._drop(next(iter(self._pages)))


def _is_current(request: PageRequest, page: CachedPage) -> bool:
    """Return whether the browser has this page already."""
    if request.if_none_match:
        tags = {tag.strip().removeprefix(b"W/") for tag in request.if_none_match.split(b",")}
        return bool(page.etag) and page.etag.removeprefix(b"W/") in tags
    # Browsers return the exact Last-Modified value; with any other, the page is sent.
    return bool(request.if_modified_since) and request.if_modified_since == page.modified


async def _give(request: PageRequest, page: CachedPage, send: AsgiSend) -> None:
    if _is_current(request, page):
        headers = [pair for pair in page.headers if pair[0].lower() not in BODY_HEADERS]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await _answer(request, page.headers, page.body, send)


async def _answer(request: PageRequest, headers: Headers, body: bytes, send: AsgiSend) -> None:
    await send({"type": "http.response.start", "status": OK, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if request.method == "HEAD" else body})


def _with_notice(page: CachedPage, language: str) -> bytes:
    """Insert the notice into a page; files without a place for it are unchanged."""
    is_packed = any(name.lower() == b"content-encoding" for name, _ in page.headers)
    body = gzip.decompress(page.body) if is_packed else page.body
    if NOTICE_PLACE not in body:
        return page.body
    with translation.override(language):
        notice = render_to_string("parts/stale_notice.html", {"drawn_at": page.drawn_at, "zone": page.zone})
    body = body.replace(NOTICE_PLACE, notice.encode(), 1)
    return gzip.compress(body) if is_packed else body


def _parted(headers: Headers) -> tuple[bytes, Headers]:
    """Remove the mark from the headers."""
    mark = next((value for name, value in headers if name.lower() == MARK_NAME), b"")
    return mark, [(name, value) for name, value in headers if name.lower() != MARK_NAME]


def _without_mark(send: AsgiSend) -> AsgiSend:
    async def plain(message: AsgiMessage) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _parted(message["headers"])[1]}
        await send(message)

    return plain
