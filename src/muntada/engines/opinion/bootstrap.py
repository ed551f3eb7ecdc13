"""Stability of the groups: participants are resampled and the analysis is repeated.

The bootstrap (Efron 1979) over participants. Each round draws as many people as there are, with
replacement. A person drawn twice has weight 2 in the loops over votes; no data are copied. Axes and
groups are computed from the people drawn; everyone is then projected on the new axes and assigned
to the nearest new centre. Groups are matched by their best Jaccard index (Hennig 2007).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.arrays import BoolArray, FloatArray, IndexArray
from muntada.engines.opinion.clusters import nearest
from muntada.engines.opinion.grid import GridCells, gather
from muntada.engines.opinion.groups import outline
from muntada.engines.opinion.projection import Centred, at_hand, of_people, project, with_votes
from muntada.engines.opinion.settings import OpinionSettings
from muntada.engines.opinion.statements import representative, strengths, tally
from muntada.engines.opinion.unity import VoteSide
from muntada.engines.opinion.votes import VoteTable

ROUGHLY = 1e-2  # radians: the largest error of an axis in a round
MOST_CELLS, GRID = 400, 32
MOST_DRAWN = 20_000

type ListedSide = tuple[str, VoteSide]  # a representative statement of a group, and its direction


@dataclass(frozen=True, slots=True, eq=False)
class BaseGrouping:
    """The original result: each person's group (-1: none), and the statements of each group."""

    labels: IndexArray
    listed: Sequence[Sequence[ListedSide]]

    @property
    def groups(self) -> int:
        return len(self.listed)


@dataclass(frozen=True, slots=True, eq=False)
class Redrawn:
    """Agreement between the rounds and the original result; shares of rounds unless stated otherwise.

    `likeness` is the median adjusted Rand index, `same_number` the share of rounds with the same number
    of groups, `groups` the median Jaccard indices. `people` is the share of rounds in which a person
    stayed in their group (NaN if in no group or not tested), `listed` the share in which a statement
    represented its group again. `drawn` is the number of people drawn in each round.
    """

    rounds: int
    drawn: int
    likeness: float
    same_number: float
    groups: FloatArray
    people: FloatArray
    listed: tuple[tuple[float, ...], ...]


def redraw(
    table: VoteTable,
    centred: Centred,
    found: BaseGrouping,
    settings: OpinionSettings,
    chance: np.random.Generator,
) -> Redrawn:
    """Repeat the analysis on resampled participants and count what comes out again.

    Of a large number of people, a random sample is used: groups that are stable in the sample are
    stable in the whole.
    """
    tried = np.arange(len(found.labels))
    if len(tried) > MOST_DRAWN:
        tried = np.sort(chance.choice(tried, MOST_DRAWN, replace=False))
        centred, found = of_people(centred, tried), BaseGrouping(found.labels[tried], found.listed)
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
    overlaps: FloatArray
    stayed: BoolArray
    listed: list[set[ListedSide]]


def _round(
    table: VoteTable,
    centred: Centred,
    found: BaseGrouping,
    settings: OpinionSettings,
    chance: np.random.Generator,
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
    centred: Centred,
    grouped: BoolArray,
    times: FloatArray,
    settings: OpinionSettings,
    chance: np.random.Generator,
) -> tuple[IndexArray, int]:
    """Return the group of each person according to the people drawn, and the number of groups."""
    points = project(centred, ROUGHLY).people[grouped]
    cells = gather(points, MOST_CELLS, GRID)
    weights = np.bincount(cells.cell_of.astype(np.intp), weights=times[grouped], minlength=len(cells.points))
    drawn = weights > 0
    if not drawn.any():
        return np.zeros(len(points), dtype=np.intp), 1
    outlined = outline(GridCells(cells.points[drawn], weights[drawn], cells.cell_of), settings, chance)
    if outlined is None:
        return np.zeros(len(points), dtype=np.intp), 1
    return nearest(points, outlined.centres), len(outlined.centres)


def _listed(
    table: VoteTable,
    centred: Centred,
    drawn: tuple[IndexArray, int, FloatArray],
    match: IndexArray,
    settings: OpinionSettings,
) -> list[set[ListedSide]]:
    """List the representative statements of the matched groups, computed from the votes drawn."""
    labels, groups, times = drawn
    if groups == 1:
        return [set() for _ in match]
    again = strengths(tally(centred.loops.group_counts(labels, groups, times)))
    by_group = {
        group: {(one.statement, one.direction) for one in representative(again, group, table, settings)}
        for group in set(match.tolist())
    }
    return [by_group[int(group)] for group in match]


def jaccard(one: IndexArray, other: IndexArray, groups: int, other_groups: int) -> FloatArray:
    """Return the Jaccard index of each group of one division with each group of the other."""
    pairs = np.bincount(one * other_groups + other, minlength=groups * other_groups)
    both = pairs.reshape(groups, other_groups)
    either = both.sum(axis=1)[:, None] + both.sum(axis=0) - both
    return np.asarray(both / np.maximum(either, 1))


def adjusted_rand(one: IndexArray, other: IndexArray) -> float:
    """Return the adjusted Rand index: 1 for the same division, 0 for chance (Hubert and Arabie 1985)."""
    groups = int(other.max(initial=0)) + 1
    both = np.bincount(one * groups + other)
    together = _pairs(both)
    in_one, in_other = _pairs(np.bincount(one)), _pairs(np.bincount(other))
    pairs = _pairs(np.array([len(one)]))
    by_chance = in_one * in_other / pairs if pairs else 0.0
    most = (in_one + in_other) / 2
    return (together - by_chance) / (most - by_chance) if most != by_chance else 1.0


def _pairs(sizes: IndexArray) -> float:
    counts = sizes.astype(np.float64)
    return float((counts * (counts - 1)).sum() / 2)
