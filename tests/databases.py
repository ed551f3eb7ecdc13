"""The databases of a run: migrated once and copied for each worker; the demo forum is loaded once, too.

A test that commits leaves its copy dirty, and the next test gets a new one: a copy takes a tenth of a second,
emptying all tables three times as long. The tables as the migrations leave them, with the countries and
groups that the first import of figures enters, are kept in `.tools` for the next run, under the digest of
what they are made from.
"""

import fcntl
import hashlib
import shutil
import subprocess
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from tests.foundations.outages import wait_until_it_is_over

from muntada.evidence.areas.actions import load_areas
from muntada.foundations.embedded.place import ENVIRONMENT, wheel_binaries
from muntada.programme.releases import queries as exchange

ROOT = Path(__file__).resolve().parents[1]
DUMPS = ROOT / ".tools" / "test-tables"
# What the loading of the demo said, for the test of that.
DEMO_SAID = Path(settings.VAR) / "demo-said.txt"
MIGRATED, DEMO = "muntada_test_migrated", "muntada_test_demo"
# Rows of one copy never have the numbers of rows of another: what the process remembers by number stays true.
NUMBERS_APART = 100_000
NUMBERS_OF_DEMO = 1_000_000_000
NEXT_NUMBERS_SQL = """
SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, %s)
FROM pg_sequences WHERE data_type = 'bigint'::regtype
"""


class Databases:
    """The copies of one worker."""

    def __init__(self, worker: str) -> None:
        self.worker = worker
        self.copies = 0
        # Which of its copies no test has changed.
        self.clean: set[str] = set()

    def name(self, template: str) -> str:
        return f"{template}_{self.worker}"

    def go_to(self, template: str) -> None:
        """Work on a clean copy of this database from now on."""
        name = self.name(template)
        if name not in self.clean:
            _made_once(MIGRATED, _migrate)
            if template == DEMO:
                _made_once(DEMO, _load_demo)
            _copy(template, name)
            self.clean.add(name)
            self.copies += 1
            connect_to(name)
            wait_until_it_is_over()
            if template == MIGRATED:
                _number_from(self.copies * NUMBERS_APART)
        connect_to(name)

    def renew(self, template: str) -> None:
        """Work on a new copy from now on: a test has committed to the last one."""
        self.clean.discard(self.name(template))
        self.go_to(template)

    def drop(self) -> None:
        connect_to("postgres")
        for template in (MIGRATED, DEMO):
            _run(f'DROP DATABASE IF EXISTS "{self.name(template)}" WITH (FORCE)')


def connect_to(name: str) -> None:
    if settings.DATABASES["default"]["NAME"] != name:
        connection.close()
        connection.close_pool()
        # The same row of settings serves the connections of all threads.
        settings.DATABASES["default"]["NAME"] = name


def _run(command: str) -> None:
    # Beside Django: a test may have left the process in an outage, which ends once there is a database again.
    beside = connection.get_connection_params() | {"dbname": "postgres"}
    with psycopg.connect(**beside, autocommit=True) as server:
        server.execute(command)


def _copy(template: str, name: str) -> None:
    if settings.DATABASES["default"]["NAME"] == name:
        connection.close()
        connection.close_pool()
    _run(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    _run(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY file_copy')


def _number_from(number: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(NEXT_NUMBERS_SQL, [number])


def _made_once(name: str, make: Callable[[], None]) -> None:
    """Make a database unless a worker of this run has made it; the others wait."""
    before = settings.DATABASES["default"]["NAME"]
    with (Path(settings.VAR) / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        made = Path(settings.VAR) / f"{name}.made"
        if not made.exists():
            connect_to("postgres")
            make()
            connect_to(before)
            made.touch()


def tables_laid_by() -> Path:
    """Return where the tables as they are made now are, or will be, for the next run."""
    return DUMPS / f"{_digest_of_tables()}.sql"


def _migrate() -> None:
    _copy("template1", MIGRATED)
    connect_to(MIGRATED)
    dump = tables_laid_by()
    if dump.exists():
        _tool("psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-f", str(dump))
        return
    call_command("migrate", verbosity=0)
    # Entering them takes longer than all else that most tests of figures do.
    load_areas()
    shutil.rmtree(DUMPS, ignore_errors=True)
    DUMPS.mkdir(parents=True)
    unfinished = dump.with_suffix(".new")
    _tool("pg_dump", "--inserts", "--no-comments", "--no-owner", "-f", str(unfinished))
    unfinished.rename(dump)


def _load_demo() -> None:
    _copy(MIGRATED, DEMO)
    connect_to(DEMO)
    _number_from(NUMBERS_OF_DEMO)
    # The first test that asks for the demo loads these: they bring half of the platform with them.
    load, voices = (import_module(f"muntada.demo.{name}") for name in ("load", "voices"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(voices, "MORE_VOTERS", 0)
        patch.setattr(voices, "SEEN", 0.3)
        said: list[str] = []
        load.load(said.append)
    DEMO_SAID.write_text("\n".join(said), encoding="utf-8")


def _digest_of_tables() -> str:
    """Name what the tables are made from: migrations, packages that bring their own, countries and groups."""
    digest = hashlib.sha256((ROOT / "requirements.lock").read_bytes())
    source = ROOT / "src" / "muntada"
    areas = [source / "evidence" / "areas" / "actions.py", *source.rglob("data/*.json")]
    for path in sorted([*source.rglob("migrations/*.*"), *areas]):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    return digest.hexdigest()[:20]


def _tool(program: str, *arguments: str) -> None:
    database = settings.DATABASES["default"]
    address = {"PGDATABASE": database["NAME"], "PGHOST": database["HOST"], "PGPORT": database["PORT"]}
    login = {"PGUSER": database["USER"], "PGPASSWORD": database["PASSWORD"]}
    given = {name: str(value) for name, value in (address | login).items() if value}
    command = [str(wheel_binaries() / program), *arguments]
    subprocess.run(command, env=ENVIRONMENT | given, check=True)


@pytest.fixture(scope="session")
def databases(
    request: pytest.FixtureRequest, django_test_environment, django_db_blocker
) -> Iterator[Databases]:
    made = Databases(getattr(request.config, "workerinput", {"workerid": "alone"})["workerid"])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(TransactionTestCase, "_fixture_teardown", lambda _: made.renew(MIGRATED))
        yield made
    with django_db_blocker.unblock():
        made.drop()


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker) -> None:
    """Replace pytest-django's own, which migrates for each worker."""
    with django_db_blocker.unblock():
        databases.go_to(MIGRATED)


@pytest.fixture
def demo_copy(
    request: pytest.FixtureRequest, django_db_setup, databases, django_db_blocker
) -> Iterator[None]:
    commits = {"live_server", "transactional_db"} & set(request.fixturenames)
    with django_db_blocker.unblock():
        databases.go_to(DEMO)
    yield
    if commits:
        databases.clean.discard(databases.name(DEMO))
    with django_db_blocker.unblock():
        databases.go_to(MIGRATED)


@pytest.fixture
def demo(demo_copy, db) -> None:
    """The demo forum as its actions load it; a test that asks for it carries no mark `django_db`."""
    exchange._sessions_read.cache_clear()
