"""Queries of timetables."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from muntada.forums.models import Forum
from muntada.foundations.jobs.rules import JobState
from muntada.programme.sessions.models import Room, Session
from muntada.programme.timetable.models import Move, Placement, Release, Timetable

# Of timetables: what `is_made` says of one.
MADE = Q(job=None) | Q(job__state=JobState.DONE)


def discarded_of(forum: Forum) -> QuerySet[Timetable]:
    return Timetable.objects.filter(forum=forum, discarded_at__isnull=False).order_by("-number")


def timetables_of(forum: Forum) -> QuerySet[Timetable]:
    """Return the timetables of a forum but those that were thrown away, the latest first."""
    return (
        Timetable.objects.filter(forum=forum, discarded_at=None)
        .select_related("release", "made_from", "job")
        .annotate(placed=Count("placements"))
        .order_by("-number")
    )


def placements_of(timetable: Timetable) -> QuerySet[Placement]:
    return (
        Placement.objects.filter(timetable=timetable)
        .select_related("session__symbol__forum", "room")
        .order_by("period", "room__position", "pk")
    )


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


def last_release(forum: Forum) -> Release | None:
    # What it changed is long, and few who ask for the release ask for that.
    return Release.objects.filter(forum=forum).defer("difference").order_by("-number").first()
