"""Which rules make it impossible to place all sessions: the smallest sets of them, proved, in words.

First what counting finds. Then one feasibility model in which every session must stand and every instance of
a rule (a person who is away, a person who cannot be twice, the rooms that suit, a lock, an order ...) can be
taken back by a literal of its own. A set of rules that cannot hold together comes from the assumptions of
CP-SAT; a deletion filter (Chinneck, Feasibility and Infeasibility in Optimization, 2008, section 2.3) takes
out each rule without which it still cannot, and what is left is solved once more by itself, in a model that
holds nothing else, before it is shown. What was blamed is taken back, and the search goes on for the next.
"""

from collections import defaultdict
from collections.abc import Collection, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ortools.sat.python import cp_model

from muntada.engines.reasons import gettext_noop, ngettext_noop
from muntada.engines.timetable.layout import Span
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options
from muntada.engines.timetable.plan import Reason
from muntada.engines.timetable.preflight import preflight
from muntada.engines.timetable.problem import Problem

EFFORT = 10.0  # deterministic seconds, for everything
MOST = 5  # sets of rules
FIRST_SHARE = 0.4

AWAY = gettext_noop("%(person)s is not available at some times.")
ONCE = gettext_noop("%(person)s cannot be in two of these sessions at once: %(sessions)s.")
PAUSE = ngettext_noop(
    "%(person)s needs %(minutes)d minute between two of these sessions: %(sessions)s.",
    "%(person)s needs %(minutes)d minutes between two of these sessions: %(sessions)s.",
)
EXCLUDE = gettext_noop("Of these sessions no two may be at the same time: %(sessions)s.")
LOCKED = gettext_noop("%(session)s is locked to the slot %(slot)s.")
ROOMS = gettext_noop("These sessions can only stand in these rooms: %(sessions)s; %(rooms)s.")
ORDER = gettext_noop("%(other)s is to start when %(session)s has ended.")
ONE_DAY = gettext_noop("%(session)s and %(other)s are to be on one day.")
LIMIT = ngettext_noop(
    "%(organiser)s may have at most %(most)d session on a day.",
    "%(organiser)s may have at most %(most)d sessions on a day.",
)


@dataclass(frozen=True, slots=True)
class Blame:
    """Rules that cannot all hold while all sessions stand; take back any one of them, and this set can.

    `counted` says that counting has found it: then the one reason is the whole of it.
    """

    reasons: tuple[Reason, ...]
    sessions: tuple[str, ...] = ()
    people: tuple[str, ...] = ()
    counted: bool = False


@dataclass(frozen=True, slots=True)
class Instance:
    """One rule about certain people or sessions, as it can be taken back."""

    kind: str
    key: Hashable
    reason: Reason = field(compare=False)
    sessions: tuple[str, ...] = field(default=(), compare=False)
    people: tuple[str, ...] = field(default=(), compare=False)


def blame(problem: Problem, *, effort: float = EFFORT) -> tuple[Blame, ...]:
    """Why not all sessions can be placed; nothing where they can, or where the effort is too short to tell.

    `effort` is in deterministic seconds, about as long as seconds of computing. The same problem and effort
    give the same answer.
    """
    counted = tuple(
        Blame((finding.reason,), finding.sessions, finding.people, counted=True)
        for finding in preflight(problem)
    )
    if counted or not problem.sessions:
        return counted
    return tuple(Court(problem, effort).sentences())


class Court:
    def __init__(self, problem: Problem, effort: float) -> None:
        self.options = Options(problem)
        self.absent = [absences(self.options, number) for number in range(len(problem.sessions))]
        self.left = effort

    def sentences(self) -> Iterator[Blame]:
        pardoned: set[Instance] = set()
        for _ in range(MOST):
            guilty = self.guilty(pardoned)
            if not guilty:
                return
            yield Blame(
                reasons=tuple(one.reason for one in guilty),
                sessions=tuple(dict.fromkeys(name for one in guilty for name in one.sessions)),
                people=tuple(dict.fromkeys(name for one in guilty for name in one.people)),
            )
            pardoned.update(guilty)

    def guilty(self, pardoned: Collection[Instance]) -> list[Instance]:
        """A smallest set of rules that cannot hold together, without those that were named already."""
        model = Model(self.options, self.absent, pardoned=pardoned)
        core = self.core(model, self.left * FIRST_SHARE)
        if not core:
            return []
        kept = list(core)
        for one in core:
            without = [other for other in kept if other != one]
            if self.impossible(without):
                kept = without
        return kept if self.impossible(kept) else []

    def core(self, model: "Model", seconds: float) -> list[Instance]:
        literals = list(model.literals.values())
        model.model.add_assumptions(literals)
        solver = self.solver(seconds)
        status = solver.solve(model.model)
        self.left -= solver.deterministic_time
        if status != cp_model.INFEASIBLE:
            return []
        named = {variable.index: one for one, variable in model.literals.items()}
        core = solver.sufficient_assumptions_for_infeasibility()
        return [named[index] for index in core if index in named]

    def impossible(self, rules: Sequence[Instance]) -> bool:
        """Whether these rules alone cannot hold, in a model that holds nothing else."""
        model = Model(self.options, self.absent, only=set(rules))
        solver = self.solver(max(0.0, self.left))
        status = solver.solve(model.model)
        self.left -= solver.deterministic_time
        return status == cp_model.INFEASIBLE

    def solver(self, seconds: float) -> cp_model.CpSolver:
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1  # with several there is no core (OR-tools 2563)
        solver.parameters.cp_model_presolve = False  # ten times as fast here, and no stray literals (5141)
        solver.parameters.max_deterministic_time = seconds
        return solver


def fitting(options: Options, number: int) -> dict[int, Span]:
    """Where a room that suits the session is open for all of it, whoever is away and whatever is locked."""
    session = options.sessions[number]
    spans = {at: options.layout.span(session, at) for at in range(len(options.layout.slots))}
    return {at: span for at, span in spans.items() if span.fits and options.rooms_for(number, span)}


def absences(options: Options, number: int) -> dict[str, list[int]]:
    """For each person of the session the starts at which the person is away."""
    lost: dict[str, list[int]] = defaultdict(list)
    session = options.sessions[number]
    for at, span in fitting(options, number).items():
        for violation in options.book.available.objections(options.layout, session, span):
            for person in violation.people:
                lost[person].append(at)
    return lost


class Model:
    """Every session somewhere, with the rules as instances: guarded all, or some of them for good."""

    def __init__(
        self,
        options: Options,
        absent: Sequence[Mapping[str, Sequence[int]]],
        *,
        pardoned: Collection[Instance] = (),
        only: Collection[Instance] | None = None,
    ) -> None:
        self.options = options
        self.layout = options.layout
        self.absent = absent
        self.pardoned = pardoned
        self.only = only
        self.model = cp_model.CpModel()
        self.literals: dict[Instance, cp_model.IntVar] = {}
        self.starts: list[dict[int, tuple[Span, cp_model.IntVar]]] = []
        for number, session in enumerate(options.sessions):
            spans = {at: self.layout.span(session, at) for at in range(len(self.layout.slots))}
            fitting = {
                at: span for at, span in spans.items() if span.fits and options.rooms_for(number, span)
            }
            self.starts.append({at: (span, self.model.new_bool_var("")) for at, span in fitting.items()})
            self.model.add_exactly_one(variable for _, variable in self.starts[number].values())
        self.covering: list[list[tuple[int, cp_model.IntVar]]] = [[] for _ in self.layout.slots]
        for number, starts in enumerate(self.starts):
            for span, variable in starts.values():
                for position in span.slots:
                    self.covering[position].append((number, variable))
        self.people()
        self.locks()
        self.meetings()
        self.limits()
        self.rooms()

    def concerned(self) -> list[int]:
        """The sessions that the rules speak of: if these cannot stand, then not all can."""
        everyone = enumerate(self.options.sessions)
        if self.only is None:
            return [number for number, _ in everyone]
        names = {name for one in self.only for name in one.sessions}
        people = {name for one in self.only for name in one.people}
        return [number for number, one in everyone if one.id in names or one.people & people]

    def guard(self, instance: Instance) -> list[cp_model.IntVar] | None:
        """The literal under which the rule holds; nothing where it always does, None where it is left out."""
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

    def people(self) -> None:
        held: dict[str, list[int]] = defaultdict(list)
        excluding: dict[str, list[int]] = defaultdict(list)
        for number, session in enumerate(self.options.sessions):
            for person in sorted(session.people):
                held[person].append(number)
            for name in sorted(session.exclusive):
                excluding[name].append(number)
        for person, numbers in held.items():
            self.absences(person, numbers)
            if len(numbers) > 1:
                self.once(person, numbers)
        for name, numbers in excluding.items():
            names = self.names(numbers)
            reason = Reason(EXCLUDE, {"sessions": ", ".join(names)})
            self.apart(Instance("exclusive", name, reason, names), numbers)

    def absences(self, person: str, numbers: Sequence[int]) -> None:
        instance = Instance("person-available", person, Reason(AWAY, {"person": person}), people=(person,))
        if self.applies(instance):
            starts = [(number, at) for number in numbers for at in self.absent[number].get(person, ())]
            self.forbid(
                instance, [self.starts[number][at][1] for number, at in starts if self.starts[number]]
            )

    def once(self, person: str, numbers: Sequence[int]) -> None:
        names = self.names(numbers)
        sessions = ", ".join(names)
        reason = Reason(ONCE, {"person": person, "sessions": sessions})
        self.apart(Instance("person-clash", person, reason, names, (person,)), numbers)
        pause = self.options.meetings.pause
        if pause:
            reason = Reason(PAUSE, {"person": person, "minutes": pause, "sessions": sessions})
            instance = Instance("person-pause", person, reason, names, (person,))
            held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
            for number in numbers:
                for span, variable in self.starts[number].values():
                    for position in self.options.meetings.held(span):
                        held[position].append(variable)
            for variables in held.values():
                self.at_most(instance, variables, 1)

    def apart(self, instance: Instance, numbers: Sequence[int]) -> None:
        held: dict[int, list[cp_model.IntVar]] = defaultdict(list)
        for number in numbers if self.applies(instance) else ():
            for span, variable in self.starts[number].values():
                for position in span.slots:
                    held[position].append(variable)
        for variables in held.values():
            self.at_most(instance, variables, 1)

    def names(self, numbers: Sequence[int]) -> tuple[str, ...]:
        return tuple(self.options.sessions[number].id for number in numbers)

    def locks(self) -> None:
        for number, session in enumerate(self.options.sessions):
            if session.locked is not None:
                reason = Reason(LOCKED, {"session": session.id, "slot": session.locked.slot})
                instance = Instance("locked-slot", session.id, reason, (session.id,))
                place = self.layout.position[session.locked.slot]
                self.forbid(
                    instance, [variable for at, (_, variable) in self.starts[number].items() if at != place]
                )

    def meetings(self) -> None:
        number_of = {session.id: number for number, session in enumerate(self.options.sessions)}
        for rule, sentence in zip(self.options.book.order, (ORDER, ONE_DAY), strict=True):
            for first, second in rule.pairs(self.layout):
                reason = Reason(sentence, {"session": first, "other": second})
                instance = Instance(rule.name, (first, second), reason, (first, second))
                ours, theirs = (
                    self.options.sessions[number_of[first]],
                    self.options.sessions[number_of[second]],
                )
                for span, variable in self.starts[number_of[first]].values():
                    against = [
                        other
                        for other_span, other in self.starts[number_of[second]].values()
                        if rule.forbids(self.layout, (ours, span), (theirs, other_span))
                    ]
                    if against:
                        self.at_most(instance, [variable, *against], 1)

    def limits(self) -> None:
        for rule in self.options.book.limits:
            held: dict[tuple[str, Hashable], list[cp_model.IntVar]] = defaultdict(list)
            sessions: dict[str, list[str]] = defaultdict(list)
            for number, session in enumerate(self.options.sessions):
                for key in sorted(rule.keys(self.layout, session)):
                    sessions[key].append(session.id)
                    for span, variable in self.starts[number].values():
                        for stretch in rule.stretches(span):
                            held[key, stretch].append(variable)
            for (key, _stretch), variables in held.items():
                most = rule.allowance(self.layout, key)
                reason = Reason(LIMIT, {"organiser": key, "most": most})
                self.at_most(Instance(rule.name, key, reason, tuple(sessions[key])), variables, most)

    def rooms(self) -> None:
        """By each set of rooms that suits some session: those who can stand nowhere else, in each slot."""
        options = self.options
        for rooms in sorted(set(options.suitable), key=lambda rooms: (rooms.bit_count(), rooms)):
            tied = {number for number, suitable in enumerate(options.suitable) if suitable & ~rooms == 0}
            names = self.names(sorted(tied))
            params = {
                "sessions": ", ".join(names),
                "rooms": ", ".join(options.rooms[room].id for room in members(rooms)),
            }
            instance = Instance("rooms", rooms, Reason(ROOMS, params), names)
            for position, covering in enumerate(self.covering):
                inside = [variable for number, variable in covering if number in tied]
                capacity = (rooms & options.open_rooms[position]).bit_count()
                if len(inside) > capacity:
                    self.at_most(instance, inside, capacity)
