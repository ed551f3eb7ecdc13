"""Questions about the work on a timetable: who moved what, what can be undone, what else there is."""

from django.db.models import QuerySet

from muntada.programme.models import Move, Timetable
from muntada.programme.queries.timetables import MADE


def moves_of(timetable: Timetable) -> QuerySet[Move]:
    """Return the moves by hand, the latest first, with what a page says of them."""
    return Move.objects.filter(timetable=timetable).select_related(
        "session__symbol__forum", "moved_by", "from_room", "to_room"
    )


def moves_since(timetable: Timetable, version: int) -> QuerySet[Move]:
    return moves_of(timetable).filter(version__gt=version)


def last_move(timetable: Timetable) -> Move | None:
    """Return what an undo would put back."""
    return moves_of(timetable).filter(undone_at=None, is_undo=False).first()


def others_of(timetable: Timetable) -> QuerySet[Timetable]:
    """Return the timetables that one can be compared with."""
    return (
        Timetable.objects.filter(MADE, forum=timetable.forum, discarded_at=None)
        .exclude(pk=timetable.pk)
        .select_related("release")
        .order_by("-number")
    )
