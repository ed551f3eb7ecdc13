"""The engine named in the settings; Django expects this module name."""

import threading
from typing import Any, Self
from weakref import WeakSet

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format, TransactionStatus

from muntada.foundations.outage import outage


class OpenConnections:
    """The pool connections in use by threads of this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def add(self, taken: psycopg.Connection[Any]) -> None:
        with self._lock:
            self._taken.add(taken)

    def waiting(self) -> set[psycopg.Connection[Any]]:
        """Return the connections with an unanswered query."""
        with self._lock:
            return {one for one in self._taken if one.pgconn.transaction_status == TransactionStatus.ACTIVE}


open_connections = OpenConnections()


class PreparedCursor(psycopg.Cursor[Any]):
    """Prepares a statement once per connection and sends its parameters each time."""

    def execute(self, query: Any, params: Any = None, **named: Any) -> Self:
        return super().execute(query, params, **named | {"prepare": True})


class ContentCursor(CursorWrapper):
    """Sends file contents as binary parameters.

    Django interpolates values into the statement. File contents become hexadecimal text, copied several
    times: 9 MB take 74 MB for a moment, most of which is not returned.
    """

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Execute on a cursor of the kind the values need."""
        if params is not None and any(isinstance(one, psycopg.Binary) for one in params):
            self.cursor = psycopg.Cursor(self.db.connection)
        return super().execute(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the pool; a failure starts an outage, and during one this fails at once."""
        if outage.is_on:
            raise psycopg.OperationalError("the database is away")
        try:
            taken = super().get_new_connection(conn_params)
        except psycopg.OperationalError:
            outage.begin()
            raise
        open_connections.add(taken)
        return taken

    def make_cursor(self, cursor: Any) -> CursorWrapper:
        """Wrap a psycopg cursor."""
        return ContentCursor(cursor, self)

    def prepared_cursor(self) -> CursorWrapper:
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = PreparedCursor(self.connection)
            return self.make_cursor(cursor)

    def binary_cursor(self) -> CursorWrapper:
        self.ensure_connection()
        with self.wrap_database_errors:
            cursor: Any = psycopg.Cursor(self.connection)
            cursor.format = Format.BINARY
            return self.make_cursor(cursor)
