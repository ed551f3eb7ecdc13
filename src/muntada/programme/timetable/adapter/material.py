"""The input of a timetable for the engine.

People have codes, so that the engine sees no names.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from muntada.engines.timetable.problem import (
    Lock,
    PlacementSpec,
    SeriesSpec,
    TimetableProblem,
    WishWeights,
)
from muntada.engines.timetable.problem import RoomSpec as EngineRoom
from muntada.engines.timetable.problem import SessionSpec as EngineSession
from muntada.engines.timetable.problem import SlotSpec as EngineSlot
from muntada.forums.models import Forum
from muntada.forums.rules.schemes import DeclaredFacts as RawFacts
from muntada.forums.rules.schemes import SchemeDimension, shown_first
from muntada.programme.constraints.models import TimetableRules
from muntada.programme.constraints.queries import (
    Behind,
    TiesBySession,
    behind_sessions,
    ties_of,
    timetable_rules_of,
)
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.sessions.queries import (
    marks_of_attendees,
    rooms_of,
    sessions_to_place,
    slots_of,
    walks_of,
)
from muntada.programme.sessions.rules import ON_SITE, ON_STAGE, ONLINE, ONLINE_SERVICES, SessionRole
from muntada.programme.timetable.adapter.people import engine_people
from muntada.programme.timetable.models import SessionLock


@dataclass(frozen=True)
class _Known:
    """What is known of sessions by their rows; `names` are those the engine knows them by."""

    names: Mapping[int, str]
    codes: Mapping[str, str]
    ties: TiesBySession
    rules: TimetableRules
    organisers: Mapping[int, frozenset[str]]
    groups: Mapping[int, frozenset[str]]


@dataclass(frozen=True)
class TimetableMaterial:
    """Rows by the ids that the engine sees; `people` and `organisers` are their names by their codes."""

    forum: Forum
    sessions: Mapping[str, Session]
    rooms: Mapping[str, Room]
    slots: Mapping[str, Slot]
    people: Mapping[str, str]
    organisers: Mapping[str, str]
    known: _Known

    def problem(self, published: tuple[PlacementSpec, ...]) -> TimetableProblem:
        """Return the engine's problem; it refuses what cannot be one."""
        known, rules = self.known, self.known.rules
        return TimetableProblem(
            sessions=tuple(_engine_session(name, one, known) for name, one in self.sessions.items()),
            rooms=tuple(_engine_room(name, room, self.slots) for name, room in self.rooms.items()),
            slots=tuple(_engine_slot(name, slot, self.forum) for name, slot in self.slots.items()),
            people=engine_people(self.forum, known.codes, (rules.comfort_from, rules.comfort_to)),
            published=published,
            weights=WishWeights(**rules.weights),
            favourites=_favourites(self.forum, self.sessions),
            series=_series(known),
            pause=rules.pause,
            walks={(str(one.first_id), str(one.second_id)): one.minutes for one in walks_of(self.forum)},
            organiser_limit=rules.organiser_limit,
            must_spread=rules.must_spread,
        )


def material_of(forum: Forum) -> TimetableMaterial:
    sessions = {
        session.symbol.short: session for session in sessions_to_place(forum).select_related("symbol", "lock")
    }
    people: dict[str, str] = {}
    for session in sessions.values():
        for person in session.people.all():
            people.setdefault(person.key, person.name)
    codes = {key: f"p{number}" for number, key in enumerate(people)}
    behind = behind_sessions(forum)
    organisers = {session.pk: _organisers(session, behind.get(session.pk)) for session in sessions.values()}
    names = {key: name for named in organisers.values() for key, name in named.items()}
    organiser_codes = {key: f"o{number}" for number, key in enumerate(names)}
    scheme = next(scheme for scheme in shown_first() if scheme.dimension is SchemeDimension.STAKEHOLDER)
    return TimetableMaterial(
        forum=forum,
        sessions=sessions,
        rooms={str(room.pk): room for room in rooms_of(forum)},
        slots={str(slot.pk): slot for slot in slots_of(forum)},
        people={codes[key]: name for key, name in people.items()},
        organisers={organiser_codes[key]: name for key, name in names.items()},
        known=_Known(
            names={session.pk: name for name, session in sessions.items()},
            codes=codes,
            ties=ties_of(forum),
            rules=timetable_rules_of(forum),
            organisers={
                session: frozenset(organiser_codes[key] for key in named)
                for session, named in organisers.items()
            },
            groups={
                session: frozenset(filter(None, (scheme.group_of(RawFacts(kind)) for kind in one.kinds)))
                for session, one in behind.items()
            },
        ),
    )


def _organisers(session: Session, behind: Behind | None) -> dict[str, str]:
    """Say who organises a session: who stands behind its requests, else who is named as its organiser."""
    named = {one.key: one.name for one in session.people.all() if one.part == SessionRole.ORGANISER}
    if behind is None or not behind.organisers:
        return named
    return {key: name or named.get(key, key) for key, name in behind.organisers.items()}


def _series(known: _Known) -> tuple[SeriesSpec, ...]:
    """Give the series with those of their parts that take place; one part alone is none."""
    found = []
    for sessions, same_day in known.ties.series:
        parts = tuple(known.names[one] for one in sessions if one in known.names)
        if len(parts) > 1:
            found.append(SeriesSpec(parts, same_day))
    return tuple(found)


def _favourites(forum: Forum, sessions: Mapping[str, Session]) -> dict[str, frozenset[str]]:
    """Say which sessions the same people want to hear. Nobody is named: an attendee is a number."""
    names = {session.pk: name for name, session in sessions.items()}
    wanted = [frozenset(names[pk] for pk in marked if pk in names) for marked in marks_of_attendees(forum)]
    return {
        f"a{number}": marked for number, marked in enumerate(sorted(wanted, key=sorted)) if len(marked) > 1
    }


def _engine_session(name: str, session: Session, known: _Known) -> EngineSession:
    on_stage = frozenset(known.codes[one.key] for one in session.people.all() if one.part in ON_STAGE)
    place = ONLINE if session.is_online_only else ON_SITE
    apart = {f"set:{one}" for one in known.ties.apart.get(session.pk, ())}
    if known.rules.tracks_never_meet and session.track:
        apart.add(f"track:{session.track}")
    return EngineSession(
        id=name,
        minutes=session.minutes,
        people=on_stage,
        needs=frozenset(session.needs) | {place},
        audience=session.audience,
        track=session.track or None,
        lines=frozenset(line.code for line in session.lines.all()),
        locked=_lock_of(session),
        organisers=frozenset(known.organisers.get(session.pk, ())),
        groups=frozenset(known.groups.get(session.pk, ())),
        after=frozenset(
            known.names[earlier] for earlier in known.ties.after.get(session.pk, ()) if earlier in known.names
        ),
        exclusive=frozenset(apart),
    )


def _lock_of(session: Session) -> Lock | None:
    lock: SessionLock | None = getattr(session, "lock", None)
    if lock is None:
        return None
    return Lock(str(lock.slot_id), str(lock.room_id) if lock.room_id else None)


def _engine_room(name: str, room: Room, slots: Mapping[str, Slot]) -> EngineRoom:
    closed = frozenset(slot_name for slot_name, slot in slots.items() if _is_closed(room, slot))
    brings = ONLINE_SERVICES if room.is_online_only else frozenset({ON_SITE})
    return EngineRoom(
        id=name,
        seats=room.seats,
        services=frozenset(room.services) | brings,
        closed=closed,
        building=str(room.building_id) if room.building_id else None,
    )


def _is_closed(room: Room, slot: Slot) -> bool:
    """Say whether a room cannot be used in a slot: closed for good, for a time, or outside its hours."""
    if room.closed_at is not None:
        return True
    hours = [one.period for one in room.openings.all()]
    if hours and not any(one.lower <= slot.starts_at and slot.ends_at <= one.upper for one in hours):
        return True
    closures = (one.period for one in room.closures.all())
    return any(one.lower < slot.ends_at and slot.starts_at < one.upper for one in closures)


def _engine_slot(name: str, slot: Slot, forum: Forum) -> EngineSlot:
    """Give the slot in the forum's own zone: its days are the days of the timetable."""
    zone = forum.timezone
    return EngineSlot(id=name, start=slot.starts_at.astimezone(zone), end=slot.ends_at.astimezone(zone))
