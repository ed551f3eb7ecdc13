"""A backup becomes an installation again, or is tried in a database that is thrown away."""

import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import psycopg

from muntada.cli.backups.archive import DATABASE, FILES, KEY, BackupList, unpack
from muntada.cli.backups.programs import program_for, run_program
from muntada.foundations.faults import CannotRun

TABLES = "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'"


@dataclass(frozen=True)
class Unpacked:
    """A backup whose parts were compared with its list, in a folder that goes when the block ends."""

    about: BackupList
    folder: Path

    @property
    def files(self) -> int:
        return sum(part.name.startswith(f"{FILES}/") for part in self.about.parts)


@contextmanager
def unpacked(backup: Path, *, beside: Path) -> Iterator[Unpacked]:
    """Unpack a backup on the disk where its parts will stay, or refuse one that is damaged."""
    if not backup.is_file():
        raise CannotRun(f"There is no file {backup}.")
    beside.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".restore-", dir=beside) as made:
        folder = Path(made)
        yield Unpacked(unpack(backup, folder), folder)


def require_empty(*, url: str, var: Path, restored: Unpacked) -> None:
    """Refuse to restore over an installation: nothing is ever overwritten."""
    with psycopg.connect(url, connect_timeout=5) as database:
        row = database.execute(TABLES).fetchone()
    if row and row[0]:
        raise CannotRun(
            "The database is not empty. Restore into a new folder (MUNTADA_VAR) or a new database "
            "(DATABASE_URL), look at it, then let the platform use that."
        )
    files = var / "files"
    if files.exists() and any(files.iterdir()):
        raise CannotRun(f"{files} is not empty. Move it away, or name another folder in MUNTADA_VAR.")
    key, stored = var / "secret-key", restored.folder / KEY
    if key.exists() and stored.exists() and key.read_bytes() != stored.read_bytes():
        raise CannotRun(f"{key} is another key than that of the backup. Move it away, then restore again.")


def refuse_newer(about: BackupList, known: Collection[tuple[str, str]]) -> None:
    """Refuse a backup of a version that this one does not know."""
    unknown = set(about.migrations) - {f"{label}.{name}" for label, name in known}
    if unknown:
        raise CannotRun(
            f"The backup was made by Muntada {about.version}, and this version does not know "
            f"{len(unknown)} of its migrations, such as {max(unknown)}. Restore it with that version."
        )


def load_database(*, restored: Unpacked, url: str) -> None:
    """Load the dump into an empty database, whole or not at all."""
    with psycopg.connect(url, connect_timeout=5) as database:
        at = database.info
        reach = {"PGHOST": at.host, "PGPORT": at.port, "PGUSER": at.user, "PGPASSWORD": at.password}
        major, name = at.server_version // 10_000, at.dbname
    run_program(
        program_for("pg_restore", major),
        "--no-owner",
        "--no-privileges",
        "--no-comments",
        "--single-transaction",
        "--exit-on-error",
        f"--dbname={name}",
        str(restored.folder / DATABASE),
        reach=reach,
    )


def put_key(*, restored: Unpacked, var: Path) -> None:
    """Put the key where the platform looks for one, before it draws its own."""
    key = restored.folder / KEY
    if key.exists():
        shutil.copy2(key, var / "secret-key")


def put_files(*, restored: Unpacked, var: Path) -> None:
    """Move the files to where the installation has them."""
    files, target = restored.folder / FILES, var / "files"
    if files.exists():
        if target.exists():
            target.rmdir()
        files.rename(target)
