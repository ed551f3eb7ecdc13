"""Migrate the database to this version."""

import argparse

from django.core.management import call_command


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--check", action="store_true", help="only say whether something is to be done")


def run(arguments: argparse.Namespace) -> int:
    call_command("migrate", verbosity=1, interactive=False, check_unapplied=arguments.check)
    return 0
