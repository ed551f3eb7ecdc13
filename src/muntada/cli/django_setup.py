"""The setup of commands that use a forum: a running database, and Django."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from muntada.cli.database import database
from muntada.cli.prepare import require_database
from muntada.foundations.migration_state import refuse_unknown_database


def without_database() -> None:
    """Set up Django only, for a command that only prints its help."""
    django.setup()


@contextmanager
def with_database() -> Iterator[None]:
    with database():
        django.setup()
        require_database()
        refuse_unknown_database()
        yield
