"""Refine a finished selection until every cost and price is exact or the effort is used.

The choice no longer changes; only the bounds of costs and prices get narrower. First each request
with only a rough bound is computed like the nearest ones; then open prices and costs take turns,
each with more effort than in the turn before.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace

from muntada.engines.selection.answer import Advance, Excluded, SelectionAnswer
from muntada.engines.selection.exclusions import ComparedChoice, explained, narrow_first, seek, turn
from muntada.engines.selection.prices import PriceSearch, in_turn, side_by_side
from muntada.engines.selection.search import BestChoice

NARROW_EFFORT = 0.3  # for each request in its first turn, the same as for the nearest
BATCH = 16  # requests or prices between two reports
LATER_EFFORT = 2.0  # of a price or cost, times the number of earlier turns
MOST_TURNS = 8

type TellAdvance = Callable[[SelectionAnswer, Advance], None]


@dataclass(frozen=True, slots=True)
class Later:
    """How much effort is spent after the selection is made, and the callback for progress."""

    effort: float
    tell: TellAdvance


@dataclass
class Further:
    """The open costs and prices of a finished selection."""

    chosen: ComparedChoice
    base: SelectionAnswer
    works: Sequence[PriceSearch]
    answers: dict[int, BestChoice]
    sought: frozenset[int]
    workers: int
    turns: dict[int, int] = field(default_factory=dict)
    told: dict[int, Excluded] = field(default_factory=dict)
    used: float = 0.0

    def run(self, later: Later) -> SelectionAnswer:
        """Continue until nothing is open, the effort is used or a halt is called."""
        later.tell(self.base, self.advance())
        while self.used < later.effort and not self.chosen.search.halt.called:
            unsought = [number for number in self.in_turn() if number not in self.sought]
            if unsought:
                self.seek_first(unsought[:BATCH])
            elif not self.narrow_prices() + self.narrow_costs():
                break
            later.tell(self.selection(), self.advance())
        self.told.clear()  # prices may now show what would bring a request in
        return self.selection()

    def in_turn(self) -> list[int]:
        """Return the requests by the lower bound of their cost."""
        return sorted(self.answers, key=lambda number: (-self.answers[number].bound, number))

    def seek_first(self, numbers: Sequence[int]) -> None:
        def narrow(number: int) -> BestChoice:
            return narrow_first(self.chosen, number, effort=NARROW_EFFORT)

        self.learn(numbers, side_by_side(narrow, numbers, self.workers))
        self.sought |= frozenset(numbers)

    def narrow_prices(self) -> int:
        still = [one for one in self.works if not one.answer.proved and one.tries < MOST_TURNS]
        still = sorted(still, key=lambda one: one.turn)[: self.workers]
        if still:
            self.used += in_turn(still, LATER_EFFORT * max(1, still[0].tries), self.workers)
        return len(still)

    def narrow_costs(self) -> int:
        still = [
            number
            for number, answer in self.answers.items()
            if not answer.proved and self.turns.get(number, 0) < MOST_TURNS
        ]
        still.sort(key=lambda number: (self.turns.get(number, 0), -self.answers[number].score, number))
        still = still[: self.workers]

        def narrow(number: int) -> BestChoice:
            effort = LATER_EFFORT * (1 + self.turns.get(number, 0))
            return seek(self.chosen, number, effort=effort, before=self.answers[number])

        self.learn(still, side_by_side(narrow, still, self.workers))
        for number in still:
            self.turns[number] = self.turns.get(number, 0) + 1
        return len(still)

    def learn(self, numbers: Sequence[int], found: Sequence[BestChoice]) -> None:
        for number, answer in zip(numbers, found, strict=True):
            self.answers[number] = answer
            self.used += answer.effort
            self.told.pop(number, None)

    def selection(self) -> SelectionAnswer:
        """The selection as it stands now."""
        priced = tuple(one.priced() for one in self.works)
        chosen = replace(self.chosen, priced=priced)
        for number, answer in self.answers.items():
            if number not in self.told:
                self.told[number] = explained(chosen, number, answer)
        excluded = tuple(sorted(self.told.values(), key=turn))
        return replace(
            self.base,
            prices=tuple(one.price for one in priced),
            excluded=excluded,
            waiting=tuple(one.request for one in excluded if one.possible),
            effort=round(self.base.effort + self.used, 3),
        )

    def advance(self) -> Advance:
        return Advance(
            requests=len(self.answers),
            requests_exact=sum(one.proved for one in self.answers.values()),
            prices=len(self.works),
            prices_exact=sum(one.answer.proved for one in self.works),
            effort=round(self.used, 3),
        )
