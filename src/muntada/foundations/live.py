"""Live updates: a page listens to a topic, an action announces that it changed.

An announcement carries no content, only that something changed; the page asks again for its part,
with its own permissions. An announcement leaves its process after the commit: this process hears it at once,
the others by PostgreSQL a moment later. What a process that dies in between does not send costs other
processes at most the seconds for which a page is cached.
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
# A database that falls silent is given up after about ten seconds.
KEEPALIVE: dict[str, Any] = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3}
# Tells what this process said itself, and has heard already, from what others say.
PROCESS = secrets.token_hex(8)


class Hub:
    """The listeners of this process, by topic."""

    def __init__(self) -> None:
        self._changed: dict[str, set[asyncio.Event]] = defaultdict(set)
        self._followers: list[Callable[[str | None], None]] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self.is_listening = False

    def follow(self, heard: Callable[[str | None], None]) -> None:
        """Call `heard` with each topic that is announced, and with none where some may have gone unheard."""
        self._followers.append(heard)

    def run_in(self, loop: asyncio.AbstractEventLoop | None) -> None:
        """Name the event loop that the listeners of this process run in, or none when it ends."""
        self._loop = loop

    def begin(self) -> None:
        """Say that from now on announcements are heard; what was announced before may have gone unheard."""
        self.is_listening = True
        for heard in self._followers:
            heard(None)
        for topic in self._changed:
            self._wake(topic)

    def end(self) -> None:
        """Say that announcements of other processes are no longer heard."""
        self.is_listening = False

    def join(self, topic: str) -> asyncio.Event:
        """Return an event that is set with each announcement of the topic; its owner clears it."""
        changed = asyncio.Event()
        self._changed[topic].add(changed)
        return changed

    def leave(self, topic: str, changed: asyncio.Event) -> None:
        self._changed[topic].discard(changed)
        if not self._changed[topic]:
            del self._changed[topic]

    def publish(self, topic: str) -> None:
        """Let all that listen in this process know; called in its event loop."""
        for heard in self._followers:
            heard(topic)
        self._wake(topic)

    def publish_from_a_thread(self, topic: str) -> None:
        """Let all that listen in this process know before whatever this thread hands to the loop next."""
        if self._loop is not None:
            # The loop may end at this moment; then nobody listens any more.
            with suppress(RuntimeError):
                self._loop.call_soon_threadsafe(self.publish, topic)

    def _wake(self, topic: str) -> None:
        for changed in self._changed.get(topic, ()):
            changed.set()


def _send(topics: Sequence[str]) -> None:
    """Send topics to all processes in a transaction of its own, on a connection of this thread."""
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
    """Say that a topic changed; listeners hear it once the transaction is committed."""
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
    """Carry announcements from PostgreSQL to the hub until the server stops."""
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
