"""A backup is made of a running installation: nobody has to stop."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from muntada import __version__
from muntada.cli.backups.archive import DATABASE, FILES, KEY, BackupList, tar_of
from muntada.cli.backups.programs import program_for, run_program
from muntada.foundations.faults import CannotRun
from muntada.foundations.migration_state import applied_migrations
from muntada.foundations.whole_files import UNFINISHED, write_whole

# Whoever is signed in signs in again after a restore: a lost backup opens no session.
LEFT_OUT = "django_session"
NAME = "muntada-{:%Y%m%dT%H%M%SZ}.backup"
ASIDE = ".backup-"
# No backup takes so long.
LEFT_SECONDS = 86_400
ANY_NAME = "muntada-????????T??????Z.backup"


def make_backup(*, path: Path, now: datetime) -> int:
    """Write a backup to a file that is not there yet, and return its size in bytes.

    The files are listed before and after the dump. Files are stored before the rows that name them and never
    changed, so all that the dump names are among them.
    """
    if path.exists():
        raise CannotRun(f"{path} exists. Name a file that does not exist yet.")
    path = path.absolute()
    path.parent.mkdir(parents=True, exist_ok=True)
    about = BackupList(
        made_at=now,
        version=__version__,
        postgresql=str(_server_version()),
        migrations=tuple(sorted(f"{label}.{name}" for label, name in applied_migrations())),
    )
    with _unfinished(path.parent) as folder:
        files = dict(_stored_files())
        dump = folder / DATABASE
        dump_database(dump)
        files |= dict(_stored_files())
        parts = [(DATABASE, dump), *_key(), *sorted(files.items())]
        try:
            write_whole(path, tar_of(parts, about), mode=0o600)
        except FileExistsError:
            raise CannotRun(f"{path} exists. Name a file that does not exist yet.") from None
        with suppress(OSError):
            (path.parent / UNFINISHED).rmdir()
    return path.stat().st_size


def make_in(*, folder: Path, keep: int, now: datetime) -> Path:
    """Write a backup named by its time into a folder, then delete all but the newest `keep`."""
    path = folder / NAME.format(now)
    make_backup(path=path, now=now)
    for old in sorted(folder.glob(ANY_NAME), reverse=True)[keep:]:
        old.unlink(missing_ok=True)
    return path


@contextmanager
def _unfinished(folder: Path) -> Iterator[Path]:
    """Give a folder for the dump on the disk of the backup; what a killed backup left there is deleted."""
    for left in folder.glob(f"{ASIDE}*"):
        if time.time() - left.stat().st_mtime > LEFT_SECONDS:
            shutil.rmtree(left, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=ASIDE, dir=folder) as made:
        yield Path(made)


def dump_database(path: Path) -> None:
    """Write what the database holds in one moment, in the custom format of pg_dump."""
    parts = connection.settings_dict
    run_program(
        program_for("pg_dump", _server_version() // 10_000),
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        f"--exclude-table-data={LEFT_OUT}",
        f"--file={path}",
        reach={
            "PGHOST": parts["HOST"],
            "PGPORT": parts["PORT"],
            "PGUSER": parts["USER"],
            "PGPASSWORD": parts["PASSWORD"],
            "PGDATABASE": parts["NAME"],
        },
    )


def _server_version() -> int:
    """Return the version of the server as PostgreSQL numbers it: 180006 is 18.6."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version_num')::int")
        return int(cursor.fetchone()[0])


def _stored_files() -> Iterator[tuple[str, Path]]:
    root = Path(default_storage.path(""))
    for folder, folders, names in root.walk():
        if UNFINISHED in folders:
            folders.remove(UNFINISHED)
        for name in names:
            path = folder / name
            yield f"{FILES}/{path.relative_to(root).as_posix()}", path


def _key() -> Iterator[tuple[str, Path]]:
    """Yield the key that the installation drew; one that the environment gives is its operator's to keep."""
    path = settings.VAR / "secret-key"
    if "MUNTADA_SECRET_KEY" not in os.environ and path.exists():
        yield KEY, path
