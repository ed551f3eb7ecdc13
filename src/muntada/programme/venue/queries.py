from django.db.models import Q

from muntada.programme.sessions.models import Room
from muntada.programme.timetable.models import Move, Placement, ReleaseEntry


def is_named(room: Room) -> bool:
    """Say whether a timetable, a move or a release names a room: then it cannot be deleted."""
    return (
        Placement.objects.filter(room=room).exists()
        or ReleaseEntry.objects.filter(room=room).exists()
        or Move.objects.filter(Q(from_room=room) | Q(to_room=room)).exists()
    )
