"""Bring database, translations and static files to this version; quick if nothing changed."""

import argparse
import sys

import django
import psycopg
from django.core.management import call_command
from django.db import connection
from django.db.backends.utils import CursorWrapper

from muntada.cli.database import fallback_file
from muntada.cli.fallback_pages import write_fallback_pages
from muntada.cli.lifeline import add_lifeline, end_with_parent
from muntada.cli.translations import compile_all
from muntada.foundations.faults import CannotRun
from muntada.foundations.migration_state import refuse_unknown_database


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--connections", type=int, default=0, help="how many connections will be wanted")
    add_lifeline(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.lifeline is not None:
        end_with_parent(arguments.lifeline)
    prepare()
    warn_of_too_few_connections(arguments.connections)
    return 0


def prepare() -> None:
    compile_all()
    django.setup()
    # Written first: until the next steps are done, which may take minutes, nothing else can be shown.
    write_fallback_pages(fallback_file())
    require_database()
    refuse_unknown_database()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)


def require_database() -> None:
    """Refuse to start without a database, naming its address without the password."""
    settings = connection.settings_dict
    try:
        with psycopg.connect(
            dbname=settings["NAME"],
            user=settings["USER"],
            password=settings["PASSWORD"],
            host=settings["HOST"],
            port=settings["PORT"],
            connect_timeout=5,
        ):
            pass
    except psycopg.OperationalError as error:
        reason = " ".join(str(error).split())
        raise CannotRun(f"the database of DATABASE_URL cannot be reached: {reason}") from error


def warn_of_too_few_connections(wanted: int) -> None:
    """Warn if PostgreSQL allows fewer connections than the processes may need."""
    with connection.cursor() as cursor:
        taken = most_connections(cursor)
    if wanted > taken:
        sys.stderr.write(
            f"muntada: PostgreSQL takes {taken} connections, and these processes may want {wanted} at once. "
            f"Raise max_connections in PostgreSQL, or lower MUNTADA_THREADS or --web.\n"
        )


def most_connections(cursor: CursorWrapper) -> int:
    """Return the number of connections PostgreSQL allows for ordinary users."""
    cursor.execute(
        "SELECT current_setting('max_connections')::int"
        " - current_setting('superuser_reserved_connections')::int"
        " - coalesce(current_setting('reserved_connections', true)::int, 0)"
    )
    return int(cursor.fetchone()[0])
