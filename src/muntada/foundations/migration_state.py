"""Compare the migrations of database and code.

Migration files are only listed, not executed, so a web process can ask at any time.
"""

import pkgutil
from dataclasses import dataclass
from pathlib import Path

from django.apps import apps
from django.db import connection

from muntada.foundations.faults import CannotRun

type Name = tuple[str, str]


@dataclass(frozen=True)
class MigrationState:
    """`missing`: only in the code; `unknown`: only in the database."""

    missing: frozenset[Name]
    unknown: frozenset[Name]


class UnknownDatabase(CannotRun):
    """The database has migrations unknown to this code."""


def migration_state() -> MigrationState:
    known, applied = known_migrations(), applied_migrations()
    return MigrationState(missing=known - applied, unknown=applied - known)


def refuse_unknown_database() -> None:
    """Refuse to run on a database with migrations this version does not have."""
    state = migration_state()
    if not state.unknown:
        return
    label, name = max(state.unknown)
    unknown = f"{len(state.unknown)} of its migrations, such as {label}.{name}"
    if state.missing:
        raise UnknownDatabase(
            f"The database was made by a Muntada from before the first release: this version does not know "
            f"{unknown}, and cannot bring it up to date. Start the version that made it, or begin with an "
            f"empty database; for the demo, ./muntada demo --fresh."
        )
    raise UnknownDatabase(
        f"The database was made by a newer Muntada: this version does not know {unknown}. "
        f"Start the newer version, or restore a backup of this one."
    )


def known_migrations() -> frozenset[Name]:
    return frozenset(
        (app.label, module.name)
        for app in apps.get_app_configs()
        for module in pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        if not module.ispkg and module.name[0] not in "_~"
    )


def applied_migrations() -> frozenset[Name]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass('django_migrations') IS NOT NULL")
        if cursor.fetchone() != (True,):
            return frozenset()
        cursor.execute("SELECT app, name FROM django_migrations")
        return frozenset((label, name) for label, name in cursor.fetchall())
