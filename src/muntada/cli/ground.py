"""What a word stands on that works on the stored forum: its database runs, and Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from muntada.cli.database import database
from muntada.foundations.migration_state import refuse_unknown_database


@contextmanager
def ground() -> Iterator[None]:
    with database():
        django.setup()
        refuse_unknown_database()
        yield
