"""From session requests to a published programme in one step, for the command line."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muntada.forums.models import Forum
from muntada.forums.rules.roles import SECRETARIAT, require_role
from muntada.programme.decisions.actions import accept_request
from muntada.programme.releases.actions import publish_release
from muntada.programme.requests.queries.requests import requests_in
from muntada.programme.requests.rules.requests import RequestState
from muntada.programme.sessions.actions import add_room, add_slots
from muntada.programme.sessions.queries import rooms_of, sessions_to_place, slots_of
from muntada.programme.sessions.rules import Service
from muntada.programme.timetable.actions.timetable_runs import make_timetable
from muntada.programme.timetable.actions.timetables import EFFORTS
from muntada.programme.timetable.models import Release, Timetable
from muntada.record.rules import Actor

DEFAULT_SEATS = (500, 300, 200, 150, 120, 100, 80, 60, 50, 40)
DEFAULT_HOURS = (9, 10, 11, 12, 14, 15, 16, 17)
SLOT_MINUTES = 60
# The number of default rooms with each service, from the largest.
DEFAULT_SERVICES = {
    Service.STEP_FREE: 10,
    Service.HYBRID: 8,
    Service.CAPTIONS: 6,
    Service.RECORDING: 6,
    Service.INTERPRETATION: 4,
}
# Without room data, this many rooms have all requested services.
FULLY_EQUIPPED = 4


@dataclass(frozen=True)
class Scheduled:
    """The result."""

    accepted: int
    timetable: Timetable
    release: Release

    @property
    def placed(self) -> int:
        return self.timetable.placements.count()


def schedule(
    *, forum: Forum, actor: Actor, now: datetime, seed: int = 0, effort: float = EFFORTS["normal"]
) -> Scheduled:
    """Accept waiting requests, create missing rooms and slots, make and publish a timetable."""
    require_role(actor, SECRETARIAT, forum.pk)
    accepted = accept_all(forum=forum, actor=actor, now=now)
    if not rooms_of(forum).exists():
        add_default_rooms(forum=forum, actor=actor, now=now)
    if not slots_of(forum).exists():
        add_default_slots(forum=forum, actor=actor, now=now)
    timetable = make_timetable(forum=forum, actor=actor, now=now, seed=seed, effort=effort)
    release = publish_release(timetable=timetable, actor=actor, now=now)
    return Scheduled(accepted, timetable, release)


def accept_all(*, forum: Forum, actor: Actor, now: datetime) -> int:
    """Accept all waiting requests."""
    require_role(actor, SECRETARIAT, forum.pk)
    waiting = list(requests_in(forum).filter(state=RequestState.SUBMITTED))
    for request in waiting:
        accept_request(request=request, actor=actor, now=now)
    return len(waiting)


def add_default_rooms(*, forum: Forum, actor: Actor, now: datetime) -> None:
    """Create ten rooms; the largest suit the requests."""
    require_role(actor, SECRETARIAT, forum.pk)
    sessions = list(sessions_to_place(forum))
    asked = {need for session in sessions for need in session.needs}
    largest = max((session.audience for session in sessions), default=0)
    for number, seats in enumerate(DEFAULT_SEATS):
        services = {service.value for service, rooms in DEFAULT_SERVICES.items() if number < rooms}
        add_room(
            forum=forum,
            name=f"Room {chr(ord('A') + number)}",
            seats=max(seats, largest) if number == 0 else seats,
            services=services | asked if number < FULLY_EQUIPPED else services,
            actor=actor,
            now=now,
        )
    if any(session.is_online_only for session in sessions):
        add_room(
            forum=forum,
            name="Online",
            seats=max(DEFAULT_SEATS[0], largest),
            services=asked,
            is_online_only=True,
            actor=actor,
            now=now,
        )


def add_default_slots(*, forum: Forum, actor: Actor, now: datetime) -> None:
    """Create eight slots of an hour on each day of the forum."""
    require_role(actor, SECRETARIAT, forum.pk)
    periods = [
        _slot(forum, day, hour)
        for offset in range((forum.ends_date - forum.starts_date).days + 1)
        for day in [forum.starts_date + timedelta(days=offset)]
        for hour in DEFAULT_HOURS
    ]
    add_slots(forum=forum, periods=periods, actor=actor, now=now)


def _slot(forum: Forum, day: date, hour: int) -> tuple[datetime, datetime]:
    starts_at = datetime.combine(day, time(hour), tzinfo=forum.timezone)
    return starts_at, starts_at + timedelta(minutes=SLOT_MINUTES)
