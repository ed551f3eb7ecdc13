"""Statements that are sent all the time: PostgreSQL plans each once for a connection.

Django sends each statement as a whole, so that PostgreSQL plans it anew each time; where many tables are
joined, that takes several times as long as the answer.
"""

from typing import cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.utils import CursorWrapper

from muntada.foundations.postgresql.base import DatabaseWrapper


def prepared_cursor() -> CursorWrapper:
    """Return a cursor for statements of a fixed text, with all that differs in their parameters."""
    return cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).prepared_cursor()
