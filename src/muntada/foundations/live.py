"""Live updates: a page listens to a topic, an action announces that it changed.

An announcement carries no content, only that something changed; the page asks again for its part,
with its own permissions. PostgreSQL carries announcements between processes, on commit.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection

log = logging.getLogger("muntada.live")

CHANNEL = "muntada_live"
HEARTBEAT_SECONDS = 20
RECONNECT_SECONDS = 2
WAITING_LIMIT = 64

type Message = Mapping[str, Any]
type Receive = Callable[[], Awaitable[Message]]
type Send = Callable[[Message], Awaitable[None]]


def announce(topic: str) -> None:
    """Say that a topic changed; listeners hear it when the transaction commits."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, topic])


class Hub:
    """The listeners of this process, by topic."""

    def __init__(self) -> None:
        self._queues: dict[str, set[asyncio.Queue[str]]] = defaultdict(set)
        self._followers: list[Callable[[str | None], None]] = []
        self.is_listening = False

    def follow(self, heard: Callable[[str | None], None]) -> None:
        """Call `heard` with each topic that is announced, and with none where some may have gone unheard."""
        self._followers.append(heard)

    def begin(self) -> None:
        """Say that from now on announcements are heard; what was announced before may have gone unheard."""
        self.is_listening = True
        for heard in self._followers:
            heard(None)

    def end(self) -> None:
        """Say that announcements are no longer heard."""
        self.is_listening = False

    def join(self, topic: str) -> asyncio.Queue[str]:
        queue: asyncio.Queue[str] = asyncio.Queue(maxsize=WAITING_LIMIT)
        self._queues[topic].add(queue)
        return queue

    def leave(self, topic: str, queue: asyncio.Queue[str]) -> None:
        self._queues[topic].discard(queue)
        if not self._queues[topic]:
            del self._queues[topic]

    def tell(self, topic: str) -> None:
        for heard in self._followers:
            heard(topic)
        for queue in self._queues.get(topic, ()):
            # A listener that does not keep up already has a change waiting; one more says nothing new.
            with suppress(asyncio.QueueFull):
                queue.put_nowait(topic)


hub = Hub()


def _conninfo() -> str:
    database: dict[str, Any] = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
    )


async def _listen() -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                hub.begin()
                async for notice in listening.notifies():
                    hub.tell(notice.payload)
        except psycopg.OperationalError:
            log.warning("live updates lost the database, trying again")
            hub.end()
            await asyncio.sleep(RECONNECT_SECONDS)


@asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Carry announcements from PostgreSQL to the hub until the server stops."""
    task = asyncio.create_task(_listen())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        hub.end()


async def stream(topic: str, receive: Receive, send: Send) -> None:
    """Answer one event-stream request: a `changed` event for each announcement, and a heartbeat."""
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),
    ]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _part(send, b"retry: 3000\n\n")
    queue = hub.join(topic)
    gone = asyncio.create_task(_gone(receive))
    try:
        while not gone.done():
            waiting = asyncio.create_task(queue.get())
            await asyncio.wait(
                {waiting, gone}, timeout=HEARTBEAT_SECONDS, return_when=asyncio.FIRST_COMPLETED
            )
            if gone.done():
                waiting.cancel()
                break
            if waiting.done():
                await _part(send, b"event: changed\ndata: changed\n\n")
            else:
                waiting.cancel()
                await _part(send, b": still here\n\n")
    finally:
        gone.cancel()
        hub.leave(topic, queue)
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _part(send: Send, body: bytes) -> None:
    await send({"type": "http.response.body", "body": body, "more_body": True})


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
