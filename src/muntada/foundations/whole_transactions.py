"""Many actions that stand or fall together, as when a whole forum is read in: one transaction for all."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """Open one transaction in which the actions set no savepoints: the first that fails ends all of it.

    A savepoint would cost two statements for each action, and nothing is gone back to.
    """
    with transaction.atomic():
        connection.features.uses_savepoints = False
        try:
            yield
        finally:
            connection.features.uses_savepoints = True
