"""What a word stands on that works on the stored forum: its database runs, and Django is set up."""

from collections.abc import Iterator
from contextlib import contextmanager

import django

from muntada.cli.database import database


@contextmanager
def ground() -> Iterator[None]:
    with database():
        django.setup()
        yield
