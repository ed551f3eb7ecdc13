"""What one part of the votes does for the whole: it goes over its own votes and gives sums.

What a part gives is about no single person: counts and sums by statement, by square of a grid and by group.
All of them add up over the parts. Only `whereabouts` are of people, for whoever is to see them.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from muntada.engines.opinion.arrays import Bools, Floats, Integers
from muntada.engines.opinion.clusters import nearest
from muntada.engines.opinion.grid import place_numbers, square_numbers
from muntada.engines.opinion.kernel import Loops


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """The square into which all points fall: its lower left corner, and its side."""

    low: Floats
    size: float


@dataclass(frozen=True, slots=True, eq=False)
class Division:
    """Which group each point belongs to: that of the nearest centre, or that of its square of the frame.

    `number` is the number of the group around each centre, if not its place.
    """

    centres: Floats
    squares: Integers | None = None
    frame: Frame | None = None
    grid: int = 0
    number: Integers | None = None

    def labels(self, points: Floats) -> Integers:
        if self.squares is None or self.frame is None:
            labels = nearest(points, self.centres)
        else:
            labels = self.squares[square_numbers(points, self.frame.low, self.frame.size, self.grid)]
        return labels if self.number is None else self.number[labels]

    def renumbered(self, order: Integers) -> "Division":
        """Number the groups in this order of their centres."""
        number = np.empty(len(order), dtype=np.intp)
        number[order] = np.arange(len(order))
        return replace(self, number=number)


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """A part whose people have their places; `grouped` marks who has voted enough, `points` are theirs."""

    loops: Loops
    people: Floats
    voted: Integers
    grouped: Bools

    @property
    def points(self) -> Floats:
        return self.people[self.grouped]

    def labels(self, division: Division | None) -> Integers:
        """Give everybody's group, -1 for who has not voted enough; without a division there is one."""
        labels = np.where(self.grouped, 0, -1)
        if division is not None and self.grouped.any():
            labels[self.grouped] = division.labels(self.points)
        return labels


@dataclass(frozen=True, slots=True, eq=False)
class Gathered:
    """Points by place or square: how many there are and what they add up to; `numbers` of the places."""

    weights: Floats
    sums: Floats
    numbers: Integers


def counted(loops: Loops, kept: Floats) -> tuple[Floats, Integers]:
    """Count the votes by statement and answer, and the people by the number of statements they voted on."""
    return loops.histogram(), np.bincount(_voted(loops, kept))


def passed(loops: Loops, table: Floats) -> Floats:
    return loops.fused_pass(table)


def placed(loops: Loops, table: Floats, kept: Floats, enough: int) -> Placed:
    """Put everybody in their places; the table has what a vote is worth along each axis."""
    voted = _voted(loops, kept)
    people = loops.positions(table) / np.sqrt(np.maximum(voted, 1))[:, None]
    return Placed(loops, people, voted, voted >= enough)


def _voted(loops: Loops, kept: Floats) -> Integers:
    return np.rint(loops.positions(kept)).astype(np.intp)


def reach(part: Placed) -> tuple[Floats, Floats]:
    """Give the lower left and the upper right corner of the points."""
    points = part.points
    if not len(points):
        return np.full(2, np.inf), np.full(2, -np.inf)
    return points.min(axis=0), points.max(axis=0)


def in_places(part: Placed, frame: Frame, most: int) -> Gathered | None:
    """Gather the points in the same place; None if there are more places than that."""
    numbers, place_of = np.unique(place_numbers(part.points, frame.low, frame.size), return_inverse=True)
    if len(numbers) > most:
        return None
    return Gathered(*_sums(part.points, place_of.reshape(-1), len(numbers)), numbers)


def in_squares(part: Placed, frame: Frame, grid: int) -> Gathered:
    """Gather the points in the same square of a grid, empty squares included."""
    square_of = square_numbers(part.points, frame.low, frame.size, grid)
    return Gathered(*_sums(part.points, square_of, grid * grid), np.empty(0, dtype=np.intp))


def in_groups(part: Placed, division: Division | None, groups: int) -> tuple[Floats, Floats]:
    """Give how many people are in each group and what their points add up to."""
    return _sums(part.points, part.labels(division)[part.grouped], groups)


def tallied(part: Placed, division: Division | None, groups: int) -> Floats:
    """Count the votes of each group by statement and answer."""
    return part.loops.group_counts(part.labels(division), groups)


def whereabouts(part: Placed, division: Division | None) -> tuple[Floats, Integers, Integers]:
    """Give everybody's place, number of votes and group: only this is about single people."""
    return part.people, part.loops.votes.counts, part.labels(division)


def moments(part: Placed, worth: Floats) -> Floats:
    """Give what a correlation of each axis with the mean deviation of a person's votes is made of.

    Number, sums, sums of squares and of products, for the people who voted enough.
    """
    tendency = (part.loops.positions(worth) / np.maximum(part.voted, 1))[part.grouped]
    one, columns = np.ones(len(tendency)), [*part.points.T, tendency]
    table = np.stack([one, *columns])
    return np.asarray(table @ table.T)


def _sums(points: Floats, cell_of: NDArray[np.integer], cells: int) -> tuple[Floats, Floats]:
    weights = np.bincount(cell_of, minlength=cells).astype(np.float64)
    sums = [np.bincount(cell_of, weights=points[:, axis], minlength=cells) for axis in (0, 1)]
    return weights, np.column_stack(sums)
