"""What people have marked in a forum."""

from collections import defaultdict

from django.db.models import Prefetch, QuerySet

from muntada.forums.models import Forum, Line
from muntada.people.models import Person
from muntada.programme.sessions.models import (
    Building,
    Favourite,
    FavouriteCalendar,
    Room,
    Session,
    Slot,
    Walk,
)


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


def rooms_of(forum: Forum) -> QuerySet[Room]:
    """Return every room, those closed for good too: sessions may stand in them still."""
    return (
        Room.objects.filter(forum=forum).select_related("building").prefetch_related("closures", "openings")
    )


def open_rooms_of(forum: Forum) -> QuerySet[Room]:
    return rooms_of(forum).filter(closed_at=None)


def slots_of(forum: Forum) -> QuerySet[Slot]:
    return Slot.objects.filter(forum=forum)


def buildings_of(forum: Forum) -> QuerySet[Building]:
    return Building.objects.filter(forum=forum).prefetch_related("rooms")


def walks_of(forum: Forum) -> QuerySet[Walk]:
    return Walk.objects.filter(first__forum=forum).select_related("first", "second")


def sessions_to_place(forum: Forum) -> QuerySet[Session]:
    """Return the sessions that should stand in a timetable, with all that the engine asks about them."""
    return (
        Session.objects.filter(forum=forum, cancelled_at=None)
        .select_related("symbol")
        .prefetch_related("people", Prefetch("lines", queryset=Line.objects.all()))
        .order_by("symbol__number")
    )
