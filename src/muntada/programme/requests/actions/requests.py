"""Save and submit session requests."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext

from muntada.forums import queries as forums
from muntada.forums.models import Forum, Goal, Line
from muntada.forums.queries import ForumRequest
from muntada.forums.rules import Stage
from muntada.forums.rules.roles import ANY_ROLE, require_role
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import NotThere, Refused
from muntada.people import queries as people
from muntada.people.models import Person
from muntada.people.rules import Role
from muntada.programme.requests.models.request_forms import FormVersion
from muntada.programme.requests.models.request_versions import RequestVersion
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import RequestSpeaker, SpeakerFacts
from muntada.programme.requests.queries.checks import findings_of
from muntada.programme.requests.queries.request_forms import form_asked, published_forms
from muntada.programme.requests.rules.checks import require_checked
from muntada.programme.requests.rules.request_forms import (
    FORM_CHANGED,
    FormAnswers,
    FormField,
    FormTerms,
    require_answered,
)
from muntada.programme.requests.rules.requests import (
    RequestState,
    require_author,
    require_complete,
    require_state,
    symbols_given,
)
from muntada.programme.requests.rules.speakers import NO_FACTS, FactsBy, GivenFacts, SpeakerAnswer
from muntada.programme.sessions.rules import TITLE_LENGTH, SessionKind, SessionRole
from muntada.record import actions as record
from muntada.record.models import LogEntry, Receipt, Symbol
from muntada.record.queries import symbols_by_reference
from muntada.record.rules import Actor, Relation, SymbolKind


@dataclass(frozen=True)
class NewSpeaker:
    """A speaker named in a request. `person_id` if they have an account."""

    name: str
    is_confirmed: bool = False
    person_id: int | None = None
    part: str = SessionRole.SPEAKER.value
    email: str = ""
    language: str = "en"
    facts: GivenFacts = NO_FACTS


@dataclass(frozen=True)
class NewRequest:
    """The content of a session request. `answers` are symbols as typed: `C/12, M/3`.

    `said` has answers to the form's own questions by code. Without `speakers`, the present ones stay.
    """

    title: str
    description: str
    language: str
    kind: str = SessionKind.WORKSHOP.value
    minutes: int = 60
    organisation_id: int | None = None
    speakers: Sequence[NewSpeaker] | None = None
    spoken: Sequence[str] = ()
    said: Mapping[str, str] = field(default_factory=dict)
    needs: Sequence[str] = ()
    audience: int = 0
    is_online_only: bool = False
    track: str = ""
    line_codes: Sequence[str] = ()
    goal_codes: Sequence[str] = ()
    answers: str = ""
    source: str = ""
    source_id: str = ""


# Not part of a version: speakers are stored separately, and the source is no content.
_APART = frozenset({"speakers", "source", "source_id"})
WORDS = tuple(one.name for one in fields(NewRequest) if one.name not in _APART)


def save_request(
    *, forum_request: ForumRequest, new: NewRequest, request: SessionRequest | None = None
) -> SessionRequest:
    """Save a draft. Drafts are private, so nothing is logged.

    A repeated new request returns the first one, whatever its state.
    """
    person = forum_request.require_person(request.forum_id if request else forum_request.forum.pk)
    forums.require_open(forum_request.forum, Stage.PROGRAMME, forum_request.now)
    with transaction.atomic():
        if request is None:
            Person.objects.select_for_update(no_key=True).get(pk=person.pk)
            known = _said_before(forum_request, new)
            if known is not None:
                return known
            draft = SessionRequest(forum=forum_request.forum, author=person)
        else:
            draft = locked_draft(request, forum_request)
        require_own_organisation(forum_request, new)
        write_down(draft, new, forum_request.now)
    return draft


def submit_request(
    *, forum_request: ForumRequest, request: SessionRequest, form_seen: int | None = None
) -> Receipt:
    """Submit a request: it gets a symbol and a receipt, is public, and waits for a decision.

    `form_seen` is the form version shown; if a newer one was published, the author sees it first.
    """
    forum_request.require_person(request.forum_id)
    forums.require_open(forum_request.forum, Stage.PROGRAMME, forum_request.now)
    with transaction.atomic():
        draft = locked_draft(request, forum_request)
        form = form_asked(draft.forum_id, draft.kind)
        _require_asked(draft, form, form_seen)
        require_complete(
            title=draft.title,
            description=draft.description,
            minutes=draft.minutes,
            speakers=draft.speakers.count(),
        )
        require_answered(said_by(draft), form.terms if form else FormTerms())
        # One at a time, so that concurrent requests cannot exceed a cap.
        Forum.objects.select_for_update(no_key=True).get(pk=forum_request.forum.pk)
        require_checked(findings_of(draft))
        return hand_in(draft, actor=forum_request.actor(Role.PARTICIPANT), now=forum_request.now)


def hand_in(draft: SessionRequest, *, actor: Actor, now: datetime) -> Receipt:
    """Submit a locked draft. Runs in the caller's transaction."""
    require_role(actor, ANY_ROLE, draft.forum_id)
    require_state(draft.state, [RequestState.DRAFT])
    answered = answered_by(draft)
    symbol = record.give_symbol(
        forum_id=draft.forum_id, kind=SymbolKind.REQUEST, title=draft.title, language=draft.language, now=now
    )
    draft.symbol, draft.state, draft.submitted_at = symbol, RequestState.SUBMITTED, now
    draft.form = form_asked(draft.forum_id, draft.kind)
    draft.save(update_fields=["symbol", "state", "submitted_at", "form"])
    record.cite(source=symbol, text=draft.description, now=now, field="description")
    record.link_all(source=symbol, targets=answered, relation=Relation.ANSWERS, now=now)
    entry = record.write(
        forum_id=draft.forum_id,
        actor=actor,
        verb="submit_request",
        symbol=symbol,
        change={"title": draft.title, "description": draft.description, "answers": draft.answers},
        now=now,
    )
    draft.copies.all().delete()
    return put_version(draft, entry, now)


def put_version(request: SessionRequest, entry: LogEntry, now: datetime) -> Receipt:
    """Store the submitted version and its receipt. Runs in the caller's transaction."""
    receipt = record.give_receipt(entry=entry, content=f"{request.title}\n{request.description}", now=now)
    RequestVersion.objects.create(
        request=request,
        number=request.versions.count() + 1,
        words=words_of(request),
        receipt=receipt,
        submitted_at=now,
    )
    return receipt


def said_by(request: SessionRequest) -> FormAnswers:
    """Return a request's answers to its form."""
    values: dict[FormField, object] = {
        FormField.ORGANISATION: request.organisation_id,
        FormField.SPOKEN: request.spoken,
        FormField.AUDIENCE: request.audience,
        FormField.LINES: request.lines.exists(),
        FormField.GOALS: request.goals.exists(),
        FormField.ANSWERS: request.answers,
    }
    return FormAnswers(request.minutes, values, request.said, request.speakers.count())


def _require_asked(draft: SessionRequest, form: FormVersion | None, seen: int | None) -> None:
    """Refuse an outdated form, and kinds without a form."""
    if form is None and published_forms(draft.forum):
        sentence = gettext("Sessions of this kind are not asked for. Please choose another kind.")
        raise Refused(sentence, "kind-not-asked", "kind")
    if seen is not None and seen != (form.version if form else 0):
        raise Refused(FORM_CHANGED, "form-changed")


def words_of(request: SessionRequest) -> dict[str, Any]:
    """Return all fields of a request as plain values."""
    plain = {name: getattr(request, name) for name in WORDS if hasattr(request, name)}
    return plain | {
        "line_codes": sorted(request.lines.values_list("code", flat=True)),
        "goal_codes": sorted(request.goals.values_list("code", flat=True)),
    }


def draft_from_file(
    *, forum: Forum, new: NewRequest, now: datetime, author: Person | None = None
) -> SessionRequest:
    """Create a request from a file. Runs in the caller's transaction."""
    draft = SessionRequest(forum=forum, author=author)
    write_down(draft, new, now)
    return draft


def _said_before(forum_request: ForumRequest, new: NewRequest) -> SessionRequest | None:
    if not new.title.strip():
        return None
    return SessionRequest.objects.filter(
        forum=forum_request.forum,
        author=forum_request.person,
        title=one_line(new.title),
        description=new.description,
    ).first()


def one_line(title: str) -> str:
    return clean_line(title)[:TITLE_LENGTH]


def locked_draft(request: SessionRequest, forum_request: ForumRequest) -> SessionRequest:
    person = forum_request.require_person(request.forum_id)
    draft = (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk=request.pk, forum=forum_request.forum)
        .first()
    )
    if draft is None:
        raise NotThere(gettext("This draft is not there any more."), "draft")
    require_author(author_id=draft.author_id, person_id=person.pk)
    require_state(draft.state, [RequestState.DRAFT])
    return draft


def require_own_organisation(forum_request: ForumRequest, new: NewRequest) -> None:
    person = forum_request.require_person(forum_request.forum.pk)
    if new.organisation_id is None:
        return
    if new.organisation_id not in {one.pk for one in people.organisations_of(person)}:
        raise Refused(gettext("Please choose an organization you belong to."), "organisation", "organisation")


def write_down(draft: SessionRequest, new: NewRequest, now: datetime) -> None:
    draft.title = one_line(new.title)
    draft.description, draft.language, draft.kind = new.description, new.language, new.kind
    draft.minutes, draft.audience, draft.needs = new.minutes, new.audience, sorted(set(new.needs))
    draft.is_online_only, draft.track = new.is_online_only, new.track
    draft.spoken, draft.said = sorted(set(new.spoken)), dict(new.said)
    draft.organisation_id, draft.answers = new.organisation_id, new.answers.strip()
    draft.source, draft.source_id = new.source, new.source_id
    draft.saved_at = now
    draft.save()
    framework = draft.forum.framework_id
    draft.lines.set(Line.objects.filter(framework_id=framework, code__in=new.line_codes))
    draft.goals.set(Goal.objects.filter(framework_id=framework, code__in=new.goal_codes))
    if new.speakers is not None:
        _name_speakers(draft, new.speakers, now)


def _name_speakers(draft: SessionRequest, speakers: Sequence[NewSpeaker], now: datetime) -> None:
    """Replace the speakers, as given by a file or program."""
    draft.speakers.all().delete()
    named = [speaker for speaker in speakers if speaker.name.strip()]
    kept = RequestSpeaker.objects.bulk_create(
        RequestSpeaker(
            request=draft,
            name=" ".join(speaker.name.split()),
            person_id=speaker.person_id,
            part=speaker.part,
            email=speaker.email,
            language=speaker.language,
            answer=SpeakerAnswer.YES if speaker.is_confirmed else SpeakerAnswer.NOT_ASKED,
            position=position,
        )
        for position, speaker in enumerate(named)
    )
    SpeakerFacts.objects.bulk_create(
        SpeakerFacts(speaker=one, by=FactsBy.ORGANISER, given_at=now, **asdict(speaker.facts))
        for one, speaker in zip(kept, named, strict=True)
        if not speaker.facts.is_empty
    )


def answered_by(draft: SessionRequest) -> list[Symbol]:
    """Return the symbols a request answers, or refuse an unknown one."""
    references = symbols_given(draft.answers)
    known = symbols_by_reference(draft.forum_id, references)
    for reference in references:
        symbol = known.get(reference)
        if symbol is None or symbol.withdrawn_at is not None:
            sentence = gettext("%(symbol)s does not exist or was withdrawn. Please check the number.")
            raise Refused(sentence % {"symbol": reference}, "answer-unknown", "answers")
    return [known[reference] for reference in references]
