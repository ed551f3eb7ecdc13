"""Grant and revoke roles. A role belongs to a forum, and its secretariat grants it."""

from datetime import datetime

from django.db import transaction

from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.people.models import Person, RoleHeld
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor


def give_role(*, person: Person, forum_id: int, role: Role, actor: Actor, now: datetime) -> None:
    """Grant a role in a forum; repeated calls change nothing."""
    require_role(actor, SECRETARIAT, forum_id)
    with transaction.atomic():
        _, is_new = RoleHeld.objects.get_or_create(
            person=person, forum_id=forum_id, role=role, defaults={"given_at": now}
        )
        if is_new:
            _log("give_role", person, forum_id, role, actor, now)


def take_role(*, person: Person, forum_id: int, role: Role, actor: Actor, now: datetime) -> None:
    require_role(actor, SECRETARIAT, forum_id)
    with transaction.atomic():
        taken, _ = RoleHeld.objects.filter(person=person, forum_id=forum_id, role=role).delete()
        if taken:
            _log("take_role", person, forum_id, role, actor, now)


def _log(verb: str, person: Person, forum_id: int, role: Role, actor: Actor, now: datetime) -> None:
    change = {"person": person.pk, "role": role.value}
    record.write(forum_id=forum_id, actor=actor, verb=verb, change=change, now=now)
