"""Contents of files in rows, read as they are.

Django has values sent as text, where each byte is two digits: a content of 9 MB took 37 MB to read.
"""

from typing import Any, cast

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import QuerySet

from muntada.foundations.postgresql.base import DatabaseWrapper


def content_of(rows: "QuerySet[Any]") -> bytes | None:
    """Return the `content` of the one row; none where it has none, or is not there."""
    sql, params = rows.values_list("content").query.sql_with_params()
    with cast("DatabaseWrapper", connections[DEFAULT_DB_ALIAS]).binary_cursor() as cursor:
        cursor.execute(sql, params)
        found = cursor.fetchone()
    return None if found is None else found[0]
