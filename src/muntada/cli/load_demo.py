"""Migrate the demo's database, load the demo forum if missing, and create sign-in links.

It is a process of its own, started by `demo`, so that the memory for loading is freed.
"""

import argparse
import gc
import json
import os
from importlib import import_module
from typing import Protocol, cast

import django
from django.db import connection

from muntada.cli.lifeline import add_lifeline, end_with_parent
from muntada.cli.prepare import prepare
from muntada.foundations.faults import CannotRun

# Stored as the comment of a table, so that copies of the database have it, too.
TABLE, MARK = "forums_forum", "This database belongs to ./muntada demo."


class Loading(Protocol):
    """The interface of `muntada.demo.load`."""

    def is_loaded(self) -> bool: ...
    def load(self, say: "SaysProgress") -> None: ...
    def sign_in_links(self) -> list[tuple[str, str, str]]: ...


class SaysProgress(Protocol):
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
    # Models can be imported only after Django is set up.
    loading = cast("Loading", import_module("muntada.demo.load"))
    if not loading.is_loaded():
        say("Loading the demo forum (once; about half a minute)")
        # Modules and models stay until the end, so the collector need not traverse them each time.
        gc.freeze()
        loading.load(say)
    with os.fdopen(arguments.links, "w") as pipe:
        json.dump(loading.sign_in_links(), pipe)
    return 0


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


def refuse_what_is_not_ours() -> None:
    """Refuse a database with a forum or people but without the demo's mark, before changing anything."""
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
