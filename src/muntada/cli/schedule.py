"""Make and publish a timetable of the session requests: accept waiting requests, place them, release.

If the forum has no rooms or slots, ten rooms are created for its days. Every placement is checked
by rules independent of the solver, and the database prevents double-booking of rooms and people.
"""

import argparse
import sys
import time

from django.utils import timezone

from muntada.forums.models import Forum
from muntada.foundations.errors import Refused
from muntada.programme.front.actions.schedule import schedule
from muntada.record.rules import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--forum", required=True, help="slug of the forum, for example wsis20")
    parser.add_argument("--seed", type=int, default=0, help="the same seed gives the same timetable")
    parser.add_argument("--effort", type=float, default=20.0, help="seconds of computing to spend at most")


def run(arguments: argparse.Namespace) -> int:
    forum = Forum.objects.filter(slug=arguments.forum).first()
    if forum is None:
        known = ", ".join(Forum.objects.values_list("slug", flat=True)) or "none yet"
        sys.stderr.write(f"muntada: there is no forum '{arguments.forum}'. Forums here: {known}.\n")
        return 2
    started = time.monotonic()
    try:
        done = schedule(
            forum=forum, actor=SYSTEM, now=timezone.now(), seed=arguments.seed, effort=arguments.effort
        )
    except Refused as refusal:
        sys.stderr.write(f"muntada: {refusal.sentence}\n")
        return 2
    seconds = time.monotonic() - started
    print(f"{done.accepted} requests accepted, {done.placed} sessions placed in {seconds:.1f} s.")
    print(f"Published as release {done.release.number}: /{forum.slug}/programme")
    return 0
