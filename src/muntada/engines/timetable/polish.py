"""The local search between the exact stages."""

from collections.abc import Mapping, Sequence

from muntada.engines.timetable.anneal import Annealer, SearchState
from muntada.engines.timetable.deltas import Deltas
from muntada.engines.timetable.effort import Effort
from muntada.engines.timetable.plan import SearchProgress
from muntada.engines.timetable.timestage import Needs, TimeChoices, TimeModel

STEP, STEP_BY_SESSION = 50e-6, 60e-9  # deterministic seconds per step, measured on a typical machine
TELL_EVERY = 4096  # steps between reports


class Polish:
    """Improves choices by all wishes about time, including those the exact model leaves out."""

    def __init__(self, model: TimeModel, needs: Needs, effort: Effort, *, bound: int) -> None:
        self.model = model
        self.options = model.options
        self.needs = needs
        self.effort = effort
        self.bound = bound
        self.cost = 0

    def improve(self, chosen: TimeChoices, steps: int, share: float) -> TimeChoices:
        """Search for `steps` per session, or for `share` of the remaining time, whichever is less."""
        named = {number: choice.room for number, choice in chosen.items() if choice.room is not None}
        deltas = self.deltas(chosen, named)
        self.cost = round(deltas.total)
        step = STEP + STEP_BY_SESSION * len(chosen)
        affordable = int(self.effort.left * share / step)
        movable = [number for number in chosen if number not in named]
        annealer = Annealer(deltas, movable, self.effort.seed)
        told = self.cost
        start = self.effort.clock

        def watch(standing: SearchState) -> bool:
            nonlocal told
            halted = self.effort.halt.called or standing.best <= self.bound
            news = standing.best < told or standing.step % TELL_EVERY == 0
            if news and standing.step and not self.effort.halt.called:
                told = standing.best
                clock, since = start + standing.step * step, standing.since * step
                starts = self.starts(chosen, named, standing.best_places.tolist())
                self.effort.tell(
                    SearchProgress("wishes", standing.best, self.bound, clock, since, standing.since, starts)
                )
            return halted

        settled = annealer.run(min(affordable, steps * len(movable)), watch)
        self.effort.spend(settled.steps * step)
        self.cost = settled.cost
        return {
            number: choice if number in named else self.model.choice_at(number, settled.places[number])
            for number, choice in chosen.items()
        }

    def starts(self, chosen: TimeChoices, named: Mapping[int, int], places: Sequence[int]) -> dict[str, str]:
        """Return the start slots at these places; sessions with a fixed room do not move."""
        slots = self.options.layout.slots
        return {
            self.options.sessions[number].id: slots[choice.position if number in named else places[number]].id
            for number, choice in chosen.items()
        }

    def better(self, found: TimeChoices, chosen: TimeChoices) -> TimeChoices:
        """Return the choices with the lower cost of all wishes."""
        cost = round(self.deltas(found, {}).total)
        if cost > self.cost:
            return chosen
        self.cost = cost
        return found

    def deltas(self, chosen: TimeChoices, named: Mapping[int, int]) -> Deltas:
        sets = self.needs.sets | {1 << room for room in named.values()}
        stands = {number: choice.position for number, choice in chosen.items()}
        return Deltas(self.options, stands, sorted(sets), named)
