"""Public pages kept in memory: who is not signed in gets again what was drawn, before Django is asked.

A view whose answer is the same for everybody passes it through `keep` and names the topics it depends on.
An announcement of such a topic (`live.announce`) forgets the page, in every process, once it is committed;
and none is kept longer than its seconds. Nothing is kept for who has a session or a message waiting.
"""

import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import HttpResponse

from muntada.foundations.live import Hub

type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]
type App = Callable[[dict[str, Any], Receive, Send], Awaitable[None]]
type Key = tuple[bytes, ...]
type Headers = list[tuple[bytes, bytes]]

MARK = b"x-muntada-kept"
KEPT_SECONDS = 60
MOST_PAGES = 2_000
MOST_BYTES = 64_000_000
LARGEST = 8_000_000
OK = 200
OF_A_BODY = frozenset({b"content-length", b"content-type", b"content-encoding"})
# Of all cookies only these change what a page says; a session or a message is a person's own.
TELLING_COOKIES = (b"django_language=", b"theme=")
OWN_COOKIES = (b"sessionid=", b"messages=")


def keep(response: HttpResponse, *topics: str, seconds: int = KEPT_SECONDS) -> HttpResponse:
    """Let this answer be given again to everybody not signed in, until one of the topics is announced."""
    response.headers["X-Muntada-Kept"] = f"{seconds} {' '.join(topics)}"
    if not response.has_header("ETag"):
        response.headers["ETag"] = f'W/"{hashlib.sha256(response.content).hexdigest()[:32]}"'
    if not response.has_header("Cache-Control"):
        # A browser keeps it too, but asks each time whether it is still so: the answer is a 304.
        response.headers["Cache-Control"] = "no-cache"
    return response


@dataclass(slots=True)
class Kept:
    headers: Headers
    body: bytes
    etag: bytes
    modified: bytes
    topics: frozenset[str]
    until: float


@dataclass(slots=True)
class Answer:
    """An answer on its way, as far as it has come."""

    headers: Headers = field(default_factory=list)
    parts: list[bytes] = field(default_factory=list)
    mark: bytes = b""


class KeptPages:
    """The application behind it, and what of its answers is kept. Lives in the event loop alone."""

    def __init__(self, application: App, hub: Hub, clock: Callable[[], float] = time.monotonic) -> None:
        self._application = application
        self._hub = hub
        self._clock = clock
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0
        self._heard = 0
        self._heard_of: dict[str, int] = {}
        hub.follow(self.forget)

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        key, has = _key(scope)
        if key is None:
            await self._application(scope, receive, _without_mark(send))
            return
        page = self._pages.get(key)
        if page is not None and page.until > self._clock():
            self._pages.move_to_end(key)
            await _give(page, scope["method"], has, send)
            return
        await self._draw(key, scope, receive, send)

    async def _draw(self, key: Key, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        begun, answer = self._heard, Answer()

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer.mark, answer.headers = _parted(message["headers"])
                is_personal = any(name.lower() == b"set-cookie" for name, _ in answer.headers)
                if message["status"] != OK or is_personal:
                    answer.mark = b""
                message = {**message, "headers": answer.headers}
            elif answer.mark:
                answer.parts.append(message.get("body", b""))
                if not message.get("more_body") and scope["method"] == "GET":
                    self._store(key, answer, begun)
            await send(message)

        await self._application(scope, receive, watched)

    def _store(self, key: Key, answer: Answer, begun: int) -> None:
        seconds, *topics = answer.mark.decode("latin1").split(" ")
        body = b"".join(answer.parts)
        # What was announced while the page was drawn may be missing from it.
        is_late = any(self._heard_of.get(topic, 0) > begun for topic in topics)
        if is_late or not self._hub.is_listening or len(body) > LARGEST:
            return
        told = {name.lower(): value for name, value in answer.headers}
        etag, modified = told.get(b"etag", b""), told.get(b"last-modified", b"")
        self._drop(key)
        self._pages[key] = Kept(
            answer.headers, body, etag, modified, frozenset(topics), self._clock() + int(seconds)
        )
        self._bytes += len(body)
        while len(self._pages) > MOST_PAGES or self._bytes > MOST_BYTES:
            self._drop(next(iter(self._pages)))

    def forget(self, topic: str | None) -> None:
        """Forget the pages that depend on a topic; all of them where something may have gone unheard."""
        self._heard += 1
        if topic is None:
            self._heard_of = dict.fromkeys(self._heard_of, self._heard)
            self._pages.clear()
            self._bytes = 0
            return
        self._heard_of[topic] = self._heard
        for key in [key for key, page in self._pages.items() if topic in page.topics]:
            self._drop(key)

    def _drop(self, key: Key) -> None:
        page = self._pages.pop(key, None)
        if page is not None:
            self._bytes -= len(page.body)


@dataclass(frozen=True, slots=True)
class Has:
    """What a browser or program says it has: editions by their tag, or else whatever was current then."""

    tags: bytes = b""
    since: bytes = b""


NOTHING = Has()
CONDITIONS = {b"if-none-match": "tags", b"if-modified-since": "since"}


def _key(scope: dict[str, Any]) -> tuple[Key | None, Has]:
    """Return what a kept page is found by, and the edition the browser has; no key where none may be kept."""
    if scope["type"] != "http" or scope["method"] not in {"GET", "HEAD"}:
        return None, NOTHING
    host = languages = telling = b""
    has = NOTHING
    packed = b"plain"
    for name, value in scope["headers"]:
        if name == b"host":
            host = value
        elif name == b"accept-language":
            languages = value
        elif name in CONDITIONS:
            has = replace(has, **{CONDITIONS[name]: value})
        elif name == b"accept-encoding":
            packed = b"gzip" if b"gzip" in value else b"plain"
        elif name == b"cookie":
            if any(own in value for own in OWN_COOKIES):
                return None, NOTHING
            telling = _telling(value)
        elif name in {b"hx-request", b"range", b"authorization"}:
            return None, NOTHING
    path = scope.get("raw_path") or str(scope["path"]).encode()
    key = (
        host,
        scope.get("scheme", "http").encode(),
        path,
        scope["query_string"],
        languages,
        telling,
        packed,
    )
    return key, has


def _telling(cookies: bytes) -> bytes:
    pieces = (piece.strip() for piece in cookies.split(b";"))
    return b";".join(sorted(piece for piece in pieces if piece.startswith(TELLING_COOKIES)))


def _is_same(page: Kept, has: Has) -> bool:
    if has.tags:
        found = {one.strip().removeprefix(b"W/") for one in has.tags.split(b",")}
        return bool(page.etag) and page.etag.removeprefix(b"W/") in found
    # Without a tag the moment they were given is given back; any other is answered with the page.
    return bool(has.since) and has.since == page.modified


async def _give(page: Kept, method: str, has: Has, send: Send) -> None:
    if _is_same(page, has):
        headers = [pair for pair in page.headers if pair[0].lower() not in OF_A_BODY]
        await send({"type": "http.response.start", "status": 304, "headers": headers})
        await send({"type": "http.response.body", "body": b""})
        return
    await send({"type": "http.response.start", "status": OK, "headers": page.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else page.body})


def _parted(headers: Headers) -> tuple[bytes, Headers]:
    """Take the mark from the headers: it is between the view and this file, not for the browser."""
    mark = next((value for name, value in headers if name.lower() == MARK), b"")
    return mark, [(name, value) for name, value in headers if name.lower() != MARK]


def _without_mark(send: Send) -> Send:
    async def plain(message: Message) -> None:
        if message["type"] == "http.response.start":
            message = {**message, "headers": _parted(message["headers"])[1]}
        await send(message)

    return plain
