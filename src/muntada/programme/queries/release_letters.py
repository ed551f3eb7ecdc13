"""Who is told of a release: those with a part in a session that it adds, moves or cancels."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.programme.models import Release, ReleaseLetter, SessionPerson
from muntada.programme.rules.releases import told_of
from muntada.record.rules import Kind


def people_affected(forum: Forum, difference: Mapping[str, Any]) -> QuerySet[Person]:
    """Return the people with an account who have a part in what changes; invented ones get no letter."""
    numbers = [int(one["session"].partition("/")[2]) for one in told_of(difference)]
    taking_part = SessionPerson.objects.filter(
        session__forum=forum, session__symbol__number__in=numbers, person__isnull=False
    )
    return (
        Person.objects.filter(pk__in=taking_part.values("person"), is_active=True, is_invented=False)
        .exclude(email="")
        .order_by("pk")
    )


def changes_for(release: Release, person: Person) -> dict[str, Any]:
    """Return the part of the difference that one person is told of."""
    mine = SessionPerson.objects.filter(session__forum=release.forum, person=person)
    symbols = {
        f"{Kind.SESSION}/{number}" for number in mine.values_list("session__symbol__number", flat=True)
    }
    return {"changes": [one for one in told_of(release.difference) if one["session"] in symbols]}


def letter_to_send(letter_id: int) -> ReleaseLetter | None:
    """Take a letter that was not sent yet; whoever asks for the same at the same time waits for it."""
    return (
        ReleaseLetter.objects.select_for_update(of=("self",), no_key=True)
        .select_related("release__forum", "person")
        .filter(pk=letter_id, sent_at=None)
        .first()
    )
