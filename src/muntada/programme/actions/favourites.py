"""Marking sessions for oneself. The log is silent: what somebody wants to hear is their own affair."""

import secrets
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from muntada.forums.models import Forum
from muntada.people.models import Person
from muntada.programme.models import Favourite, FavouriteCalendar, Session


def mark(*, session: Session, person: Person, is_wanted: bool, now: datetime) -> None:
    """Mark a session, or take the mark away; saying it twice changes nothing."""
    if is_wanted:
        Favourite.objects.get_or_create(person=person, session=session, defaults={"marked_at": now})
    else:
        Favourite.objects.filter(person=person, session=session).delete()


def take_over(*, forum: Forum, numbers: Collection[int], person: Person, now: datetime) -> None:
    """Add what somebody marked in a browser before they signed in to what they have."""
    sessions = Session.objects.filter(forum=forum, symbol__number__in=numbers)
    Favourite.objects.bulk_create(
        [Favourite(person=person, session=session, marked_at=now) for session in sessions],
        ignore_conflicts=True,
    )


def give_calendar(*, forum: Forum, person: Person, now: datetime) -> FavouriteCalendar:
    """Give a person an address for their calendar program; a new one ends the one before."""
    with transaction.atomic():
        FavouriteCalendar.objects.filter(person=person, forum=forum).delete()
        return FavouriteCalendar.objects.create(
            person=person, forum=forum, key=secrets.token_urlsafe(32), made_at=now
        )
