"""Set up a forum from its file, or only check the file.

docs/operating/forum.toml explains every key. `new` prints a link that signs in each person of the
secretariat, so that nobody has to wait for the mail server.
"""

import argparse
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from muntada.forums.actions.forum_files import set_up_forum
from muntada.forums.models import Forum
from muntada.forums.rules.forum_files import ForumFile, read_forum_file
from muntada.foundations.errors import Refused
from muntada.foundations.faults import CannotRun
from muntada.people import actions as people
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM

LINK_DAYS = 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    what = parser.add_subparsers(dest="what", required=True, metavar="new|check|list")
    for name, says in (("new", "set up the forum"), ("check", "only say what is wrong with the file")):
        one = what.add_parser(name, help=says)
        one.add_argument("file", type=Path, help="the file of the forum, in TOML")
    what.add_parser("list", help="name the forums of this installation")


def run(arguments: argparse.Namespace) -> int:
    if arguments.what == "list":
        for forum in Forum.objects.all():
            print(f"{forum.slug}: {forum.dates_here}, {settings.SITE_ADDRESS}{forum.get_absolute_url()}")
        return 0
    file = _read(arguments.file)
    if arguments.what == "check":
        print(f"{arguments.file} can be used: {len(file.windows)} windows, {len(file.people)} people.")
        return 0
    now = timezone.now()
    try:
        forum = set_up_forum(file=file, actor=SYSTEM, now=now)
    except Refused as refusal:
        raise CannotRun(str(refusal)) from refusal
    print(f"The forum is at {settings.SITE_ADDRESS}{forum.get_absolute_url()}.")
    for given in file.people:
        if Role.SECRETARIAT in given.roles:
            person = Person.objects.get(email__iexact=given.email)
            token = people.issue_sign_in_link(person=person, now=now, days=LINK_DAYS)
            print(f"{given.email} signs in once, within {LINK_DAYS} days, by")
            print(f"  {settings.SITE_ADDRESS}/account/link/{token}?next={forum.get_absolute_url()}")
    return 0


def _read(path: Path) -> ForumFile:
    try:
        return read_forum_file(path.read_bytes())
    except OSError as error:
        raise CannotRun(f"{path} cannot be read: {error.strerror}.") from error
