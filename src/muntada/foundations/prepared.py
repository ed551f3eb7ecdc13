"""Prepared statements for frequent queries: PostgreSQL plans each once per connection.

Django sends complete statements, which PostgreSQL plans each time; with many joins, planning takes
several times as long as execution.
"""

from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from muntada.foundations.postgresql.base import DatabaseWrapper


def prepared_cursor() -> CursorWrapper:
    """Return a cursor for statements with constant text and parameters."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).prepared_cursor()
