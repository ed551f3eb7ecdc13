"""The hours of people for the engine."""

from collections.abc import Mapping, Sequence
from datetime import time
from zoneinfo import ZoneInfo

from muntada.engines.timetable.problem import PersonSpec, TimePeriod
from muntada.forums.models import Forum
from muntada.programme.requests.queries.speakers import availabilities
from muntada.programme.requests.rules.speakers import Availability, away

type Hours = tuple[time, time]


def engine_people(forum: Forum, codes: Mapping[str, str], comfort: Hours) -> tuple[PersonSpec, ...]:
    """Give everybody, by what they are known by, with what they said in any of their sessions.

    `comfort` are the hours of their own day that suit those who take part online from a zone they named.
    """
    said = availabilities(forum, codes)
    return tuple(_person(forum, code, said.get(key, ()), comfort) for key, code in codes.items())


def _person(forum: Forum, code: str, said: Sequence[Availability], comfort: Hours) -> PersonSpec:
    """Take somebody to be away whenever they said so in one of their sessions; of two zones the last."""
    periods = {
        TimePeriod(start.astimezone(forum.timezone), end.astimezone(forum.timezone))
        for one in said
        for start, end in away(one, forum.timezone, forum.starts_date, forum.ends_date)
    }
    remote = [one for one in said if one.is_remote and one.zone]
    return PersonSpec(
        code,
        unavailable=tuple(sorted(periods, key=lambda period: period.start)),
        zone=ZoneInfo(remote[-1].zone).key if remote else None,
        comfort=comfort if remote else None,
    )
