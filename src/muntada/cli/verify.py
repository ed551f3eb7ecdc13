"""Check that the log of a forum is whole: every digest is computed again from the first entry on."""

import argparse
import sys

from muntada.forums.models import Forum
from muntada.record.queries import check_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forum", help="only this forum, by its slug")


def run(arguments: argparse.Namespace) -> int:
    forums = Forum.objects.filter(slug=arguments.forum) if arguments.forum else Forum.objects.all()
    if not forums:
        sys.stderr.write("muntada: there is no such forum. Leave --forum out to check all of them.\n")
        return 2
    is_whole = True
    for forum in forums:
        check = check_log(forum.pk)
        is_whole = is_whole and check.is_whole
        state = "whole" if check.is_whole else f"BROKEN at entry {check.broken_at}"
        print(f"{forum.prefix}: {check.entries} entries, {state}, last digest {check.last_digest[:16]}")
    return 0 if is_whole else 1
