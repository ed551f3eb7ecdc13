"""What a person has marked in a forum."""

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.programme.models import Favourite, FavouriteCalendar


def favourites_of(person: Person | None, forum: Forum) -> frozenset[int]:
    """Return the numbers of the sessions this person marked."""
    if person is None:
        return frozenset()
    marked = Favourite.objects.filter(person=person, session__forum=forum)
    return frozenset(marked.values_list("session__symbol__number", flat=True))


def favourite_calendar(forum: Forum, key: str) -> FavouriteCalendar | None:
    return FavouriteCalendar.objects.select_related("person").filter(forum=forum, key=key).first()


def calendar_key(person: Person, forum: Forum) -> str:
    """Return the key of this person's calendar address, or nothing where they have none."""
    found = FavouriteCalendar.objects.filter(person=person, forum=forum).first()
    return found.key if found else ""
