"""What people have marked in a forum."""

from collections import defaultdict

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.programme.models import Favourite, FavouriteCalendar


def favourites_of(person: Person | None, forum: Forum) -> frozenset[int]:
    """Return the numbers of the sessions this person marked."""
    if person is None:
        return frozenset()
    marked = Favourite.objects.filter(person=person, session__forum=forum)
    return frozenset(marked.values_list("session__symbol__number", flat=True))


def marks_of_attendees(forum: Forum) -> list[frozenset[int]]:
    """Return what each person marked, as primary keys of sessions; only who marked two can miss one."""
    marked: dict[int, set[int]] = defaultdict(set)
    rows = Favourite.objects.filter(session__forum=forum).order_by("person")
    for person_id, session_id in rows.values_list("person_id", "session_id"):
        marked[person_id].add(session_id)
    return [frozenset(sessions) for sessions in marked.values() if len(sessions) > 1]


def favourite_calendar(forum: Forum, key: str) -> FavouriteCalendar | None:
    return FavouriteCalendar.objects.select_related("person").filter(forum=forum, key=key).first()


def calendar_key(person: Person, forum: Forum) -> str:
    """Return the key of this person's calendar address, or nothing where they have none."""
    found = FavouriteCalendar.objects.filter(person=person, forum=forum).first()
    return found.key if found else ""
