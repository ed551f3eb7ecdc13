"""What somebody says of themselves once, and keeping out of a call who does not vote in good faith."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.actions.maps import ask_for_redraw, call_topic
from muntada.consultation.models import Call, Voter
from muntada.consultation.rules.calls import ANSWERING_ROLES, require_role
from muntada.consultation.rules.contributions import clean_text
from muntada.consultation.rules.replies import require_reason
from muntada.consultation.rules.votes import VoterHere
from muntada.foundations.errors import Refused
from muntada.foundations.live import announce
from muntada.people.rules import OrganisationKind, Role
from muntada.record import actions as record
from muntada.record.rules import Actor

COUNTRY_LETTERS = 2


def declare(*, call: Call, voter: VoterHere | None, kind: str, country: str, now: datetime) -> None:
    """Keep what a voter says of themselves, for the view by groups. It is nobody's duty to say it."""
    if voter is None:
        raise Refused(gettext("Please vote first, then say who you are."), "not-voted-yet")
    if kind and kind not in set(OrganisationKind):
        raise Refused(gettext("Please choose one of the groups."), "kind-unknown", "kind")
    letters = country.strip().upper()
    if letters and not (len(letters) == COUNTRY_LETTERS and letters.isascii() and letters.isalpha()):
        sentence = gettext(
            "A country is given by its two letters, like KE. Please correct it or leave it out."
        )
        raise Refused(sentence, "country-unknown", "country")
    with transaction.atomic():
        kept = Voter.objects.select_for_update(no_key=True).get(pk=voter.pk)
        if (kept.kind, kept.country) == (kind, letters):
            return
        kept.kind, kept.country = kind, letters
        kept.save(update_fields=["kind", "country"])
        record.write(
            forum_id=call.forum_id,
            actor=Actor(None, Role.PARTICIPANT),
            verb="declare_voter",
            change={"voter": kept.pk, "kind": kind, "country": letters},
            now=now,
        )


def ban_voter(*, call: Call, voter_id: int, reason: str, actor: Actor, now: datetime) -> None:
    """Let the votes of somebody count no more in a call, and say to them why. The votes are kept."""
    require_role(actor, ANSWERING_ROLES)
    require_reason(reason)
    _set(call, voter_id, "ban_voter", now, clean_text(reason), actor, at=now)


def let_vote_again(*, call: Call, voter_id: int, actor: Actor, now: datetime) -> None:
    """Let the votes of somebody count again."""
    require_role(actor, ANSWERING_ROLES)
    _set(call, voter_id, "let_vote_again", now, "", actor, at=None)


def _set(
    call: Call, voter_id: int, verb: str, now: datetime, reason: str, actor: Actor, *, at: datetime | None
) -> None:
    with transaction.atomic():
        kept = Voter.objects.select_for_update(no_key=True).filter(call=call, pk=voter_id).first()
        if kept is None:
            raise Refused(gettext("There is no such voter in this call."), "voter-unknown")
        if (kept.banned_at is None) == (at is None):
            return
        kept.banned_at, kept.banned_reason = at, reason
        kept.save(update_fields=["banned_at", "banned_reason"])
        change = {"voter": kept.pk, "reason": reason}
        record.write(forum_id=call.forum_id, actor=actor, verb=verb, change=change, now=now)
        announce(call_topic(call))
        ask_for_redraw(call)
