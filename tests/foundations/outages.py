"""Take the database of a test away, and give it back."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from muntada.foundations.outage import outage

PATIENCE_SECONDS = 60


@contextmanager
def the_database_away() -> Iterator[None]:
    """End all connections, and take no new ones until the end of the block; then wait until it is noticed."""
    database = connection.ops.quote_name(connection.settings_dict["NAME"])
    # From beside the database: it cannot be closed from within.
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS false")
        try:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = %s AND backend_type = 'client backend'",
                [connection.settings_dict["NAME"]],
            )
            yield
        finally:
            cursor.execute(f"ALTER DATABASE {database} ALLOW_CONNECTIONS true")
    # The connection of this thread is from before.
    connection.close()
    wait_until_it_is_over()


def wait_until_it_is_over() -> None:
    until = time.monotonic() + PATIENCE_SECONDS
    while outage.is_on:
        assert time.monotonic() < until
        time.sleep(0.02)
