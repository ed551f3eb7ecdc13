"""Run many actions in one transaction, for instance to load a whole forum."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Open a transaction in which actions set no savepoints: the first failure ends all.

    A savepoint costs two statements per action, and none is rolled back to.
    """
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = True
