"""Adapter of the timetable engine without its solver: rows in, judgements out.

The engine uses opaque ids; its sentences are returned with names, except that sessions keep their
symbol and slots stay moments, to be formatted by the page.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable import plan as plans
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import PlacementSpec, TimetableProblem
from muntada.forums.models import Forum
from muntada.foundations.errors import refusal_from_template
from muntada.programme.sessions.models import Room, Session, Slot
from muntada.programme.timetable.adapter.material import material_of
from muntada.programme.timetable.rules import NamedSentence, TimetableFinding

TIER_NAMES = {Tier.HARD: "hard", Tier.MOVE: "move", Tier.WISH: "wish", Tier.FIT: "fit"}

SLOT_GONE = gettext_noop("The slot %(slot)s, in which %(session)s starts, is there no more. Please move it.")


@dataclass(frozen=True)
class Seat:
    """A session in a room from a moment on: a placement before it is stored."""

    session_id: int
    room_id: int
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class TimetableJudgement:
    """What is wrong with a timetable, and how good it is, figure by figure."""

    findings: tuple[TimetableFinding, ...]
    objective: Mapping[str, int]

    @property
    def hard(self) -> tuple[TimetableFinding, ...]:
        return tuple(finding for finding in self.findings if finding.tier == TIER_NAMES[Tier.HARD])


@dataclass(frozen=True)
class FrameNames:
    """What stands behind the ids that the engine sees."""

    sessions: Mapping[str, Session]
    rooms: Mapping[str, Room]
    slots: Mapping[str, Slot]
    people: Mapping[str, str]
    organisers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TimetableFrame:
    """All that a timetable of a forum is made from, at one moment."""

    names: FrameNames
    problem: TimetableProblem

    @cached_property
    def options(self) -> Options:
        """Where each session may stand at all: found once, asked with each move."""
        return Options(self.problem)


def frame_of(forum: Forum, published: Iterable[Seat] = ()) -> TimetableFrame:
    """Read what the engine needs. The published seats are those that should move as little as possible."""
    material = material_of(forum)
    known = FrameNames(
        material.sessions, material.rooms, material.slots, material.people, material.organisers
    )
    try:
        problem = material.problem(published=tuple(placements(known, published)))
    except TimetableFault as fault:
        raise refusal_from_template(fault.sentence, fault.params, "timetable") from fault
    return TimetableFrame(known, problem)


def judge(frame: TimetableFrame, seats: Iterable[Seat]) -> TimetableJudgement:
    """Say what is wrong with these seats, whoever chose them."""
    kept = list(seats)
    assessment = evaluate(frame.problem, list(placements(frame.names, kept)))
    found = findings(frame.names, assessment.violations)
    return TimetableJudgement((*_without_slot(frame.names, kept), *found), figures(assessment.score))


def _without_slot(names: FrameNames, seats: Iterable[Seat]) -> Iterable[TimetableFinding]:
    """Tell of sessions that start where no slot is any more; the engine takes them as not placed."""
    starts = {slot.starts_at for slot in names.slots.values()}
    session_names = {session.pk: name for name, session in names.sessions.items()}
    for seat in seats:
        name = session_names.get(seat.session_id)
        if name and seat.starts_at not in starts:
            params = {"slot": seat.starts_at.isoformat(), "session": name}
            yield TimetableFinding("slot-gone", TIER_NAMES[Tier.HARD], 0, SLOT_GONE, params, (name,))


def placements(names: FrameNames, seats: Iterable[Seat]) -> Iterable[PlacementSpec]:
    """Give the seats to the engine: those whose session, room and slot it knows."""
    session_names = {session.pk: name for name, session in names.sessions.items()}
    slot_names = {slot.starts_at: name for name, slot in names.slots.items()}
    for seat in seats:
        session, slot = session_names.get(seat.session_id), slot_names.get(seat.starts_at)
        room = str(seat.room_id)
        if session and slot and room in names.rooms:
            yield PlacementSpec(session=session, slot=slot, room=room)


def seat_of(names: FrameNames, placement: PlacementSpec) -> Seat:
    session = names.sessions[placement.session]
    starts_at = names.slots[placement.slot].starts_at
    return Seat(
        session_id=session.pk,
        room_id=int(placement.room),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=session.minutes),
    )


def findings(names: FrameNames, violations: Sequence[Violation]) -> tuple[TimetableFinding, ...]:
    return tuple(
        TimetableFinding(
            rule=violation.rule,
            tier=TIER_NAMES[violation.tier],
            cost=violation.cost,
            sentence=violation.reason.sentence,
            params=named(names, violation.reason),
            sessions=violation.sessions,
        )
        for violation in violations
    )


def figures(score: plans.TimetableScore) -> dict[str, int]:
    return dict(score._asdict())


def named_sentence(names: FrameNames, reason: TimetableReason) -> NamedSentence:
    return NamedSentence(reason.sentence, named(names, reason))


def named(names: FrameNames, reason: TimetableReason) -> dict[str, str | int]:
    """Put names in the place of ids; lists of ids are joined by a comma and a blank."""
    return {key: _name(names, key, value) for key, value in reason.params.items()}


def _name(names: FrameNames, key: str, value: str | int) -> str | int:
    if not isinstance(value, str):
        return value
    known: Mapping[str, Mapping[str, str]] = {
        "person": names.people,
        "people": names.people,
        "organiser": names.organisers,
        "room": {name: room.name for name, room in names.rooms.items()},
        "rooms": {name: room.name for name, room in names.rooms.items()},
        "slot": {name: slot.starts_at.isoformat() for name, slot in names.slots.items()},
    }
    if key not in known:
        return value
    return ", ".join(known[key].get(piece, piece) for piece in value.split(", "))
