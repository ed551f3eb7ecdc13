"""Withdraw a name from drafts and entered contributions."""

from datetime import datetime

from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext

from muntada.consultation.contributions.models import Contribution, ContributionDraft
from muntada.consultation.replies.models import LettersStopped
from muntada.forums.models import Forum
from muntada.people.actions import require_withdrawal
from muntada.people.models import Person
from muntada.record.rules import Actor


def withdraw_name(
    *,
    person: Person,
    actor: Actor,
    now: datetime,  # noqa: ARG001 - as all stages are called
) -> set[int]:
    """Remove a person's name from stored texts; return the forums concerned.

    Contributions made with an account refer to the account, which is emptied.
    """
    require_withdrawal(person=person, actor=actor)
    ContributionDraft.objects.filter(author=person).delete()
    LettersStopped.objects.filter(email__iexact=person.email).delete()
    said = Contribution.objects.filter(
        Q(author=person) | (Q(author_email__iexact=person.email) & ~Q(author_email=""))
    )
    reached = list(Forum.objects.filter(pk__in=said.values("call__forum")))
    for forum in reached:
        with translation.override(forum.language_for_all):
            mark = gettext("Name withdrawn")
        own = said.filter(call__forum=forum)
        own.exclude(author_name="").update(author_name=mark)
        own.update(author_email="")
    return {forum.pk for forum in reached}
