"""Enter needs and offers, and introduce two sides through the platform."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.partnering import queries, rules, task_types
from muntada.evidence.partnering.models import Introduction, Partnering
from muntada.evidence.partnering.rules import OVERSEEING_ROLES, PartnerSupport, SoughtOrOffered
from muntada.forums.models import Forum, Line
from muntada.forums.queries import ForumRequest, require_open
from muntada.forums.rules import Stage
from muntada.foundations.cleaning import clean_line, clean_text, is_readable
from muntada.foundations.errors import NotAllowed, Refused
from muntada.people.actions import require_withdrawal
from muntada.people.models import Organisation, Person
from muntada.people.rules import Role
from muntada.record import actions as record
from muntada.record.rules import Actor


@dataclass(frozen=True)
class NewPartnering:
    """A need or offer: organization, support, place, end."""

    side: SoughtOrOffered
    kinds: tuple[PartnerSupport, ...]
    title: str
    text: str
    language: str
    organisation: Organisation
    until: date
    initiative: Initiative | None = None
    lines: tuple[Line, ...] = ()
    countries: tuple[str, ...] = ()
    regions: tuple[str, ...] = ()


def enter_partnering(*, forum_request: ForumRequest, new: NewPartnering) -> Partnering:
    """Enter a need or offer for an organization the person may speak for."""
    forum_request.require_person(forum_request.forum.pk)
    require_open(forum_request.forum, Stage.EVIDENCE, forum_request.now)
    _require_party(forum_request, new)
    entry = Partnering(
        forum=forum_request.forum,
        entered_by=forum_request.person,
        entered_at=forum_request.now,
    )
    with transaction.atomic():
        _put(entry, new, forum_request)
        _log(entry, forum_request, "enter_partnering")
    return entry


def change_partnering(*, entry: Partnering, new: NewPartnering, forum_request: ForumRequest) -> Partnering:
    """Change an entry; a closed or ended one is active again until its new end."""
    forum_request.require_person(entry.forum_id)
    require_open(forum_request.forum, Stage.EVIDENCE, forum_request.now)
    with transaction.atomic():
        kept = _own(entry, forum_request)
        if (new.organisation, new.initiative) != (kept.organisation, kept.initiative):
            _require_party(forum_request, new)
        kept.closed_at = None
        _put(kept, new, forum_request)
        _log(kept, forum_request, "change_partnering")
    return kept


def close_partnering(*, entry: Partnering, forum_request: ForumRequest) -> None:
    """Remove an entry from lists and matching; repeated calls change nothing."""
    forum_request.require_person(entry.forum_id)
    with transaction.atomic():
        kept = _own(entry, forum_request)
        if kept.closed_at is None:
            kept.closed_at = forum_request.now
            kept.save(update_fields=["closed_at"])
            _log(kept, forum_request, "close_partnering")


def introduce(*, entry: Partnering, text: str, language: str, forum_request: ForumRequest) -> Introduction:
    """Send an introduction through the platform, without revealing addresses."""
    person = forum_request.require_person(entry.forum_id)
    words = _words(text)
    with transaction.atomic():
        # One introduction of a person at a time, so that the daily limit holds.
        sender = Person.objects.select_for_update(no_key=True).get(pk=person.pk)
        kept = queries.entry_at(forum_request, entry.pk)
        is_read = kept.entered_by is not None and kept.entered_by.is_active
        rules.require_may_write(
            is_own=kept.entered_by_id == sender.pk,
            stands_now=queries.is_listed_for(kept, forum_request) and is_read,
            has_written=queries.letter_to(kept, sender) is not None,
            letters_today=queries.letters_in_a_day(sender, forum_request.now),
        )
        letter = Introduction.objects.create(
            entry=kept, sender=sender, text=words, language=language, sent_at=forum_request.now
        )
        task_types.send_introduction.order(letter_id=letter.pk)
    return letter


def answer_introduction(
    *, letter: Introduction, accepts: bool, text: str, forum_request: ForumRequest
) -> Introduction:
    """Answer an introduction once, with yes or no and a text."""
    forum_request.require_person(letter.entry.forum_id)
    person_id = forum_request.person.pk if forum_request.person else None
    rules.require_receiver(is_receiver=person_id is not None and letter.entry.entered_by_id == person_id)
    with transaction.atomic():
        kept = Introduction.objects.select_for_update(of=("self",), no_key=True).get(pk=letter.pk)
        if kept.answered_at is not None:
            raise Refused(gettext("You have answered this letter before."), "answered-before")
        kept.answer = _words(text) if accepts or text.strip() else ""
        kept.is_accepted, kept.answered_at = accepts, forum_request.now
        kept.save(update_fields=["answer", "is_accepted", "answered_at"])
        task_types.send_answer.order(letter_id=kept.pk)
    return kept


def withdraw_name(*, person: Person, actor: Actor, now: datetime) -> set[int]:
    """Close a person's entries, and delete the introductions they sent and received."""
    require_withdrawal(person=person, actor=actor)
    own = Partnering.objects.filter(entered_by=person)
    reached = set(Forum.objects.filter(pk__in=own.values("forum")).values_list("pk", flat=True))
    own.filter(closed_at=None).update(closed_at=now)
    Introduction.objects.filter(sender=person).delete()
    Introduction.objects.filter(entry__in=own).delete()
    return reached


def _put(entry: Partnering, new: NewPartnering, forum_request: ForumRequest) -> None:
    today = forum_request.forum.day_at(forum_request.now)
    rules.require_sensible(kinds=new.kinds, until=new.until, today=today)
    if {line.framework_id for line in new.lines} - {forum_request.forum.framework_id}:
        raise Refused(gettext("Please choose lines of this forum."), "other-framework", "lines")
    title = clean_line(new.title)
    if not is_readable(title):
        raise Refused(gettext("Please say in a few words what it is about."), "title-missing", "title")
    entry.side, entry.kinds = new.side.value, [kind.value for kind in dict.fromkeys(new.kinds)]
    entry.title, entry.text, entry.language = title, clean_text(new.text), new.language
    entry.organisation, entry.initiative = new.organisation, new.initiative
    entry.countries, entry.regions = list(new.countries), list(new.regions)
    entry.until_date = new.until
    entry.save()
    entry.lines.set(new.lines)


def _words(text: str) -> str:
    words = clean_text(text)
    if not is_readable(words):
        sentence = gettext("Please write some words: who you are, and what you have in mind.")
        raise Refused(sentence, "text-missing", "text")
    return words


def _own(entry: Partnering, forum_request: ForumRequest) -> Partnering:
    rows = Partnering.objects.select_for_update(of=("self",), no_key=True)
    kept = rows.select_related("organisation", "initiative__symbol", "forum").get(pk=entry.pk)
    if not queries.may_change_entry(kept, forum_request):
        sentence = gettext("Only the person who entered this, or the secretariat, can change or close it.")
        raise NotAllowed(sentence, "change")
    return kept


def _require_party(forum_request: ForumRequest, new: NewPartnering) -> None:
    known = {
        (party.organisation.pk, party.initiative.pk if party.initiative else None)
        for party in queries.parties_of(forum_request.forum, forum_request.person)
    }
    if (new.organisation.pk, new.initiative.pk if new.initiative else None) not in known:
        sentence = gettext(
            "You can speak for an organization that confirmed you, and for initiatives you registered."
        )
        raise NotAllowed(sentence, "party")


def _log(entry: Partnering, forum_request: ForumRequest, verb: str) -> None:
    record.write(
        forum_id=forum_request.forum.pk,
        actor=forum_request.actor(*OVERSEEING_ROLES, Role.PARTICIPANT),
        verb=verb,
        symbol=entry.initiative.symbol if entry.initiative else None,
        change={"entry": entry.pk, "side": entry.side, "title": entry.title},
        now=forum_request.now,
    )
