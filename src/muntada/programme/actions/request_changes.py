"""Saying a submitted session request better while the window is open, and withdrawing it."""

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums import queries as forums
from muntada.forums.models import Forum
from muntada.forums.queries import Here
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotThere, Refused
from muntada.people.rules import Role
from muntada.programme.actions.merging import end_proposals, part
from muntada.programme.actions.request_words import words_typed
from muntada.programme.actions.requests import (
    NewRequest,
    answered_by,
    put_version,
    require_own_organisation,
    said_by,
    words_of,
    write_down,
)
from muntada.programme.models import RequestMerge, SessionRequest
from muntada.programme.queries.checks import findings_of
from muntada.programme.queries.merging import standing_merge_by
from muntada.programme.queries.request_forms import terms_of
from muntada.programme.rules.checks import require_checked
from muntada.programme.rules.request_forms import require_answered
from muntada.programme.rules.requests import RequestState, require_author, require_complete, require_state
from muntada.record import actions as record
from muntada.record.models import Edge, Receipt
from muntada.record.rules import Relation


def resubmit_request(
    *, here: Here, request: SessionRequest, new: NewRequest, seen: int | None = None
) -> Receipt | None:
    """Say it otherwise while the stage is open: the number stays, the words before are kept as a version.

    `seen` is the version the author changed; nothing is returned where nothing changed.
    """
    here.require_person(request.forum_id)
    forums.require_open(here.forum, Stage.PROGRAMME, here.now)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=here.forum.pk)
        kept = _locked_own(here, request)
        last = kept.versions.order_by("-number").first()
        if seen is not None and last is not None and seen != last.number:
            sentence = gettext(
                "You changed %(symbol)s in another window meanwhile. What you typed here is kept; "
                "please look at the words that stand, then submit again if yours should replace them."
            )
            raise Refused(sentence % {"symbol": kept.symbol}, "changed-meanwhile")
        require_own_organisation(here, new)
        before = words_of(kept)
        if before | {"track": new.track} == words_typed(new):
            kept.copies.all().delete()
            return None
        _write_anew(here, kept, new)
        kept.copies.all().delete()
        return _put_on_record(here, kept)


def _write_anew(here: Here, kept: SessionRequest, new: NewRequest) -> None:
    track, source, source_id, invented = kept.track, kept.source, kept.source_id, kept.is_invented
    write_down(kept, new, here.now)
    kept.track, kept.source, kept.source_id, kept.is_invented = track, source, source_id, invented
    kept.save(update_fields=["track", "source", "source_id", "is_invented"])
    people = kept.speakers.count()
    require_complete(title=kept.title, description=kept.description, minutes=kept.minutes, speakers=people)
    require_answered(said_by(kept), terms_of(kept))
    require_checked(findings_of(kept))


def _put_on_record(here: Here, kept: SessionRequest) -> Receipt:
    symbol = kept.symbol
    if symbol is None:
        raise NotThere(gettext("This session request has no number yet."), "request")
    answered = answered_by(kept)
    record.retitle(symbol, title=kept.title, language=kept.language)
    record.cite(source=symbol, text=kept.description, now=here.now, field="description")
    before = Edge.objects.filter(source=symbol, relation=Relation.ANSWERS).select_related("target")
    for edge in before:
        if edge.target not in answered:
            record.unlink(source=symbol, target=edge.target, relation=Relation.ANSWERS)
    known = {edge.target_id for edge in before}
    for target in answered:
        if target.pk not in known:
            record.link(source=symbol, target=target, relation=Relation.ANSWERS, now=here.now)
    entry = record.write(
        forum_id=here.forum.pk,
        actor=here.actor(Role.PARTICIPANT),
        verb="resubmit_request",
        symbol=symbol,
        change=words_of(kept),
        now=here.now,
    )
    return put_version(kept, entry, here.now)


def withdraw_request(*, here: Here, request: SessionRequest) -> None:
    """Take a request back before anything is decided on it: the number stays, the words are shown no more."""
    here.require_person(request.forum_id)
    with transaction.atomic():
        kept = _locked_own(here, request, withdrawn_too=True)
        if kept.state == RequestState.WITHDRAWN or kept.symbol is None:
            return
        kept.state, kept.decided_at = RequestState.WITHDRAWN, here.now
        kept.save(update_fields=["state", "decided_at"])
        kept.copies.all().delete()
        # Nobody is asked any more, so nobody's address is needed.
        kept.speakers.update(email="", note="")
        kept.co_organisers.update(email="", note="")
        record.retitle(kept.symbol, title=kept.title, language=kept.language, is_public=False)
        record.withdraw_symbol(kept.symbol, now=here.now)
        record.write(
            forum_id=here.forum.pk,
            actor=here.actor(Role.PARTICIPANT),
            verb="withdraw_request",
            symbol=kept.symbol,
            change={},
            now=here.now,
        )
        end_proposals(here=here, request=kept)


def leave_joint(*, here: Here, merge: RequestMerge, reason: str) -> None:
    """Undo what two ask for together, and withdraw one's own of the two; that of the other stays."""
    here.require_person(merge.first.forum_id)
    with transaction.atomic():
        parted = part(here=here, merge=merge, reason=reason)
        sides = parted.sides_of(here.person)
        for one, is_own in ((parted.first, sides.first), (parted.second, sides.second)):
            if is_own:
                withdraw_request(here=here, request=one)


def _locked_own(here: Here, request: SessionRequest, *, withdrawn_too: bool = False) -> SessionRequest:
    kept = (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol__forum", "form")
        .filter(pk=request.pk, forum=here.forum)
        .first()
    )
    if kept is None:
        raise NotThere(gettext("This session request is not there any more."), "request")
    require_author(author_id=kept.author_id, person_id=here.person.pk if here.person else None)
    if kept.state == RequestState.JOINED:
        sentence = gettext(
            "It is asked for together with another. Please undo that on its page first, then change it."
        )
        raise Refused(sentence, "merge-stands")
    if standing_merge_by(kept) is not None:
        sentence = gettext(
            "Two authors ask for this together, so neither changes it alone. "
            "Please undo that on its page, or propose it anew."
        )
        raise Refused(sentence, "merge-stands")
    ended = [RequestState.WAITING, RequestState.WITHDRAWN] if withdrawn_too else []
    allowed = [RequestState.SUBMITTED, *ended]
    require_state(kept.state, allowed)
    return kept
