"""The programs of PostgreSQL that dump and load a database, of a version that suits its server."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path

from muntada.foundations.embedded import EmbeddedFault, wheel_binaries
from muntada.foundations.faults import CannotRun

DISTRIBUTIONS = Path("/usr/lib/postgresql")
MAJOR = re.compile(r"\(PostgreSQL\) (\d+)")


def program_for(name: str, server_major: int) -> Path:
    """Return a program that is not older than the server: an older one refuses, and leaves an empty file."""
    for folder in _folders():
        path = folder / name
        major = _major_of(path)
        if major is not None and major >= server_major:
            return path
    raise CannotRun(
        f"{name} of PostgreSQL {server_major} or newer was not found, which the server needs. Install the "
        f"client programs of that version (Debian: postgresql-client-{server_major})."
    )


def _folders() -> Iterator[Path]:
    """Yield where programs may be: those beside the embedded server, then those of the system."""
    with suppress(EmbeddedFault):
        yield wheel_binaries()
    found = shutil.which("pg_dump")
    if found:
        yield Path(found).parent
    yield from sorted(DISTRIBUTIONS.glob("*/bin"), reverse=True)


@cache
def _major_of(program: Path) -> int | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=False).stdout
    except OSError:
        return None
    found = MAJOR.search(said)
    return int(found[1]) if found else None


def run_program(program: Path, *arguments: str, reach: Mapping[str, object]) -> None:
    """Run it to its end; what it complains of is said in one sentence.

    `reach` says by variables (PGHOST, ...) where the database is: a password in the arguments would be seen
    by every user of the machine.
    """
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    given = {name: str(value) for name, value in reach.items() if value}
    done = subprocess.run(
        [program, *arguments], env=inherited | given, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        reason = " ".join(done.stderr.split())[:300] or f"code {done.returncode}"
        raise CannotRun(f"{program.name} could not do it: {reason}")
