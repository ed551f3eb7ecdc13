"""Event streams of live pages: `/live/TOKEN` sends an event for each change of the page's topic.

The token is part of the rendered page, so its holder was allowed to see the page. It is signed and
verified without the database. A token of a signed-in page is valid only in that session; after
sign-out, no new stream starts with it.
"""

import asyncio
import resource
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.http import parse_cookie
from django.utils.crypto import salted_hmac

from muntada.foundations.asgi_types import AsgiReceive, AsgiSend
from muntada.foundations.live import Hub, hub

LIVE = "/live/"
SALT = "muntada.live"
# A page open for longer has to be reloaded.
TOKEN_DAYS = 14
HEARTBEAT_SECONDS = 20
# The minimum interval between events of a page that changes constantly.
PAUSE_SECONDS = 0.2
# Files needed beside streams; the limit if the system sets none.
OTHER_FILES = 256
MOST_STREAMS = 10_000
MOST_OF_A_SESSION = 30
MOST_OF_AN_ADDRESS = 4_000
RETRY_AFTER_SECONDS = 30


def live_token(topic: str, session_key: str, day: date) -> str:
    """Return a token for the topic of a page; `session_key` is empty on a public page.

    The token changes daily, not every second, so that an unchanged page stays identical.
    """
    content = [topic, _reader(session_key), day.toordinal()]
    return Signer(salt=SALT).sign_object(content)


def topic_of_token(token: str, session_key: str, day: date) -> str | None:
    """Return the topic of a token, or None if it is forged, expired or of another session."""
    try:
        topic, reader, given_on = Signer(salt=SALT).unsign_object(token)
    except (BadSignature, ValueError):
        return None
    is_old = date.fromordinal(given_on) < day - timedelta(days=TOKEN_DAYS)
    return None if is_old or reader not in {"", _reader(session_key)} else str(topic)


def _reader(session_key: str) -> str:
    return salted_hmac(SALT, session_key, algorithm="sha256").hexdigest()[:16] if session_key else ""


class TooManyStreams(Exception):
    """The process, session or address has reached its limit of streams."""

    def __init__(self, status: int) -> None:
        super().__init__()
        self.status = status


class OpenStreams:
    """Counts open streams of this process, in total and by requester."""

    def __init__(self) -> None:
        self._count = 0
        self._of: Counter[str] = Counter()

    @contextmanager
    def place(self, who: str, most: int) -> Iterator[None]:
        """Count a stream while it is open; refuse it above the limit."""
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
# One task per stream, done when the browser has left.
_leaving: set[asyncio.Task[None]] = set()


def end_streams() -> None:
    """End all streams of this process; browsers reconnect to the next process."""
    for gone in _leaving:
        gone.cancel()


async def live_stream(scope: Mapping[str, Any], receive: AsgiReceive, send: AsgiSend) -> None:
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


async def stream(hub: Hub, topic: str, receive: AsgiReceive, send: AsgiSend) -> None:
    """Send an event after each announcement, and regular comments, until the browser leaves."""
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
            # Further changes in this time become one event.
            await asyncio.wait({gone}, timeout=PAUSE_SECONDS)
    finally:
        gone.cancel()
        _leaving.discard(gone)
        hub.leave(topic, changed)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _refuse(send: AsgiSend, status: int, *headers: tuple[bytes, bytes]) -> None:
    given = [(b"content-length", b"0"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": given})
    await send({"type": "http.response.body", "body": b""})


async def _part(send: AsgiSend, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: AsgiReceive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
