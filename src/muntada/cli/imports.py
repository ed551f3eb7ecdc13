"""Import opinion votes, indicators, session requests or contributions. A faulty file changes nothing.

`polis` reads the folder of a Polis export. `indicators` reads a table of one indicator (code, name,
year, value), or any format of the import page (long or wide tables, CSV or XLSX, SDMX, data
packages). `requests` reads a table of session requests, `contributions` a table of contributions to
a call (the page of the call offers the template).
"""

import argparse
import sys
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext

from muntada.consultation.calls.queries import card_at
from muntada.consultation.contributions.actions.uploads import take_in, wrong_here
from muntada.consultation.contributions.queries.imports import read_table
from muntada.consultation.opinion.actions.conversations import Origin, import_polis
from muntada.evidence.imports.actions.figures import import_indicators
from muntada.evidence.imports.actions.files import take_file
from muntada.forums.models import Forum
from muntada.foundations.errors import Refused
from muntada.foundations.jobs.rules import FAULTS_SHOWN
from muntada.programme.imports.actions.request_imports import import_requests
from muntada.record.rules import SYSTEM

# The columns of the plain table; anything else is recognized by content.
KNOWN_COLUMNS = frozenset({"code", "name", "year", "value", "sex"})
HEADER_BYTES = 4096
KINDS = ("polis", "indicators", "requests", "contributions")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("what", choices=KINDS, help="what the files hold")
    parser.add_argument("path", type=Path, nargs="+", help="folder of a Polis export, or files")
    parser.add_argument("--forum", required=True, help="slug of the forum to read into, for example wsis20")
    parser.add_argument("--call", default="", help="address of the call that contributions belong to")
    parser.add_argument("--language", default="", help="language of the texts, where the files do not say it")
    parser.add_argument("--source", default="", help="where the files are from, to be shown with them")
    parser.add_argument("--vintage", default="", help="edition of an indicator (default: day of the file)")


def run(arguments: argparse.Namespace) -> int:
    forum = Forum.objects.select_related("framework").filter(slug=arguments.forum).first()
    if forum is None:
        known = ", ".join(Forum.objects.values_list("slug", flat=True)) or "none yet"
        sys.stderr.write(f"muntada: there is no forum '{arguments.forum}'. Forums here: {known}.\n")
        return 2
    for path in arguments.path:
        try:
            print(_read(arguments, path, forum), flush=True)
        except Refused as refusal:
            sys.stderr.write(f"muntada: {refusal.sentence}\nNothing of {path.name} was kept.\n")
            return 2
    return 0


def _read(arguments: argparse.Namespace, path: Path, forum: Forum) -> str:
    now = timezone.now()
    if arguments.what == "polis":
        origin = Origin(source=arguments.source, language=arguments.language)
        done = import_polis(folder=path, forum=forum, actor=SYSTEM, now=now, origin=origin)
        address = f"/{forum.slug}/consultation/{done.call.slug}"
        return f"{done.statements} statements, {done.voters} voters, {done.votes} votes read: {address}"
    if arguments.what == "indicators":
        return f"{path.name}: {_read_indicators(arguments, path, forum)}"
    if arguments.what == "contributions":
        return _read_contributions(arguments, path, forum)
    requests = import_requests(path=path, forum=forum, actor=SYSTEM, now=now)
    return f"{len(requests)} session requests read: /{forum.slug}/programme"


def _read_indicators(arguments: argparse.Namespace, path: Path, forum: Forum) -> str:
    if is_of_one_indicator(path):
        return import_indicators(
            path=path, forum=forum, actor=SYSTEM, now=timezone.now(), label=arguments.vintage
        ).sentence
    taken = take_file(
        path=path,
        forum=forum,
        actor=SYSTEM,
        clock=timezone.now,
        edition=arguments.vintage,
        source=arguments.source,
    )
    return taken.sentence


def is_of_one_indicator(path: Path) -> bool:
    """Return whether a file is the plain table of one indicator."""
    if not path.is_file():
        return True  # refused where files of this kind are read
    with path.open("rb") as file:
        first = file.readline(HEADER_BYTES).decode("utf-8-sig", errors="replace")
    names = {name.strip().strip('"').lower() for name in first.split(",")}
    return {"code", "year", "value"} <= names <= KNOWN_COLUMNS


def _read_contributions(arguments: argparse.Namespace, path: Path, forum: Forum) -> str:
    call = card_at(forum, arguments.call, timezone.now()).call
    if not path.is_file():
        raise Refused(gettext("There is no file %(name)s.") % {"name": path.name}, "file-missing")
    reading = read_table(call, path.read_bytes())
    wrong = sorted([*reading.faults, *wrong_here(call, reading.taken)], key=lambda fault: fault.row)
    if wrong:
        faults = "\n".join(f"{path.name}:{one.row}: {one.sentence}" for one in wrong[:FAULTS_SHOWN])
        raise Refused(faults, "rows-wrong")
    kept = take_in(call=call, rows=reading.taken, file_name=path.name, actor=SYSTEM, now=timezone.now())
    before = len(reading.taken) - len(kept)
    return (
        f"{len(kept)} contributions read, {before} were there before: {call.get_absolute_url()}/contributions"
    )
