"""Read settings from the environment; errors name the setting."""

import os
from urllib.parse import urlsplit

from muntada.foundations.faults import CannotRun

HIGHEST_PORT = 65_535


def number(name: str, default: int) -> int:
    """Return an integer setting."""
    given = os.environ.get(name, "").strip()
    if not given:
        return default
    if not (given.isascii() and given.isdigit()):
        raise CannotRun(f"{name} is '{given}', which is no whole number. Correct it, or leave it out.")
    return int(given)


def address(name: str, default: str) -> str:
    """Return a setting with the address of a site, without a trailing slash."""
    given = os.environ.get(name, "").strip() or default
    parts = urlsplit(given)
    if parts.scheme not in {"http", "https"} or not parts.netloc:
        raise CannotRun(f"{name} is '{given}', which is no address. Write it as https://forum.example.org.")
    return given.rstrip("/")


def database_address() -> str:
    """Return the database address, which must be PostgreSQL; empty if not set."""
    given = os.environ.get("DATABASE_URL", "")
    scheme = given.partition(":")[0]
    if given and scheme not in {"postgres", "postgresql"}:
        raise CannotRun(
            f"DATABASE_URL begins with '{scheme}'. Muntada needs PostgreSQL: postgresql://user:password@host/name."
        )
    return given
