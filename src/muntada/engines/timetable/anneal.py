"""Local search over times by simulated annealing, with exact costs of moves.

Each step takes a session and computes the cost of all its times, or of all exchanges, at once. The
move is drawn from the Boltzmann distribution over them (heat bath; Geman & Geman, IEEE PAMI 6(6),
1984) by adding Gumbel noise to the costs and taking the minimum. A move that breaks a hard rule is
never taken.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from muntada.engines.timetable.deltas import FORBIDDEN, NEVER, NOWHERE, DeltaArray, Deltas, Whole
from muntada.engines.timetable.options import Options

HOTTEST, COLDEST = 12.0, 0.6  # temperatures, in units of the cost of wishes
NOISE = 1 << 18
LOOK_UP = 256  # steps between checks for a halt
TRIES = 4

type WatchSearch = Callable[["SearchState"], bool]


@dataclass(frozen=True, slots=True)
class SearchState:
    """The progress of the search."""

    step: int
    best: int
    since: int  # steps since the last improvement
    best_places: Whole  # by session; NOWHERE if not placed


@dataclass(frozen=True, slots=True)
class Settled:
    """The best times found."""

    places: Mapping[int, int]
    cost: int
    steps: int


class Annealer:
    def __init__(self, deltas: Deltas, movable: Sequence[int], seed: int) -> None:
        self.deltas = deltas
        self.random = np.random.Generator(np.random.PCG64(seed))
        self.noise = self.random.gumbel(size=NOISE).astype(np.float32)
        standing = [number for number in movable if deltas.place[number] != NOWHERE]
        self.movable = np.array(standing, np.intp)
        self.alike = alike(deltas.options, standing)

    def run(self, steps: int, watch: WatchSearch) -> Settled:
        deltas = self.deltas
        best, at, since = deltas.total, deltas.place.copy(), 0
        cooling = (COLDEST / HOTTEST) ** (1 / max(1, steps - 1))
        heat = HOTTEST
        step = 0
        draws = self.draws()
        while step < steps and self.movable.size:
            if step % LOOK_UP == 0:
                draws = self.draws()
                if watch(SearchState(step, round(best), step - since, at)):
                    break
            session, exchanging = draws[step % LOOK_UP]
            if exchanging:
                self.exchange(session, heat)
            else:
                self.shift(session, heat)
            if deltas.total < best:
                best, at, since = deltas.total, deltas.place.copy(), step
            heat *= cooling
            step += 1
        places = {number: int(place) for number, place in enumerate(at) if place != NOWHERE}
        return Settled(places, round(best), step)

    def draws(self) -> list[tuple[int, bool]]:
        if not self.movable.size:
            return []
        sessions = self.movable[self.random.integers(self.movable.size, size=LOOK_UP)].tolist()
        return list(zip(sessions, (self.random.random(LOOK_UP) < 0.5).tolist(), strict=True))  # noqa: PLR2004 - half

    def shaken(self, costs: DeltaArray, heat: float) -> DeltaArray:
        start = int(self.random.integers(NOISE - costs.size))
        shaken: DeltaArray = costs - np.float32(heat) * self.noise[start : start + costs.size]
        return shaken

    def shift(self, session: int, heat: float) -> None:
        """Draw a time for the session and move it there."""
        deltas = self.deltas
        costs = deltas.costs(session)
        costs[deltas.barred(session)] = NEVER
        here = int(deltas.place[session])
        chosen = int(self.shaken(costs, heat).argmin())
        delta = float(costs[chosen] - costs[here])
        if chosen != here and costs[chosen] < FORBIDDEN:
            deltas.move(session, chosen, delta)

    def exchange(self, session: int, heat: float) -> None:
        """Draw an exchange with another session of the same length.

        The draw uses a lower bound of the cost of each exchange; the drawn one is then computed exactly and
        must be accepted again with the difference.
        """
        deltas = self.deltas
        others = self.alike[session]
        if not others.size:
            return
        costs, relief = deltas.exchanges(session, others)
        hopes = costs - relief
        hopes[costs > FORBIDDEN] = np.inf
        stay = -heat * float(self.noise[int(self.random.integers(NOISE))])
        shaken = self.shaken(hopes, heat)
        for _ in range(TRIES):
            at = int(shaken.argmin())
            if shaken[at] >= stay:
                return
            other = int(others[at])
            if deltas.fits_exchanged(session, other):
                delta = float(costs[at]) - deltas.relief(session, other)
                if delta - float(hopes[at]) <= heat * self.random.exponential():
                    deltas.exchange(session, other, delta)
                return
            shaken[at] = np.inf


def alike(options: Options, movable: Sequence[int]) -> dict[int, Whole]:
    """Return, for each session, the others of the same length."""
    by_length: dict[int, list[int]] = {}
    for number in movable:
        by_length.setdefault(options.sessions[number].minutes, []).append(number)
    groups = {minutes: np.array(numbers, np.intp) for minutes, numbers in by_length.items()}
    return {number: groups[options.sessions[number].minutes] for number in movable}
