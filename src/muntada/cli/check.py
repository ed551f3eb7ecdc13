"""Check everything that CI checks: format, style, types, contracts, migrations, translations, tests."""

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from muntada.cli.test import run_pytest
from muntada.cli.translations import compile_all

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
CHECKS: dict[str, list[str]] = {
    "format": [str(BIN / "ruff"), "format", "--check", "src", "tests", "benchmarks"],
    "style": [str(BIN / "ruff"), "check", "src", "tests", "benchmarks"],
    "types": [str(BIN / "mypy")],
    "contracts": [str(BIN / "lint-imports")],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "-m", "muntada", "translations", "check"],
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--no-tests", action="store_true", help="leave out the tests")


def run(arguments: argparse.Namespace) -> int:
    compile_all()
    results = {name: _passes(name, command) for name, command in CHECKS.items()}
    if not arguments.no_tests:
        results["tests"] = run_pytest([]) == 0
    print()
    for name, is_good in results.items():
        print(f"{'ok    ' if is_good else 'FAILED'}  {name}")
    return 0 if all(results.values()) else 1


def _passes(name: str, command: list[str]) -> bool:
    started = time.monotonic()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "muntada.settings",
        "MUNTADA_SECRET_KEY": "for checks only",
        "PYTHONPATH": str(ROOT / "src"),
        # Migrations are compared with the models in memory; no database is asked.
        "PYTHONWARNINGS": "ignore",
    }
    print(f"== {name}", flush=True)
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False)
    print(f"   {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0
