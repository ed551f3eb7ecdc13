"""Run all tests on a PostgreSQL of their own that is thrown away afterwards.

Whatever pytest understands can follow: `muntada test tests/record -k trace`.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from muntada.cli.translations import compile_all
from muntada.foundations import embedded

ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="arguments for pytest")


def run(arguments: argparse.Namespace) -> int:
    compile_all()
    return run_pytest(arguments.pytest)


def run_pytest(extra: list[str]) -> int:
    """Run pytest in parallel and return its exit code."""
    command = [sys.executable, "-m", "pytest", "-q", "-rs", *extra]
    if not any(argument.startswith(("-n", "-x", "--pdb")) for argument in extra):
        command += ["-n", "auto", "--dist", "worksteal"]
    with tempfile.TemporaryDirectory(prefix="muntada-test-") as folder:
        environment = os.environ | {"MUNTADA_VAR": folder, "MUNTADA_SECRET_KEY": "for tests only"}
        if environment.get("DATABASE_URL"):
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
        with embedded.start(Path(folder) / "postgres", throwaway=True) as cluster:
            cluster.create_database("muntada")
            environment["DATABASE_URL"] = cluster.url("muntada")
            return subprocess.run(command, cwd=ROOT, env=environment, check=False).returncode
