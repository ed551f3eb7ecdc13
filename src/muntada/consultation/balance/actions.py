"""Choose the reference shares of a consultation."""

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.balance.models import Reference
from muntada.consultation.balance.queries import shares_of
from muntada.consultation.calls.rules.calls import CALLING_ROLES
from muntada.consultation.opinion.rules import Basis, ChosenShares, settled_shares
from muntada.forums.models import Forum
from muntada.forums.rules.roles import require_role
from muntada.forums.rules.schemes import Scheme
from muntada.foundations.errors import Refused
from muntada.record import actions as record
from muntada.record.rules import Actor


def choose_reference(
    *, forum: Forum, scheme: Scheme, chosen: ChosenShares, actor: Actor, now: datetime
) -> Reference | None:
    """Set the reference share of each group of a scheme, or remove the reference."""
    require_role(actor, CALLING_ROLES, forum.pk)
    source = chosen.source.strip()
    if chosen.basis is Basis.NONE:
        shares: dict[str, float] = {}
    elif chosen.basis is Basis.LAST_FORUM:
        shares, source = _of_last_forum(forum, scheme)
    else:
        shares = settled_shares(scheme, replace(chosen, source=source))
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum.pk)
        Reference.objects.filter(forum=forum, scheme=scheme.key).delete()
        kept = None
        if shares:
            kept = Reference.objects.create(
                forum=forum,
                scheme=scheme.key,
                basis=chosen.basis,
                shares=shares,
                source=source or chosen.basis.value,
                chosen_at=now,
            )
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="choose_reference",
            change={"scheme": scheme.key, "basis": chosen.basis.value, "shares": shares, "source": source},
            now=now,
        )
    return kept


def _of_last_forum(forum: Forum, scheme: Scheme) -> tuple[dict[str, float], str]:
    """Return the shares of contributions to the preceding forum."""
    shares = shares_of(forum.previous, scheme) if forum.previous else {}
    if forum.previous is None or not shares:
        sentence = gettext(
            "Nothing is known of the forum before this one by these groups. Please choose another reference."
        )
        raise Refused(sentence, "no-last-forum", "basis")
    return shares, forum.previous.name_here
