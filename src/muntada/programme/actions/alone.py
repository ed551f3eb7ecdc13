"""What a worker holds for itself alone while it makes a timetable or a selection."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def only_one(lock: str, pk: int) -> Iterator[bool]:
    """Hold the making of one thing for this connection alone; a worker that dies lets go of it."""
    key: tuple[str, int] = (lock, pk)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext(%s), %s)", key)
        (is_mine,) = cursor.fetchone()
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(hashtext(%s), %s)", key)
