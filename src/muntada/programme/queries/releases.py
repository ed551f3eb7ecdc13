"""What is released, and what the next release would change."""

from datetime import datetime

from django.db.models import QuerySet

from muntada.forums.models import Forum
from muntada.programme.models import (
    Release,
    ReleaseEntry,
    Timetable,
)
from muntada.programme.queries.timetables import placements_of
from muntada.programme.rules.releases import Appearance, Coming, Standing, coming


def topic_of_programme(forum: Forum) -> str:
    """Return the live topic on which a release, or what else changes the public programme, is announced."""
    return f"{forum.slug}-programme"


def last_release(forum: Forum) -> Release | None:
    # What it changed is long, and few who ask for the release ask for that.
    return Release.objects.filter(forum=forum).defer("difference").order_by("-number").first()


def releases_of(forum: Forum) -> QuerySet[Release]:
    return Release.objects.filter(forum=forum).select_related("timetable").order_by("-number")


def standings(release: Release | None) -> dict[int, Standing]:
    """Return how each session stands in a release."""
    return {entry.session_id: entry.standing for entry in ReleaseEntry.objects.filter(release=release)}


def appearances(timetable: Timetable) -> dict[int, Appearance]:
    """Return how each session would stand if this timetable were released; cancelled ones would not."""
    return {
        one.session_id: Appearance(
            one.session.title, one.room_id, one.room.name, one.period.lower, one.period.upper
        )
        for one in placements_of(timetable)
        if one.session.cancelled_at is None
    }


def release_to_come(timetable: Timetable, now: datetime) -> list[Coming]:
    """Return what releasing this timetable would make public, session by session."""
    release = last_release(timetable.forum)
    before = standings(release) if release else {}
    return coming(before, appearances(timetable), now)
