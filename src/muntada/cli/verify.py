"""Check a forum: the chain of its log and, on request, every opinion map, recomputed from its votes."""

import argparse
import sys
from collections.abc import Iterable

from muntada.consultation.opinion.adapter.opinion import comes_out_again
from muntada.consultation.statements.models import OpinionMap
from muntada.forums.models import Forum
from muntada.record.queries import check_log


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forum", help="only this forum, by its slug")
    parser.add_argument(
        "--maps", action="store_true", help="draw every opinion map again from its votes and its seed, too"
    )


def run(arguments: argparse.Namespace) -> int:
    forums = Forum.objects.filter(slug=arguments.forum) if arguments.forum else Forum.objects.all()
    if not forums and arguments.forum is None:
        print("There is no forum yet, so there is no log to check.")
        return 0
    if not forums:
        sys.stderr.write("muntada: there is no such forum. Leave --forum out to check all of them.\n")
        return 2
    is_whole = check_logs(forums)
    if arguments.maps:
        # Every map is drawn, whatever was found before.
        for forum in forums:
            is_whole = _check_maps(forum) and is_whole
    return 0 if is_whole else 1


def check_logs(forums: Iterable[Forum]) -> bool:
    """Check the log of each forum, print what was found, and say whether all are whole."""
    is_whole = True
    for forum in forums:
        check = check_log(forum.pk)
        is_whole = is_whole and check.is_whole
        state = "whole" if check.is_whole else f"BROKEN at entry {check.broken_at}"
        print(f"{forum.prefix}: {check.entries} entries, {state}, last digest {check.last_digest[:16]}")
    return is_whole


def _check_maps(forum: Forum) -> bool:
    are_same = True
    maps = (
        OpinionMap.objects.filter(call__forum=forum).select_related("call__forum").order_by("made_at", "pk")
    )
    for kept in maps.iterator(chunk_size=1):
        is_same = comes_out_again(kept)
        are_same = are_same and is_same
        state = "comes out the same" if is_same else "DIFFERS, unless another version of Muntada drew it"
        print(f"{forum.prefix}: map of {kept.call.slug}, {kept.made_at:%Y-%m-%d %H:%M} UTC, {state}")
    return are_same
