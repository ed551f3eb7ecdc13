"""The analysis beyond one machine: votes in parts that stay where they are, of which only sums travel.

Each part holds all votes of its people. A pass over the votes sends each part a table with a number for each
code and brings one back: three numbers per statement, however many people there are. The coordinator adds up
in the order of the parts, so that the same parts give the same bytes wherever they are. Where they are is the
business of `Parts`: in this process (`Here`) or on a cluster (`cluster.OnCluster`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import zip_longest
from typing import Any, Protocol

import numpy as np

from muntada.engines.opinion import part
from muntada.engines.opinion.analysis import axis_shown, statement_places
from muntada.engines.opinion.arrays import AXES, Bools, Floats, Integers
from muntada.engines.opinion.axes import Axes, principal_axes
from muntada.engines.opinion.clusters import MOST_ROUNDS, k_means
from muntada.engines.opinion.coded import ANSWERS, CodedVotes
from muntada.engines.opinion.grid import ALL_PLACES, FINEST, Cells
from muntada.engines.opinion.grouping import ALL_ALIKE, NO_DIVISION, NOBODY, TOO_FEW
from muntada.engines.opinion.groups import CROWD, GRID, MOST_CELLS, Outline, outline
from muntada.engines.opinion.kernel import Loops
from muntada.engines.opinion.part import Division, Frame, Placed
from muntada.engines.opinion.projection import Projection, taken_off
from muntada.engines.opinion.result import Consensus, Group, Grouping, OpinionMap, ParticipantPlaces
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.standing import enough_votes
from muntada.engines.opinion.statements import consensus, representative, strengths, tally
from muntada.engines.opinion.votes import VoteTable, canonical_order
from muntada.engines.reasons import Reason

NOTHING = 1e-12
# What can be had from sums: shuffling, drawing anew and factors need the votes of each person.
SUMS_ALONE = Settings(chance_rounds=0, redraw_rounds=0, scores=False)
NOBODY_TOLD = ParticipantPlaces((), np.empty((0, AXES)), np.empty(0, np.intp), np.empty(0, np.intp))


class Parts[P](Protocol):
    """Parts of the votes, each where it is."""

    def made[Q](self, make: Callable[..., Q], *told: Any) -> "Parts[Q]":
        """Make something of each part, which stays where the part is."""

    def asked[R](self, ask: Callable[..., R], *told: Any) -> list[R]:
        """Ask each part; the answers come in the order of the parts."""


@dataclass(frozen=True, slots=True)
class Here[P](Parts[P]):
    """Parts in this process, asked one after the other."""

    parts: Sequence[P]

    def made[Q](self, make: Callable[..., Q], *told: Any) -> "Here[Q]":
        return Here([make(one, *told) for one in self.parts])

    def asked[R](self, ask: Callable[..., R], *told: Any) -> list[R]:
        return [ask(one, *told) for one in self.parts]


@dataclass(frozen=True, slots=True, eq=False)
class Combined:
    """The map of all parts together, without anybody's place: `people` can be asked for those.

    `counts` are the votes by statement and answer, `tallies` those of each group; `axes` and `statements` as
    in `Projection`; `tendencies` are each axis's correlation with the readiness to agree. `middles` and
    `sizes` are of the groups, none if nobody voted enough or all vote alike.
    """

    counts: Floats
    axes: Axes
    statements: Floats
    tendencies: tuple[float, ...]
    voters: int
    grouped: int
    silhouettes: dict[int, float]
    sizes: Integers
    middles: Floats
    tallies: Floats
    people: Parts[Placed]
    division: Division | None


def combine(
    votes: Parts[CodedVotes], left_out: Bools, settings: Settings = SUMS_ALONE, seed: int = 0
) -> Combined:
    """Make the map of all parts as `analyse` makes it of all votes, but for the comparison with chance."""
    if settings.compat or settings.without_tendency:
        raise ValueError("parts are analysed in the plain way; analyse knows others")
    loops = votes.made(Loops)
    kept = np.repeat(~left_out, ANSWERS).astype(np.float64)
    answers = loops.asked(part.counted, kept)
    counts = _added([histogram for histogram, _ in answers])
    people = np.array(
        [sum(row) for row in zip_longest(*(row.tolist() for _, row in answers), fillvalue=0)], dtype=np.intp
    )
    worth = taken_off(counts, left_out)[1].ravel()
    axes = _axes(loops, counts, worth)
    asked = int(np.count_nonzero(counts[~left_out].sum(axis=1)))
    table = worth[:, None] * np.repeat(axes.directions, ANSWERS, axis=0) * np.sqrt(asked)
    enough = enough_votes(people, asked, settings)
    placed = loops.made(part.placed, table, kept, enough)
    found, division = _divided(placed, int(people[enough:].sum()), settings, seed)
    groups = 1 if division is None else len(division.centres)
    sizes, sums = (_added(one) for one in zip(*placed.asked(part.in_groups, division, groups), strict=True))
    number = np.lexsort((*(sums / np.maximum(sizes, 1)[:, None]).T[::-1], -sizes))
    tallies = _added(placed.asked(part.tallied, division, groups))
    return Combined(
        counts=counts,
        axes=axes,
        statements=table[ANSWERS - 1 :: ANSWERS],
        tendencies=_tendencies(placed, worth),
        voters=int(people[1:].sum()),
        grouped=int(sizes.sum()),
        silhouettes={} if found is None else found.silhouettes,
        sizes=np.rint(sizes[number]).astype(np.intp),
        middles=(sums / np.maximum(sizes, 1)[:, None])[number],
        tallies=tallies[number],
        people=placed,
        division=None if division is None else division.renumbered(number),
    )


def _added(sums: Sequence[Floats]) -> Floats:
    return reduce(np.add, sums)


def _axes(loops: Parts[Loops], counts: Floats, worth: Floats) -> Axes:
    def apply(direction: Floats) -> Floats:
        over_all = _added(loops.asked(part.passed, worth * np.repeat(direction, ANSWERS)))
        return np.asarray((worth * over_all).reshape(counts.shape).sum(axis=1))

    return principal_axes(apply, (counts * worth.reshape(counts.shape) ** 2).sum(axis=1))


def _tendencies(placed: Parts[Placed], worth: Floats) -> tuple[float, ...]:
    moments = _added(placed.asked(part.moments, worth))
    number, sums = max(1.0, float(moments[0, 0])), moments[0]
    spread = moments - np.outer(sums, sums) / number
    sizes = np.sqrt(np.maximum(spread.diagonal(), 0.0))
    return tuple(
        float(np.clip(spread[axis, -1] / (sizes[axis] * sizes[-1]), -1, 1))
        if sizes[axis] * sizes[-1] > NOTHING
        else 0.0
        for axis in range(1, AXES + 1)
    )


# Groups: the number is found on cells of the plane, the division is settled on all points or finer cells.


def _divided(
    placed: Parts[Placed], people: int, settings: Settings, seed: int
) -> tuple[Outline | None, Division | None]:
    if people < max(1, settings.fewest_people):
        return None, None
    corners = placed.asked(part.reach)
    low, high = (
        reduce(np.minimum, [one[0] for one in corners]),
        reduce(np.maximum, [one[1] for one in corners]),
    )
    frame = Frame(low, float((high - low).max()) or 1.0)
    cells, in_squares = _cells(placed, frame, people)
    found = outline(cells, settings, np.random.default_rng(seed))
    if found is None:
        return None, None
    if len(cells.points) == people:
        return found, Division(found.centres)
    settled = _settled(placed, frame, people, found.centres)
    sizes = _added([sums for sums, _ in placed.asked(part.in_groups, settled, len(found.centres))])
    if sizes.min() >= settings.smallest_group:
        return found, settled
    if not in_squares:
        return found, Division(found.centres)
    squares = np.zeros(GRID * GRID, dtype=np.intp)
    squares[cells.cell_of] = found.labels
    return found, Division(found.centres, squares, frame, GRID)


def _cells(placed: Parts[Placed], frame: Frame, people: int) -> tuple[Cells, bool]:
    """Gather all points in the same place, or in the same square of a grid if there are too many places."""
    if people <= ALL_PLACES:
        places = placed.asked(part.in_places, frame, MOST_CELLS)
        listed = [one for one in places if one is not None]
        if len(listed) == len(places):
            numbers, place_of = np.unique(
                np.concatenate([one.numbers for one in listed]), return_inverse=True
            )
            if len(numbers) <= MOST_CELLS:
                weights, sums = np.zeros(len(numbers)), np.zeros((len(numbers), AXES))
                np.add.at(weights, place_of.reshape(-1), np.concatenate([one.weights for one in listed]))
                np.add.at(sums, place_of.reshape(-1), np.concatenate([one.sums for one in listed]))
                return Cells(sums / weights[:, None], weights, numbers), False
    return _squares(placed, frame, GRID), True


def _squares(placed: Parts[Placed], frame: Frame, grid: int) -> Cells:
    """Gather all points in the same square; `cell_of` is the number of each occupied square."""
    squares = placed.asked(part.in_squares, frame, grid)
    weights, sums = _added([one.weights for one in squares]), _added([one.sums for one in squares])
    occupied = np.flatnonzero(weights)
    return Cells(sums[occupied] / weights[occupied, None], weights[occupied], occupied)


def _settled(placed: Parts[Placed], frame: Frame, people: int, centres: Floats) -> Division:
    """Run k-means to its end: on the points where they are, or on the squares of the finest grid."""
    if people > CROWD:
        cells = _squares(placed, frame, FINEST)
        return Division(k_means(cells.points, cells.weights, centres))
    for _ in range(MOST_ROUNDS):
        sums = placed.asked(part.in_groups, Division(centres), len(centres))
        weights, points = _added([one for one, _ in sums]), _added([one for _, one in sums])
        moved = np.where(weights[:, None] > 0, points / np.maximum(weights, 1)[:, None], centres)
        if np.array_equal(moved, centres):
            break
        centres = moved
    return Division(centres)


def described(
    found: Combined,
    statements: VoteTable,
    settings: Settings = SUMS_ALONE,
    seed: int = 0,
    names: Sequence[Sequence[str]] | None = None,
) -> OpinionMap:
    """Say in the words of an opinion map what was found.

    `statements` names the statements and says which are out; it needs no votes. The people's places are
    fetched only if the `names` of the people in each part are given.
    """
    grouping = _grouping(found, settings)
    groups = 0 if grouping.outcome == "too few" else len(found.sizes)
    of_groups, of_all = tally(found.tallies), tally(found.counts[None])
    of_each, everyone = strengths(of_groups), strengths(of_all)
    extremity = np.hypot(found.statements[:, 0], found.statements[:, 1])
    projection = Projection(found.axes, np.empty((0, AXES)), found.statements, extremity)
    return OpinionMap(
        participants=NOBODY_TOLD if names is None else _people(found, groups, names),
        statements=statement_places(statements, projection, groups, (of_groups, of_all), of_each, settings),
        groups=tuple(
            Group(
                number,
                int(found.sizes[number]),
                float(found.middles[number, 0]),
                float(found.middles[number, 1]),
                representative(of_each, number, statements, settings) if groups > 1 else (),
            )
            for number in range(groups)
        ),
        consensus=Consensus(
            consensus(everyone, "agree", statements, settings),
            consensus(everyone, "disagree", statements, settings),
        ),
        axes=tuple(
            axis_shown(float(share), tendency)
            for share, tendency in zip(found.axes.shares, found.tendencies, strict=True)
        ),
        grouping=grouping,
        settings=settings,
        seed=seed,
    )


def _people(found: Combined, groups: int, names: Sequence[Sequence[str]]) -> ParticipantPlaces:
    answers = found.people.asked(part.whereabouts, found.division)
    places, votes, labels = (np.concatenate(rows) for rows in zip(*answers, strict=True))
    all_names = [name for some in names for name in some]
    number = {name: place for place, name in enumerate(all_names)}
    in_order = canonical_order(all_names)
    order = np.fromiter((number[name] for name in in_order), np.intp, len(in_order))
    return ParticipantPlaces(
        in_order, places[order], votes[order], labels[order] if groups else np.full(len(order), -1)
    )


def _grouping(found: Combined, settings: Settings) -> Grouping:
    if found.grouped == 0:
        return Grouping("too few", reason=Reason(NOBODY))
    if found.grouped < settings.fewest_people:
        params = {"people": found.grouped, "fewest": settings.fewest_people}
        return Grouping("too few", reason=Reason(TOO_FEW, params))
    if not found.axes.shares.any():
        return Grouping("one group", reason=Reason(ALL_ALIKE))
    if found.division is None:
        return Grouping("one group", reason=Reason(NO_DIVISION, {"smallest": settings.smallest_group}))
    return Grouping("groups", tuple(found.silhouettes.items()))
