"""Edit rooms, hours, buildings and walks."""

from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.foundations.errors import Refused
from muntada.programme.sessions.models import Building, Room, RoomClosure, RoomOpening, Walk
from muntada.programme.timetable.models import SessionLock
from muntada.programme.venue.queries import is_named
from muntada.record import actions as record
from muntada.record.rules import Actor

ROOM_FIELDS = ("name", "seats", "services", "is_online_only", "building", "floor", "position")


def change_room(*, room: Room, values: Mapping[str, object], actor: Actor, now: datetime) -> Room:
    """Change what is known of a room; its name stays unique in the forum."""
    require_role(actor, SECRETARIAT, room.forum_id)
    for field in ROOM_FIELDS:
        if field in values:
            value = values[field]
            setattr(room, field, " ".join(value.split()) if isinstance(value, str) else value)
    room.services = sorted(set(room.services))
    try:
        with transaction.atomic():
            room.save(update_fields=ROOM_FIELDS)
            _write(room.forum, actor, now, "change_room", {"room": room.name, "seats": room.seats})
    except IntegrityError as error:
        sentence = gettext("There is a room called “%(name)s” already. Please choose another name.")
        raise Refused(sentence % {"name": room.name}, "room-name", "name") from error
    return room


def remove_room(*, room: Room, actor: Actor, now: datetime) -> bool:
    """Remove a room. One that a timetable uses is closed instead; return whether it is.

    Locks to it become locks of the time only.
    """
    require_role(actor, SECRETARIAT, room.forum_id)
    with transaction.atomic():
        kept = Room.objects.select_for_update(of=("self",), no_key=True).get(pk=room.pk)
        SessionLock.objects.filter(room=kept).update(room=None)
        stays = is_named(kept)
        if stays:
            kept.closed_at = now
            kept.save(update_fields=["closed_at"])
        else:
            kept.delete()
        verb = "close_room_for_good" if stays else "delete_room"
        _write(room.forum, actor, now, verb, {"room": room.name})
    return stays


def reopen_room(*, room: Room, actor: Actor, now: datetime) -> None:
    """Use a room again that was closed for good."""
    require_role(actor, SECRETARIAT, room.forum_id)
    with transaction.atomic():
        Room.objects.filter(pk=room.pk).update(closed_at=None)
        _write(room.forum, actor, now, "reopen_room", {"room": room.name})


def open_room(*, room: Room, starts_at: datetime, ends_at: datetime, actor: Actor, now: datetime) -> None:
    """Say when a room is open. From the first such hours on it is closed outside them."""
    require_role(actor, SECRETARIAT, room.forum_id)
    if ends_at <= starts_at:
        raise Refused(gettext("The end has to be later than the start."), "period", "ends")
    try:
        with transaction.atomic():
            RoomOpening.objects.create(room=room, period=DateTimeTZRange(starts_at, ends_at))
            change = {"room": room.name, "from": starts_at, "to": ends_at}
            _write(room.forum, actor, now, "open_room", change)
    except IntegrityError as error:
        sentence = gettext(
            "These hours overlap with hours that are there already. Please take those out first."
        )
        raise Refused(sentence, "openings-overlap", "starts") from error


def remove_opening(*, opening: RoomOpening, actor: Actor, now: datetime) -> None:
    """Take opening hours out again."""
    require_role(actor, SECRETARIAT, opening.room.forum_id)
    _drop(opening, actor, now, "remove_opening")


def remove_closure(*, closure: RoomClosure, actor: Actor, now: datetime) -> None:
    """Use a room again in a period for which it was closed."""
    require_role(actor, SECRETARIAT, closure.room.forum_id)
    _drop(closure, actor, now, "remove_closure")


def _drop(row: RoomOpening | RoomClosure, actor: Actor, now: datetime, verb: str) -> None:
    with transaction.atomic():
        change = {"room": row.room.name, "from": row.period.lower, "to": row.period.upper}
        row.delete()
        _write(row.room.forum, actor, now, verb, change)


def add_building(*, forum: Forum, name: str, actor: Actor, now: datetime) -> Building:
    """Add a building; its name is unique in the forum."""
    require_role(actor, SECRETARIAT, forum.pk)
    title = " ".join(name.split())
    if not title:
        raise Refused(gettext("Please give the building a name."), "building-name", "name")
    try:
        with transaction.atomic():
            building = Building.objects.create(
                forum=forum, name=title, position=Building.objects.filter(forum=forum).count() + 1
            )
            _write(forum, actor, now, "add_building", {"building": title})
    except IntegrityError as error:
        sentence = gettext("There is a building called “%(name)s” already. Please choose another name.")
        raise Refused(sentence % {"name": title}, "building-name", "name") from error
    return building


def remove_building(*, building: Building, actor: Actor, now: datetime) -> None:
    """Take a building out; its rooms stay, and stand in none."""
    require_role(actor, SECRETARIAT, building.forum_id)
    with transaction.atomic():
        building.rooms.update(building=None)
        building.delete()
        _write(building.forum, actor, now, "remove_building", {"building": building.name})


def set_walk(*, first: Building, second: Building, minutes: int, actor: Actor, now: datetime) -> None:
    """Say how long one walks between two buildings; people get as long between two sessions of theirs."""
    require_role(actor, SECRETARIAT, first.forum_id)
    if first.pk == second.pk:
        raise Refused(gettext("Please choose two different buildings."), "same-building", "second")
    near, far = sorted((first, second), key=lambda building: building.pk)
    with transaction.atomic():
        Walk.objects.update_or_create(first=near, second=far, defaults={"minutes": minutes})
        change = {"from": near.name, "to": far.name, "minutes": minutes}
        _write(near.forum, actor, now, "set_walk", change)


def remove_walk(*, walk: Walk, actor: Actor, now: datetime) -> None:
    """Forget how long one walks between two buildings; they count as near each other then."""
    require_role(actor, SECRETARIAT, walk.first.forum_id)
    with transaction.atomic():
        change = {"from": walk.first.name, "to": walk.second.name, "minutes": walk.minutes}
        walk.delete()
        _write(walk.first.forum, actor, now, "remove_walk", change)


def _write(forum: Forum, actor: Actor, now: datetime, verb: str, change: Mapping[str, object]) -> None:
    record.write(forum_id=forum.pk, actor=actor, verb=verb, change=dict(change), now=now)
