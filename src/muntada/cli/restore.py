"""Make an installation of a backup: into an empty database and folder, so that nothing is overwritten.

`--drill` restores into a database that is thrown away, checks the record of each forum and every file, and
says how long it took. A backup of an earlier version is brought to this one.
"""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import django
from django.core.management import call_command

from muntada.cli.backups import restoring
from muntada.cli.database import NAME, database, var_folder
from muntada.foundations import embedded
from muntada.foundations.migration_state import known_migrations


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, help="the backup")
    parser.add_argument(
        "--drill", action="store_true", help="only try it, in a database that is thrown away afterwards"
    )


def run(arguments: argparse.Namespace) -> int:
    with _scratch() if arguments.drill else database():
        return _restore(arguments.file, is_drill=arguments.drill)


@contextmanager
def _scratch() -> Iterator[None]:
    """Let all that follows work on a database and a folder that are thrown away."""
    before = {name: os.environ.get(name) for name in ("DATABASE_URL", "MUNTADA_VAR")}
    with (
        TemporaryDirectory(prefix="muntada-drill-") as var,
        embedded.start(Path(var) / "postgres", throwaway=True) as cluster,
    ):
        cluster.create_database(NAME)
        os.environ |= {"DATABASE_URL": cluster.url(NAME), "MUNTADA_VAR": var}
        try:
            yield
        finally:
            for name, value in before.items():
                os.environ.pop(name, None)
                if value is not None:
                    os.environ[name] = value


def _restore(file: Path, *, is_drill: bool) -> int:
    began, var, url = time.monotonic(), var_folder(), os.environ["DATABASE_URL"]
    with restoring.unpacked(file, beside=var) as restored:
        print(
            f"{file}: made {restored.about.made_at:%Y-%m-%d %H:%M} UTC by Muntada {restored.about.version}."
        )
        restoring.require_empty(url=url, var=var, restored=restored)
        restoring.put_key(restored=restored, var=var)
        django.setup()
        restoring.refuse_newer(restored.about, known_migrations())
        restoring.load_database(restored=restored, url=url)
        restoring.put_files(restored=restored, var=var)
        files = restored.files
    call_command("migrate", verbosity=0, interactive=False)
    # Models are loaded by a process of their own, since Django is set up only now.
    verified = subprocess.run([sys.executable, "-P", "-m", "muntada", "verify"], check=False)
    done = "would be restored" if is_drill else "is restored"
    print(f"The installation {done}: {files} files, {time.monotonic() - began:.1f} s.")
    return verified.returncode
