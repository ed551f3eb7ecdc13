"""Backups: what is restored is what was stored, and a damaged or strange file is refused."""

import io
import json
import tarfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import psycopg
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conftest import FRAMEWORK, a_forum
from muntada.cli.backups import archive, making, restoring
from muntada.cli.backups.programs import program_for
from muntada.forums import actions as forums
from muntada.foundations.faults import CannotRun
from muntada.foundations.migration_state import known_migrations
from muntada.record.models import LogEntry

NOW = datetime(2025, 7, 7, 12, tzinfo=UTC)
ABOUT = archive.BackupList(NOW, "0.1.0", "180000", ("forums.0001_initial",))
EMPTY = "backups_empty"


def url_of(name: str) -> str:
    at = connection.settings_dict
    who = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    return f"postgresql://{who}@/{name}?host={quote(at['HOST'], safe='')}&port={at['PORT']}"


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = f"{EMPTY}_{connection.settings_dict['NAME']}"[:63]
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE template1')
    yield url_of(name)
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A small backup, without a database behind it."""
    (tmp_path / "dump").write_bytes(b"a dump")
    (tmp_path / "picture").write_bytes(b"a picture" * 1000)
    path = tmp_path / "one.backup"
    parts = [(archive.DATABASE, tmp_path / "dump"), ("files/a/b.png", tmp_path / "picture")]
    path.write_bytes(b"".join(archive.tar_of(parts, ABOUT)))
    return path


def members_of(backup: Path) -> dict[str, bytes]:
    with tarfile.open(backup) as tar:
        return {one.name: content.read() for one in tar if (content := tar.extractfile(one))}


def write_tar(path: Path, members: dict[str, bytes]) -> None:
    with tarfile.open(path, "w") as tar:
        for name, content in members.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))


@pytest.mark.django_db(transaction=True)
def test_rows_rules_and_files_are_the_same_after_a_restore(tmp_path, empty_database):
    forum = a_forum(forums.load_framework(FRAMEWORK), NOW, slug="stored", prefix="STORED")
    entries = LogEntry.objects.filter(forum=forum).count()
    default_storage.save("attachments/a.txt", ContentFile(b"what somebody sent"))
    made = tmp_path / "made.backup"
    assert making.make_backup(path=made, now=NOW) == made.stat().st_size
    assert made.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["made.backup"]
    new = tmp_path / "new"
    with restoring.unpacked(made, beside=new) as restored:
        restoring.require_empty(url=empty_database, var=new, restored=restored)
        restoring.refuse_newer(restored.about, known_migrations())
        restoring.load_database(restored=restored, url=empty_database)
        restoring.put_files(restored=restored, var=new)
    with psycopg.connect(empty_database) as database:
        assert database.execute("SELECT slug FROM forums_forum").fetchall() == [("stored",)]
        assert database.execute("SELECT count(*) FROM record_logentry").fetchone() == (entries,)
        with pytest.raises(psycopg.errors.RestrictViolation):
            database.execute("DELETE FROM record_logentry")
    stored = [path.read_bytes() for path in (new / "files").rglob("*") if path.is_file()]
    assert b"what somebody sent" in stored


@pytest.mark.django_db(transaction=True)
def test_nothing_is_restored_over_what_is_there(tmp_path, backup, empty_database):
    with restoring.unpacked(backup, beside=tmp_path / "new") as restored:
        with pytest.raises(CannotRun, match="database is not empty"):
            restoring.require_empty(
                url=url_of(connection.settings_dict["NAME"]), var=tmp_path, restored=restored
            )
        (tmp_path / "files").mkdir()
        (tmp_path / "files" / "of-somebody").touch()
        with pytest.raises(CannotRun, match="files is not empty"):
            restoring.require_empty(url=empty_database, var=tmp_path, restored=restored)


@pytest.mark.django_db(transaction=True)
def test_another_key_stays(tmp_path, empty_database):
    (tmp_path / "dump").write_bytes(b"a dump")
    (tmp_path / "secret-key").write_bytes(b"the key of the backup")
    path = tmp_path / "one.backup"
    parts = [(archive.DATABASE, tmp_path / "dump"), (archive.KEY, tmp_path / "secret-key")]
    path.write_bytes(b"".join(archive.tar_of(parts, ABOUT)))
    new = tmp_path / "new"
    with restoring.unpacked(path, beside=new) as restored:
        (new / "secret-key").write_bytes(b"another key")
        with pytest.raises(CannotRun, match="another key"):
            restoring.require_empty(url=empty_database, var=new, restored=restored)
        (new / "secret-key").write_bytes(b"the key of the backup")
        restoring.require_empty(url=empty_database, var=new, restored=restored)


def test_a_whole_backup_is_unpacked_with_its_list(tmp_path, backup):
    (tmp_path / "out").mkdir()
    about = archive.unpack(backup, tmp_path / "out")
    assert (about.made_at, about.migrations) == (NOW, ("forums.0001_initial",))
    assert [part.name for part in about.parts] == [archive.DATABASE, "files/a/b.png"]
    assert (tmp_path / "out" / "files/a/b.png").read_bytes() == b"a picture" * 1000


def test_each_byte_of_a_part_counts(tmp_path, backup):
    members = members_of(backup)
    members["files/a/b.png"] = members["files/a/b.png"][:-1] + b"!"
    write_tar(backup, members)
    with pytest.raises(archive.BrokenBackup, match="damaged"):
        archive.unpack(backup, tmp_path)


@pytest.mark.parametrize("missing", ["files/a/b.png", archive.DATABASE, archive.LIST])
def test_a_part_that_is_missing_is_named(tmp_path, backup, missing):
    members = members_of(backup)
    del members[missing]
    write_tar(backup, members)
    with pytest.raises(archive.BrokenBackup):
        archive.unpack(backup, tmp_path)


@pytest.mark.parametrize("name", ["../outside", "/outside", "files/../../outside", "strange"])
def test_a_name_that_leads_outside_is_refused(tmp_path, backup, name):
    write_tar(backup, {name: b"!"} | members_of(backup))
    with pytest.raises(archive.BrokenBackup):
        archive.unpack(backup, tmp_path)
    assert not (tmp_path.parent / "outside").exists()


@given(data=st.data())
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_one_that_ends_early_is_refused_wherever_it_ends(backup, data):
    whole = backup.read_bytes()
    # The last kilobytes of a tar are empty.
    end = data.draw(st.integers(0, len(whole) - 10_240))
    with TemporaryDirectory() as folder:
        cut = Path(folder) / "cut.backup"
        cut.write_bytes(whole[:end])
        with pytest.raises(archive.BrokenBackup):
            archive.unpack(cut, Path(folder) / "out")


def test_a_list_of_a_later_format_names_its_version(tmp_path, backup):
    members = members_of(backup)
    row = json.loads(members[archive.LIST]) | {"format": 2, "version": "9.1"}
    write_tar(backup, members | {archive.LIST: json.dumps(row).encode()})
    with pytest.raises(archive.BrokenBackup, match="9\\.1"):
        archive.unpack(backup, tmp_path)


def test_a_backup_with_migrations_of_the_future_is_refused():
    later = replace(ABOUT, migrations=("forums.0001_initial", "forums.0099_future"))
    with pytest.raises(CannotRun, match=r"forums\.0099_future"):
        restoring.refuse_newer(later, known_migrations())


def test_programs_that_are_older_than_the_server_are_not_used():
    with pytest.raises(CannotRun, match="postgresql-client-99"):
        program_for("pg_dump", 99)


@pytest.mark.django_db(transaction=True)
def test_a_file_that_exists_is_not_overwritten(tmp_path):
    path = tmp_path / "here.backup"
    path.write_text("an older one")
    with pytest.raises(CannotRun, match="exists"):
        making.make_backup(path=path, now=NOW)
    assert path.read_text() == "an older one"


@pytest.mark.django_db(transaction=True)
def test_of_those_made_by_a_timer_the_newest_stay(tmp_path):
    (tmp_path / "notes.txt").touch()
    made = [making.make_in(folder=tmp_path, keep=2, now=NOW + timedelta(days=day)) for day in range(3)]
    assert sorted(path.name for path in tmp_path.iterdir()) == [made[1].name, made[2].name, "notes.txt"]
