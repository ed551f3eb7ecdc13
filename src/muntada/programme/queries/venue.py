"""Rooms and slots."""

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.programme.models import Building, Room, Slot, Walk


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
