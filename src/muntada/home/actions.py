"""Actions across all stages."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.front import actions as consultation
from muntada.evidence.partnering import actions as evidence
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import NotAllowed
from muntada.home.queries import names_asked
from muntada.people import actions as people
from muntada.people.models import Person
from muntada.programme.front.actions import withdrawals as programme
from muntada.record import actions as record
from muntada.record.rules import Actor

# The stages that store names apart from accounts.
STAGES: tuple[Callable[..., set[int]], ...] = (
    programme.withdraw_name,
    consultation.withdraw_name,
    evidence.withdraw_name,
)


def withdraw_name(*, person: Person, actor: Actor, now: datetime, forum_id: int | None = None) -> None:
    """Withdraw a person's name everywhere at their request; repeated calls change nothing.

    What the person did stays, without a name. The withdrawal is logged in each forum concerned, and in
    the one that decided it.
    """
    require_role(actor, SECRETARIAT, forum_id)
    with transaction.atomic():
        kept = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        if kept.withdrawn_at is not None:
            return
        people.require_withdrawal(person=kept, actor=actor)
        _require_known(kept, forum_id)
        reached = {forum_id} if forum_id is not None else set()
        for withdraw in STAGES:
            reached |= withdraw(person=kept, actor=actor, now=now)
        # The other forums log who did it, with a role of this forum.
        who = Actor(actor.person_id, actor.role)
        for pk in sorted(reached):
            record.write(forum_id=pk, actor=who, verb="withdraw_name", change={"person": kept.pk}, now=now)
        record.forget_person(person_id=kept.pk)
        people.empty_person(person=kept, actor=actor, now=now)


def _require_known(person: Person, forum_id: int | None) -> None:
    """Refuse the secretariat of a forum in which this person did nothing."""
    if forum_id is not None and not names_asked(forum_id).filter(person=person).exists():
        raise NotAllowed(gettext("This belongs to another forum. Please go there first."), "other-forum")
