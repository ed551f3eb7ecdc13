"""Declarations of voters, and bans."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.consultation.calls.models import Call
from muntada.consultation.calls.queries import call_topic
from muntada.consultation.calls.rules.calls import ANSWERING_ROLES
from muntada.consultation.calls.rules.gives_out import require_breakdown
from muntada.consultation.statements.actions.redrawing import ask_for_redraw
from muntada.consultation.statements.models import Voter
from muntada.consultation.statements.queries.votes import has_organisation
from muntada.consultation.statements.rules.votes import (
    VoterHere,
    require_own_account,
    require_own_facts,
    require_voting,
)
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.forums.rules.reasons import require_reason
from muntada.forums.rules.roles import require_role
from muntada.foundations.cleaning import clean_text
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.live import announce
from muntada.people.rules import OrganisationKind, Role
from muntada.record import actions as record
from muntada.record.rules import Actor, day_of

COUNTRY_LETTERS = 2


def declare(
    *, forum_request: ForumRequest, call: Call, voter: VoterHere | None, kind: str, country: str
) -> None:
    """Store a voter's declaration, for results by group. It is voluntary.

    Facts of an organization cannot be overridden.
    """
    forum_request.require_forum(call.forum_id)
    require_open(forum_request.forum, Stage.CONSULTATION, forum_request.now)
    require_voting(call.window, forum_request.now)
    require_breakdown(call.gives_out)
    require_own_account(voter)
    if forum_request.person is not None:
        require_own_facts(has_organisation=has_organisation(forum_request.person))
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
        # Locked before the voter, like votes, to avoid deadlocks.
        record.hold_log(call.forum_id)
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
            # The log has the day only: a declaration follows a vote.
            now=day_of(forum_request.now),
        )
        ask_for_redraw(call)


def ban_voter(*, call: Call, voter_id: int, reason: str, actor: Actor, now: datetime) -> bool:
    """Exclude the votes of a voter from a call with a reason; return whether it changed.

    The votes are kept.
    """
    require_role(actor, ANSWERING_ROLES, call.forum_id)
    require_reason(reason)
    return _set(call, voter_id, "ban_voter", now, clean_text(reason), actor, at=now)


def let_vote_again(*, call: Call, voter_id: int, actor: Actor, now: datetime) -> bool:
    """Undo an exclusion; return whether it changed."""
    require_role(actor, ANSWERING_ROLES, call.forum_id)
    return _set(call, voter_id, "let_vote_again", now, "", actor, at=None)


def _set(
    call: Call, voter_id: int, verb: str, now: datetime, reason: str, actor: Actor, *, at: datetime | None
) -> bool:
    with transaction.atomic():
        # Locked before the voter, like votes, to avoid deadlocks.
        record.hold_log(call.forum_id)
        kept = Voter.objects.select_for_update(no_key=True).filter(call=call, pk=voter_id).first()
        if kept is None:
            raise NotThere(gettext("There is no such voter in this call."), "voter-unknown")
        if (kept.banned_at is None) == (at is None):
            return False
        kept.banned_at, kept.banned_reason = at, reason
        kept.save(update_fields=["banned_at", "banned_reason"])
        change = {"voter": kept.pk, "reason": reason}
        record.write(forum_id=call.forum_id, actor=actor, verb=verb, change=change, now=now)
        announce(call_topic(call))
        ask_for_redraw(call)
    return True
