"""Name people, ask them by e-mail, and record their answers."""

from collections.abc import Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.core import signing
from django.db import transaction
from django.utils.translation import gettext

from muntada.forums.queries import ForumRequest
from muntada.foundations.cleaning import clean_line
from muntada.foundations.errors import NotThere, Refused
from muntada.foundations.mail import send_letter
from muntada.people.models import Organisation
from muntada.people.rules import Role
from muntada.programme.requests.models.hours import HoursTold
from muntada.programme.requests.models.requests import SessionRequest
from muntada.programme.requests.models.speakers import CoOrganiser, RequestSpeaker, SpeakerFacts, SpeakerSpan
from muntada.programme.requests.queries.merging import standing_merge_by, standing_request
from muntada.programme.requests.queries.speakers import account_at, needed_no_more
from muntada.programme.requests.rules.requests import RequestState, require_author, require_state
from muntada.programme.requests.rules.speakers import (
    ALWAYS,
    LINK_HOLDS,
    NO_FACTS,
    NOTE_LENGTH,
    Availability,
    FactsBy,
    GivenFacts,
    SpeakerAnswer,
    require_answerable,
    require_availability,
    require_may_be_asked,
    require_named,
    require_not_said_themselves,
    require_part,
    require_room_for_organisers,
    require_room_for_people,
)
from muntada.programme.sessions.rules import NAME_LENGTH, SessionRole
from muntada.programme.speakers import task_types
from muntada.programme.speakers.actions.answers import follow_answer
from muntada.record import actions as record
from muntada.record.rules import Actor

SALT = "muntada.programme.asked"
SPEAKER, ORGANISER = "s", "o"
# Whoever answers by a link acts as what they are asked to be, without an account.
BY_LINK = Actor(person_id=None, role=Role.SPEAKER.value)

# People are named until the request is decided on, and asked by letter as long as it can take place.
NAMING = (RequestState.DRAFT, RequestState.SUBMITTED)
ASKING = (*NAMING, RequestState.WAITING, RequestState.ACCEPTED)

type Invitee = RequestSpeaker | CoOrganiser


@dataclass(frozen=True)
class Naming:
    """Whom an author names, and what they know of them."""

    name: str
    email: str = ""
    language: str = "en"
    part: str = SessionRole.SPEAKER.value
    facts: GivenFacts = NO_FACTS


@dataclass(frozen=True)
class NamingBody:
    """Which body, or which person for themselves, an author wants to organise with."""

    name: str
    email: str = ""
    language: str = "en"
    body: str = ""
    kind: str = ""
    country: str = ""
    is_headquarters: bool = False


@dataclass(frozen=True)
class SpeakerReply:
    """What somebody answers by their link. `name` is how they want to be shown."""

    is_yes: bool
    name: str = ""
    facts: GivenFacts = NO_FACTS
    availability: Availability = ALWAYS
    note: str = ""


def name_speaker(
    *,
    forum_request: ForumRequest,
    request: SessionRequest,
    naming: Naming,
    speaker: RequestSpeaker | None = None,
) -> RequestSpeaker:
    """Name a speaker, or change what they are asked. A new address must be asked again."""
    forum_request.require_person(request.forum_id)
    require_named(naming.name)
    require_part(naming.part)
    with transaction.atomic():
        kept = _locked_own(forum_request, request)
        if speaker is None:
            require_room_for_people(kept.speakers.count())
            one = RequestSpeaker(request=kept, position=kept.speakers.count())
        else:
            one = _locked_speaker(kept, speaker.pk)
        if one.pk and one.email.lower() != naming.email.lower():
            _ask_anew(one)
        # What they said of themselves under their link stays: their name is theirs.
        if one.answer != SpeakerAnswer.YES:
            one.name = clean_line(naming.name)[:NAME_LENGTH]
        one.email, one.language, one.part = naming.email, naming.language, naming.part
        one.save()
        if naming.facts.is_empty:
            one.facts.filter(by=FactsBy.ORGANISER).delete()
        else:
            SpeakerFacts.objects.update_or_create(
                speaker=one,
                by=FactsBy.ORGANISER,
                defaults=asdict(naming.facts) | {"given_at": forum_request.now},
            )
        _log_people(forum_request, kept)
    return one


def say_when(
    *,
    forum_request: ForumRequest,
    request: SessionRequest,
    speaker: RequestSpeaker,
    availability: Availability,
) -> RequestSpeaker:
    """Say when somebody can take part, as long as they have not said so under their link."""
    forum_request.require_person(request.forum_id)
    require_availability(availability, forum_request.forum.starts_date, forum_request.forum.ends_date)
    with transaction.atomic():
        kept = _locked_own(forum_request, request)
        one = _locked_speaker(kept, speaker.pk)
        require_not_said_themselves(one.asked_at, one.answered_at)
        _take_down_hours(one, availability)
        one.save()
        _log_people(forum_request, kept)
    return one


def name_myself(*, forum_request: ForumRequest, request: SessionRequest, part: str) -> RequestSpeaker:
    """Take part oneself in what one asks for: nobody has to be asked."""
    forum_request.require_person(request.forum_id)
    require_part(part)
    with transaction.atomic():
        kept = _locked_own(forum_request, request)
        known = kept.speakers.filter(person=forum_request.person).first()
        if known is None:
            require_room_for_people(kept.speakers.count())
            known = RequestSpeaker(request=kept, person=forum_request.person, position=kept.speakers.count())
        known.name, known.part = str(forum_request.person)[:NAME_LENGTH], part
        known.answer, known.answered_at = SpeakerAnswer.YES, forum_request.now
        known.save()
        _log_people(forum_request, kept)
    return known


def name_body(
    *,
    forum_request: ForumRequest,
    request: SessionRequest,
    naming: NamingBody,
    co_organiser: CoOrganiser | None = None,
) -> CoOrganiser:
    """Name a body or a person to organise with, or say otherwise who they are."""
    forum_request.require_person(request.forum_id)
    require_named(naming.name)
    with transaction.atomic():
        kept = _locked_own(forum_request, request)
        if co_organiser is None:
            require_room_for_organisers(kept.co_organisers.count())
            one = CoOrganiser(request=kept, position=kept.co_organisers.count())
        else:
            one = CoOrganiser.objects.select_for_update(no_key=True).get(pk=co_organiser.pk, request=kept)
            if (one.email.lower(), one.body) != (naming.email.lower(), naming.body):
                _ask_anew(one)
        one.name, one.body = clean_line(naming.name)[:NAME_LENGTH], clean_line(naming.body)[:200]
        one.email, one.language = naming.email, naming.language
        one.kind, one.country, one.is_headquarters = naming.kind, naming.country, naming.is_headquarters
        one.organisation = Organisation.objects.filter(name__iexact=one.body).first() if one.body else None
        one.save()
        _log_people(forum_request, kept)
    return one


def leave_out(*, forum_request: ForumRequest, request: SessionRequest, asked: Invitee) -> None:
    """Take somebody out again; their link answers nothing any more."""
    forum_request.require_person(request.forum_id)
    with transaction.atomic():
        kept = _locked_own(forum_request, request)
        type(asked).objects.filter(pk=asked.pk, request=kept).delete()
        _log_people(forum_request, kept)


def ask(*, forum_request: ForumRequest, request: SessionRequest, asked: Invitee) -> Invitee:
    """Ask a person by e-mail. Each e-mail has its own link, which invalidates earlier ones.

    People who have not accepted can be asked after acceptance: links may expire before the forum.
    """
    forum_request.require_person(request.forum_id)
    with transaction.atomic():
        kept = _locked_own(forum_request, request, ASKING)
        one = type(asked).objects.select_for_update(no_key=True).get(pk=asked.pk, request=kept)
        require_may_be_asked(one.email, one.answer, one.asked_at, one.letters, forum_request.now)
        one.answer, one.asked_at, one.answered_at = SpeakerAnswer.ASKED, forum_request.now, None
        one.round, one.letters = one.round + 1, one.letters + 1
        one.save()
        kind = SPEAKER if isinstance(one, RequestSpeaker) else ORGANISER
        task_types.send_asking.order(kind=kind, pk=one.pk, round_=one.round)
    return one


def token_of(asked: Invitee) -> str:
    """Return what stands in the link of the last letter."""
    kind = SPEAKER if isinstance(asked, RequestSpeaker) else ORGANISER
    return signing.dumps([kind, asked.pk, asked.round], salt=SALT)


def lock_name(kind: str, pk: object) -> str:
    """Name whoever is asked to take part: for those who edit what is known of them, to take turns."""
    return f"asked {kind} {pk}"


def lock_name_of(token: str) -> str:
    """Return the same by a link. No link is refused here."""
    try:
        kind, pk, _ = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return token
    return lock_name(kind, pk)


def asked_by(token: str, forum_id: int, now: datetime) -> Invitee:
    """Return the person of a link; one refusal for all invalid links, revealing nothing."""
    try:
        kind, pk, round_ = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError) as wrong:
        sentence = gettext("This link is not whole. Please copy all of it from the letter.")
        raise NotThere(sentence, "link-broken") from wrong
    model = RequestSpeaker if kind == SPEAKER else CoOrganiser
    found = (
        model.objects.select_related(
            "request__forum", "request__symbol__forum", "request__author", "request__session"
        )
        .filter(pk=pk, round=round_, request__forum_id=forum_id)
        .first()
    )
    if found is None or found.asked_at is None or now >= found.asked_at + LINK_HOLDS:
        sentence = gettext("This link holds no more. Please ask whoever wrote to you for a new one.")
        raise NotThere(sentence, "link-over")
    return found


def answer(*, asked: Invitee, reply: SpeakerReply, now: datetime) -> Invitee:
    """Record an answer. It can be changed while the link is valid."""
    forum = asked.request.forum
    require_availability(reply.availability, forum.starts_date, forum.ends_date)
    with transaction.atomic():
        request = SessionRequest.objects.select_for_update(of=("self",), no_key=True).get(pk=asked.request_id)
        standing = standing_request(request)
        require_answerable(standing.state)
        one = (
            type(asked).objects.select_for_update(no_key=True).filter(pk=asked.pk, round=asked.round).first()
        )
        if one is None:
            sentence = gettext("This link holds no more. Please ask whoever wrote to you for a new one.")
            raise NotThere(sentence, "link-over")
        key_before, answer_before = one.key, one.answer
        one.answer, one.answered_at = (SpeakerAnswer.YES if reply.is_yes else SpeakerAnswer.NO), now
        one.note = clean_line(reply.note)[:NOTE_LENGTH]
        if clean_line(reply.name):
            one.name = clean_line(reply.name)[:NAME_LENGTH]
        session = standing.session
        if session is None and reply.is_yes:
            # Whoever opens the letter reads the letters of this address.
            one.person = one.person or account_at(one.email)
        if isinstance(one, RequestSpeaker):
            _take_down_own(one, reply, now)
            # What they say themselves holds, whatever the secretariat was told of them before.
            HoursTold.objects.filter(forum=forum, key__in=(key_before, one.key)).delete()
        one.save()
        if isinstance(one, RequestSpeaker) and session is not None:
            follow_answer(one, session, key_before)
        if request.symbol is not None:
            verb = "answer_as_speaker" if isinstance(one, RequestSpeaker) else "answer_as_organiser"
            change = {"asked": one.pk, "answer": one.answer}
            record.write(
                forum_id=forum.pk, actor=BY_LINK, verb=verb, symbol=request.symbol, change=change, now=now
            )
        if one.answer != answer_before:
            _tell_author(request, one)
    return one


def _take_down_own(speaker: RequestSpeaker, reply: SpeakerReply, now: datetime) -> None:
    _take_down_hours(speaker, reply.availability)
    if not reply.is_yes or reply.facts.is_empty:
        # Facts are of those who take part; who says no leaves none behind.
        speaker.facts.filter(by=FactsBy.SELF).delete()
        return
    SpeakerFacts.objects.update_or_create(
        speaker=speaker, by=FactsBy.SELF, defaults=asdict(reply.facts) | {"given_at": now}
    )


def _take_down_hours(speaker: RequestSpeaker, said: Availability) -> None:
    speaker.take_down(said)
    speaker.spans.all().delete()
    SpeakerSpan.objects.bulk_create(
        SpeakerSpan(speaker=speaker, day=span.day, starts=span.starts, ends=span.ends)
        for span in sorted(set(said.spans))
    )


def _tell_author(request: SessionRequest, one: Invitee) -> None:
    author = request.author
    if author is None or author.is_invented:
        return
    letter = partial(
        send_letter,
        to=author.email,
        language=author.language,
        template="programme/speakers/letters/answered.txt",
        context={"request": request, "asked": one, "forum": request.forum},
    )
    # What was answered stands on the page; a mail server that is away does not undo it.
    transaction.on_commit(letter, robust=True)


def _ask_anew(one: Invitee) -> None:
    """Let the links before end, and what was said under them: it was said by somebody else."""
    one.round, one.letters, one.asked_at, one.answered_at = one.round + 1, 0, None, None
    one.answer, one.person, one.note = SpeakerAnswer.NOT_ASKED, None, ""
    if isinstance(one, RequestSpeaker):
        one.facts.filter(by=FactsBy.SELF).delete()
        one.take_down(ALWAYS)
        one.spans.all().delete()


def _locked_own(
    forum_request: ForumRequest, request: SessionRequest, states: Collection[RequestState] = NAMING
) -> SessionRequest:
    """Take a request of one's own in one of these states; nobody else names its people meanwhile."""
    kept = (
        SessionRequest.objects.select_for_update(of=("self",), no_key=True)
        .select_related("symbol")
        .filter(pk=request.pk, forum=forum_request.forum)
    ).first()
    if kept is None:
        raise NotThere(gettext("This session request is not there any more."), "draft")
    person = forum_request.person
    require_author(author_id=kept.author_id, person_id=person.pk if person else None)
    require_state(standing_request(kept).state, states)
    if standing_merge_by(kept) is not None:
        sentence = gettext(
            "Two authors ask for this together. Please name people in the request that is yours."
        )
        raise Refused(sentence, "merge-stands")
    return kept


def _locked_speaker(request: SessionRequest, pk: int) -> RequestSpeaker:
    found = RequestSpeaker.objects.select_for_update(no_key=True).filter(pk=pk, request=request).first()
    if found is None:
        raise Refused(gettext("This person is no longer named here."), "speaker")
    return found


def _log_people(forum_request: ForumRequest, request: SessionRequest) -> None:
    """What is public is logged; whom a draft names is nobody's business yet."""
    if request.symbol is not None:
        record.write(
            forum_id=forum_request.forum.pk,
            actor=forum_request.actor(Role.PARTICIPANT),
            verb="name_people",
            symbol=request.symbol,
            change={"people": list(request.speakers.values_list("pk", "part"))},
            now=forum_request.now,
        )


def forget_addresses(*, now: datetime) -> int:
    """Delete the addresses no longer needed; return their number."""
    count = 0
    for model in (RequestSpeaker, CoOrganiser):
        rows = model.objects.exclude(email="", note="").filter(needed_no_more(now))
        count += rows.update(email="", note="")
    return count
