"""Read file contents from rows in binary.

Django transfers bytes as hexadecimal text: reading 9 MB took 37 MB of memory.
"""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from muntada.foundations.postgresql.base import DatabaseWrapper


def content_of(rows: "QuerySet[Any]") -> bytes | None:
    """Return the `content` of the single row; None if it is empty or missing."""
    sql, params = rows.values_list("content").query.sql_with_params()
    with cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).binary_cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    return None if found is None else found[0]
