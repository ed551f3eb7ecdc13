"""Solve a problem: exact times with counted rooms, then exact rooms, then the evaluator."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from ortools.sat.python import cp_model

from muntada.engines.halt import Halt
from muntada.engines.timetable.draft import Placements, draft
from muntada.engines.timetable.effort import Effort, ReportEffort
from muntada.engines.timetable.evaluate import evaluate
from muntada.engines.timetable.explain import Obstacles
from muntada.engines.timetable.meetings import members
from muntada.engines.timetable.options import Options, mask
from muntada.engines.timetable.plan import PlanStatus, TimetablePlan, TimetableScore, UnplacedSpec
from muntada.engines.timetable.polish import Polish
from muntada.engines.timetable.problem import PlacementSpec, TimetableProblem
from muntada.engines.timetable.roomstage import Timed, assign_rooms
from muntada.engines.timetable.timestage import Needs, TimeChoices, TimeModel

EFFORT = 30.0  # deterministic seconds
MOST_ROUNDS = 40  # rounds of times and rooms; a handful is usual
MOST_CHOICES = 400_000  # session-time pairs: a larger model takes gigabytes, and only the draft is used
EARLY_SHARE = 0.5  # of the remaining effort, for the tiers before the wishes
STEPS_FIRST = 60  # of the first local search, per session: a second or two at 300 sessions
FIRST_SHARE = 0.2  # of the remaining effort, at most, for that search
BOUND_SHARE = 0.15  # for an exact model without some wishes, which only provides the bound
STEPS_LAST = 4000  # of the last local search, per session: more has not helped
LAST_SHARE = 0.85  # for the last local search
GONE = (-1, 0)  # a published place whose slot or room no longer exists
WISH_SHARE = 0.7  # of the remaining effort, so that another round is possible


def solve(
    problem: TimetableProblem,
    *,
    seed: int = 1,
    effort: float = EFFORT,
    report: ReportEffort | None = None,
    halt: Halt | None = None,
) -> TimetablePlan:
    """Place as many sessions as possible without breaking a hard rule, at the lowest cost of wishes.

    `effort` is in deterministic seconds. The same problem, seed and effort give the same timetable. The
    published timetable is ignored (see `repair`). Raises `TimetableFault` for an invalid problem.
    """
    return TimetableSearch(replace(problem, published=()), Effort(effort, seed, report, halt)).run()


@dataclass(frozen=True, slots=True)
class TierGoal:
    """A tier: what is minimized, its value for the current choices, and its lower bound."""

    name: str
    expression: cp_model.LinearExprT
    value: Callable[[TimeChoices], int]
    floor: int
    share: float


class TimetableSearch:
    def __init__(self, problem: TimetableProblem, effort: Effort) -> None:
        self.problem = problem
        self.effort = effort
        self.options = Options(problem)
        self.published = self._published()
        self.needs = Needs(first_sets(self.options), frozenset())
        self.standing: Placements = {}
        self.assessment = evaluate(problem, ())
        self.bound = (0, 0, 0, 0)

    def run(self) -> TimetablePlan:
        self.take(draft(self.options, self.published))
        choices = sum(map(len, self.options.starts))
        for _ in range(MOST_ROUNDS if choices <= MOST_CHOICES else 0):
            if self.effort.left <= 0 or self.bound == self.assessment.score[:4]:
                break
            if not self.round():
                break
        return self.plan()

    def _published(self) -> Placements:
        number_of = {session.id: number for number, session in enumerate(self.options.sessions)}
        room_of = {room.id: number for number, room in enumerate(self.options.rooms)}
        position_of = self.options.layout.position
        return {
            number_of[one.session]: (position_of[one.slot], room_of[one.room])
            if one.slot in position_of and one.room in room_of
            else GONE
            for one in self.problem.published
            if one.session in number_of
        }

    def round(self) -> bool:
        """Run times and rooms once; return whether the rooms taught the time model something new."""
        model = TimeModel(self.options, self.needs, self.published)
        chosen = self.choose_times(model)
        timed = [Timed(number, choice.start, choice.room) for number, choice in chosen.items()]
        rooming = assign_rooms(self.options, timed)
        standing = {
            number: (choice.position, rooming.rooms[number])
            for number, choice in chosen.items()
            if number in rooming.rooms
        }
        complete = len(standing) == len(chosen)
        self.take(standing if complete else draft(self.options, standing))
        learned = Needs(self.needs.sets | rooming.broken_sets, self.needs.roomed | rooming.to_name)
        again = learned != self.needs
        self.needs = learned
        return again

    def goals(self, model: TimeModel) -> list[TierGoal]:
        sessions = self.options.sessions
        everyone = range(len(sessions))
        locked = [number for number in everyone if sessions[number].locked is not None]
        return [
            self.presence("locks", model, locked),
            self.presence("places", model, everyone),
            TierGoal("moves", model.moved(), model.moved_of, model.moved_at_least(), EARLY_SHARE),
            TierGoal("wishes", model.wishes(), model.wishes_of, 0, WISH_SHARE),
        ]

    def presence(self, name: str, model: TimeModel, numbers: Sequence[int]) -> TierGoal:
        nowhere = max(
            sum(not self.options.starts[number] for number in numbers),
            len(numbers) - sum(rooms.bit_count() for rooms in self.options.open_rooms),
        )

        def absent(chosen: TimeChoices) -> int:
            return sum(number not in chosen for number in numbers)

        return TierGoal(name, model.absent(numbers), absent, nowhere, EARLY_SHARE)

    def choose_times(self, model: TimeModel) -> TimeChoices:
        """Solve tier after tier, each constrained by the results before it; wishes come last."""
        chosen = model.chosen(self.standing)
        bound: list[int] = []
        proved = True  # a bound is valid only if earlier tiers are settled
        *earlier, wishes = self.goals(model)
        for goal in earlier:
            lower = goal.floor
            if goal.value(chosen) > goal.floor and self.effort.left > 0:
                lower, chosen = self.minimise(model, goal, chosen)
            value = goal.value(chosen)
            bound.append(min(lower, value) if proved else goal.floor)
            proved = proved and bound[-1] == value
            model.model.add(goal.expression <= value)
        lower, chosen = self.meet_wishes(model, wishes, chosen, settled=proved)
        first, second, third = bound
        self.bound = max(self.bound, (first, second, third, lower if proved else wishes.floor))
        return chosen

    def minimise(
        self, model: TimeModel, goal: TierGoal, chosen: TimeChoices, *, silent: bool = False
    ) -> tuple[int, TimeChoices]:
        """Return the lower bound and the best choices found, at worst the current ones."""
        model.hint(chosen)
        model.model.minimize(goal.expression)

        def starts(holds: Callable[[cp_model.IntVar], bool]) -> dict[str, str]:
            return model.starts(model.taken(holds))

        seconds = self.effort.left * goal.share
        outcome = self.effort.run(model.model, goal.name, seconds, None if silent else starts)
        found = model.taken(outcome.holds) if outcome.found else chosen
        better = found if goal.value(found) <= goal.value(chosen) else chosen
        return max(goal.floor, outcome.bound), better

    def meet_wishes(
        self, model: TimeModel, goal: TierGoal, chosen: TimeChoices, *, settled: bool
    ) -> tuple[int, TimeChoices]:
        """Run a short local search, the exact model, and a long local search if nothing is proved.

        If the model leaves out wishes because there are too many, its choices are taken only if better by
        all wishes; its bound is valid in any case.
        """
        lower = goal.floor
        whole = model.complete
        search = Polish(model, self.needs, self.effort, bound=lower)
        chosen = search.improve(chosen, STEPS_FIRST, FIRST_SHARE)
        if search.cost > lower and self.effort.left > 0:
            exact = goal if whole else replace(goal, share=BOUND_SHARE)
            lower, found = self.minimise(model, exact, chosen, silent=not whole)
            chosen = search.better(found, chosen)
        search.bound = lower if settled else goal.floor
        if search.cost > lower and self.effort.left > 0:
            chosen = search.improve(chosen, STEPS_LAST, LAST_SHARE)
        return min(lower, search.cost), chosen

    def take(self, standing: Placements) -> None:
        """Keep it if the evaluator finds no broken hard rule and a better score."""
        assessment = evaluate(self.problem, self.placements(standing))
        if not assessment.hard and (not self.standing or assessment.score < self.assessment.score):
            self.standing, self.assessment = standing, assessment

    def placements(self, standing: Placements) -> tuple[PlacementSpec, ...]:
        return tuple(self.options.placement(number, *standing[number]) for number in sorted(standing))

    def rehouse(self) -> Placements:
        """Return the same times with the best rooms; sessions at their published place stay."""
        timed = [
            Timed(
                number,
                self.options.starts[number][position],
                room if place == self.published.get(number) else None,
            )
            for number, place in self.standing.items()
            for position, room in [place]
        ]
        rooms = assign_rooms(self.options, timed).rooms
        return {
            number: (position, rooms.get(number, room)) for number, (position, room) in self.standing.items()
        }

    def plan(self) -> TimetablePlan:
        self.take(self.rehouse())
        score = self.assessment.score
        bound = TimetableScore(*self.bound, fit=fit_floor(self.options, score.unplaced))
        numbers = {session.id: number for number, session in enumerate(self.options.sessions)}
        obstacles = Obstacles(self.options, self.standing)
        return TimetablePlan(
            placements=self.placements(self.standing),
            violations=self.assessment.violations,
            unplaced=tuple(
                UnplacedSpec(name, tuple(obstacles.why_unplaced(numbers[name])))
                for name in self.assessment.unplaced
            ),
            score=score,
            bound=bound,
            gap=gap(score, bound),
            status=PlanStatus.OPTIMAL if score[:4] == bound[:4] else PlanStatus.FEASIBLE,
            seed=self.effort.seed,
            effort=round(self.effort.spent, 3),
        )


def first_sets(options: Options) -> frozenset[int]:
    """Return the sets of rooms counted from the start: all, those with a service, those of a size."""
    rooms = list(enumerate(options.rooms))
    services = frozenset[str]().union(*(room.services for room in options.rooms))
    sizes = {room.seats for room in options.rooms}
    by_service = (mask(number for number, room in rooms if service in room.services) for service in services)
    by_size = (mask(number for number, room in rooms if room.seats >= size) for size in sizes)
    return frozenset({options.every_room, *by_service, *by_size})


def fit_floor(options: Options, unplaced: int) -> int:
    """Return a lower bound of the room cost: each session in its best room, the most expensive left out."""
    lowest = sorted(
        min((options.fit(number, room) for room in members(suitable)), default=0)
        for number, suitable in enumerate(options.suitable)
    )
    return sum(lowest[: len(lowest) - unplaced])


def gap(score: TimetableScore, bound: TimetableScore) -> float:
    for value, lower in zip(score[:4], bound[:4], strict=True):
        if value != lower:
            return (value - lower) / value
    return 0.0
