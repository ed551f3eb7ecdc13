"""The door to the timetable engine: rows in, call, plain results out.

The engine knows opaque ids; its sentences come back with names in their places, except for sessions, which
keep their symbol, and slots, which stay moments, so that a page can write them in its own language and zone.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from muntada.engines import halt as halting
from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable import plan as plans
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.plan import Progress, Reason, Tier, Violation
from muntada.engines.timetable.problem import Placement, Problem
from muntada.engines.timetable.repair import repair
from muntada.engines.timetable.solve import solve
from muntada.engines.timetable.tally import tally
from muntada.forums.models import Forum
from muntada.foundations.errors import refusal_from_template
from muntada.programme.engine.material import material_of
from muntada.programme.models import Room, Session, Slot

# Ends a search early from another thread; the best so far is what comes back.
Halt = halting.Halt

type Report = Callable[["HowFar"], None]


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
class HowFar:
    """How far the making has come: at which kind of rule, the best figure so far, the best still possible."""

    tier: str
    best: int
    bound: int
    effort: float
    starts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """What a rule says about a timetable, as it is stored; `sessions` are symbols."""

    rule: str
    tier: str
    cost: int
    sentence: str
    params: Mapping[str, str | int]
    sessions: tuple[str, ...] = ()

    def as_data(self) -> dict[str, object]:
        return {
            "rule": self.rule,
            "tier": self.tier,
            "cost": self.cost,
            "sentence": self.sentence,
            "params": dict(self.params),
            "sessions": list(self.sessions),
        }


@dataclass(frozen=True)
class Judgement:
    """What is wrong with a timetable, and how good it is, figure by figure."""

    findings: tuple[Finding, ...]
    objective: Mapping[str, int]

    @property
    def hard(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.tier == TIER_NAMES[Tier.HARD])


@dataclass(frozen=True)
class Made:
    """A timetable the engine made, and what it has proved about it."""

    seats: tuple[Seat, ...]
    judgement: Judgement
    bound: Mapping[str, int]
    status: str
    effort: float
    unplaced: tuple[Mapping[str, object], ...]


@dataclass(frozen=True)
class Names:
    """What stands behind the ids that the engine sees."""

    sessions: Mapping[str, Session]
    rooms: Mapping[str, Room]
    slots: Mapping[str, Slot]
    people: Mapping[str, str]
    organisers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Frame:
    """All that a timetable of a forum is made from, at one moment."""

    names: Names
    problem: Problem

    @cached_property
    def options(self) -> Options:
        """Where each session may stand at all: found once, asked with each move."""
        return Options(self.problem)


def frame_of(forum: Forum, published: Iterable[Seat] = ()) -> Frame:
    """Read what the engine needs. The published seats are those that should move as little as possible."""
    material = material_of(forum)
    known = Names(material.sessions, material.rooms, material.slots, material.people, material.organisers)
    try:
        problem = material.problem(published=tuple(placements(known, published)))
    except TimetableFault as fault:
        raise refusal_from_template(fault.sentence, fault.params, "timetable") from fault
    return Frame(known, problem)


def make(
    frame: Frame, *, seed: int, effort: float, report: Report | None = None, halt: Halt | None = None
) -> Made:
    """Make a timetable; where one is published, with as few moves as possible. Touches no database."""
    work = repair if frame.problem.published else solve
    passed_on = _passed_on(report) if report else None
    plan = work(frame.problem, seed=seed, effort=effort, report=passed_on, halt=halt)
    return Made(
        seats=tuple(_seat(frame.names, placement) for placement in plan.placements),
        judgement=Judgement(findings(frame.names, plan.violations), _figures(plan.score)),
        bound=_figures(plan.bound),
        status=plan.status.value,
        effort=plan.effort,
        unplaced=tuple(
            {
                "session": one.session,
                "reasons": [
                    {"sentence": reason.sentence, "params": named(frame.names, reason)}
                    for reason in one.reasons
                ],
            }
            for one in plan.unplaced
        ),
    )


def _passed_on(report: Report) -> Callable[[Progress], None]:
    return lambda one: report(HowFar(one.tier, one.best, one.bound, one.effort, one.starts))


def broken_wishes(frame: Frame, so_far: HowFar) -> list[dict[str, str | int]]:
    """Say which wishes the best so far breaks, the dearest kind first, as it is stored."""
    found = sorted(tally(frame.options, so_far.starts), key=lambda one: -one.cost)
    return [{"rule": one.rule, "count": one.count, "cost": one.cost} for one in found]


def judge(frame: Frame, seats: Iterable[Seat]) -> Judgement:
    """Say what is wrong with these seats, whoever chose them."""
    kept = list(seats)
    assessment = evaluate(frame.problem, list(placements(frame.names, kept)))
    found = findings(frame.names, assessment.violations)
    return Judgement((*_without_slot(frame.names, kept), *found), _figures(assessment.score))


def _without_slot(names: Names, seats: Iterable[Seat]) -> Iterable[Finding]:
    """Tell of sessions that start where no slot is any more; the engine takes them as not placed."""
    starts = {slot.starts_at for slot in names.slots.values()}
    session_names = {session.pk: name for name, session in names.sessions.items()}
    for seat in seats:
        name = session_names.get(seat.session_id)
        if name and seat.starts_at not in starts:
            params = {"slot": seat.starts_at.isoformat(), "session": name}
            yield Finding("slot-gone", TIER_NAMES[Tier.HARD], 0, SLOT_GONE, params, (name,))


def placements(names: Names, seats: Iterable[Seat]) -> Iterable[Placement]:
    """Give the seats to the engine: those whose session, room and slot it knows."""
    session_names = {session.pk: name for name, session in names.sessions.items()}
    slot_names = {slot.starts_at: name for name, slot in names.slots.items()}
    for seat in seats:
        session, slot = session_names.get(seat.session_id), slot_names.get(seat.starts_at)
        room = str(seat.room_id)
        if session and slot and room in names.rooms:
            yield Placement(session=session, slot=slot, room=room)


def _seat(names: Names, placement: Placement) -> Seat:
    session = names.sessions[placement.session]
    starts_at = names.slots[placement.slot].starts_at
    return Seat(
        session_id=session.pk,
        room_id=int(placement.room),
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=session.minutes),
    )


def findings(names: Names, violations: Sequence[Violation]) -> tuple[Finding, ...]:
    return tuple(
        Finding(
            rule=violation.rule,
            tier=TIER_NAMES[violation.tier],
            cost=violation.cost,
            sentence=violation.reason.sentence,
            params=named(names, violation.reason),
            sessions=violation.sessions,
        )
        for violation in violations
    )


def _figures(score: plans.Score) -> dict[str, int]:
    return dict(score._asdict())


def named(names: Names, reason: Reason) -> dict[str, str | int]:
    """Put names in the place of ids; lists of ids are joined by a comma and a blank."""
    return {key: _name(names, key, value) for key, value in reason.params.items()}


def _name(names: Names, key: str, value: str | int) -> str | int:
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
