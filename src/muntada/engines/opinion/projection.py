"""Puts people and statements into the plane of the two axes, and says who has voted enough to be grouped."""

from dataclasses import dataclass, replace

import numpy as np

from muntada.engines.opinion.arrays import Bools, Floats, Integers
from muntada.engines.opinion.axes import EXACT, Axes, principal_axes
from muntada.engines.opinion.kernel import Loops, Passes
from muntada.engines.opinion.parts import loops_over
from muntada.engines.opinion.settings import Settings
from muntada.engines.opinion.tendency import apply_without, places_without, spread_without, tendencies
from muntada.engines.opinion.votes import VoteTable

ANSWERS = np.array([-1.0, 0.0, 1.0])
FEW_VOTES, WORTH_IT, SPARSELY, ROUGHLY = 100_000, 10, 100, 1e-3


@dataclass(frozen=True, slots=True, eq=False)
class Centred:
    """The votes, and what each is worth once its statement's mean is taken off (statements x answers).

    `counts` are the votes by statement and answer, `voted` on how many statements that take part each
    person voted. `seen` is on how many each counts as having voted, `statements` how many there are to vote
    on: both only scale the map. With `weights`, each person counts so often in means and axes; with a
    `tendency`, that is taken off each person's votes as well.
    """

    loops: Passes
    worth: Floats
    counts: Floats
    means: Floats
    voted: Integers
    seen: Floats
    statements: int
    weights: Floats | None = None
    tendency: Floats | None = None

    @property
    def spread(self) -> Floats:
        """The sum of squares on each statement."""
        if self.tendency is not None:
            return spread_without(self.loops, self.worth, self.tendency, self.weights)
        return np.asarray((self.counts * self.worth**2).sum(axis=1))

    def apply(self, directions: Floats) -> Floats:
        """Give what `Y'Y` makes of a direction by statement, or of two (columns).

        `Y` are the votes less the means.
        """
        if self.tendency is not None:
            made = [
                apply_without(self.loops, self.worth, self.tendency, one, self.weights)
                for one in np.atleast_2d(directions.T)
            ]
            return np.array(made).T.reshape(directions.shape)
        columns = directions.reshape(len(directions), 1, -1)
        table = (self.worth[:, :, None] * columns).reshape(-1, *directions.shape[1:])
        passed = self.loops.fused_pass(table, self.weights).reshape(*self.worth.shape, -1)
        sums: Floats = np.einsum("ta,tak->tk", self.worth, passed).reshape(directions.shape)
        return sums


@dataclass(frozen=True, slots=True, eq=False)
class Projection:
    """Where people and statements lie; a statement lies where somebody would who agreed with it alone."""

    axes: Axes
    people: Floats
    statements: Floats
    extremity: Floats


def centre(table: VoteTable, settings: Settings, weights: Floats | None = None) -> Centred:
    """Take off the means; statements that are out take no part.

    Polis sets their columns to zero instead, so that everybody counts as having voted on them.
    """
    loops, out = loops_over(table.coded), table.left_out()
    counts = loops.histogram(weights)
    totals = counts.sum(axis=1)
    statements, zeroed = int(np.count_nonzero(totals[~out])), int(np.count_nonzero(totals[out]))
    voted = table.coded.counts
    if zeroed:
        voted = loops.positions(np.repeat(~out, len(ANSWERS)).astype(np.float64)).astype(np.intp)
    seen = np.maximum(voted + zeroed if settings.compat else voted, 1.0)
    if settings.compat:
        statements += zeroed
    means, worth = taken_off(counts, out)
    tendency = tendencies(loops, worth, voted) if settings.without_tendency else None
    return Centred(loops, worth, counts, means, voted, seen, statements, weights, tendency)


def with_votes(centred: Centred, loops: Passes) -> Centred:
    """Centre other votes of the same people on the same statements."""
    counts = loops.histogram(centred.weights)
    means, worth = taken_off(counts, ~centred.worth.any(axis=1))
    tendency = None if centred.tendency is None else tendencies(loops, worth, centred.voted)
    return replace(centred, loops=loops, counts=counts, means=means, worth=worth, tendency=tendency)


def taken_off(counts: Floats, out: Bools) -> tuple[Floats, Floats]:
    """Give the means, and what each answer is worth without them; 0 for statements that are out."""
    totals = np.maximum(counts.sum(axis=1), np.finfo(np.float64).tiny)
    means = np.where(out, 0.0, counts @ ANSWERS / totals)
    return means, np.where(out[:, None], 0.0, ANSWERS - means[:, None])


def of_people(centred: Centred, places: Integers) -> Centred:
    """Give the votes of some people as if they were all there are."""
    some = replace(
        centred,
        voted=centred.voted[places],
        seen=centred.seen[places],
        weights=None if centred.weights is None else centred.weights[places],
    )
    return with_votes(some, Loops(centred.loops.votes.of_people(places)))


def at_hand(centred: Centred) -> Centred:
    """Bring all votes here, for whoever goes over them many times."""
    return replace(centred, loops=Loops(centred.loops.votes.whole()))


def project(centred: Centred, tolerance: float = EXACT) -> Projection:
    axes = principal_axes(centred.apply, centred.spread, tolerance, _head_start(centred))
    people = _along(centred, axes.directions)
    people.T[:] *= np.sqrt(centred.statements / centred.seen)
    statements = np.sqrt(centred.statements) * (1 - centred.means)[:, None] * axes.directions
    return Projection(axes, people, statements, np.hypot(statements[:, 0], statements[:, 1]))


def _along(centred: Centred, directions: Floats) -> Floats:
    if centred.tendency is not None:
        return places_without(centred.loops, centred.worth, centred.tendency, directions)
    table = centred.worth[:, :, None] * directions[:, None, :]
    return centred.loops.positions(table.reshape(-1, directions.shape[1]))


def _head_start(centred: Centred) -> Floats | None:
    """Where passes are dear, begin with the axes of every so many-th person: up to the hundredth."""
    votes = centred.loops.votes
    step = min(len(votes) // FEW_VOTES, SPARSELY)
    if step < WORTH_IT:
        return None
    some = of_people(centred, np.arange(0, votes.participants, step))
    return principal_axes(some.apply, some.spread, ROUGHLY).directions


def grouped_people(table: VoteTable, centred: Centred, settings: Settings) -> Bools:
    """Mark the people to be grouped: who voted on enough statements, filled up with the most active others.

    Of equally active people all or none are added, so that nobody is in or out by the order of ids;
    Polis goes by the order of first votes, and counts votes on statements that are out.
    """
    votes = table.coded.counts if settings.compat else centred.voted
    enough = votes >= max(1, min(settings.enough_votes, centred.statements))
    if np.count_nonzero(enough) >= settings.fill_up_to or settings.compat == "red-dwarf":
        return enough
    most_active = np.lexsort((table.arrival, -votes))[: settings.fill_up_to]
    if settings.compat:
        filled = np.zeros_like(enough)
        filled[most_active] = True
    else:
        filled = votes >= (votes[most_active].min() if most_active.size else 1)
    return enough | (filled & (votes > 0))
