"""The connections of a worker to its queue: they wait while the database is away, and no longer.

The pool alone asks for a lost connection after pauses that double, and whoever waits for one gives up after
30 seconds. So a worker was gone for a minute after an outage of ten seconds.
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

# A lost connection is asked for again so long; after that, when somebody wants one.
RECONNECT_SECONDS = 2.0
# Nobody asks the pool during a known outage, so a longer wait would be in vain.
WAIT_SECONDS = 5.0


class WorkerConnector(PsycopgConnector):
    """Asks nothing of a database that is known to be away, and makes it known where it finds it gone."""

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
        """Ask for nothing back."""
        async with self._asking():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Ask for one row."""
        async with self._asking():
            row: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
            return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Ask for all rows."""
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
                # Found broken one after the other, these would cost a pause each.
                await self._async_pool.drain()
        try:
            yield
        except Exception as fault:
            if is_outage(fault):
                outage.begin()
            raise
