"""The engine named in the settings. Django looks for it under this name."""

from typing import Any, Self

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper

from muntada.foundations.outage import outage


class PreparedCursor(psycopg.Cursor[Any]):
    """Has PostgreSQL plan a statement once for a connection, and fill in its values each time."""

    def execute(self, query: Any, params: Any = None, **named: Any) -> Self:
        return super().execute(query, params, **named | {"prepare": True})


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

    def prepared_cursor(self) -> CursorWrapper:
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = PreparedCursor(self.connection)
            return self.make_cursor(cursor)
