"""Measure the engines beside their peers, and write the tables in benchmarks/results."""

import argparse
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    names = sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    parser.add_argument("name", nargs="*", choices=[*names, []], help="which ones (default: all)")


def run(arguments: argparse.Namespace) -> int:
    names = arguments.name or sorted(path.stem for path in (ROOT / "benchmarks").glob("*.py"))
    codes = [
        subprocess.run([sys.executable, f"benchmarks/{name}.py"], cwd=ROOT, check=False).returncode
        for name in names
    ]
    return max(codes, default=0)
