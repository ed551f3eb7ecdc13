"""Work that a queue or the calendar starts, on the same database, in the web process by default."""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from procrastinate import App
from procrastinate.contrib.django import app as queue

log = logging.getLogger("muntada.tasks")


def worker_app() -> App:
    """Return the queue on a connection of its own, as a worker needs it."""
    app: App = queue.with_connector(queue.connector.get_worker_connector())  # type: ignore[attr-defined]
    return app


@asynccontextmanager
async def worker_beside_the_web() -> AsyncIterator[None]:
    """Run one worker in this process until the server stops."""
    app = worker_app()
    async with app.open_async():
        running = asyncio.create_task(
            app.run_worker_async(concurrency=1, install_signal_handlers=False, shutdown_graceful_timeout=5)
        )
        try:
            yield
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
