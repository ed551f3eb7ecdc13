"""What a word stands on that works on the stored forum: its database runs, and Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from muntada.cli.database import database
from muntada.cli.prepare import require_database
from muntada.foundations.migration_state import refuse_unknown_database


def without_database() -> None:
    """Set up Django alone, for a word that only says what it does."""
    django.setup()


@contextmanager
def ground() -> Iterator[None]:
    with database():
        django.setup()
        require_database()
        refuse_unknown_database()
        yield
