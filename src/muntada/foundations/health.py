"""Health endpoints for operators.

`/healthz` answers while the process is alive. `/readyz` tests the database and names what is not
ready in single words, none of them secret. Both are answered before Django, for any host name.
"""

import asyncio
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass

from django.db import DatabaseError, connection
from django.utils import timezone

from muntada.foundations.asgi_types import AsgiSend
from muntada.foundations.migration_state import migration_state
from muntada.foundations.outage import outage
from muntada.foundations.tasks import is_worker_alive

HEALTH, READINESS = "/healthz", "/readyz"
READY, AWAY, SILENT, MISSING, NEWER, UNKNOWN = "ready", "away", "silent", "missing", "newer", "unknown"
# The database is asked at most once in this interval.
FRESH_SECONDS = 1.0
OK, NOT_READY = 200, 503


@dataclass(frozen=True)
class Readiness:
    database: str
    worker: str
    migrations: str

    @property
    def is_ready(self) -> bool:
        return {self.database, self.worker, self.migrations} == {READY}


def readiness() -> Readiness:
    """Ask the database for its state."""
    if outage.is_on:
        return Readiness(AWAY, UNKNOWN, UNKNOWN)
    try:
        state = migration_state()
        if state.missing:
            # The table of the workers may be missing.
            return Readiness(READY, UNKNOWN, MISSING)
        worker = READY if is_worker_alive(timezone.now()) else SILENT
        return Readiness(READY, worker, NEWER if state.unknown else READY)
    except DatabaseError:
        return Readiness(AWAY, UNKNOWN, UNKNOWN)


class Health:
    """Answers the two addresses, in the event loop."""

    def __init__(self, ask: Callable[[], Readiness] = readiness) -> None:
        self._ask = ask
        self._asking: asyncio.Task[Readiness] | None = None
        self._asked_at = 0.0

    async def __call__(self, path: str, send: AsgiSend) -> None:
        if path == HEALTH:
            await _answer(send, OK, {"alive": True})
            return
        found = await self._readiness()
        body = {"ready": found.is_ready, **asdict(found)}
        await _answer(send, OK if found.is_ready else NOT_READY, body)

    async def _readiness(self) -> Readiness:
        if self._asking is None or time.monotonic() - self._asked_at > FRESH_SECONDS:
            self._asked_at = time.monotonic()
            self._asking = asyncio.create_task(asyncio.to_thread(self._ask_apart))
        return await asyncio.shield(self._asking)

    def _ask_apart(self) -> Readiness:
        try:
            return self._ask()
        finally:
            # The thread ends; its connection returns to the pool.
            connection.close()


async def _answer(send: AsgiSend, status: int, content: Mapping[str, object]) -> None:
    body = json.dumps(content).encode() + b"\n"
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    if status != OK:
        headers.append((b"retry-after", b"5"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
