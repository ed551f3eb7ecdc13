"""The database connections of a worker, which wait during an outage and resume right after it.

The pool retries with doubling pauses, and a request for a connection gives up after 30 seconds. A
worker was therefore gone for a minute after an outage of ten seconds.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Any, LiteralString

from procrastinate import PsycopgConnector
from procrastinate.connector import Notify
from psycopg_pool import AsyncConnectionPool

from muntada.foundations.outage import is_outage, outage
from muntada.foundations.tasks import WORKER_CONNECTION

# The time a lost connection is retried; after that, on demand.
RECONNECT_SECONDS = 2.0
# During a known outage nobody asks the pool, so a longer wait is useless.
WAIT_SECONDS = 5.0


class WorkerConnector(PsycopgConnector):
    """Sends nothing during a known outage, and starts an outage when it finds one."""

    def __init__(self, **pool: Any) -> None:
        named = {**pool.pop("kwargs", {}), "application_name": WORKER_CONNECTION}
        super().__init__(kwargs=named, reconnect_timeout=RECONNECT_SECONDS, timeout=WAIT_SECONDS, **pool)
        self._outages = outage.count

    async def open_async(self, pool: AsyncConnectionPool | None = None) -> None:
        """Open the pool once the database answers."""
        await asyncio.to_thread(outage.check)
        async with self._asking():
            await super().open_async(pool)

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Execute without a result."""
        async with self._asking():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Execute and return one row."""
        async with self._asking():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Execute and return all rows."""
        async with self._asking():
            rows: list[dict[str, Any]] = await super().execute_query_all_async(query, **arguments)
            return rows

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Listen until the connection is lost."""
        async with self._asking():
            await super().listen_notify(on_notification, channels)

    @asynccontextmanager
    async def _asking(self) -> AsyncIterator[None]:
        await outage.over()
        if self._outages != outage.count:
            self._outages = outage.count
            if self._async_pool is not None:
                # Finding each of these broken would cost a pause each.
                await self._async_pool.drain()
        try:
            yield
        except Exception as fault:
            if is_outage(fault):
                outage.begin()
            raise
