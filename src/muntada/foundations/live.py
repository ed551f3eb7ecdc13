"""Live updates: pages listen to a topic, actions announce changes.

An announcement has no content: the page reloads its part with its own permissions. An announcement
is sent after the commit: this process gets it at once, the others through PostgreSQL a moment
later. If a process dies before sending, pages in other processes are out of date at most as long as
they are cached.
"""

import asyncio
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Any

import psycopg
from django.conf import settings
from django.db import connection, transaction

from muntada.foundations.announcer import Announcer
from muntada.foundations.outage import outage

CHANNEL = "muntada_live"
RECONNECT_SECONDS = 2
# A silent database is given up after about ten seconds.
KEEPALIVE: dict[str, Any] = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
# Distinguishes this process's own announcements, already delivered, from those of others.
PROCESS = secrets.token_hex(8)


class Hub:
    """The listeners of this process, by topic."""

    def __init__(self) -> None:
        self._changed: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._followers: list[Callable[[str | None], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_listening = False

    def follow(self, heard: Callable[[str | None], None]) -> None:
        """Call `heard` with each announced topic, and with None if announcements may have been missed."""
        self._followers.append(heard)

    def run_in(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Set the event loop of the listeners, or None at its end."""
        self._loop = loop

    def begin(self) -> None:
        """Start receiving announcements of other processes; earlier ones may have been missed."""
        self.is_listening = True
        for heard in self._followers:
            heard(None)
        for topic in self._changed:
            self._wake(topic)

    def end(self) -> None:
        """Stop receiving announcements of other processes."""
        self.is_listening = False

    def join(self, topic: str) -> asyncio.Event:
        """Return an event that is set by each announcement of the topic; its owner clears it."""
        changed = asyncio.Event()
        self._changed[topic].add(changed)
        return changed

    def leave(self, topic: str, changed: asyncio.Event) -> None:
        self._changed[topic].discard(changed)
        if not self._changed[topic]:
            del self._changed[topic]

    def publish(self, topic: str) -> None:
        """Notify all listeners of this process; call it in the event loop."""
        for heard in self._followers:
            heard(topic)
        self._wake(topic)

    def publish_from_a_thread(self, topic: str) -> None:
        """Notify all listeners of this process before anything this thread schedules next."""
        if self._loop is not None:
            # The loop may end at this moment; then there are no listeners.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.publish, topic)

    def _wake(self, topic: str) -> None:
        for changed in self._changed.get(topic, ()):
            changed.set()


def _send(topics: Sequence[str]) -> None:
    """Send topics to all processes, in a separate transaction on a connection of this thread."""
    try:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic",
                [CHANNEL, [f"{PROCESS} {topic}" for topic in topics]],
            )
    finally:
        connection.close()


hub = Hub()
announcer = Announcer(_send)


def announce(topic: str) -> None:
    """Announce that a topic changed; listeners are notified after the commit."""
    transaction.on_commit(partial(_publish, topic), robust=True)


def _publish(topic: str) -> None:
    hub.publish_from_a_thread(topic)
    announcer.add(topic)


def _conninfo() -> str:
    database: dict[str, Any] = settings.DATABASES["default"]
    return psycopg.conninfo.make_conninfo(
        dbname=database["NAME"],
        user=database["USER"],
        password=database["PASSWORD"],
        host=database["HOST"],
        port=database["PORT"],
        **KEEPALIVE,
    )


async def _listen() -> None:
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(_conninfo(), autocommit=True) as listening:
                await listening.execute(f"LISTEN {CHANNEL}")
                hub.begin()
                async for notice in listening.notifies():
                    sender, _, topic = notice.payload.partition(" ")
                    if sender != PROCESS:
                        hub.publish(topic)
        except psycopg.OperationalError:
            hub.end()
            await asyncio.to_thread(outage.check)
            await asyncio.sleep(RECONNECT_SECONDS)


@asynccontextmanager
async def listening() -> AsyncIterator[None]:
    """Deliver announcements from PostgreSQL to the hub until the server stops."""
    hub.run_in(asyncio.get_running_loop())
    task = asyncio.create_task(_listen())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        hub.run_in(None)
        hub.end()
