"""Who is told of a release: those with a part in a session that it adds, moves or cancels."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.programme.models import ReleaseLetter, RequestSpeaker, SessionPerson, SessionRequest
from muntada.programme.queries.merging import originals_of
from muntada.programme.rules.releases import told_of
from muntada.programme.rules.speakers import Answer
from muntada.record.rules import Kind


@dataclass(frozen=True)
class Affected:
    """Who is told: people with an account, and speakers who said yes by a link and have none."""

    people: list[Person]
    speakers: list[RequestSpeaker]

    @property
    def count(self) -> int:
        return len(self.people) + len(self.speakers)


def affected_by(forum: Forum, difference: Mapping[str, Any]) -> Affected:
    """Return those with a part in what changes, each address once; invented people get no letter."""
    numbers = [int(one["session"].partition("/")[2]) for one in told_of(difference)]
    taking_part = SessionPerson.objects.filter(session__forum=forum, session__symbol__number__in=numbers)
    people = list(
        Person.objects.filter(pk__in=taking_part.values("person"), is_active=True, is_invented=False)
        .exclude(email="")
        .order_by("pk")
    )
    keys = set(taking_part.filter(person=None).values_list("key", flat=True))
    return Affected(people, _without_account(forum, keys, {one.email.lower() for one in people}))


def _without_account(forum: Forum, keys: Collection[str], told: Collection[str]) -> list[RequestSpeaker]:
    if not keys:
        return []
    accepted = SessionRequest.objects.filter(forum=forum, session__isnull=False, is_invented=False)
    said_yes = RequestSpeaker.objects.filter(
        request__in=originals_of(accepted), answer=Answer.YES, person=None
    ).exclude(email="")
    found: dict[str, RequestSpeaker] = {}
    for speaker in said_yes.order_by("pk"):
        if speaker.key in keys and speaker.email.lower() not in told:
            found.setdefault(speaker.email.lower(), speaker)
    return list(found.values())


def changes_for(letter: ReleaseLetter) -> dict[str, Any]:
    """Return the part of the difference that the reader of a letter is told of."""
    taking_part = SessionPerson.objects.filter(session__forum=letter.release.forum)
    if letter.person is not None:
        mine = taking_part.filter(person=letter.person)
    else:
        mine = taking_part.filter(person=None, key=letter.speaker.key if letter.speaker else "")
    symbols = {
        f"{Kind.SESSION}/{number}" for number in mine.values_list("session__symbol__number", flat=True)
    }
    return {"changes": [one for one in told_of(letter.release.difference) if one["session"] in symbols]}


def letter_to_send(letter_id: int) -> ReleaseLetter | None:
    """Take a letter that was not sent yet; whoever asks for the same at the same time waits for it."""
    return (
        ReleaseLetter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("release__forum", "person", "speaker")
        .filter(pk=letter_id, sent_at=None)
        .first()
    )
