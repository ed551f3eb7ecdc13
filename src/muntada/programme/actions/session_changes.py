"""Changing a session after it was accepted: what it is, how long it takes, who has a part in it.

What is released stays as it was until the next release. Drafts follow at once: a session that no longer fits
where it stood in one waits there among those without a place.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.programme.actions.placing import follow_session
from muntada.programme.models import Session, SessionPerson
from muntada.programme.rules.sessions import NAME_LENGTH, TITLE_LENGTH, Part, person_key
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class SessionFacts:
    """What the secretariat can change of a session."""

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
    """Change a session; return the numbers of the drafts in which it lost its place by that."""
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


def add_person(*, session: Session, name: str, part: Part, actor: Actor, now: datetime) -> tuple[int, ...]:
    """Give somebody a part by name; return the drafts in which the session lost its place by that."""
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
    """Take a part away; the last release still names it until the next one."""
    require_role(actor, SECRETARIAT, person.session.forum_id)
    with transaction.atomic():
        kept = held_session(person.session)
        if not kept.people.filter(pk=person.pk).delete()[0]:
            return
        follow_session(kept)
        _write(kept, "remove_person", {"name": person.name, "part": person.part}, actor, now)


def held_session(session: Session) -> Session:
    """Take the session for a change: whoever comes second sees what the first has done."""
    rows = Session.objects.select_for_update(of=("self",), no_key=True).select_related("symbol", "forum")
    kept = rows.get(pk=session.pk)
    if kept.cancelled_at is not None:
        raise Refused(
            gettext("This session is cancelled; nothing of it can be changed."), "session-cancelled"
        )
    return kept


def _known_key(session: Session, name: str) -> str:
    """Return by what somebody of this name is known in this session already, else the name itself."""
    plain = person_key(None, name)
    for known in session.people.all():
        if person_key(None, known.name) == plain:
            return known.key
    return plain


def _write(session: Session, verb: str, change: Mapping[str, object], actor: Actor, now: datetime) -> None:
    record.write(
        forum_id=session.forum_id, actor=actor, verb=verb, symbol=session.symbol, change=dict(change), now=now
    )
