"""Bring the demo's database to this version, load the demo forum where it is missing, and make sign-in links.

A process of its own, started by `demo`: what loading needs does not stay in the process that serves.
"""

import argparse
import json
import os
from importlib import import_module
from typing import Protocol, cast

import django
from django.db import connection

from muntada.cli.lifeline import add_lifeline, end_with_parent
from muntada.cli.prepare import prepare
from muntada.foundations.faults import CannotRun

# Stands as the comment of a table, so that a copy of the database has it, too.
TABLE, MARK = "forums_forum", "This database belongs to ./muntada demo."


class Loading(Protocol):
    """What `muntada.demo.load` offers."""

    def is_loaded(self) -> bool: ...
    def load(self, say: "Say") -> None: ...
    def sign_in_links(self) -> list[tuple[str, str, str]]: ...


class Say(Protocol):
    def __call__(self, what: str, /) -> None: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--links", type=int, required=True, help="number of the pipe that takes the links")
    add_lifeline(parser)


def run(arguments: argparse.Namespace) -> int:
    if arguments.lifeline is not None:
        end_with_parent(arguments.lifeline)
    say("Bringing the database, languages and styles up to date")
    django.setup()
    refuse_what_is_not_ours()
    prepare()
    mark_as_ours()
    # Models can only be imported now that Django is set up.
    loading = cast("Loading", import_module("muntada.demo.load"))
    if not loading.is_loaded():
        say("Loading the demo forum (once; about half a minute)")
        loading.load(say)
    with os.fdopen(arguments.links, "w") as pipe:
        json.dump(loading.sign_in_links(), pipe)
    return 0


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


def refuse_what_is_not_ours() -> None:
    """Refuse a database that holds a forum or people and not our mark, before anything is changed in it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [TABLE])
        if cursor.fetchone() != (True,):
            return
        cursor.execute(
            "SELECT EXISTS (SELECT FROM forums_forum) OR EXISTS (SELECT FROM people_person),"
            " obj_description(to_regclass(%s), 'pg_class')",
            [TABLE],
        )
        holds_something, mark = cursor.fetchone()
    if holds_something and mark != MARK:
        raise CannotRun(
            "This database holds a forum or people that the demo did not load, so the demo leaves it alone. "
            "Serve it with ./muntada serve. For the demo, unset DATABASE_URL or name an empty database."
        )


def mark_as_ours() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"COMMENT ON TABLE {TABLE} IS '{MARK}'")
