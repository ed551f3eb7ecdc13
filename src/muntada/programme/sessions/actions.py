"""Favourites, rooms and slots. Favourites are private and not logged."""

import secrets
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.people.models import Person
from muntada.programme.sessions.models import (
    Building,
    Favourite,
    FavouriteCalendar,
    Room,
    RoomClosure,
    Session,
    Slot,
)
from muntada.record import actions as record
from muntada.record.rules import Actor


def mark(*, session: Session, person: Person, is_wanted: bool, now: datetime) -> None:
    """Mark or unmark a session."""
    if is_wanted:
        Favourite.objects.get_or_create(person=person, session=session, defaults={"marked_at": now})
    else:
        Favourite.objects.filter(person=person, session=session).delete()


def take_over(*, forum: Forum, numbers: Collection[int], person: Person, now: datetime) -> None:
    """Add marks made in a browser before signing in."""
    sessions = Session.objects.filter(forum=forum, symbol__number__in=numbers)
    Favourite.objects.bulk_create(
        [Favourite(person=person, session=session, marked_at=now) for session in sessions],
        ignore_conflicts=True,
    )


def give_calendar(*, forum: Forum, person: Person, now: datetime) -> FavouriteCalendar:
    """Create a calendar address, invalidating the former one."""
    with transaction.atomic():
        FavouriteCalendar.objects.filter(person=person, forum=forum).delete()
        return FavouriteCalendar.objects.create(
            person=person, forum=forum, key=secrets.token_urlsafe(32), made_at=now
        )


def add_room(
    *,
    forum: Forum,
    name: str,
    seats: int,
    actor: Actor,
    now: datetime,
    services: Iterable[str] = (),
    is_online_only: bool = False,
    building: Building | None = None,
    floor: str = "",
) -> Room:
    """Add a room; its name is unique in the forum."""
    require_role(actor, SECRETARIAT, forum.pk)
    title = " ".join(name.split())
    if not title:
        raise Refused(gettext("Please give the room a name."), "room-name", "name")
    try:
        with transaction.atomic():
            room = Room.objects.create(
                forum=forum,
                name=title,
                seats=seats,
                services=sorted(set(services)),
                is_online_only=is_online_only,
                building=building,
                floor=floor.strip(),
                position=Room.objects.filter(forum=forum).count() + 1,
            )
            record.write(
                forum_id=forum.pk,
                actor=actor,
                verb="add_room",
                change={"name": title, "seats": seats, "services": room.services},
                now=now,
            )
    except IntegrityError as error:
        sentence = gettext("There is a room called “%(name)s” already. Please choose another name.")
        raise Refused(sentence % {"name": title}, "room-name", "name") from error
    return room


def close_room(
    *, room: Room, starts_at: datetime, ends_at: datetime, actor: Actor, now: datetime, reason: str = ""
) -> RoomClosure:
    """Say that a room cannot be used for a time. The next timetable keeps it free."""
    require_role(actor, SECRETARIAT, room.forum_id)
    _require_order(starts_at, ends_at)
    with transaction.atomic():
        closure = RoomClosure.objects.create(
            room=room, period=DateTimeTZRange(starts_at, ends_at), reason=" ".join(reason.split())
        )
        record.write(
            forum_id=room.forum_id,
            actor=actor,
            verb="close_room",
            change={"room": room.name, "from": starts_at, "to": ends_at, "reason": closure.reason},
            now=now,
        )
    return closure


def add_slots(
    *, forum: Forum, periods: Iterable[tuple[datetime, datetime]], actor: Actor, now: datetime
) -> list[Slot]:
    """Add times at which sessions can start: all of them, or none where one is wrong."""
    require_role(actor, SECRETARIAT, forum.pk)
    wanted = sorted(periods)
    for starts_at, ends_at in wanted:
        _require_order(starts_at, ends_at)
    try:
        with transaction.atomic():
            slots = Slot.objects.bulk_create(
                Slot(forum=forum, starts_at=starts_at, ends_at=ends_at) for starts_at, ends_at in wanted
            )
            record.write(
                forum_id=forum.pk,
                actor=actor,
                verb="add_slots",
                change={"slots": [[slot.starts_at, slot.ends_at] for slot in slots]},
                now=now,
            )
    except IntegrityError as error:
        raise Refused(
            gettext("These times overlap with each other or with slots that are there already."),
            "slots-overlap",
            "starts",
        ) from error
    return slots


def _require_order(starts_at: datetime, ends_at: datetime) -> None:
    if ends_at <= starts_at:
        raise Refused(gettext("The end has to be later than the start."), "period", "ends_at")
