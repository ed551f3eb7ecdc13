"""Change accepted sessions: facts, length, people.

A release stays unchanged until the next one. Drafts follow at once: a session that no longer fits
its place in a draft becomes unplaced there.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import NotAllowed, Refused
from muntada.foundations.languages import LANGUAGE_CODES
from muntada.people.rules import Role
from muntada.programme.changes.queries import authors_of, shown_places
from muntada.programme.changes.rules import require_first, require_free
from muntada.programme.decisions.actions import DecisionReason, accept_request, take_out
from muntada.programme.decisions.models import FreePlace
from muntada.programme.requests.models.hours import HoursTold, HoursToldSpan
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.rules.requests import ABSORBED, require_reason, require_state
from muntada.programme.requests.rules.speakers import Availability, require_availability
from muntada.programme.sessions.models import Session, SessionPerson
from muntada.programme.sessions.rules import NAME_LENGTH, TITLE_LENGTH, SessionRole, person_key
from muntada.programme.timetable.actions.placements import follow_session
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class SessionFacts:
    """The facts of a session that the secretariat can change."""

    title: str
    language: str
    description: str
    kind: str
    minutes: int
    needs: tuple[str, ...]
    is_online_only: bool


def facts_of(session: Session) -> SessionFacts:
    return SessionFacts(
        title=session.title,
        language=session.language,
        description=session.description,
        kind=session.kind,
        minutes=session.minutes,
        needs=tuple(sorted(session.needs)),
        is_online_only=session.is_online_only,
    )


def change_session(*, session: Session, facts: SessionFacts, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Change a session; return the numbers of drafts in which it lost its place."""
    require_role(actor, SECRETARIAT, session.forum_id)
    title = " ".join(facts.title.split())[:TITLE_LENGTH]
    if not title:
        raise Refused(gettext("Please give the session a title."), "title-missing", "title")
    with transaction.atomic():
        kept = held_session(session)
        before, after = asdict(facts_of(kept)), asdict(facts) | {"title": title}
        change = {name: value for name, value in after.items() if value != before[name]}
        if not change:
            return ()
        for name, value in change.items():
            setattr(kept, name, list(value) if name == "needs" else value)
        kept.save(update_fields=list(change))
        record.retitle(kept.symbol, title=kept.title, language=kept.language)
        lost = follow_session(kept) if "minutes" in change else ()
        _write(kept, "change_session", change, actor, now)
    return lost


def add_person(
    *, session: Session, name: str, part: SessionRole, actor: Actor, now: datetime
) -> tuple[int, ...]:
    """Add a person with a part; return the drafts in which the session lost its place."""
    require_role(actor, SECRETARIAT, session.forum_id)
    words = " ".join(name.split())[:NAME_LENGTH]
    if not words:
        raise Refused(gettext("Please give the name of the person."), "name-missing", "name")
    with transaction.atomic():
        kept = held_session(session)
        last = kept.people.order_by("-position").values_list("position", flat=True).first()
        key = _known_key(kept, words)
        if kept.people.filter(key=key, part=part).exists():
            sentence = gettext("%(name)s has this part already.") % {"name": words}
            raise Refused(sentence, "part-given", "name")
        SessionPerson.objects.create(
            session=kept,
            name=words,
            key=key,
            part=part,
            person_id=int(key.removeprefix("person:")) if key.startswith("person:") else None,
            is_confirmed=True,
            position=0 if last is None else last + 1,
        )
        lost = follow_session(kept)
        _write(kept, "add_person", {"name": words, "part": part.value}, actor, now)
    return lost


def remove_person(*, person: SessionPerson, actor: Actor, now: datetime) -> None:
    """Remove a person; the last release still names them."""
    require_role(actor, SECRETARIAT, person.session.forum_id)
    with transaction.atomic():
        kept = held_session(person.session)
        if not kept.people.filter(pk=person.pk).delete()[0]:
            return
        follow_session(kept)
        _write(kept, "remove_person", {"name": person.name, "part": person.part}, actor, now)


def held_session(session: Session) -> Session:
    """Lock a session for a change."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("symbol", "forum")
    kept = rows.get(pk=session.pk)
    if kept.cancelled_at is not None:
        raise Refused(
            gettext("This session is cancelled; nothing of it can be changed."), "session-cancelled"
        )
    return kept


def _known_key(session: Session, name: str) -> str:
    """Return the key of a person of this name in the session, else the name."""
    plain = person_key(None, name)
    for known in session.people.all():
        if person_key(None, known.name) == plain:
            return known.key
    return plain


def _write(session: Session, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=session.forum_id, actor=actor, verb=verb, symbol=session.symbol, change=dict(change), now=now
    )


def tell_hours(*, person: SessionPerson, said: Availability, actor: Actor, now: datetime) -> HoursTold:
    """Record a person's hours for all their sessions, until they state them again themselves.

    Hours are private: the log records the change without its content.
    """
    require_role(actor, SECRETARIAT, person.session.forum_id)
    forum = person.session.forum
    require_availability(said, forum.starts_date, forum.ends_date)
    with transaction.atomic():
        session = held_session(person.session)
        told, _made = HoursTold.objects.get_or_create(forum=forum, key=person.key, defaults={"told_at": now})
        told.take_down(said)
        told.told_at = now
        told.save()
        told.spans.all().delete()
        HoursToldSpan.objects.bulk_create(
            HoursToldSpan(told=told, day=span.day, starts=span.starts, ends=span.ends)
            for span in sorted(set(said.spans))
        )
        record.write(
            forum_id=forum.pk,
            actor=actor,
            verb="tell_hours",
            symbol=session.symbol,
            change={"person": person.pk},
            now=now,
        )
    return told


def take_back_hours(*, person: SessionPerson, actor: Actor, now: datetime) -> None:
    """Restore the hours the person or the request stated."""
    require_role(actor, SECRETARIAT, person.session.forum_id)
    with transaction.atomic():
        session = held_session(person.session)
        if not HoursTold.objects.filter(forum=session.forum_id, key=person.key).delete()[0]:
            return
        record.write(
            forum_id=session.forum_id,
            actor=actor,
            verb="take_back_hours",
            symbol=session.symbol,
            change={"person": person.pk},
            now=now,
        )


def give_back(*, forum_request: ForumRequest, request: SessionRequest, reason: str) -> None:
    """Give a place back as an author of an accepted request; the session is cancelled."""
    forum_request.require_person(request.forum_id)
    require_reason(reason)
    with transaction.atomic():
        kept = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=request.pk)
        require_own_place(forum_request, kept)
        if kept.session is None or kept.session.requests.count() > 1:
            sentence = gettext("Others hold this session, too. Please write to the secretariat.")
            raise Refused(sentence, "held-by-others")
        take_out(
            session=kept.session,
            reason=reason,
            actor=forum_request.actor(Role.PARTICIPANT),
            now=forum_request.now,
            verb="give_place_back",
        )


def require_own_place(forum_request: ForumRequest, request: SessionRequest) -> None:
    """Only an author of an accepted request may give its place back."""
    forum_request.require_person(request.forum_id)
    if forum_request.person is None or forum_request.person.pk not in authors_of(request):
        raise NotAllowed(gettext("Only the person who wrote this session request can change it."), "author")
    require_state(request.state, ABSORBED)


def fill_place(*, place: FreePlace, request: SessionRequest, actor: Actor, now: datetime) -> Session:
    """Accept the first fitting request of the waiting list for a free place; the log has the reason."""
    require_role(actor, SECRETARIAT, place.session.forum_id)
    with transaction.atomic():
        kept = _locked(place)
        # Waiting list and caps must not change meanwhile.
        forum = Forum.objects.select_for_update(no_key=True).get(pk=kept.session.forum_id)
        (shown,) = shown_places(forum, [kept])
        first = shown.first
        require_first(is_first=first is not None and first.request.pk == request.pk)
        session = accept_request(request=request, reason=_why(kept, request), actor=actor, now=now)
        kept.filled_with, kept.filled_at = request, now
        kept.save(update_fields=["filled_with", "filled_at"])
        passed_over = {
            one.request.symbol.short: [misfit.value for misfit in one.misfits]
            for one in shown.passed_over
            if one.request.symbol
        }
        change: dict[str, object] = {
            "place_of": kept.session.symbol.short,
            "session": session.symbol.short,
            "passed_over": passed_over,
        }
        record.write(
            forum_id=forum.pk, actor=actor, verb="fill_place", symbol=request.symbol, change=change, now=now
        )
    return session


def keep_place_empty(*, place: FreePlace, actor: Actor, now: datetime) -> None:
    """Leave a place empty; the waiting list is unchanged."""
    require_role(actor, SECRETARIAT, place.session.forum_id)
    with transaction.atomic():
        kept = _locked(place)
        kept.kept_empty_at = now
        kept.save(update_fields=["kept_empty_at"])
        record.write(
            forum_id=kept.session.forum_id,
            actor=actor,
            verb="keep_place_empty",
            symbol=kept.session.symbol,
            change={},
            now=now,
        )


def _locked(place: FreePlace) -> FreePlace:
    rows = FreePlace.objects.select_for_update(of=("self",), no_key=True)
    kept = rows.select_related("session__symbol__forum").get(pk=place.pk)
    require_free(is_filled=kept.filled_at is not None, is_kept_empty=kept.kept_empty_at is not None)
    return kept


def _why(place: FreePlace, request: SessionRequest) -> DecisionReason:
    """Return the public reason, in the language of the request if available."""
    spoken = request.language if request.language in LANGUAGE_CODES else "en"
    with translation.override(spoken):
        sentence = gettext(
            "The session %(session)s was taken out of the programme, so a place became free. "
            "This request was the first on the waiting list that fits it."
        )
        return DecisionReason(sentence % {"session": place.session.symbol.short}, spoken)
