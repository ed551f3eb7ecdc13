"""Mend format and style where that can be done by itself."""

import argparse
import subprocess
import sys
from pathlib import Path

from muntada.cli.check import WRITTEN

ROOT = Path(__file__).resolve().parents[3]
BIN = Path(sys.executable).parent


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.description = __doc__


def run(arguments: argparse.Namespace) -> int:  # noqa: ARG001  (every word takes its arguments)
    commands = [
        [str(BIN / "ruff"), "check", "--fix", "--quiet", *WRITTEN],
        [str(BIN / "ruff"), "format", *WRITTEN],
    ]
    return max(subprocess.run(command, cwd=ROOT, check=False).returncode for command in commands)
