"""The exact model of time: the start slot of each session, with rooms only counted.

For a set of rooms, the sessions that fit nowhere else are never more than its open rooms (Hall's
condition, for given sets and for sets the room stage finds violated). Some choices include a room:
in a repair the published place, and all rooms of sessions over several slots once counting proved
too weak for them.
"""

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ortools.sat.python import cp_model

from muntada.engines.timetable.draft import Placements
from muntada.engines.timetable.layout import SessionSpan
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, Start
from muntada.engines.timetable.rules.forms import CrowdRule

HEAVIEST_PAIRS = (
    1000  # attendees: one boolean each; the evaluator counts all, and the bound is valid without the others
)

type TimeChoices = Mapping[int, "TimeChoice"]


@dataclass(frozen=True, slots=True, eq=False)
class TimeChoice:
    start: Start
    room: int | None
    taken: cp_model.IntVar

    @property
    def position(self) -> int:
        return self.start.span.first

    @property
    def rooms(self) -> int:
        return self.start.rooms if self.room is None else 1 << self.room


@dataclass(frozen=True, slots=True)
class SlotCrowd:
    beyond: cp_model.IntVar
    weight: int
    allowance: int
    choices: tuple[tuple[int, TimeChoice], ...]

    def excess(self, chosen: TimeChoices) -> int:
        return max(0, sum(chosen.get(number) is choice for number, choice in self.choices) - self.allowance)


@dataclass(frozen=True, slots=True)
class SessionPair:
    meet: cp_model.IntVar
    first: int
    second: int
    cost: int

    def meets(self, chosen: TimeChoices) -> bool:
        ours, theirs = chosen.get(self.first), chosen.get(self.second)
        return ours is not None and theirs is not None and ours.start.span.shares_slot_with(theirs.start.span)


@dataclass(frozen=True, slots=True)
class Needs:
    """What the room stage has taught: sets of rooms to count, and sessions that must choose a room."""

    sets: frozenset[int]
    roomed: frozenset[int]


class TimeModel:
    def __init__(self, options: Options, needs: Needs, published: Placements) -> None:
        self.options = options
        self.model = cp_model.CpModel()
        self.published = published
        self.choices = [list(self._choices(number, needs)) for number in range(len(options.sessions))]
        self.covering: list[list[tuple[int, TimeChoice]]] = [[] for _ in options.layout.slots]
        for number, choices in enumerate(self.choices):
            self.model.add_at_most_one(choice.taken for choice in choices)
            for choice in choices:
                for position in choice.start.span.slots:
                    self.covering[position].append((number, choice))
        self.holding = self._held(lambda span: span.slots)
        self._people()
        self._order()
        self._walks()
        self._rooms(needs)
        self._limits()
        self.crowds = list(self._crowds())
        self.pairs = list(self._pairs())
        wishing = sum(bool(count) for count in options.problem.pairs.values()) * options.book.pairs.weight
        self.complete = options.counts_favourites and wishing <= HEAVIEST_PAIRS * options.book.pairs.weight

    def _choices(self, number: int, needs: Needs) -> Iterator[TimeChoice]:
        position, room = self.published.get(number, (-1, -1))
        for start in self.options.starts[number].values():
            rooms: list[int | None] = []
            if number in needs.roomed:
                rooms.extend(members(start.rooms))
            else:
                rooms.append(None)
                if start.span.first == position and start.rooms >> room & 1:
                    rooms.append(room)
            for choice in rooms:
                yield TimeChoice(start, choice, self.model.new_bool_var(""))

    def _people(self) -> None:
        meetings = self.options.meetings
        self._apart(meetings.excluding, self.holding)
        resting = self._held(meetings.held) if meetings.pause else self.holding
        self._apart(meetings.people, resting)

    def _held(self, slots: Callable[[SessionSpan], Iterable[int]]) -> list[dict[int, list[cp_model.IntVar]]]:
        """Return, for each session and slot, the choices that occupy the slot."""
        holding: list[dict[int, list[cp_model.IntVar]]] = [{} for _ in self.choices]
        for number, choices in enumerate(self.choices):
            for choice in choices:
                for position in slots(choice.start.span):
                    holding[number].setdefault(position, []).append(choice.taken)
        return holding

    def _apart(self, groups: list[tuple[int, ...]], holding: list[dict[int, list[cp_model.IntVar]]]) -> None:
        """At most one session of each group occupies a slot."""
        for group in groups:
            for position in range(len(self.covering)):
                holders = [holding[number][position] for number in group if position in holding[number]]
                if len(holders) > 1:
                    self.model.add_at_most_one(taken for held in holders for taken in held)

    def _order(self) -> None:
        """Exclude starts for pairs that are kept apart by more than common people."""
        meetings = self.options.meetings
        for first, second in meetings.ordered:
            table = meetings.blocks[first][second]
            for position in self.options.starts[first]:
                ours = [choice.taken for choice in self.choices[first] if choice.position == position]
                theirs = [
                    choice.taken for choice in self.choices[second] if table[position] >> choice.position & 1
                ]
                if theirs:
                    self.model.add_at_most_one([*ours, *theirs])

    def _walks(self) -> None:
        """Forbid choices between which nobody can walk in time, where rooms are known."""
        meetings = self.options.meetings
        at: list[dict[int, list[TimeChoice]]] = [{} for _ in self.choices]
        for number, choices in enumerate(self.choices):
            for choice in choices:
                at[number].setdefault(choice.position, []).append(choice)
        for first, second in meetings.walkers:
            for ours in self.choices[first]:
                theirs = [
                    choice.taken
                    for position, minutes in meetings.near(first, second, ours.position)
                    for choice in at[second].get(position, ())
                    if minutes < meetings.least_walk(ours.rooms, choice.rooms)
                ]
                if theirs:
                    self.model.add_at_most_one([ours.taken, *theirs])

    def _limits(self) -> None:
        for rule in self.options.book.limits:
            for key, crowd in self._crowds_of(rule):
                allowance = rule.allowance(self.options.layout, key)
                if len({number for number, _ in crowd}) > allowance:
                    self.model.add(sum(choice.taken for _, choice in crowd) <= allowance)

    def _rooms(self, needs: Needs) -> None:
        named = {choice.room for choices in self.choices for choice in choices if choice.room is not None}
        sets = sorted(needs.sets | {1 << room for room in named})
        for position, covering in enumerate(self.covering):
            is_open = self.options.open_rooms[position]
            for rooms in sets:
                inside = [(number, choice.taken) for number, choice in covering if choice.rooms & ~rooms == 0]
                capacity = (rooms & is_open).bit_count()
                if len({number for number, _ in inside}) > capacity:
                    self.model.add(sum(variable for _, variable in inside) <= capacity)

    def _crowds(self) -> Iterator[SlotCrowd]:
        for rule in self.options.exact_crowds:
            for key, crowd in self._crowds_of(rule) if rule.weight else ():
                allowance = rule.allowance(self.options.layout, key)
                most = len({number for number, _ in crowd}) - allowance
                if most > 0:
                    beyond = self.model.new_int_var(0, most, "")
                    self.model.add(sum(choice.taken for _, choice in crowd) <= allowance + beyond)
                    yield SlotCrowd(beyond, rule.weight, allowance, tuple(crowd))

    def _crowds_of(self, rule: CrowdRule) -> Iterator[tuple[str, list[tuple[int, TimeChoice]]]]:
        """Yield, for each property and period, the choices in it."""
        options = self.options
        crowds: dict[tuple[str, Hashable], list[tuple[int, TimeChoice]]] = {}
        for number, choices in enumerate(self.choices):
            for key in sorted(rule.keys(options.layout, options.sessions[number])):
                for choice in choices:
                    for stretch in rule.stretches(choice.start.span):
                        crowds.setdefault((key, stretch), []).append((number, choice))
        for (key, _stretch), crowd in crowds.items():
            yield key, crowd

    def _pairs(self) -> Iterator[SessionPair]:
        weight = self.options.book.pairs.weight
        number_of = {session.id: number for number, session in enumerate(self.options.sessions)}
        wanted = [
            (pair, weight * count) for pair, count in self.options.problem.pairs.items() if weight * count
        ]
        wanted.sort(key=lambda entry: -entry[1])
        for (first, second), cost in wanted[:HEAVIEST_PAIRS]:
            pair = SessionPair(self.model.new_bool_var(""), number_of[first], number_of[second], cost)
            for position, ours in self.holding[pair.first].items():
                theirs = self.holding[pair.second].get(position)
                if theirs:
                    self.model.add(sum(ours) + sum(theirs) <= 1 + pair.meet)
            yield pair

    # ---- objectives, tier after tier

    def absent(self, numbers: Collection[int]) -> cp_model.LinearExprT:
        """Return the number of these sessions that are not placed."""
        return len(numbers) - sum(choice.taken for number in numbers for choice in self.choices[number])

    def moved(self) -> cp_model.LinearExprT:
        kept = [
            choice.taken
            for number in self.published
            for choice in self.choices[number]
            if self.keeps(number, choice)
        ]
        return len(self.published) - sum(kept)

    def keeps(self, number: int, choice: TimeChoice) -> bool:
        return (choice.position, choice.room) == self.published.get(number)

    def moved_of(self, chosen: TimeChoices) -> int:
        return sum(
            number not in chosen or not self.keeps(number, chosen[number]) for number in self.published
        )

    def moved_at_least(self) -> int:
        """Return the number of published sessions that cannot stay in any timetable."""
        return sum(
            not any(self.keeps(number, choice) for choice in self.choices[number])
            for number in self.published
        )

    def wishes(self) -> cp_model.LinearExprT:
        every = [choice for choices in self.choices for choice in choices if choice.start.cost]
        starts = sum(choice.start.cost * choice.taken for choice in every)
        crowds = sum(crowd.weight * crowd.beyond for crowd in self.crowds)
        return starts + crowds + sum(pair.cost * pair.meet for pair in self.pairs)

    def wishes_of(self, chosen: TimeChoices) -> int:
        """Return the value of the objective above for these choices."""
        starts = sum(choice.start.cost for choice in chosen.values())
        crowds = sum(crowd.weight * crowd.excess(chosen) for crowd in self.crowds)
        return starts + crowds + sum(pair.cost for pair in self.pairs if pair.meets(chosen))

    # ---- between models and timetables

    def chosen(self, standing: Placements) -> TimeChoices:
        """Return the choices that make up this timetable."""
        found: dict[int, TimeChoice] = {}
        for number, (position, room) in standing.items():
            fitting = [choice for choice in self.choices[number] if choice.position == position]
            named = [choice for choice in fitting if choice.room == room]
            anywhere = [choice for choice in fitting if choice.room is None]
            found[number] = (named or anywhere)[0]
        return found

    def choice_at(self, number: int, position: int) -> TimeChoice:
        """Return the choice of this time without a room."""
        return next(
            choice for choice in self.choices[number] if choice.position == position and choice.room is None
        )

    def taken(self, holds: Callable[[cp_model.IntVar], bool]) -> TimeChoices:
        return {
            number: choice
            for number, choices in enumerate(self.choices)
            for choice in choices
            if holds(choice.taken)
        }

    def starts(self, chosen: TimeChoices) -> dict[str, str]:
        """Return the start slots of the sessions, by id."""
        slots = self.options.layout.slots
        return {self.options.sessions[number].id: slots[one.position].id for number, one in chosen.items()}

    def hint(self, chosen: TimeChoices) -> None:
        """Set every variable: CP-SAT silently drops a partial hint."""
        self.model.clear_hints()  # type: ignore[no-untyped-call]
        for number, choices in enumerate(self.choices):
            for choice in choices:
                self.model.add_hint(choice.taken, chosen.get(number) is choice)
        for crowd in self.crowds:
            self.model.add_hint(crowd.beyond, crowd.excess(chosen))
        for pair in self.pairs:
            self.model.add_hint(pair.meet, pair.meets(chosen))
