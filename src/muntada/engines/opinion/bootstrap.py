"""How well groups hold if other people had come: the people are drawn anew, and everything is found again.

The bootstrap (Efron 1979) over participants. Each round draws as many people as there are, with repetition;
somebody drawn twice counts twice in the loops, nobody is copied. Axes and groups are found again from those
drawn, and everybody is placed on the new axes, with the nearest new middle. Groups are matched by their best
Jaccard index (Hennig 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.opinion.arrays import Bools, Floats, Integers
from muntada.engines.opinion.clusters import nearest
from muntada.engines.opinion.grid import Cells, gather
from muntada.engines.opinion.groups import outline
from muntada.engines.opinion.projection import Centred, at_hand, of_people, project, with_votes
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.statements import representative, strengths, tally
from muntada.engines.opinion.unity import Direction
from muntada.engines.opinion.votes import VoteTable

ROUGHLY = 1e-2  # the angle in radians by which the axes of a round may be off
MOST_CELLS, GRID = 400, 32
MOST_DRAWN = 20_000

type Listed = tuple[str, Direction]  # a statement that stands for a group, and which way


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the rounds are compared with: each person's group (-1 for none) and what stands for each group."""

    labels: Integers
    listed: Sequence[Sequence[Listed]]

    @property
    def groups(self) -> int:
        return len(self.listed)


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """How the rounds compare, as shares of the rounds unless said otherwise.

    `likeness` is the adjusted Rand index of the middle round and `same_number` says how often there were as
    many groups; `groups` are the middle Jaccard indices; `people` stayed with their group (not a number for
    who is in none or was not tried), `listed` stood for their group again. `drawn` people came in each round.
    """

    rounds: int
    drawn: int
    likeness: float
    same_number: float
    groups: Floats
    people: Floats
    listed: tuple[tuple[float, ...], ...]


def redraw(
    table: VoteTable, centred: Centred, found: Found, settings: Settings, chance: np.random.Generator
) -> Redrawn:
    """Draw the people anew, so many rounds, and count what comes out again.

    Of a crowd, some are taken by lot and stand for all: groups that hold among them hold among more people.
    """
    tried = np.arange(len(found.labels))
    if len(tried) > MOST_DRAWN:
        tried = np.sort(chance.choice(tried, MOST_DRAWN, replace=False))
        centred, found = of_people(centred, tried), Found(found.labels[tried], found.listed)
    else:
        centred = at_hand(centred)
    rounds = [_round(table, centred, found, settings, chance) for _ in range(settings.redraw_rounds)]
    people = np.full(table.coded.participants, np.nan)
    stayed = np.mean([one.stayed for one in rounds], axis=0, dtype=np.float64)
    people[tried] = np.where(found.labels >= 0, stayed, np.nan)
    return Redrawn(
        rounds=len(rounds),
        drawn=len(tried),
        likeness=float(np.median([one.likeness for one in rounds])),
        same_number=float(np.mean([one.groups == found.groups for one in rounds])),
        groups=np.median([one.overlaps for one in rounds], axis=0),
        people=people,
        listed=tuple(
            tuple(float(np.mean([item in one.listed[group] for one in rounds])) for item in items)
            for group, items in enumerate(found.listed)
        ),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Round:
    likeness: float
    groups: int
    overlaps: Floats
    stayed: Bools
    listed: list[set[Listed]]


def _round(
    table: VoteTable, centred: Centred, found: Found, settings: Settings, chance: np.random.Generator
) -> _Round:
    people = len(found.labels)
    times = np.bincount(chance.integers(0, people, people), minlength=people).astype(np.float64)
    grouped = found.labels >= 0
    again = with_votes(replace(centred, weights=times), centred.loops)
    labels = np.full(people, -1, dtype=np.intp)
    labels[grouped], groups = _divided(again, grouped, times, settings, chance)
    overlaps = jaccard(found.labels[grouped], labels[grouped], found.groups, groups)
    match = overlaps.argmax(axis=1)
    return _Round(
        likeness=adjusted_rand(found.labels[grouped], labels[grouped]),
        groups=groups,
        overlaps=overlaps.max(axis=1),
        stayed=grouped & (labels == match[found.labels]),
        listed=_listed(table, centred, (labels, groups, times), match, settings),
    )


def _divided(
    centred: Centred, grouped: Bools, times: Floats, settings: Settings, chance: np.random.Generator
) -> tuple[Integers, int]:
    """Give everybody's group in the division of those drawn, and the number of groups."""
    points = project(centred, ROUGHLY).people[grouped]
    cells = gather(points, MOST_CELLS, GRID)
    weights = np.bincount(cells.cell_of.astype(np.intp), weights=times[grouped], minlength=len(cells.points))
    drawn = weights > 0
    if not drawn.any():
        return np.zeros(len(points), dtype=np.intp), 1
    outlined = outline(Cells(cells.points[drawn], weights[drawn], cells.cell_of), settings, chance)
    if outlined is None:
        return np.zeros(len(points), dtype=np.intp), 1
    return nearest(points, outlined.centres), len(outlined.centres)


def _listed(
    table: VoteTable,
    centred: Centred,
    drawn: tuple[Integers, int, Floats],
    match: Integers,
    settings: Settings,
) -> list[set[Listed]]:
    """Find what stands for the group that each of the found groups is matched with, by the votes drawn."""
    labels, groups, times = drawn
    if groups == 1:
        return [set() for _ in match]
    again = strengths(tally(centred.loops.group_counts(labels, groups, times)))
    by_group = {
        group: {(one.statement, one.direction) for one in representative(again, group, table, settings)}
        for group in set(match.tolist())
    }
    return [by_group[int(group)] for group in match]


def jaccard(one: Integers, other: Integers, groups: int, other_groups: int) -> Floats:
    """Share of people in both of those in either, for each group of one division with each of another."""
    pairs = np.bincount(one * other_groups + other, minlength=groups * other_groups)
    both = pairs.reshape(groups, other_groups)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    return np.asarray(both / np.maximum(either, 1))


def adjusted_rand(one: Integers, other: Integers) -> float:
    """Likeness of two divisions: 1 the same, 0 as by chance (Hubert and Arabie 1985)."""
    groups = int(other.max(initial=0)) + 1
    both = np.bincount(one * groups + other)
    together = _pairs(both)
    in_one, in_other = _pairs(np.bincount(one)), _pairs(np.bincount(other))
    pairs = _pairs(np.array([len(one)]))
    by_chance = in_one * in_other / pairs if pairs else 0.0
    most = (in_one + in_other) / 2
    return (together - by_chance) / (most - by_chance) if most != by_chance else 1.0


def _pairs(sizes: Integers) -> float:
    counts = sizes.astype(np.float64)
    return float((counts * (counts - 1)).sum() / 2)
