"""Annealing: swap by swap, worse ones too as long as it is warm, and the best that was met is kept.

Each step takes a talk at random and draws one of all its swaps with the probabilities of heat (Gibbs): a swap
that costs d has the weight exp(-d / temperature). A draw from hundreds of swaps costs hardly more than one.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.random import Generator

from workbook_solvers.conference.chain import Chain, draft
from workbook_solvers.conference.costs import Costs, Floats, Numbers

# Temperatures in units of a usual wish between two talks (see `Costs.unit`), found on the given workbooks.
WARM, COLD = 9.0, 1 / 3
MELTING = 0.05  # share of a round in which only the hard constraints count, from very hot to warm
GLANCE = 128  # steps between two looks at the budget
NOISE = 1 << 20  # random numbers drawn at once

type Gone = Callable[[int], float]


@dataclass(frozen=True, slots=True)
class Found:
    seats: Numbers
    total: float
    moves: int


def anneal(
    costs: Costs,
    *,
    dice: Generator,
    gone: Gone,
    report: Callable[[Numbers], None] | None = None,
) -> Found:
    """One round. `gone` tells after so many moves which share of the round's budget is spent; at 1 it ends.

    Repeatable if `gone` depends on the moves alone. There must be a place for each talk (`has_room`).
    """
    walk = _Walk(Chain(costs, draft(costs, dice)), dice)
    while (share := gone(walk.moves)) < 1:
        walk.go(GLANCE, _temperature(costs, share))
        if report is not None:
            report(walk.seats)
    return walk.settled()


def _temperature(costs: Costs, share: float) -> float:
    warm, cold = WARM * costs.unit, COLD * costs.unit
    if share < MELTING:
        hot = max(warm, costs.tier * costs.minutes.min())
        return float(hot * (warm / hot) ** (share / MELTING))
    return float(warm * (cold / warm) ** ((share - MELTING) / (1 - MELTING)))


class _Walk:
    def __init__(self, chain: Chain, dice: Generator) -> None:
        self.chain = chain
        self.dice = dice
        self.moves = 0
        self.best = chain.total
        self.seats = chain.seats.copy()
        # Gumbel's numbers: the least of d + temperature · number is the draw that the docstring asks for.
        self.noise = np.log(-np.log(1 - dice.random(NOISE)))
        self.at = 0

    def go(self, steps: int, temperature: float) -> None:
        chain = self.chain
        if not len(chain.movable):
            self.moves += steps
            return
        for talk in chain.movable[self.dice.integers(len(chain.movable), size=steps)].tolist():
            differences = chain.differences(talk)
            choice = int((differences + temperature * self._numbers(len(differences))).argmin())
            place = chain.spans[talk][0] + choice
            if place != chain.seats[talk]:
                chain.swap(talk, place, differences[choice])
                self._keep()
        self.moves += steps

    def settled(self) -> Found:
        """Go from the best that was met to where no single swap betters it."""
        chain = self.chain
        chain.sit(self.seats)
        moved = True
        while moved:
            moved = False
            for talk in chain.movable.tolist():
                differences = chain.differences(talk)
                choice = int(differences.argmin())
                if differences[choice] < 0:
                    chain.swap(talk, chain.spans[talk][0] + choice, differences[choice])
                    moved = True
        self._keep()
        return Found(self.seats, self.best, self.moves)

    def _keep(self) -> None:
        if self.chain.total < self.best:
            self.best = self.chain.total
            self.seats = self.chain.seats.copy()

    def _numbers(self, count: int) -> Floats:
        if self.at + count > NOISE:
            self.at = int(self.dice.integers(count))
        self.at += count
        return self.noise[self.at - count : self.at]
