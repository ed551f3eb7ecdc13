"""Rooms and slots, and what depends on them."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q, QuerySet

from muntada.forums.models import Forum
from muntada.programme.models import (
    Building,
    Move,
    Placement,
    Release,
    ReleaseEntry,
    Room,
    Session,
    Slot,
    Walk,
)


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


def is_named(room: Room) -> bool:
    """Say whether a timetable, a move or a release names a room: then it cannot be deleted."""
    return (
        Placement.objects.filter(room=room).exists()
        or ReleaseEntry.objects.filter(room=room).exists()
        or Move.objects.filter(Q(from_room=room) | Q(to_room=room)).exists()
    )


def standing_in(room: Room) -> QuerySet[Placement]:
    """Return what stands in a room: in drafts that are kept, and in the timetable that is public."""
    last = Release.objects.filter(forum=room.forum_id).order_by("-number").values("timetable")[:1]
    return (
        Placement.objects.filter(room=room, timetable__discarded_at=None)
        .filter(Q(timetable__release=None) | Q(timetable__in=last))
        .select_related("session__symbol__forum", "timetable__release")
        .order_by("timetable__number", "period")
    )


def sessions_starting(forum: Forum, moments: Sequence[datetime]) -> list[str]:
    """Return the symbols of the sessions that start then, in a kept draft, in public, or by a lock."""
    placed = placements_that_count(forum).filter(period__startswith__in=moments)
    return _symbols(forum, placed, Q(lock__slot__starts_at__in=moments))


def sessions_within(forum: Forum, starts_at: datetime, ends_at: datetime) -> list[str]:
    """Return the symbols of the sessions that stand in a period or run through it, or are locked into it."""
    placed = placements_that_count(forum).filter(period__overlap=(starts_at, ends_at))
    locked = Q(lock__slot__starts_at__gte=starts_at, lock__slot__starts_at__lt=ends_at)
    return _symbols(forum, placed, locked)


def placements_that_count(forum: Forum) -> QuerySet[Placement]:
    """Return what stands in drafts that are kept, and in the timetable that is public."""
    last = Release.objects.filter(forum=forum).order_by("-number").values("timetable")[:1]
    return Placement.objects.filter(
        Q(timetable__release=None) | Q(timetable__in=last),
        timetable__forum=forum,
        timetable__discarded_at=None,
    )


def _symbols(forum: Forum, placed: QuerySet[Placement], locked: Q) -> list[str]:
    rows = Session.objects.filter(Q(pk__in=placed.values("session")) | locked, forum=forum, cancelled_at=None)
    return [session.symbol.short for session in rows.select_related("symbol").order_by("symbol__number")]
