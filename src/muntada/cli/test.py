"""Run the tests on a temporary PostgreSQL.

Without options the core tests run; docs/developing/tests.md lists them. pytest arguments are passed
on: `muntada test tests/record -k trace`. A test named with `::` always runs.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from muntada.cli.translations import compile_all
from muntada.foundations import embedded

ROOT = Path(__file__).resolve().parents[3]
# All other arguments are pytest's.
PASSES_ON = True


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--quick", action="store_true", help="what needs no database, and what changed: a minute"
    )
    parser.add_argument("--full", action="store_true", help="also what is slow by nature: half an hour")
    parser.add_argument("passed_on", nargs="*", metavar="ARGUMENT", help="arguments for pytest")


def run(arguments: argparse.Namespace) -> int:
    compile_all()
    return run_pytest(arguments.passed_on)


def run_pytest(extra: list[str]) -> int:
    """Run pytest in parallel and return its exit code."""
    # On termination, too, the folder and its server are removed.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    command = [sys.executable, "-m", "pytest", "-q", "-rsfE", *extra]
    if not any(argument.startswith(("-n", "-x", "--pdb")) for argument in extra):
        # A test worker waits a fifth of its time for database or browser, so one more than cores is used.
        waits = "--quick" not in extra
        command += ["-n", str((os.cpu_count() or 1) + waits), "--dist", "worksteal"]
    with tempfile.TemporaryDirectory(prefix="muntada-test-") as folder:
        (Path(folder) / "static").mkdir()
        environment = os.environ | {"MUNTADA_VAR": folder, "MUNTADA_SECRET_KEY": "for tests only"}
        if environment.get("DATABASE_URL"):
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        with embedded.start(Path(folder) / "postgres", throwaway=True) as cluster:
            cluster.create_database("muntada")
            environment["DATABASE_URL"] = cluster.url("muntada")
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
