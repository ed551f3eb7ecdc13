"""Rooms and slots."""

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.programme.models import (
    Room,
    Slot,
)


def rooms_of(forum: Forum) -> QuerySet[Room]:
    return Room.objects.filter(forum=forum).prefetch_related("closures")


def slots_of(forum: Forum) -> QuerySet[Slot]:
    return Slot.objects.filter(forum=forum)
