"""One timetable that is changed swap by swap, and what every next swap would cost.

`everywhere[i, x]` is the cost of talk i at place x with all others where they are. It is brought up to date
with one product of small matrices when two places change hands; a row of it then gives what it would cost to
swap talk i with whoever holds each other place (or nobody), all at once and exact.
"""

import numpy as np
from numpy.random import Generator
from scipy.optimize import linear_sum_assignment

from workbook_solvers.conference.costs import FORBIDDEN, Costs, Floats, Numbers


class Chain:
    def __init__(self, costs: Costs, seats: Numbers) -> None:
        self.costs = costs
        self.nobody = costs.alone.shape[0] - 1
        self.width = costs.alone.shape[1]
        # Costs with the second talk, or the second place, first: what a swap needs lies together.
        self.to_talk = np.ascontiguousarray(costs.talks.transpose(1, 0, 2))
        self.to_place = np.ascontiguousarray(costs.places.transpose(2, 0, 1))
        self.exchange = _exchange(costs.places)
        self.columns = np.arange(self.width)
        allowed = costs.alone[:-1] < FORBIDDEN
        self.spans = [(int(row.argmax()), int(self.width - row[::-1].argmax())) for row in allowed]
        self.movable = np.setdiff1d(np.arange(self.nobody), costs.pinned)
        self.has_crowds = costs.crowd != 0 and costs.risky.sum() > 2  # noqa: PLR2004 - more than a pair
        self.sit(seats)

    def sit(self, seats: Numbers) -> None:
        """Begin anew from these places, one for each talk."""
        self.seats = seats.copy()
        self.holders = np.full(self.width, self.nobody, dtype=np.intp)
        self.holders[seats] = np.arange(self.nobody)
        self.everywhere = self.costs.alone.copy()
        for talk, seat in enumerate(seats):
            self.everywhere += self.to_talk[talk] @ self.to_place[seat]
        self.flat = self.everywhere.reshape(-1)
        self.offsets = self.holders * self.width
        self.here = self.flat.take(self.offsets + self.columns)
        self.crowds = np.zeros(len(self.costs.minutes))
        np.add.at(self.crowds, self.costs.timeslots[seats], self.costs.risky[:-1])
        self.total = self._whole()

    def _whole(self) -> float:
        talks = np.arange(self.nobody)
        alone = self.costs.alone[talks, self.seats].sum()
        together = self.everywhere[talks, self.seats].sum() - alone
        return float(alone + together / 2 + self._crowd(self.crowds).sum())

    def differences(self, talk: int) -> Floats:
        """What it changes to swap the talk with whoever holds each place of its span; 0 for its own place."""
        low, high = self.spans[talk]
        seat = self.seats[talk]
        found: Floats = self.everywhere[talk, low:high] - self.here[low:high]
        found += self.flat.take(self.offsets[low:high] + seat)
        found -= self.here[seat]
        # Both rows take the other for still being where it was: put right what is between the two.
        between = self.costs.talks[talk].take(self.holders[low:high], 0)
        found += np.einsum("xk,xk->x", between, self.exchange[seat, low:high])
        if self.has_crowds:
            found += self._crowd_differences(talk, low, high)
        return found

    def swap(self, talk: int, place: int, difference: float) -> None:
        """Put the talk there, and whoever held that place where the talk was."""
        left = self.seats[talk]
        other = self.holders[place]
        self.everywhere += (self.to_talk[talk] - self.to_talk[other]) @ (
            self.to_place[place] - self.to_place[left]
        )
        self.holders[place], self.holders[left] = talk, other
        self.offsets[place], self.offsets[left] = talk * self.width, other * self.width
        self.seats[talk] = place
        if other != self.nobody:
            self.seats[other] = left
        self.here = self.flat.take(self.offsets + self.columns)
        self.total += difference
        if self.has_crowds:
            more = self.costs.risky[talk] - self.costs.risky[other]
            self.crowds[self.costs.timeslots[place]] += more
            self.crowds[self.costs.timeslots[left]] -= more

    def _crowd(self, counts: Floats) -> Floats:
        """Cost of each timeslot with so many talks that draw a crowd: none up to a pair."""
        return np.where(counts > 2, counts, 0) * self.costs.minutes * self.costs.crowd  # noqa: PLR2004

    def _crowd_differences(self, talk: int, low: int, high: int) -> Floats:
        now = self._crowd(self.crowds)
        more, less = self._crowd(self.crowds + 1) - now, self._crowd(self.crowds - 1) - now
        slots = self.costs.timeslots[low:high]
        left = self.costs.timeslots[self.seats[talk]]
        others = self.costs.risky[self.holders[low:high]]
        if self.costs.risky[talk]:
            found: Floats = (1 - others) * (less[left] + more[slots])
        else:
            found = others * (more[left] + less[slots])
        return np.where(slots == left, 0, found)


def has_room(costs: Costs) -> bool:
    """Whether each talk can have a place of its own."""
    forbidden = (costs.alone[:-1] >= FORBIDDEN).astype(np.float64)
    if forbidden.shape[0] > forbidden.shape[1]:
        return False
    talks, seats = linear_sum_assignment(forbidden)
    return not forbidden[talks, seats].any()


def draft(costs: Costs, dice: Generator) -> Numbers:
    """A place for each talk, at random among those it may have."""
    noise = dice.random(costs.alone[:-1].shape)
    _, seats = linear_sum_assignment(np.where(costs.alone[:-1] < FORBIDDEN, noise, FORBIDDEN))
    return np.asarray(seats, dtype=np.intp)


def _exchange(places: Floats) -> Floats:
    """For a talk at p and one at q that swap, (p, q, k): what the costs say wrongly of the two themselves."""
    here = np.einsum("kxx->xk", places)
    return np.ascontiguousarray(
        places.transpose(1, 2, 0) + places.transpose(2, 1, 0) - here[None, :, :] - here[:, None, :]
    )
