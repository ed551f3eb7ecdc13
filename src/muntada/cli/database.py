"""The database a command works on: one's own by DATABASE_URL, else the embedded one under ./var."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from muntada.foundations import embedded, environment

NAME = "muntada"


def var_folder() -> Path:
    return Path(os.environ.get("MUNTADA_VAR", Path.cwd() / "var")).resolve()


def fallback_file() -> Path:
    """Name the file of what is said while no web process is there."""
    return var_folder() / "fallback.json"


@contextmanager
def database() -> Iterator[tuple[int, ...]]:
    """Make sure DATABASE_URL points to a running PostgreSQL while the block runs.

    It gives the open files that a child process inherits to use the embedded one as long as it lives.
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
