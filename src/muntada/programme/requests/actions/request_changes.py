"""Change submitted session requests while the stage is open."""

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums import queries as forums
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.foundations.errors import NotThere, Refused
from muntada.people.rules import Role
from muntada.programme.requests.actions.request_texts import words_typed
from muntada.programme.requests.actions.requests import (
    NewRequest,
    answered_by,
    put_version,
    require_own_organisation,
    said_by,
    words_of,
    write_down,
)
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.queries.checks import findings_of
from muntada.programme.requests.queries.request_forms import terms_of
from muntada.programme.requests.queries.requests import locked_own
from muntada.programme.requests.rules.checks import require_checked
from muntada.programme.requests.rules.request_forms import require_answered
from muntada.programme.requests.rules.requests import require_complete
from muntada.record import actions as record
from muntada.record.models import Edge, Receipt
from muntada.record.rules import Relation


def resubmit_request(
    *, forum_request: ForumRequest, request: SessionRequest, new: NewRequest, seen: int | None = None
) -> Receipt | None:
    """Submit a new version while the stage is open; number and former versions stay.

    `seen` is the version the author edited; returns None without changes.
    """
    forum_request.require_person(request.forum_id)
    forums.require_open(forum_request.forum, Stage.PROGRAMME, forum_request.now)
    with transaction.atomic():
        Forum.objects.select_for_update(no_key=True).get(pk=forum_request.forum.pk)
        kept = locked_own(forum_request, request)
        last = kept.versions.order_by("-number").first()
        if seen is not None and last is not None and seen != last.number:
            sentence = gettext(
                "You changed %(symbol)s in another window meanwhile. What you typed here is kept; "
                "please look at the words that stand, then submit again if yours should replace them."
            )
            raise Refused(sentence % {"symbol": kept.symbol}, "changed-meanwhile")
        require_own_organisation(forum_request, new)
        before = words_of(kept)
        if before | {"track": new.track} == words_typed(new):
            kept.copies.all().delete()
            return None
        _write_anew(forum_request, kept, new)
        kept.copies.all().delete()
        return _put_on_record(forum_request, kept)


def _write_anew(forum_request: ForumRequest, kept: SessionRequest, new: NewRequest) -> None:
    track, source, source_id = kept.track, kept.source, kept.source_id
    write_down(kept, new, forum_request.now)
    kept.track, kept.source, kept.source_id = track, source, source_id
    kept.save(update_fields=["track", "source", "source_id"])
    people = kept.speakers.count()
    require_complete(title=kept.title, description=kept.description, minutes=kept.minutes, speakers=people)
    require_answered(said_by(kept), terms_of(kept))
    require_checked(findings_of(kept))


def _put_on_record(forum_request: ForumRequest, kept: SessionRequest) -> Receipt:
    symbol = kept.symbol
    if symbol is None:
        raise NotThere(gettext("This session request has no number yet."), "request")
    answered = answered_by(kept)
    record.retitle(symbol, title=kept.title, language=kept.language)
    record.cite(source=symbol, text=kept.description, now=forum_request.now, field="description")
    before = Edge.objects.filter(source=symbol, relation=Relation.ANSWERS).select_related("target")
    for edge in before:
        if edge.target not in answered:
            record.unlink(source=symbol, target=edge.target, relation=Relation.ANSWERS)
    known = {edge.target_id for edge in before}
    for target in answered:
        if target.pk not in known:
            record.link(source=symbol, target=target, relation=Relation.ANSWERS, now=forum_request.now)
    entry = record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(Role.PARTICIPANT),
        verb="resubmit_request",
        symbol=symbol,
        change=words_of(kept),
        now=forum_request.now,
    )
    return put_version(kept, entry, forum_request.now)
