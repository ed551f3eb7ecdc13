"""Questions about timetables: what is to be placed, what stands where."""

from django.db.models import Count, Prefetch, Q, QuerySet

from muntada.forums.models import Forum, Line
from muntada.foundations.jobs.rules import JobState
from muntada.programme.models import Placement, Session, Timetable

# Of timetables: what `is_made` says of one.
MADE = Q(job=None) | Q(job__state=JobState.DONE)


def sessions_to_place(forum: Forum) -> QuerySet[Session]:
    """Return the sessions that should stand in a timetable, with all that the engine asks about them."""
    return (
        Session.objects.filter(forum=forum, cancelled_at=None)
        .select_related("symbol", "lock")
        .prefetch_related("people", Prefetch("lines", queryset=Line.objects.all()))
        .order_by("symbol__number")
    )


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
