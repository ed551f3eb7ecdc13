"""The engine named in the settings. Django looks for it under this name."""

from typing import Any

import psycopg
from django.db.backends.postgresql import base

from muntada.foundations.outage import outage


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the pool; a failure is an outage, and during one this fails at once."""
        if outage.is_on:
            raise psycopg.OperationalError("the database is away")
        try:
            return super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            outage.begin()
            raise
