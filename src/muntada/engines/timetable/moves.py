"""The places of one session in a timetable: cost of each, and why it is where it is.

The other sessions are processed once, so no place needs a full evaluation. The result is what the
evaluator would report with the session moved, minus what it reports now.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass

from muntada.engines.reasons import gettext_noop
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.faults import TimetableFault
from muntada.engines.timetable.layout import Layout, PlacedSession, SessionSpan
from muntada.engines.timetable.plan import Tier, TimetableReason, Violation
from muntada.engines.timetable.problem import PlacementSpec, RoomSpec, SessionSpec, TimetableProblem
from muntada.engines.timetable.rules.book import Rulebook
from muntada.engines.timetable.rules.forms import CrowdRule

UNKNOWN_SESSION = gettext_noop("There is no session %(id)s.")
NOT_PLACED = gettext_noop("%(session)s has no place in this timetable.")
LOCKED_HERE = gettext_noop("%(session)s is locked to the slot %(slot)s.")
FREE_PLACES = gettext_noop(
    "Places in which %(session)s breaks no rule, as the other sessions stand now: %(free)d of %(places)d."
)
NOTHING_CHEAPER = gettext_noop(
    "None of them is better; the best other one is %(room)s in the slot %(slot)s, where the wishes cost"
    " %(more)d more."
)
LEAVES_ITS_PLACE = gettext_noop(
    "None of them is better; in the best other one, %(room)s in the slot %(slot)s, the session would leave"
    " the place that is published."
)
MORE_EMPTY_SEATS = gettext_noop(
    "None of them is better; in the best other one, %(room)s in the slot %(slot)s, the wishes cost as much"
    " and more seats stay empty."
)
FEWER_EMPTY_SEATS = gettext_noop(
    "%(room)s in the slot %(slot)s would be better: the wishes cost as much and fewer seats stay empty."
)
AS_GOOD = gettext_noop("%(room)s in the slot %(slot)s is as good.")
CHEAPER = gettext_noop("%(room)s in the slot %(slot)s would be better: the wishes cost %(less)d less there.")
ONLY_PLACE = gettext_noop("It is the only one.")
FALLEN_AWAY = {
    "fits-slots": gettext_noop("Places lost because the session is too long for the slots there: %(count)d."),
    "person-available": gettext_noop("Places lost because somebody is not available: %(count)d."),
    "locked-slot": gettext_noop("Places lost because the session is locked to another slot: %(count)d."),
    "locked-room": gettext_noop("Places lost because the session is locked to another room: %(count)d."),
    "room-large-enough": gettext_noop("Places lost because the room is too small: %(count)d."),
    "room-has-service": gettext_noop("Places lost because the room lacks a service: %(count)d."),
    "room-open": gettext_noop("Places lost because the room is closed: %(count)d."),
    "room-clash": gettext_noop("Places lost because another session stands there: %(count)d."),
    "person-clash": gettext_noop("Places lost because somebody is in another session: %(count)d."),
    "person-pause": gettext_noop(
        "Places lost because somebody would lack a pause or time to walk: %(count)d."
    ),
    "exclusive": gettext_noop("Places lost because a session that excludes it is at that time: %(count)d."),
    "comes-after": gettext_noop("Places lost because of the order of sessions: %(count)d."),
    "series-on-one-day": gettext_noop("Places lost because its series belongs on one day: %(count)d."),
    "organiser-day": gettext_noop("Places lost because its organizer has enough on that day: %(count)d."),
    "lines-must-spread": gettext_noop(
        "Places lost because its action line has its even share on that day: %(count)d."
    ),
    "groups-must-spread": gettext_noop(
        "Places lost because a stakeholder group on its stage has its even share on that day: %(count)d."
    ),
}


@dataclass(frozen=True, slots=True)
class PossibleMove:
    """A place for the session: what forbids it, and its cost compared with now."""

    slot: str
    room: str
    hard: tuple[Violation, ...]
    cost: int  # of the wishes about time, relative to now, or to not being placed
    fit: int
    moved: int  # published sessions away from their place, relative to now


@dataclass(frozen=True, slots=True)
class PlaceReasons:
    """Why a session is where it is, in sentences, with what is wrong there."""

    reasons: tuple[TimetableReason, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class MoveEffect:
    """The effect of a move: rules broken, wishes broken and satisfied, cost."""

    hard: tuple[Violation, ...]
    brings: tuple[Violation, ...]
    ends: tuple[Violation, ...]
    cost: int
    fit: int
    moved: int


def moves(
    problem: TimetableProblem, placements: Sequence[PlacementSpec], session: str
) -> tuple[PossibleMove, ...]:
    """Return every slot with every room, in order of time and of the problem's rooms.

    Raises `TimetableFault` for unknown sessions, slots and rooms. Only hard rules that involve the
    session count.
    """
    weighing = SessionWeighing(problem, placements, session)
    return tuple(weighing.moves())


def why_not(
    problem: TimetableProblem, placements: Sequence[PlacementSpec], session: str, slot: str, room: str
) -> MoveEffect:
    """Return what would change if the session were at this place instead."""
    others = [one for one in placements if one.session != session]
    now, then = (
        evaluate(problem, placements),
        evaluate(problem, [*others, PlacementSpec(session, slot, room)]),
    )
    brings, ends = counted(then.violations), counted(now.violations)
    added = [one for one in then.violations if brings[one_of(one)] > ends[one_of(one)]]
    gone = [one for one in now.violations if ends[one_of(one)] > brings[one_of(one)]]
    return MoveEffect(
        hard=tuple(one for one in added if one.tier is Tier.HARD),
        brings=tuple(one for one in added if one.tier is not Tier.HARD),
        ends=tuple(gone),
        cost=then.score.wishes - now.score.wishes,
        fit=then.score.fit - now.score.fit,
        moved=then.score.moved - now.score.moved,
    )


def counted(violations: Collection[Violation]) -> Counter[Hashable]:
    return Counter(one_of(one) for one in violations)


def one_of(violation: Violation) -> Hashable:
    """Return a key that is equal for equal violations."""
    params = tuple(sorted(violation.reason.params.items()))
    return (violation.rule, violation.amount, violation.sessions, violation.people, violation.rooms, params)


def why_placed(problem: TimetableProblem, placements: Sequence[PlacementSpec], session: str) -> PlaceReasons:
    """Return why the session is where it is and not at a better place, given the others."""
    weighing = SessionWeighing(problem, placements, session)
    here = weighing.here
    if here is None:
        return PlaceReasons((TimetableReason(NOT_PLACED, {"session": session}),), ())
    every = list(weighing.moves())
    violations = tuple(one for one in evaluate(problem, placements).violations if session in one.sessions)
    return PlaceReasons(tuple(reasons_for(weighing.session, weighing.place(here), every)), violations)


def reasons_for(
    session: SessionSpec, here: tuple[str, str], every: Sequence[PossibleMove]
) -> Iterator[TimetableReason]:
    if session.locked is not None:
        yield TimetableReason(LOCKED_HERE, {"session": session.id, "slot": session.locked.slot})
    free = [move for move in every if not move.hard]
    yield TimetableReason(FREE_PLACES, {"session": session.id, "free": len(free), "places": len(every)})
    others = [move for move in free if (move.slot, move.room) != here]
    if others:
        yield comparison(min(others, key=lambda move: (move.moved, move.cost, move.fit)))
    elif free:
        yield TimetableReason(ONLY_PLACE, {})
    # a place counts for the first rule that forbids it, so that each is counted once
    fallen = Counter(move.hard[0].rule for move in every if move.hard)
    for rule, count in sorted(fallen.items(), key=lambda entry: (-entry[1], entry[0])):
        yield TimetableReason(FALLEN_AWAY[rule], {"count": count})


def comparison(best: PossibleMove) -> TimetableReason:
    place: dict[str, str | int] = {"room": best.room, "slot": best.slot}
    if best.moved > 0:
        return TimetableReason(LEAVES_ITS_PLACE, place)
    if best.cost > 0:
        return TimetableReason(NOTHING_CHEAPER, {**place, "more": best.cost})
    if best.cost < 0:
        return TimetableReason(CHEAPER, {**place, "less": -best.cost})
    if best.fit:
        return TimetableReason(MORE_EMPTY_SEATS if best.fit > 0 else FEWER_EMPTY_SEATS, place)
    return TimetableReason(AS_GOOD, place)


class SessionWeighing:
    """One session against the others: these are processed once, then every place is evaluated."""

    def __init__(self, problem: TimetableProblem, placements: Sequence[PlacementSpec], session: str) -> None:
        self.layout = layout = Layout(problem)
        if session not in layout.sessions:
            raise TimetableFault(UNKNOWN_SESSION, {"id": session})
        self.session = layout.sessions[session]
        self.book = Rulebook(problem)
        placed = [layout.placed(placement) for placement in placements]
        self.here = next((one for one in placed if one.session.id == session), None)
        self.others = {one.session.id: one for one in placed if one.session.id != session}
        self.at: dict[int, list[PlacedSession]] = defaultdict(list)
        for one in self.others.values():
            for position in one.span.slots:
                self.at[position].append(one)
        self.partners = [
            (rule, first == session, self.others[second if first == session else first])
            for rule in (*self.book.order, self.book.pause)
            for first, second in rule.pairs(layout)
            if session in {first, second} and (second if first == session else first) in self.others
        ]
        self.paired = {
            second if first == session else first: count
            for (first, second), count in problem.pairs.items()
            if session in {first, second}
        }
        self.crowds = [
            (rule, self._crowds(rule))
            for rule in (*self.book.limits, *self.book.crowds, self.book.favourites)
            if rule.weight or rule.tier is Tier.HARD
        ]

    def _crowds(self, rule: CrowdRule) -> dict[tuple[str, Hashable], list[PlacedSession]]:
        """Return the other sessions in the crowds the session could join."""
        keys = set(rule.keys(self.layout, self.session))
        crowds: dict[tuple[str, Hashable], list[PlacedSession]] = defaultdict(list)
        for one in self.others.values() if keys else ():
            for key in keys.intersection(rule.keys(self.layout, one.session)):
                for stretch in rule.stretches(one.span):
                    crowds[key, stretch].append(one)
        return crowds

    def place(self, placed: PlacedSession) -> tuple[str, str]:
        return self.layout.slots[placed.span.first].id, placed.room.id

    def moves(self) -> Iterator[PossibleMove]:
        cost, fit, away = 0, 0, self.away(None)
        if self.here is not None:
            cost = self.cost(self.here.span)
            fit = self.fit(self.here.room)
            away = self.away(self.here)
        fits = {room.id: self.fit(room) - fit for room in self.layout.problem.rooms}
        unsuitable = {
            room.id: [one for rule in self.book.room for one in rule.objections(self.session, room)]
            for room in self.layout.problem.rooms
        }
        for position in range(len(self.layout.slots)):
            span = self.layout.span(self.session, position)
            of_time = list(self.objections(span))
            more = self.cost(span) - cost
            for room in self.layout.problem.rooms:
                one = PlacedSession(self.session, span, room)
                of_place = self.in_room(one)
                yield PossibleMove(
                    slot=self.layout.slots[position].id,
                    room=room.id,
                    hard=(*of_time, *unsuitable[room.id], *of_place),
                    cost=more,
                    fit=fits[room.id],
                    moved=self.away(one) - away,
                )

    def objections(self, span: SessionSpan) -> Iterator[Violation]:
        """Yield what forbids the time, in any room."""
        for rule in self.book.time:
            yield from rule.objections(self.layout, self.session, span)
        one = PlacedSession(self.session, span, RoomSpec("", 0))
        for other in self.during(span):
            yield from self.book.person_clash.between(one, other)
            yield from self.book.exclusive.between(one, other)
        for crowd_rule, crowds in self.crowds:
            if crowd_rule.tier is Tier.HARD:
                for key, stretch, allowance in self.full(crowd_rule, crowds, span):
                    yield crowd_rule.crowd(key, self.layout, [*crowds[key, stretch], one], allowance)

    def in_room(self, one: PlacedSession) -> Iterator[Violation]:
        """Yield what forbids the room at this time."""
        yield from self.book.room_open.objections(self.layout, one.session, one.span, one.room)
        for other in self.during(one.span):
            if other.room.id == one.room.id:
                yield from self.book.room_clash.between(one, other)
        for rule, comes_first, other in self.partners:
            pair = (one, other) if comes_first else (other, one)
            yield from rule.objections(self.layout, *pair)

    def during(self, span: SessionSpan) -> list[PlacedSession]:
        return list({one.session.id: one for position in span.slots for one in self.at[position]}.values())

    def full(
        self, rule: CrowdRule, crowds: dict[tuple[str, Hashable], list[PlacedSession]], span: SessionSpan
    ) -> Iterator[tuple[str, Hashable, int]]:
        """Yield the crowds that are full."""
        for key in rule.keys(self.layout, self.session):
            allowance = rule.allowance(self.layout, key)
            for stretch in rule.stretches(span):
                if len(crowds.get((key, stretch), ())) >= allowance:
                    yield key, stretch, allowance

    def cost(self, span: SessionSpan) -> int:
        """Return the cost of the wishes about time with the session there, minus that without it."""
        unary = sum(
            one.cost
            for rule in self.book.comfort
            if rule.weight
            for one in rule.objections(self.layout, self.session, span)
        )
        crowded = sum(
            rule.weight
            for rule, crowds in self.crowds
            if rule.tier is Tier.WISH
            for _ in self.full(rule, crowds, span)
        )
        met = sum(self.paired.get(other.session.id, 0) for other in self.during(span))
        return unary + crowded + self.book.pairs.weight * met

    def fit(self, room: RoomSpec) -> int:
        return sum(one.cost for rule in self.book.fit for one in rule.objections(self.session, room))

    def away(self, placed: PlacedSession | None) -> int:
        """Return 1 if the session was published at another place."""
        published = self.layout.published.get(self.session.id)
        if published is None:
            return 0
        return int(placed is None or self.place(placed) != (published.slot, published.room))
