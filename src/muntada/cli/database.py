"""The database of a command: your own in DATABASE_URL, else the embedded one under ./var."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muntada.foundations import embedded, environment

NAME = "muntada"


def var_folder() -> Path:
    return Path(os.environ.get("MUNTADA_VAR", Path.cwd() / "var")).resolve()


def fallback_file() -> Path:
    """Return the file of the pages shown while no web process runs."""
    return var_folder() / "fallback.json"


@contextmanager
def database() -> Iterator[tuple[int, ...]]:
    """Ensure that DATABASE_URL points to a running PostgreSQL while the block runs.

    Yields the open files that a child process inherits to use the embedded database.
    """
    if environment.database_address():
        yield ()
        return
    with embedded.start(var_folder() / "postgres") as cluster, embedded.watched(cluster):
        cluster.create_database(NAME)
        os.environ["DATABASE_URL"] = cluster.url(NAME)
        try:
            yield cluster.holds
        finally:
            del os.environ["DATABASE_URL"]
