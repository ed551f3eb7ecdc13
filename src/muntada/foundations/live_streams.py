"""Event streams of live pages: `/live/TOKEN` says each time that the page's topic changed.

The token is written into a page when the page is drawn, so whoever has one was allowed to see the page.
It is signed and read without the database. The token of a page that somebody signed in got is good in their
session alone; after they sign out no stream begins with it.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import parse_cookie
from django.utils.crypto import salted_hmac

from muntada.foundations.live import Hub, hub

LIVE = "/live/"
SALT = "muntada.live"
# A page that stays open longer has to be loaded again.
TOKEN_DAYS = 14
HEARTBEAT_SECONDS = 20
# A page that changes all the time is asked for again no more often than that.
PAUSE_SECONDS = 0.2
# Files that a process needs beside its streams, and a bound where the system sets none.
OTHER_FILES = 256
MOST_STREAMS = 10_000
MOST_OF_A_SESSION = 30
MOST_OF_AN_ADDRESS = 4_000
RETRY_AFTER_SECONDS = 30

type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


def live_token(topic: str, session_key: str, day: date) -> str:
    """Return a token for the topic of a page. `session_key` is empty on a page that everybody may see.

    It changes once a day, not each second, so that a page that did not change stays the same.
    """
    content = [topic, _reader(session_key), day.toordinal()]
    return Signer(salt=SALT).sign_object(content)


def topic_of_token(token: str, session_key: str, day: date) -> str | None:
    """Return the topic that a token stands for, or none where it is forged, old or of another session."""
    try:
        topic, reader, given_on = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    is_old = date.fromordinal(given_on) < day - timedelta(days=TOKEN_DAYS)
    return None if is_old or reader not in {"", _reader(session_key)} else str(topic)


def _reader(session_key: str) -> str:
    return salted_hmac(SALT, session_key, algorithm="sha256").hexdigest()[:16] if session_key else ""


class TooManyStreams(Exception):
    """The process, a session or an address has as many streams as it may."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class OpenStreams:
    """Counts the streams that are open in this process, in all and by who asks."""

    def __init__(self) -> None:
        self._count = 0
        self._of: Counter[str] = Counter()

    @contextmanager
    def place(self, who: str, most: int) -> Iterator[None]:
        """Count one more while it is open; refuse it where there are too many."""
        files, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
        most_in_all = (
            MOST_STREAMS if files == resource.RLIM_INFINITY else min(MOST_STREAMS, files - OTHER_FILES)
        )
        if self._count >= most_in_all:
            raise TooManyStreams(503)
        if self._of[who] >= most:
            raise TooManyStreams(429)
        self._count += 1
        self._of[who] += 1
        try:
            yield
        finally:
            self._count -= 1
            self._of[who] -= 1
            if not self._of[who]:
                del self._of[who]


open_streams = OpenStreams()
# One for each stream: it is done when the browser has left.
_leaving: set[asyncio.Task[None]] = set()


def end_streams() -> None:
    """End all streams of this process in order; the browsers ask again, and find the next process."""
    for gone in _leaving:
        gone.cancel()


async def live_stream(scope: Mapping[str, Any], receive: Receive, send: Send) -> None:
    """Answer a request for `/live/TOKEN`."""
    if scope["method"] != "GET":
        await _refuse(send, 405, (b"allow", b"GET"))
        return
    sent = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
    session_key = parse_cookie(sent.decode("latin1")).get(settings.SESSION_COOKIE_NAME, "")
    token = str(scope["path"]).removeprefix(LIVE)
    topic = topic_of_token(token, session_key, datetime.now(UTC).date())
    if topic is None:
        await _refuse(send, 404)
        return
    address, _ = scope.get("client") or ("", 0)
    who, most = (_reader(session_key), MOST_OF_A_SESSION) if session_key else (address, MOST_OF_AN_ADDRESS)
    try:
        with open_streams.place(who, most):
            await stream(hub, topic, receive, send)
    except TooManyStreams as refusal:
        await _refuse(send, refusal.status, (b"retry-after", str(RETRY_AFTER_SECONDS).encode()))


async def stream(hub: Hub, topic: str, receive: Receive, send: Send) -> None:
    """Send an event after each announcement, and a comment now and then, until the browser leaves."""
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _part(send, b"retry: 3000\n\n")
    changed = hub.join(topic)
    gone = asyncio.create_task(_gone(receive))
    _leaving.add(gone)
    try:
        while not gone.done():
            waiting = asyncio.create_task(changed.wait())
            await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            waiting.cancel()
            if gone.done():
                break
            if not changed.is_set():
                await _part(send, b": still here\n\n")
                continue
            changed.clear()
            await _part(send, b"event: changed\ndata: changed\n\n")
            # What changes meanwhile is one more event afterwards.
            await asyncio.wait({gone}, timeout=PAUSE_SECONDS)
    finally:
        gone.cancel()
        _leaving.discard(gone)
        hub.leave(topic, changed)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(send: Send, status: int, *headers: tuple[bytes, bytes]) -> None:
    given = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": b""})


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
