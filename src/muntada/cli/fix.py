"""Fix format and style automatically."""

import argparse
import subprocess
import sys
from pathlib import Path

from muntada.cli.check import WRITTEN

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001  (every command takes its arguments)
    ruff = str(BIN / "ruff")
    # Formatting fixes some findings of the first run, so only the second run is reported.
    subprocess.run([ruff, "check", "--fix-only", "--quiet", *WRITTEN], cwd=ROOT, check=False)
    subprocess.run([ruff, "format", *WRITTEN], cwd=ROOT, check=False)
    subprocess.run([str(BIN / "djangofmt"), "--quiet", "src"], cwd=ROOT, check=False)
    return subprocess.run([ruff, "check", "--quiet", *WRITTEN], cwd=ROOT, check=False).returncode
