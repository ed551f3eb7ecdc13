"""Queries of needs and offers: active ones, own ones, organizations a person may speak for."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.translation import gettext

from muntada.evidence.initiatives.models import Initiative
from muntada.evidence.initiatives.queries.lists import own_of
from muntada.evidence.initiatives.rules import PublicationState
from muntada.evidence.partnering import rules
from muntada.evidence.partnering.models import Introduction, Partnering
from muntada.forums.models import Forum
from muntada.forums.queries import ForumRequest
from muntada.foundations.errors import NotThere
from muntada.people.models import Organisation, Person
from muntada.people.queries import organisations_of

# Matching holds the entries in memory.
MOST_STANDING = 2_000


@dataclass(frozen=True)
class Party:
    """An organization, or one of its initiatives, that a person may speak for."""

    key: str
    label: str
    organisation: Organisation
    initiative: Initiative | None


def _entries(forum: Forum) -> QuerySet[Partnering]:
    rows = Partnering.objects.filter(forum=forum)
    return rows.select_related("forum", "organisation", "initiative__symbol__forum").prefetch_related("lines")


def standing_entries(forum: Forum, today: date) -> QuerySet[Partnering]:
    """Return active entries: neither closed nor ended."""
    standing = _entries(forum).filter(closed_at=None, until_date__gte=today)
    return standing.exclude(entered_by__is_active=False).order_by("until_date", "pk")


def entries_for(initiative: Initiative, forum_request: ForumRequest) -> list[Partnering]:
    """Return active entries of one initiative."""
    standing = standing_entries(forum_request.forum, forum_request.forum.day_at(forum_request.now))
    return list(standing.filter(initiative=initiative)) if initiative.is_public else []


def own_entries(forum_request: ForumRequest) -> list[Partnering]:
    """Return a person's entries in any state."""
    if forum_request.person is None:
        return []
    return list(
        _entries(forum_request.forum).filter(entered_by=forum_request.person).order_by("-entered_at", "-pk")
    )


def entry_at(forum_request: ForumRequest, pk: int) -> Partnering:
    found = _entries(forum_request.forum).select_related("entered_by").filter(pk=pk).first()
    if found is None:
        raise NotThere(
            gettext("There is no such entry. It may have been a slip in the address."), "partnering"
        )
    return found


def is_listed_for(entry: Partnering, forum_request: ForumRequest) -> bool:
    today = forum_request.forum.day_at(forum_request.now)
    return rules.stands(until=entry.until_date, is_closed=entry.closed_at is not None, today=today)


def may_change_entry(entry: Partnering, forum_request: ForumRequest) -> bool:
    person_id = forum_request.person.pk if forum_request.person else None
    return rules.may_change(entered_by=entry.entered_by_id, person_id=person_id, roles=forum_request.roles)


def parties_of(forum: Forum, person: Person | None) -> list[Party]:
    """Return the parties a person may speak for.

    These are the organizations that confirmed them, and those of their own published initiatives.
    """
    if person is None:
        return []
    found = [Party(f"o{one.pk}", one.name, one, None) for one in organisations_of(person, vouched_only=True)]
    own = own_of(forum, person).filter(standing=PublicationState.PUBLISHED)
    return found + [
        Party(f"i{one.pk}", f"{one.symbol.short} {one.title} ({one.organisation})", one.organisation, one)
        for one in own
    ]


def letters_of(forum_request: ForumRequest) -> list[Introduction]:
    """Return a person's introductions, sent and received, newest first."""
    if forum_request.person is None:
        return []
    rows = Introduction.objects.filter(entry__forum=forum_request.forum)
    mine = rows.filter(Q(sender=forum_request.person) | Q(entry__entered_by=forum_request.person))
    return list(mine.select_related("entry__forum", "entry__organisation", "sender"))


def letter_at(forum_request: ForumRequest, pk: int) -> Introduction:
    """Return an introduction, for its two sides only."""
    rows = Introduction.objects.filter(entry__forum=forum_request.forum, pk=pk)
    found = rows.select_related("entry__forum", "entry__organisation", "entry__entered_by", "sender").first()
    if found is None or forum_request.person is None or forum_request.person.pk not in parties_to(found):
        raise NotThere(gettext("There is no letter here that is yours to read."), "letter")
    return found


def parties_to(letter: Introduction) -> tuple[int | None, int | None]:
    return letter.sender_id, letter.entry.entered_by_id


def letter_to(entry: Partnering, person: Person | None) -> Introduction | None:
    """Return a person's earlier introduction for an entry."""
    return Introduction.objects.filter(entry=entry, sender=person).first() if person else None


def letters_in_a_day(person: Person, now: datetime) -> int:
    return Introduction.objects.filter(sender=person, sent_at__gt=now - timedelta(days=1)).count()
