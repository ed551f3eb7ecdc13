"""Run the checks of CI: format, style, types, contracts, migrations, translations, docs, tests."""

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Collection
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from pathlib import Path

from muntada.cli.test import run_pytest
from muntada.cli.translations import compile_all

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent
WRITTEN = ("src", "tests", "benchmarks", "docs/engines/examples")
CHECKS: dict[str, list[str]] = {
    # The longest first: it uses one core while the others run on the rest.
    "types": [str(BIN / "mypy")],
    "format": [str(BIN / "ruff"), "format", "--check", *WRITTEN],
    "templates": [str(BIN / "djangofmt"), "--check", "--quiet", "src"],
    "style": [str(BIN / "ruff"), "check", *WRITTEN],
    "contracts": [str(BIN / "lint-imports")],
    "migrations": [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"],
    "translations": [sys.executable, "-m", "muntada", "translations", "check"],
    "docs": [sys.executable, "-m", "muntada", "docs", "--check"],
}
TESTS = "tests"
# What shows translated sentences.
NEEDS_CATALOGUES = {"migrations", "translations", "docs", TESTS}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "names",
        nargs="*",
        choices=[*CHECKS, TESTS],
        metavar="CHECK",
        help=f"run only these of {', '.join([*CHECKS, TESTS])}; without names, all",
    )
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--no-tests", action="store_true", help="leave out the tests")
    which.add_argument("--full", action="store_true", help="run the tests that are slow by nature, too")


def chosen(names: Collection[str], *, has_tests: bool) -> list[str]:
    """Return the names of what is to run, in the order of `CHECKS`; without names, everything."""
    return [
        name for name in (*CHECKS, TESTS) if (not names or name in names) and (has_tests or name != TESTS)
    ]


type CheckResult = tuple[bool, str, float]


def run(arguments: argparse.Namespace) -> int:
    names = chosen(arguments.names, has_tests=not arguments.no_tests)
    if not set(names).isdisjoint(NEEDS_CATALOGUES):
        compile_all()
    results = dict.fromkeys(names, False)
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        running = {threads.submit(_check, command): name for name, command in CHECKS.items() if name in names}
        # The tests start when only the longest check is left, so that no core is idle.
        _take(running, results, left=1 if TESTS in names else 0)
        if TESTS in names:
            results[TESTS] = run_pytest(["--full"] if arguments.full else []) == 0
        _take(running, results, left=0)
    print()
    for name, is_good in results.items():
        print(f"{'ok    ' if is_good else 'FAILED'}  {name}")
    return 0 if all(results.values()) else 1


def _take(running: dict[Future[CheckResult], str], results: dict[str, bool], *, left: int) -> None:
    """Print the output of each finished check, until `left` remain."""
    while len(running) > left:
        for done in wait(running, return_when=FIRST_COMPLETED).done:
            name, (is_good, said, seconds) = running.pop(done), done.result()
            results[name] = is_good
            print(f"== {name}: {'ok' if is_good else 'FAILED'}, {seconds:.1f} s\n{said.strip()}", flush=True)


def _check(command: list[str]) -> CheckResult:
    started = time.monotonic()
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "muntada.settings",
        "MUNTADA_SECRET_KEY": "for checks only",
        "PYTHONPATH": str(ROOT / "src"),
        # Migrations are compared with the models in memory, without a database; nobody has to be told.
        "PYTHONWARNINGS": "ignore",
        "MUNTADA_LOG": "ERROR",
    }
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    return done.returncode == 0, done.stdout, time.monotonic() - started
