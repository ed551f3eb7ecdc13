"""Start everything with the demo forum: set up, load, serve, and print sign-in links for six roles.

The data lie under ./var and are kept: a second start is quick. `--fresh` starts over.
"""

import argparse
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Protocol, cast

from muntada.cli import serve
from muntada.cli.database import database, var_folder
from muntada.foundations import embedded

# What --fresh clears away, beside the database.
KEPT = ("files", "mail", "static")


class Loading(Protocol):
    """What `muntada.cli.demo.load` offers."""

    def is_loaded(self) -> bool: ...
    def load(self, say: Callable[[str], None]) -> None: ...
    def sign_in_links(self) -> list[tuple[str, str, str]]: ...


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--port", type=int, default=8000, help="port to serve on (default 8000)")
    parser.add_argument("--fresh", action="store_true", help="throw the demo's data away and start over")


def run(arguments: argparse.Namespace) -> int:
    os.environ["MUNTADA_ADDRESS"] = f"http://localhost:{arguments.port}"
    if not serve.port_is_free("127.0.0.1", arguments.port):
        return 2
    if arguments.fresh and not _clear():
        return 2
    with step("Starting PostgreSQL"), database():
        with step("Bringing the database, languages and styles up to date"):
            serve.prepare()
        # Models can only be imported now that Django is set up.
        loading = cast("Loading", import_module("muntada.cli.demo.load"))
        if not loading.is_loaded():
            say("Loading the demo forum (once; about half a minute)")
            loading.load(say)
        links = loading.sign_in_links()
        _announce(os.environ["MUNTADA_ADDRESS"], links)
        serve.serve("127.0.0.1", arguments.port)
    return 0


def say(what: str) -> None:
    print(f"  {what} ...", flush=True)


@contextmanager
def step(what: str) -> Iterator[None]:
    say(what)
    yield


def _announce(address: str, links: list[tuple[str, str, str]]) -> None:
    width = max(len(role) for role, _, _ in links)
    print(f"\nMuntada is ready: {address}\n\nSign in as (links hold for 30 days):", flush=True)
    for role, name, url in links:
        print(f"  {role:<{width}}  {url}  {name}")
    print("\nLetters go to this console and to var/mail. Ctrl-C stops everything.\n", flush=True)


def _clear() -> bool:
    """Throw the embedded database and what belongs to it away; a database of one's own is left alone."""
    if os.environ.get("DATABASE_URL"):
        sys.stderr.write(
            "muntada: --fresh does not empty a database of your own (DATABASE_URL). Empty it yourself.\n"
        )
        return False
    embedded.remove(var_folder() / "postgres")
    for name in KEPT:
        shutil.rmtree(var_folder() / name, ignore_errors=True)
    return True
