"""Compare the engines with their peers, and write the tables in benchmarks/results."""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    # argparse also checks the default of an optional list, so the empty list is a choice.
    parser.add_argument(
        "name",
        nargs="*",
        choices=[*_names(), []],
        metavar="NAME",
        help=f"which ones: {', '.join(_names())} (default: all)",
    )
    parser.add_argument(
        "--quick", action="store_true", help="only the small rows, which are printed and not written"
    )


def run(arguments: argparse.Namespace) -> int:
    options = ["--quick"] if arguments.quick else []
    codes = [
        subprocess.run([sys.executable, f"benchmarks/{name}.py", *options], cwd=ROOT, check=False).returncode
        for name in arguments.name or _names()
    ]
    return max(codes, default=0)


def _names() -> list[str]:
    return sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
