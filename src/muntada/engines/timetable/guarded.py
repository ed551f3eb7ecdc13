"""A feasibility model with every session placed, in which every instance of a rule can be disabled.

Rooms are counted: the sessions that fit only these rooms are at most as many as the open ones.
Where counting is too weak (a session over several slots keeps its room, a person walks between
buildings), sessions choose rooms explicitly, each bound to its choice by an instance.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, Start
from muntada.engines.timetable.plan import TimetableReason
from muntada.engines.timetable.timestage import Needs, TimeChoice

AWAY = gettext_noop("%(person)s is not available at some times.")
ONCE = gettext_noop("%(person)s cannot be in two of these sessions at once: %(sessions)s.")
PAUSE = ngettext_noop(
    "%(person)s needs %(minutes)d minute between two of these sessions: %(sessions)s.",
    "%(person)s needs %(minutes)d minutes between two of these sessions: %(sessions)s.",
)
WALK = gettext_noop("%(people)s: time is needed to walk between the rooms of %(session)s and %(other)s.")
EXCLUDE = gettext_noop("Of these sessions no two may be at the same time: %(sessions)s.")
LOCKED = gettext_noop("%(session)s is locked to the slot %(slot)s.")
ROOMS = gettext_noop("These sessions can only stand in these rooms: %(sessions)s; %(rooms)s.")
ROOMS_OPEN = gettext_noop(
    "At some times, when others are closed, these sessions can only stand in these rooms: %(sessions)s;"
    " %(rooms)s."
)
STAYS = ngettext_noop(
    "%(session)s fills %(count)d slot and needs one room for it: %(rooms)s.",
    "%(session)s fills %(count)d slots and needs the same room for all of them: %(rooms)s.",
)
ORDER = gettext_noop("%(other)s is to start when %(session)s has ended.")
ONE_DAY = gettext_noop("%(session)s and %(other)s are to be on one day.")
LIMIT = ngettext_noop(
    "%(organiser)s may have at most %(most)d session on a day.",
    "%(organiser)s may have at most %(most)d sessions on a day.",
)
# For each limit per day: the name of the rule, and the parameter for its holder.
LIMITS: dict[str, tuple[str, str]] = {
    "organiser-day": (LIMIT, "organiser"),
    "lines-must-spread": (
        ngettext_noop(
            "On a day at most %(most)d session may be on the line %(line)s, an even share.",
            "On a day at most %(most)d sessions may be on the line %(line)s, an even share.",
        ),
        "line",
    ),
    "groups-must-spread": (
        ngettext_noop(
            "On a day at most %(most)d session may have %(group)s on stage, an even share.",
            "On a day at most %(most)d sessions may have %(group)s on stage, an even share.",
        ),
        "group",
    ),
}


@dataclass(frozen=True, slots=True)
class Instance:
    """A rule about certain people or sessions, as one unit that can be disabled."""

    kind: str
    key: Hashable
    reason: TimetableReason = field(compare=False)
    sessions: tuple[str, ...] = field(default=(), compare=False)
    people: tuple[str, ...] = field(default=(), compare=False)


class FixedRules:
    """The options left to each session by rules that are never disabled, ignoring absences and locks."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.starts = [self._starts(number) for number in range(len(options.sessions))]
        self.absent = [self._absences(number) for number in range(len(options.sessions))]
        self.number_of = {session.id: number for number, session in enumerate(options.sessions)}
        self._soon: dict[tuple[int, int, int], list[int]] = {}

    def _starts(self, number: int) -> dict[int, Start]:
        """Return the positions where a suitable room is open for the whole session."""
        options = self.options
        session = options.sessions[number]
        spans = [options.layout.span(session, at) for at in range(len(options.layout.slots))]
        roomed = ((span, options.rooms_for(number, span)) for span in spans if span.fits)
        return {span.first: Start(span, rooms, 0) for span, rooms in roomed if rooms}

    def _absences(self, number: int) -> dict[str, list[int]]:
        """Return, for each person of the session, the starts at which the person is absent."""
        lost: dict[str, list[int]] = defaultdict(list)
        options = self.options
        for at, start in self.starts[number].items():
            for violation in options.book.available.objections(
                options.layout, options.sessions[number], start.span
            ):
                for person in violation.people:
                    lost[person].append(at)
        return lost

    def soon(self, first: int, position: int, second: int) -> list[int]:
        """Return the positions of the second session that are close enough for a walk to matter."""
        sessions, layout = self.options.sessions, self.options.layout
        key = (sessions[first].minutes, position, sessions[second].minutes)
        if key not in self._soon:
            longest = max(self.options.problem.walks.values(), default=0)
            ours = layout.span(sessions[first], position)
            spans = [layout.span(sessions[second], at) for at in range(len(layout.slots))]
            self._soon[key] = [
                span.first
                for span in spans
                if not ours.shares_slot_with(span) and ours.minutes_to(span) < longest
            ]
        return self._soon[key]


class Guarded:
    """The model; the instances are guarded by literals, or enforced."""

    def __init__(
        self,
        ground: FixedRules,
        needs: Needs,
        *,
        pardoned: Collection[Instance] = (),
        only: Collection[Instance] | None = None,
    ) -> None:
        self.ground = ground
        self.options = ground.options
        self.layout = ground.options.layout
        self.pardoned = pardoned
        self.only = only
        self.model = cp_model.CpModel()
        self.literals: dict[Instance, cp_model.IntVar] = {}
        self.choices = [list(self._choices(number, needs)) for number in range(len(self.options.sessions))]
        self.covering: list[list[tuple[int, TimeChoice]]] = [[] for _ in self.layout.slots]
        for number, choices in enumerate(self.choices):
            self.model.add_exactly_one(choice.taken for choice in choices)
            for choice in choices:
                for position in choice.start.span.slots:
                    self.covering[position].append((number, choice))
        self._people()
        self._locks()
        self._meetings()
        self._walks()
        self._limits()
        self._rooms(needs)
        self._one_at_a_time()

    def _choices(self, number: int, needs: Needs) -> Iterator[TimeChoice]:
        """Yield times without a room or, for a session bound to its room, times with each room."""
        starts = self.ground.starts[number].values()
        guard = self.guard(self._stays(number)) if number in needs.roomed else None
        if guard is None or guard:
            for start in starts:
                choice = TimeChoice(start, None, self.model.new_bool_var(""))
                if guard:
                    self.model.add_implication(guard[0], ~choice.taken)
                yield choice
        if guard is not None:
            for start in starts:
                for room in members(start.rooms):
                    yield TimeChoice(start, room, self.model.new_bool_var(""))

    def _stays(self, number: int) -> Instance:
        session = self.options.sessions[number]
        slots = max((len(start.span.slots) for start in self.ground.starts[number].values()), default=1)
        params: dict[str, str | int] = {
            "session": session.id,
            "count": slots,
            "rooms": ", ".join(
                self.options.rooms[room].id for room in members(self.options.suitable[number])
            ),
        }
        return Instance("stays-in-room", session.id, TimetableReason(STAYS, params), (session.id,))

    def guard(self, instance: Instance) -> list[cp_model.IntVar] | None:
        """Return the literals under which the rule holds; [] if it always holds, None if left out."""
        if not self.applies(instance):
            return None
        if self.only is not None:
            return []
        if instance not in self.literals:
            self.literals[instance] = self.model.new_bool_var("")
        return [self.literals[instance]]

    def applies(self, instance: Instance) -> bool:
        return instance not in self.pardoned if self.only is None else instance in self.only

    def forbid(self, instance: Instance, variables: Sequence[cp_model.IntVar]) -> None:
        guard = self.guard(instance) if variables else None
        if guard is not None:
            for variable in variables:
                self.model.add_implication(guard[0], ~variable) if guard else self.model.add(variable == 0)

    def at_most(self, instance: Instance, variables: Sequence[cp_model.IntVar], most: int) -> None:
        guard = self.guard(instance)
        if guard is not None:
            self.model.add(sum(variables) <= most).only_enforce_if(*guard)

    def names(self, numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.options.sessions[number].id for number in numbers)

    def _people(self) -> None:
        held: dict[str, list[int]] = defaultdict(list)
        excluding: dict[str, list[int]] = defaultdict(list)
        for number, session in enumerate(self.options.sessions):
            for person in sorted(session.people):
                held[person].append(number)
            for name in sorted(session.exclusive):
                excluding[name].append(number)
        for person, numbers in held.items():
            self._absences(person, numbers)
            if len(numbers) > 1:
                self._once(person, numbers)
        for name, numbers in excluding.items():
            names = self.names(numbers)
            reason = TimetableReason(EXCLUDE, {"sessions": ", ".join(names)})
            self._apart(Instance("exclusive", name, reason, names), numbers)

    def _absences(self, person: str, numbers: Sequence[int]) -> None:
        instance = Instance(
            "person-available", person, TimetableReason(AWAY, {"person": person}), people=(person,)
        )
        if self.applies(instance):
            lost = {number: set(self.ground.absent[number].get(person, ())) for number in numbers}
            away = [
                choice.taken
                for number in numbers
                for choice in self.choices[number]
                if choice.position in lost[number]
            ]
            self.forbid(instance, away)

    def _once(self, person: str, numbers: Sequence[int]) -> None:
        names = self.names(numbers)
        sessions = ", ".join(names)
        reason = TimetableReason(ONCE, {"person": person, "sessions": sessions})
        self._apart(Instance("person-clash", person, reason, names, (person,)), numbers)
        pause = self.options.meetings.pause
        if pause:
            reason = TimetableReason(PAUSE, {"person": person, "minutes": pause, "sessions": sessions})
            instance = Instance("person-pause", person, reason, names, (person,))
            held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            for number in numbers:
                for choice in self.choices[number]:
                    for position in self.options.meetings.held(choice.start.span):
                        held[position].append(choice.taken)
            for variables in held.values():
                self.at_most(instance, variables, 1)

    def _apart(self, instance: Instance, numbers: Sequence[int]) -> None:
        held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for number in numbers if self.applies(instance) else ():
            for choice in self.choices[number]:
                for position in choice.start.span.slots:
                    held[position].append(choice.taken)
        for variables in held.values():
            self.at_most(instance, variables, 1)

    def _locks(self) -> None:
        for number, session in enumerate(self.options.sessions):
            if session.locked is not None:
                reason = TimetableReason(LOCKED, {"session": session.id, "slot": session.locked.slot})
                instance = Instance("locked-slot", session.id, reason, (session.id,))
                place = self.layout.position[session.locked.slot]
                elsewhere = [choice.taken for choice in self.choices[number] if choice.position != place]
                self.forbid(instance, elsewhere)

    def _meetings(self) -> None:
        for rule, sentence in zip(self.options.book.order, (ORDER, ONE_DAY), strict=True):
            for first, second in rule.pairs(self.layout):
                reason = TimetableReason(sentence, {"session": first, "other": second})
                instance = Instance(rule.name, (first, second), reason, (first, second))
                ours, theirs = self.ground.number_of[first], self.ground.number_of[second]
                for choice in self.choices[ours]:
                    against = [
                        other.taken
                        for other in self.choices[theirs]
                        if rule.forbids(
                            self.layout,
                            (self.options.sessions[ours], choice.start.span),
                            (self.options.sessions[theirs], other.start.span),
                        )
                    ]
                    if against:
                        self.at_most(instance, [choice.taken, *against], 1)

    def _walks(self) -> None:
        """Forbid choices between which nobody can walk in time, where rooms are known."""
        for first, second in self.options.meetings.walkers:
            instance = self._walk(first, second)
            if not self.applies(instance):
                continue
            at: dict[int, list[TimeChoice]] = defaultdict(list)
            for choice in self.choices[second]:
                at[choice.position].append(choice)
            for ours in self.choices[first]:
                theirs = [
                    choice.taken
                    for position in self.ground.soon(first, ours.position, second)
                    for choice in at[position]
                    if self.options.meetings.too_far(
                        ours.start.span, ours.rooms, choice.start.span, choice.rooms
                    )
                ]
                if theirs:
                    self.at_most(instance, [ours.taken, *theirs], 1)

    def _walk(self, first: int, second: int) -> Instance:
        ours, theirs = self.options.sessions[first], self.options.sessions[second]
        people = tuple(sorted(filter(self.layout.goes_there, ours.people & theirs.people)))
        reason = TimetableReason(WALK, {"people": ", ".join(people), "session": ours.id, "other": theirs.id})
        return Instance("person-walk", (ours.id, theirs.id), reason, (ours.id, theirs.id), people)

    def _limits(self) -> None:
        for rule in self.options.book.limits:
            held: dict[tuple[str, Hashable], list[cp_model.IntVar]] = defaultdict(list)
            sessions: dict[str, list[str]] = defaultdict(list)
            for number, session in enumerate(self.options.sessions):
                for key in sorted(rule.keys(self.layout, session)):
                    sessions[key].append(session.id)
                    for choice in self.choices[number]:
                        for stretch in rule.stretches(choice.start.span):
                            held[key, stretch].append(choice.taken)
            for (key, _stretch), variables in held.items():
                most = rule.allowance(self.layout, key)
                sentence, holder = LIMITS[rule.name]
                reason = TimetableReason(sentence, {holder: key, "most": most})
                self.at_most(Instance(rule.name, key, reason, tuple(sessions[key])), variables, most)

    def _rooms(self, needs: Needs) -> None:
        """Count, for each set of suitable rooms and each slot, the sessions that fit nowhere else."""
        named = {
            1 << choice.room for choices in self.choices for choice in choices if choice.room is not None
        }
        sets = {*self.options.suitable, *needs.sets, *named}
        for rooms in sorted(sets, key=lambda rooms: (rooms.bit_count(), rooms)):
            instance = self._tied(rooms)
            for position, covering in enumerate(self.covering) if self.applies(instance) else ():
                inside = [choice for _, choice in covering if choice.rooms & ~rooms == 0]
                capacity = (rooms & self.options.open_rooms[position]).bit_count()
                if len(inside) > capacity and any(choice.room is None for choice in inside):
                    self.at_most(instance, [choice.taken for choice in inside], capacity)

    def _tied(self, rooms: int) -> Instance:
        tied = [
            number
            for number, starts in enumerate(self.ground.starts)
            if any(start.rooms & ~rooms == 0 for start in starts.values())
        ]
        always = all(self.options.suitable[number] & ~rooms == 0 for number in tied)
        names = self.names(tied)
        params = {
            "sessions": ", ".join(names),
            "rooms": ", ".join(self.options.rooms[room].id for room in members(rooms)),
        }
        return Instance("rooms", rooms, TimetableReason(ROOMS if always else ROOMS_OPEN, params), names)

    def _one_at_a_time(self) -> None:
        """A room chosen explicitly holds one session at a time; this is no rule that could be disabled."""
        for covering in self.covering:
            held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            for _, choice in covering:
                if choice.room is not None:
                    held[choice.room].append(choice.taken)
            for variables in held.values():
                self.model.add_at_most_one(variables)
