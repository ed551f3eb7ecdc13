"""The engine named in the settings. Django looks for it under this name."""

import threading
from typing import Any, Self
from weakref import WeakSet

import psycopg
from django.db.backends.postgresql import base
from django.db.backends.utils import CursorWrapper
from psycopg.pq import Format, TransactionStatus

from muntada.foundations.outage import outage


class OpenConnections:
    """The connections that the threads of this process have taken from the pool."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._taken: WeakSet[psycopg.Connection[Any]] = WeakSet()

    def add(self, taken: psycopg.Connection[Any]) -> None:
        with self._lock:
            self._taken.add(taken)

    def waiting(self) -> set[psycopg.Connection[Any]]:
        """Return those over which something was asked that is not answered yet."""
        with self._lock:
            return {one for one in self._taken if one.pgconn.transaction_status == TransactionStatus.ACTIVE}


open_connections = OpenConnections()


class PreparedCursor(psycopg.Cursor[Any]):
    """Has PostgreSQL plan a statement once for a connection, and fill in its values each time."""

    def execute(self, query: Any, params: Any = None, **named: Any) -> Self:
        return super().execute(query, params, **named | {"prepare": True})


class ContentCursor(CursorWrapper):
    """Sends contents of files beside the statement, as they are.

    Django writes values into the text of a statement. The content of a file is written there with two digits
    for each byte, and the text is copied several times: 9 MB take 74 MB for a moment, and most of that stays.
    """

    def execute(self, sql: Any, params: Any = None) -> Any:
        """Execute on a cursor of the kind that the values need."""
        if params is not None and any(isinstance(one, psycopg.Binary) for one in params):
            self.cursor = psycopg.Cursor(self.db.connection)
        return super().execute(sql, params)


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        """Take a connection from the pool; a failure is an outage, and during one this fails at once."""
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
        """Wrap a cursor of psycopg."""
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
