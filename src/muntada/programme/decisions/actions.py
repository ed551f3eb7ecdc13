"""Decide on session requests. Each decision is public."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.rules.roles import ANY_ROLE, SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.foundations.mail import send_letter
from muntada.programme.decisions import task_types
from muntada.programme.decisions.models import FreePlace
from muntada.programme.decisions.queries import secretariat_of
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker
from muntada.programme.requests.queries.merging import originals_of, parts_agreed
from muntada.programme.requests.rules.requests import UNDECIDED, RequestState, require_reason, require_state
from muntada.programme.requests.rules.speakers import SpeakerAnswer
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.rules import TITLE_LENGTH, SessionRole
from muntada.record import actions as record
from muntada.record.rules import Actor, Relation, SymbolKind

_VERBS = {
    RequestState.DECLINED: "decline_request",
    RequestState.REFERRED: "refer_request",
    RequestState.WAITING: "put_on_waiting_list",
}


@dataclass(frozen=True)
class DecisionReason:
    """The reason of a decision and its language."""

    text: str = ""
    language: str = "en"


NO_REASON = DecisionReason()


def accept_request(
    *, request: SessionRequest, actor: Actor, now: datetime, reason: DecisionReason = NO_REASON
) -> Session:
    """Accept a request and create its session."""
    require_role(actor, SECRETARIAT, request.forum_id)
    with transaction.atomic():
        kept = _locked(request)
        session = _make_session(kept, now)
        _decide(kept, RequestState.ACCEPTED, reason, now, session)
        _log("accept_request", kept, actor, now, {"session": session.symbol.short, "reason": reason.text})
    return session


def decline_request(*, request: SessionRequest, reason: DecisionReason, actor: Actor, now: datetime) -> None:
    """Decline a request with a public reason."""
    _refuse(request, RequestState.DECLINED, reason, actor, now)


def refer_request(*, request: SessionRequest, reason: DecisionReason, actor: Actor, now: datetime) -> None:
    """Refer a request elsewhere with a public reason."""
    _refuse(request, RequestState.REFERRED, reason, actor, now)


def put_on_waiting_list(
    *, request: SessionRequest, reason: DecisionReason, actor: Actor, now: datetime
) -> None:
    """Put a request on the waiting list, from which it can be accepted."""
    _refuse(request, RequestState.WAITING, reason, actor, now)


def cancel_session(*, session: Session, reason: str, actor: Actor, now: datetime) -> None:
    """Cancel a session; the next release shows it as cancelled."""
    require_role(actor, SECRETARIAT, session.forum_id)
    take_out(session=session, reason=reason, actor=actor, now=now, verb="cancel_session")


def take_out(*, session: Session, reason: str, actor: Actor, now: datetime, verb: str) -> None:
    """Cancel a session and record its free place; notify the secretariat."""
    require_role(actor, ANY_ROLE, session.forum_id)
    require_reason(reason)
    with transaction.atomic():
        rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("forum", "symbol")
        kept = rows.get(pk=session.pk)
        if kept.cancelled_at is not None:
            raise Refused(gettext("This session is cancelled already."), "session-cancelled")
        kept.cancelled_at, kept.cancelled_reason = now, reason
        kept.save(update_fields=["cancelled_at", "cancelled_reason"])
        record.write(
            forum_id=kept.forum_id,
            actor=actor,
            verb=verb,
            symbol=kept.symbol,
            change={"reason": reason},
            now=now,
        )
        place = FreePlace.objects.create(session=kept, freed_at=now)
        for person in secretariat_of(kept.forum):
            if person.pk == actor.person_id:
                continue
            task_types.send_place_letter.order(place_id=place.pk, person_id=person.pk)


def _refuse(
    request: SessionRequest, state: RequestState, reason: DecisionReason, actor: Actor, now: datetime
) -> None:
    require_role(actor, SECRETARIAT, request.forum_id)
    require_reason(reason.text)
    with transaction.atomic():
        kept = _locked(request)
        _decide(kept, state, reason, now, None)
        _log(_VERBS[state], kept, actor, now, {"reason": reason.text})


def _locked(request: SessionRequest) -> SessionRequest:
    """Lock a request, so that it is decided once."""
    rows = SessionRequest.objects.select_for_update(of=("self",), no_key=True)
    kept = rows.select_related("symbol__forum", "author").get(pk=request.pk)
    require_state(kept.state, UNDECIDED)
    return kept


def _make_session(request: SessionRequest, now: datetime) -> Session:
    title = " ".join(request.title.split())[:TITLE_LENGTH]
    symbol = record.give_symbol(
        forum_id=request.forum_id, kind=SymbolKind.SESSION, title=title, language=request.language, now=now
    )
    session = Session.objects.create(
        forum_id=request.forum_id,
        symbol=symbol,
        title=title,
        description=request.description,
        language=request.language,
        kind=request.kind,
        minutes=request.minutes,
        needs=sorted(request.needs),
        audience=request.audience,
        is_online_only=request.is_online_only,
        track=request.track,
        made_at=now,
    )
    # A new session has no lines yet; `set` would query them.
    session.lines.add(*request.lines.all())
    session.goals.add(*request.goals.all())
    SessionPerson.objects.bulk_create(people_of(session, request))
    if request.symbol is not None:
        record.link(source=symbol, target=request.symbol, relation=Relation.ABSORBS, now=now)
    return session


def _decide(
    request: SessionRequest,
    state: RequestState,
    reason: DecisionReason,
    now: datetime,
    session: Session | None,
) -> None:
    request.state, request.decided_at, request.session = state, now, session
    request.reason, request.reason_language = reason.text.strip(), reason.language
    request.save(update_fields=["state", "decided_at", "session", "reason", "reason_language"])
    # Both authors of a joint request are notified.
    authors = {one.author for one in (request, *originals_of([request])) if one.author is not None}
    for author in sorted(authors, key=lambda one: one.pk):
        if author.is_invented:
            continue
        letter = partial(
            send_letter,
            to=author.email,
            language=author.language,
            template="programme/decisions/letters/decision.txt",
            context={"request": request, "session": session},
        )
        # A failing mail server does not undo a decision, which is public anyway.
        transaction.on_commit(letter, robust=True)


def _log(verb: str, request: SessionRequest, actor: Actor, now: datetime, change: dict[str, object]) -> None:
    record.write(
        forum_id=request.forum_id, actor=actor, verb=verb, symbol=request.symbol, change=change, now=now
    )


def people_of(session: Session, request: SessionRequest) -> list[SessionPerson]:
    """Add everybody the request names, once: authors and co-organizers as organizers, others by part.

    Of a joint request, the people of both, with the agreed parts.
    """
    asked = originals_of([request])
    parts = parts_agreed([request])
    found: dict[tuple[str, str], SessionPerson] = {}
    for original in asked:
        author = original.author
        if author is not None:
            _put(found, session, SessionRole.ORGANISER, f"person:{author.pk}", str(author), author.pk)
        for one in original.co_organisers.all():
            if one.is_confirmed:
                _put(found, session, SessionRole.ORGANISER, one.key, one.shown, one.person_id)
    speakers = RequestSpeaker.objects.filter(request__in=asked).exclude(answer=SpeakerAnswer.NO)
    places = {original.pk: place for place, original in enumerate(asked)}
    named = sorted(speakers, key=lambda one: (places[one.request_id], one.position, one.pk))
    for speaker in named:
        part = SessionRole(parts.get(speaker.pk, speaker.part))
        kept = _put(
            found, session, part, speaker.key, speaker.name, speaker.person_id, confirmed=speaker.is_confirmed
        )
        kept.is_shown = kept.is_confirmed or speaker.answer == SpeakerAnswer.NOT_ASKED
    return list(found.values())


def _put(
    found: dict[tuple[str, str], SessionPerson],
    session: Session,
    part: SessionRole,
    key: str,
    name: str,
    person_id: int | None,
    *,
    confirmed: bool = True,
) -> SessionPerson:
    known = found.get((key, part))
    if known is not None:
        known.is_confirmed = known.is_confirmed or confirmed
        return known
    found[key, part] = SessionPerson(
        session=session,
        name=name,
        person_id=person_id,
        key=key,
        part=part,
        is_confirmed=confirmed,
        position=len(found),
    )
    return found[key, part]
