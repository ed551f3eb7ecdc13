"""Write a backup of the running installation: database, files and key in one file only its user may read.

Nobody has to stop. `--into FOLDER` names the file by its time and keeps the newest; a timer can call it. The
file opens everything that people sent: encrypt it before it leaves the machine.
"""

import argparse
import time
from pathlib import Path

from django.utils import timezone

from muntada.cli.backups.making import make_backup, make_in
from muntada.foundations.faults import CannotRun

KEPT = 14


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, nargs="?", help="the file to write, which does not exist yet")
    parser.add_argument(
        "--into", metavar="FOLDER", type=Path, help="name the file by its time, in this folder"
    )
    parser.add_argument(
        "--keep",
        metavar="N",
        type=int,
        default=KEPT,
        help=f"with --into, delete all but the newest N ({KEPT})",
    )


def run(arguments: argparse.Namespace) -> int:
    began, now = time.monotonic(), timezone.now()
    if (arguments.file is None) == (arguments.into is None):
        raise CannotRun("name either a file, or a folder with --into.")
    if arguments.keep < 1:
        raise CannotRun("--keep is at least 1.")
    if arguments.into is not None:
        path = make_in(folder=arguments.into, keep=arguments.keep, now=now)
    else:
        path = arguments.file
        make_backup(path=path, now=now)
    size = path.stat().st_size / 1_000_000
    print(f"{path}: {size:,.1f} MB in {time.monotonic() - began:.1f} s. Try it with restore {path} --drill.")
    return 0
