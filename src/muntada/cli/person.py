"""Give a person a role in a forum, or a sign-in link. An unknown person is created."""

import argparse
import os
import sys

from django.conf import settings
from django.utils import timezone

from muntada.forums.actions import roles
from muntada.forums.models import Forum
from muntada.home.actions import withdraw_name
from muntada.people import actions
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.record.rules import SYSTEM


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("email", help="e-mail address of the person")
    parser.add_argument("--name", default="", help="name, for a person not known yet")
    parser.add_argument("--forum", help="slug of the forum the role is for")
    parser.add_argument("--role", choices=[role.value for role in Role], help="role to give")
    parser.add_argument(
        "--withdraw-name", action="store_true", help="take their name out of all that is kept; for good"
    )
    parser.add_argument("--link", action="store_true", help="print a link that signs this person in")


def run(arguments: argparse.Namespace) -> int:
    now = timezone.now()
    if "@" not in arguments.email:
        sys.stderr.write(f"muntada: '{arguments.email}' is no e-mail address.\n")
        return 2
    person = Person.objects.filter(email__iexact=arguments.email).first()
    if arguments.withdraw_name:
        if person is None:
            sys.stderr.write(f"muntada: nobody here has the address {arguments.email}.\n")
            return 2
        withdraw_name(person=person, actor=SYSTEM, now=now)
        print("The name is withdrawn. What they said stays, without it.")
        return 0
    forum = Forum.objects.filter(slug=arguments.forum or "").first()
    if arguments.role and forum is None:
        known = ", ".join(Forum.objects.values_list("slug", flat=True)) or "none yet"
        wanted = f"there is no forum '{arguments.forum}'" if arguments.forum else "a role is held in a forum"
        sys.stderr.write(f"muntada: {wanted}. Name one with --forum SLUG. Forums here: {known}.\n")
        return 2
    person = person or Person.objects.create_user(arguments.email, name=arguments.name)
    if arguments.role and forum is not None:
        roles.give_role(person=person, forum_id=forum.pk, role=Role(arguments.role), actor=SYSTEM, now=now)
        print(f"{person} is {arguments.role} in {forum.slug}.")
    if arguments.link:
        token = actions.issue_sign_in_link(person=person, now=now)
        print(f"{settings.SITE_ADDRESS}/account/link/{token}")
        if "MUNTADA_ADDRESS" not in os.environ:
            sys.stderr.write(
                "muntada: where the server has another address, name it in MUNTADA_ADDRESS; the rest holds.\n"
            )
    return 0
