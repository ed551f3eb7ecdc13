"""The connections of a worker while the database is away."""

import asyncio
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from procrastinate.contrib.django.utils import connector_params

from muntada.foundations.outage import outage
from muntada.foundations.tasks import WORKER_CONNECTION
from muntada.foundations.worker_connector import WorkerConnector

from .outages import PATIENCE_SECONDS, the_database_away

pytestmark = pytest.mark.django_db(transaction=True)


async def _ask(connector: WorkerConnector) -> dict[str, object]:
    await connector.open_async()
    try:
        return await connector.execute_query_one_async("SELECT current_setting('application_name') AS name")
    finally:
        await connector.close_async()


def test_a_worker_is_known_by_the_name_of_its_connections():
    with ThreadPoolExecutor(1) as worker:
        asking = worker.submit(asyncio.run, _ask(WorkerConnector(kwargs=connector_params())))
        assert asking.result(PATIENCE_SECONDS) == {"name": WORKER_CONNECTION}


def test_a_worker_that_starts_while_the_database_is_away_opens_its_pool_when_it_is_back():
    """A pool opened before would ask again after pauses that double."""
    connector = WorkerConnector(kwargs=connector_params())
    with ThreadPoolExecutor(1) as worker:
        with the_database_away():
            asking = worker.submit(asyncio.run, _ask(connector))
            until = time.monotonic() + PATIENCE_SECONDS
            while not outage.is_on:
                assert time.monotonic() < until
                time.sleep(0.02)
            assert connector._async_pool is None
        assert asking.result(PATIENCE_SECONDS) == {"name": WORKER_CONNECTION}
