"""When those with a part in a session can, and where they stand when they cannot."""

from muntada.forums.models import Forum
from muntada.programme.models import (
    HoursSaid,
    HoursTold,
    Placement,
    RequestSpeaker,
    SessionPerson,
    SessionRequest,
)
from muntada.programme.queries.merging import originals_of
from muntada.programme.queries.speakers import availabilities
from muntada.programme.queries.venue import placements_that_count
from muntada.programme.rules.speakers import away


def hours_told(forum: Forum, key: str) -> HoursTold | None:
    """Return what the secretariat was told of somebody, if it was told anything."""
    return HoursTold.objects.filter(forum=forum, key=key).prefetch_related("spans").first()


def hours_that_hold(person: SessionPerson) -> HoursSaid | None:
    """Return when somebody can: what the secretariat was told, else what was said with the request."""
    told = hours_told(person.session.forum, person.key)
    if told is not None:
        return told
    behind = originals_of(list(SessionRequest.objects.filter(session=person.session_id)))
    named = RequestSpeaker.objects.filter(request__in=behind).order_by("pk")
    return next((one for one in named if one.key == person.key), None)


def hours_of_speaker(speaker: RequestSpeaker) -> HoursSaid:
    """Return when somebody who is asked can, as it holds now."""
    return hours_told(speaker.request.forum, speaker.key) or speaker


def standing_while_away(forum: Forum, key: str) -> list[Placement]:
    """Return where somebody is on a stage, in drafts and in public, at a time at which they cannot."""
    periods = [
        period
        for said in availabilities(forum, [key]).get(key, ())
        for period in away(said, forum.timezone, forum.starts_date, forum.ends_date)
    ]
    rows = (
        placements_that_count(forum)
        .filter(people__key=key)
        .select_related("session__symbol__forum", "timetable__release", "room")
        .order_by("timetable__number", "period")
    )
    return [
        one
        for one in rows
        if any(start < one.period.upper and one.period.lower < end for start, end in periods)
    ]
